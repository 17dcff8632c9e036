/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * log.h -- the plugin's log (marks.h) from its first record to its last, and an NVDIMM as it was
 * at any of them.
 */
#ifndef LOG_H_POWERCUT
#define LOG_H_POWERCUT

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "marks.h"

struct log { const uint8_t *at, *end; };

/* more: behind the record, its lines (log_line) or its counts. */
struct event { struct log_record r; const uint8_t *more; };
struct line { struct log_record r; const uint8_t *byte; };	/* r.a: DIMM, r.b: offset, r.c: mask */

/* Map a whole log, for good.  0 or -errno. */
int  log_open(struct log *, const char *path);
/* The next one.  False at the end, and where a kill cut a record off. */
bool log_next(struct log *, struct event *);
struct line log_line(const struct event *, uint64_t n);

/* What an NVDIMM holds: memory of its own, filled with a file; holes stay holes.  0 or -errno. */
struct image { uint8_t *byte; size_t len; };
int  image_load(struct image *, const char *path);
/* Of the eight words of a line those of the mask `words`. */
void image_put(struct image *, const struct line *, unsigned words);
/* Does the file hold the same?  1, 0 or -errno. */
int  image_same(const struct image *, const char *path);
/* Into a file that has holes where there are only zeros.  0 or -errno. */
int  image_write(const struct image *, const char *path);

#endif
