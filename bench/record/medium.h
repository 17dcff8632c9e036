/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * medium.h -- what the bytes of a target lie on, and where its persistence domain ends: the
 * words of points.csv and run.json.
 */
#ifndef MEDIUM_H
#define MEDIUM_H

#include <stdbool.h>

enum medium {
	MEDIUM_OPTANE, MEDIUM_NVDIMM_N, MEDIUM_CXL_PMEM, MEDIUM_PMEM, MEDIUM_EMULATED,
	MEDIUM_VOLATILE, MEDIUM_DRAM, MEDIUM_LOOP, MEDIUM_DISK,
	MEDIUM_UNKNOWN,			/* "": imported, or a word of a newer program */
	MEDIUMS
};
extern const char *const medium_name[MEDIUMS];
enum medium medium_parse(const char *);
bool medium_persistent(enum medium);	/* real persistent memory: a figure needs no stamp */

/* region*\/persistence_domain; the attribute is hidden when unknown (FACTS 0.1). */
enum domain { DOMAIN_UNKNOWN, DOMAIN_MEMORY_CONTROLLER, DOMAIN_CPU_CACHE, DOMAINS };
extern const char *const domain_name[DOMAINS];
enum domain domain_parse(const char *);

#endif
