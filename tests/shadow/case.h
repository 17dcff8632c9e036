/* SPDX-License-Identifier: BSD-2-Clause */
/* case.h -- one kernel on the shadow machine with one set of values, and what must hold. */
#ifndef CASE_H
#define CASE_H

#include "kernel.h"

#define RING 8				/* source blocks */

/* Any of these, and what the kernel wrote is on the media when run() is back. */
#define DOES_DURABLE (DOES_USER_FLUSH | DOES_NT | DOES_KERNEL_SYNC | DOES_FD_SYNC)

/* The kernels under test, ended by k NULL (registry.c, of kernels.inc). */
struct entry { const struct kernel *k; const char *symbol; };
extern const struct entry registry[];

enum pattern_name { SEQ, STRIDED, RANDOM };

struct test_case {
	const struct kernel *k;
	_Alignas(64) char opts[KERNEL_OPTS_MAX];	/* params filled in */
	unsigned needs, does;		/* the kernel's, with the choices' */
	size_t size, page;
	enum pattern_name pattern;
	struct work w;
	uint64_t ops;			/* ops of the measured run */
	int ran;			/* cases of this kernel so far: its share may be too long for the machine */
};

/* Runs the case and every check on it. */
void case_run(struct test_case *c);
/* Every syscall of it in turn fails or falls short: run() says so and stops. */
void case_faults(struct test_case *c);
/* The value of the parameter `name`, or `absent`. */
uint64_t case_param(const struct test_case *c, const char *name, uint64_t absent);

/* The last op below `end` that used `slot`, or -1; the block that an op writes. */
int64_t case_last_op(const struct test_case *c, uint64_t slot, uint64_t end);
const char *case_block(const struct test_case *c, int64_t op);

/* Of a kernel that lays out its share, on a machine just begun: cut off at every fence. */
void cut_run(struct test_case *c);
/* What ops [0, end) wrote is found, now and after a power cut; all is as before. */
void cut_check(struct test_case *c, uint64_t end);

/* The kernel's declaration makes sense. */
void check_declaration(const struct kernel *k, const char *symbol);
/* After run() of ops [0, end) in all, of which [begin, end) counted. */
void check_contents(struct test_case *c, uint64_t end);
void check_counts(const struct test_case *c, uint64_t begin, uint64_t end);
void check_expect(const struct test_case *c, int fresh, uint64_t ops);
void check_files_closed(void);

#endif
