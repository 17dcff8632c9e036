/* SPDX-License-Identifier: BSD-2-Clause */
/* guest.h -- the machine that the plugin watches: its registers, and its memory as files of the host. */
#ifndef GUEST_H
#define GUEST_H

#include <stdbool.h>
#include <stdint.h>
#include "decode.h"

struct area {				/* guest-physical memory */
	uint64_t gpa, size;
	uint8_t *live, *durable;	/* durable, durable_path: of an NVDIMM, mapped by who arms the model */
	char *live_path, *durable_path;
	unsigned number;		/* among the NVDIMMs */
};
extern struct area guest_area[];
extern unsigned guest_areas;

/* FILE:GPA:SIZE and for a DIMM :DURABLE, for memory perhaps :OFFSET of the file; the text is cut up
 * and kept.  False: that is no area. */
bool guest_add_area(char *text, bool is_dimm);
/* The NVDIMM at an address, or NULL. */
struct area *guest_dimm(uint64_t pa);

/* Registers 0 to 15 are as in decode.h; on the CPU that runs. */
enum { GUEST_CR3 = INSN_RIP, GUEST_CR4, GUEST_FS_BASE, GUEST_GS_BASE, GUEST_REGISTERS };
void guest_find_registers(uint64_t id, unsigned vcpu);		/* a callback of a CPU's beginning */
uint64_t guest_register(unsigned);

#define GUEST_NOWHERE UINT64_MAX
/* The physical address, or GUEST_NOWHERE: not mapped. */
uint64_t guest_walk(uint64_t va);

/* Map a whole file; a copy that has its holes where the original has them.  Both end QEMU on failure. */
uint8_t *guest_map_file(const char *path, uint64_t size, int prot, int64_t at);
void guest_copy_file(const char *from, const char *to);

/* Ends QEMU with the reason. */
void guest_die(const char *what, const char *of) __attribute__((noreturn));

#endif
