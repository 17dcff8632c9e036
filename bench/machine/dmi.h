/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dmi.h -- the BIOS's tables (SMBIOS), as /sys/firmware/dmi/tables/DMI holds them.
 *
 * Pure.  Firmware writes these: nothing in them is believed before it is checked.
 */
#ifndef DMI_H
#define DMI_H

#include <stddef.h>
#include <stdint.h>

struct dmi_record {
	uint8_t type;
	const uint8_t *data;		/* the formatted part, its header included */
	size_t len;
	const char *text;		/* the strings behind it, each ended by NUL */
	size_t textlen;
};

/* The record at *at, and *at behind it.  1; 0 at the end, or where the table makes no sense. */
int dmi_next(const uint8_t *table, size_t len, size_t *at, struct dmi_record *);

struct dmi_bios { char vendor[64], version[64], date[32]; };
struct dmi_dimm {
	char slot[64], bank[64], maker[64], part[64], serial[64];
	const char *type, *technology;	/* DDR4; NVDIMM-N, Optane; "" unknown */
	uint64_t bytes;			/* 0: an empty slot */
	uint32_t speed, configured;	/* MT/s, 0 unknown */
};

/* 1 when the record is one, 0 when it is another. */
int dmi_bios(const struct dmi_record *, struct dmi_bios *);
int dmi_dimm(const struct dmi_record *, struct dmi_dimm *);

#endif
