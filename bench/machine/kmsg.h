/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kmsg.h -- what the kernel has complained of since boot that puts a number in doubt, by kind.
 *
 * Reads the log without taking anything from it.  Only the kernel's own messages count, not
 * those that a program wrote to it.  Names of processes and serial numbers of CPUs are
 * cut out of what is kept, and so is all that a terminal would not print.
 */
#ifndef KMSG_H
#define KMSG_H

#include <jansson.h>
#include <stddef.h>

enum kmsg_kind {
	KMSG_MEMORY,		/* data lost: uncorrected errors, poison, I/O errors of pmem */
	KMSG_HARDWARE,		/* corrected: machine checks, EDAC, APEI, PCIe */
	KMSG_PMEM,		/* warnings of the nvdimm, btt, dax and cxl drivers; ARS */
	KMSG_DAX,		/* a file system went on without DAX */
	KMSG_CLOCK,		/* TSC or clock source unstable */
	KMSG_HEAT,		/* throttled */
	KMSG_STALL,		/* lockups, RCU stalls, hung tasks */
	KMSG_FAULT,		/* BUG, WARNING, Oops, a corrupt file system */
	KMSG_KINDS
};
extern const char *const kmsg_name[KMSG_KINDS];

enum { KMSG_TEXT = 160 };

struct kmsg {
	int err;		/* why it cannot be read; 0 */
	unsigned lines;		/* in the log: what is older than its first is gone */
	double now;		/* seconds since boot; -1 */
	struct kmsg_count {
		unsigned n;
		double at;	/* of the last, in seconds since boot; -1 */
		char last[KMSG_TEXT];
	} kind[KMSG_KINDS];
};

void kmsg_read(struct kmsg *);		/* of this machine, or below rootfs.h's root */

/* Pure: the messages of a log as klogctl has it, "<6>[   12.345678] text". */
void kmsg_count(struct kmsg *, const char *log);
/* Its messages that count, those of kmsg_count; the newest that fit into max bytes.  Malloced. */
char *kmsg_excerpt(const char *log, size_t max);

/* The excerpt into a file; none when the log cannot be read.  0 or -errno. */
int kmsg_save(const char *path);

json_t *kmsg_json(const struct kmsg *);	/* {lines, memory: N, ...} or {unreadable: why}; new reference */

#endif
