/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * filter.h -- `--filter EXPR`: keep the points for which an expression holds.
 *
 *   kernel=clwb,msync && size>=4K && !(target=ram)      , is or; also = != < <= > >= ~ (glob)
 *
 * Names are axes, parameters, bench, role, medium, durable.  Sizes compare as numbers.
 */
#ifndef FILTER_H
#define FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct filter;
struct where;
struct diag;

/* Compile; a wrong expression prints `--filter:1:COL: error: ...` with a caret to err
 * and returns -EINVAL.  known(arg, name) says whether a name exists. */
int  filter_parse(struct filter **, const char *text,
		  bool (*known)(void *arg, const char *name), void *arg, FILE *err);
/* The same for an expression that stands at `at` of a larger text; what is wrong with it is added
 * to the diag.  0, -EINVAL, -ENOMEM. */
int  filter_parse_at(struct filter **, const char *text, const struct where *at,
		     bool (*known)(void *arg, const char *name), void *arg, struct diag *);
/* get(arg, name) gives a point's value as text. */
bool filter_match(const struct filter *, const char *(*get)(void *arg, const char *name), void *arg);

/* Of an expression that holds for none of n things: the first comparison that holds for none
 * either, in text as it would be written ("kernel=zzz"); its name is returned.  NULL: each of them
 * holds for some.  get is asked for the i-th thing. */
const char *filter_culprit(const struct filter *, size_t n, const char *(*get)(void *arg, size_t i, const char *name),
			   void *arg, char *text, size_t len);
/* Each value of an = or a != that none of n things has: a slip of the pen keeps or drops nothing,
 * and nobody would see it.  n of 0 tells nothing. */
void filter_unknown(const struct filter *, size_t n, const char *(*get)(void *arg, size_t i, const char *name),
		    void *arg, void (*say)(void *arg, const char *name, const char *value));
void filter_free(struct filter *);

#endif
