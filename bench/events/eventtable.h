/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * eventtable.h -- the JSON of listevents.c as tables that fit the terminal.
 */
#ifndef EVENTTABLE_H
#define EVENTTABLE_H

#include <jansson.h>
#include <stdio.h>

/* {"events": [...], "sets": [...]}.  0 or -errno. */
int eventtable_print(FILE *, const json_t *);

#endif
