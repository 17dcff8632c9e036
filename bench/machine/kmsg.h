/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kmsg.h -- how much the kernel has complained of since boot that puts a number in doubt.
 *
 * Reads the log without taking anything from it.  Only the kernel's own warnings count, not
 * what a program wrote to it; env/dmesg.txt of a run has them in full.
 */
#ifndef KMSG_H
#define KMSG_H

/* The messages that count, as grep -E takes them: lost memory and hardware errors, warnings of the
 * drivers behind /dev/pmem and /dev/dax, DAX refused, an unstable clock, heat, stalls, faults. */
#define KMSG_DOUBTFUL "^(nd |nd_|nfit|btt|dax|device_dax|cxl|pmem|nvdimm|virtio_pmem)|dev pmem|Hardware Error|" \
	"Memory failure|EDAC|mce:|CMCI|AER:|DAX (unsupported|not supported|and reflink)|Turning off DAX|unstable|throttled|" \
	"temperature|lockup|LOCKUP|detected stall|blocked for more|kernel BUG|^BUG:|WARNING:|Oops:|EXT4-fs error|XFS .*orruption"

struct kmsg {
	int err;		/* why it cannot be read; 0 */
	unsigned lines;		/* of the kernel's: what is older than the first is gone */
	unsigned doubtful;	/* of these, warnings or worse that match */
};

void kmsg_read(struct kmsg *);			/* of this machine, or below rootfs.h's root */

/* Pure: of a log as klogctl has it, lines of "<4>[   12.345678][    T7] text"; cuts it into
 * lines. */
void kmsg_count(struct kmsg *, char *log);

#endif
