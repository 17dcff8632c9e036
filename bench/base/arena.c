/* SPDX-License-Identifier: BSD-2-Clause */
#include "arena.h"

#include <stdarg.h>
#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK = 64 << 10 };

struct arena_chunk {
	struct arena_chunk *next;
	size_t used, size;
	alignas(max_align_t) char data[];
};

static struct arena_chunk *
chunk_new(struct arena *a, size_t bytes)
{
	const size_t size = bytes > CHUNK ? bytes : CHUNK;
	struct arena_chunk *c = calloc(1, sizeof(*c) + size);

	if (!c)
		longjmp(a->oom, 1);
	c->size = size;
	/* One that is large for a single thing goes behind the one in use. */
	if (a->chunk && bytes > CHUNK / 4) {
		c->next = a->chunk->next;
		a->chunk->next = c;
	} else {
		c->next = a->chunk;
		a->chunk = c;
	}
	return c;
}

void *
arena_alloc(struct arena *a, size_t n, size_t size)
{
	struct arena_chunk *c = a->chunk;
	size_t bytes;
	char *p;

	if (__builtin_mul_overflow(n, size, &bytes) || bytes > SIZE_MAX / 2)
		longjmp(a->oom, 1);
	bytes = (bytes + alignof(max_align_t) - 1) / alignof(max_align_t) * alignof(max_align_t);
	if (!c || c->size - c->used < bytes)
		c = chunk_new(a, bytes);
	p = c->data + c->used;
	c->used += bytes;
	return p;
}

char *
arena_strndup(struct arena *a, const char *s, size_t len)
{
	char *p = arena_alloc(a, len + 1, 1);

	if (len)
		memcpy(p, s, len);
	return p;
}

char *
arena_strdup(struct arena *a, const char *s)
{
	return arena_strndup(a, s, strlen(s));
}

char *
arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list ap;
	char *made, *p;
	int len;

	va_start(ap, fmt);
	len = vasprintf(&made, fmt, ap);
	va_end(ap);
	if (len < 0)
		longjmp(a->oom, 1);
	p = arena_alloc(a, (size_t)len + 1, 1);
	memcpy(p, made, (size_t)len);
	free(made);
	return p;
}

void *
arena_grow(struct arena *a, const void *v, size_t n, size_t size)
{
	void *p;

	if (n & (n - 1) || (n && n < 4))	/* not full: full at 0, 4, 8, 16 ... */
		return (void *)(uintptr_t)v;
	p = arena_alloc(a, n ? n * 2 : 4, size);
	if (n)
		memcpy(p, v, n * size);
	return p;
}

void
arena_free(struct arena *a)
{
	struct arena_chunk *next;

	for (struct arena_chunk *c = a->chunk; c; c = next) {
		next = c->next;
		free(c);
	}
	a->chunk = NULL;
}
