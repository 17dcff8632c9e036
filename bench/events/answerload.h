/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * answerload.h -- work of a known size.
 */
#ifndef ANSWERLOAD_H
#define ANSWERLOAD_H

#include <stddef.h>

enum answer_load {
	ANSWER_WRITE_BYTES,	/* streamed past the caches into memory */
	ANSWER_READ_BYTES,	/* loaded from memory: no cache has them */
	ANSWER_INSTRUCTIONS,	/* of one loop */
	ANSWER_FAULTS,		/* first touches of pages */
	ANSWER_SYSCALLS,
	ANSWER_LOADS,
};
extern const char *const answer_load_name[ANSWER_LOADS];

/* The memory that a load needs, filled by this thread; NULL, also where this CPU has no such
 * load. */
char  *answerload_new(enum answer_load);
double answerload_run(enum answer_load, char *memory);		/* once; how much it did, in the load's unit */
void   answerload_free(char *memory);

#endif
