/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * qemu-plugin.h -- what nvcache.c uses of QEMU's TCG plugin interface, version 4 (QEMU 10.0).
 *
 * Written by hand: Debian has no package with the header.  The symbols are QEMU's and GLib's own
 * and are found when QEMU loads the plugin.  Version 7 of the interface changes signatures; QEMU
 * then refuses a plugin that says 4.
 */
#ifndef QEMU_PLUGIN_H
#define QEMU_PLUGIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct qemu_plugin_tb;
struct qemu_plugin_insn;
struct qemu_plugin_hwaddr;
struct qemu_plugin_register;
struct qemu_info;

struct qemu_plugin_reg_descriptor {
	struct qemu_plugin_register *handle;
	const char *name, *feature;
};
struct g_byte_array { uint8_t *data; unsigned len; };		/* GByteArray */
struct g_array { char *data; unsigned len; };			/* GArray */

enum qemu_plugin_cb_flags { QEMU_PLUGIN_CB_NO_REGS, QEMU_PLUGIN_CB_R_REGS };
enum qemu_plugin_mem_rw { QEMU_PLUGIN_MEM_W = 2 };

/* What the plugin is: QEMU calls it once.  0, or it is refused. */
__attribute__((visibility("default")))
int qemu_plugin_install(uint64_t id, const struct qemu_info *, int argc, char **argv);

void qemu_plugin_register_vcpu_init_cb(uint64_t id, void (*)(uint64_t id, unsigned vcpu));
void qemu_plugin_register_vcpu_tb_trans_cb(uint64_t id, void (*)(uint64_t id, struct qemu_plugin_tb *));
void qemu_plugin_register_atexit_cb(uint64_t id, void (*)(uint64_t id, void *), void *);
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *, void (*)(unsigned vcpu, void *),
					    enum qemu_plugin_cb_flags, void *);
void qemu_plugin_register_vcpu_mem_cb(struct qemu_plugin_insn *,
				      void (*)(unsigned vcpu, uint32_t info, uint64_t vaddr, void *),
				      enum qemu_plugin_cb_flags, enum qemu_plugin_mem_rw, void *);

size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *, size_t);
size_t qemu_plugin_insn_data(const struct qemu_plugin_insn *, void *, size_t);
uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *);

unsigned qemu_plugin_mem_size_shift(uint32_t info);
struct qemu_plugin_hwaddr *qemu_plugin_get_hwaddr(uint32_t info, uint64_t vaddr);
uint64_t qemu_plugin_hwaddr_phys_addr(const struct qemu_plugin_hwaddr *);

struct g_array *qemu_plugin_get_registers(void);
/* Appends to the array. */
int qemu_plugin_read_register(struct qemu_plugin_register *, struct g_byte_array *);

struct g_byte_array *g_byte_array_new(void);
struct g_byte_array *g_byte_array_set_size(struct g_byte_array *, unsigned);
char *g_array_free(struct g_array *, int free_segment);

/* QEMU's own, exported by its plugin list: the CPU that runs.  The index that callbacks get is that
 * of the CPU that translated, wrong where one thread runs all of them. */
extern __thread void *current_cpu __attribute__((weak));

#endif
