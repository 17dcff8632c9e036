/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arena.h -- memory that is freed as one.
 *
 * Nobody below checks for a null pointer: without memory the arena jumps to
 * `oom`, which the function that made it has set.
 */
#ifndef ARENA_H
#define ARENA_H

#include <setjmp.h>
#include <stddef.h>

struct arena_chunk;
struct arena {
	struct arena_chunk *chunk;
	jmp_buf oom;			/* set by whoever made the arena, before the first use */
};

void *arena_alloc(struct arena *, size_t n, size_t size);	/* zeroed, aligned for anything */
char *arena_strndup(struct arena *, const char *, size_t len);
char *arena_strdup(struct arena *, const char *);
char *arena_printf(struct arena *, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* *v of n elements becomes one of at least n + 1; grows by doubling. */
void *arena_grow(struct arena *, const void *v, size_t n, size_t size);
void  arena_free(struct arena *);

#endif
