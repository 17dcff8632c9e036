/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * text.h -- sizes, durations, percentages and names, read and written.
 *
 * Strict: the whole text must be the thing.  A whole number has no sign and no
 * leading zero; K, M, G and T are powers of 1024.
 */
#ifndef TEXT_H
#define TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { PATH_BUF = 4352 };		/* a path, and a name of ours below it */

/* 0; -EINVAL when it is not one, -ERANGE over 2^63 - 1. */
int text_count(const char *, uint64_t *);	/* 0, 7, 4096 */
int text_size(const char *, uint64_t *);	/* 64, 4K, 10G: bytes */
int text_time(const char *, uint64_t *);	/* 500ns, 20us, 10ms, 2s, 0: ns */
int text_percent(const char *, uint64_t *);	/* 5, 0.5, 5%: 1/1000 percent */

/* A CPU or node list: 0-3,8.  How many it names; -EINVAL, -ERANGE over 65535 or 4096 of them. */
int text_list(const char *);

bool text_name_ok(const char *);		/* [A-Za-z0-9._-]{1,64} */
bool text_line_ok(const char *, size_t max);	/* 1..max bytes, none of them a control character */

/* The canonical spelling, in buf of TEXT_NUM bytes; returned. */
enum { TEXT_NUM = 32 };
const char *text_put_count(char *buf, uint64_t);
const char *text_put_size(char *buf, uint64_t);
const char *text_put_time(char *buf, uint64_t);
const char *text_put_percent(char *buf, uint64_t);

void text_word(const char *, FILE *);	/* as sh takes it: quoted where it must be */

/* `best` is the candidate nearest to `word`, at most a third of its length and one edit
 * away; NULL when there is none. */
struct guess { const char *word, *best; size_t cost; };
void guess_start(struct guess *, const char *word);
void guess_try(struct guess *, const char *candidate);

#endif
