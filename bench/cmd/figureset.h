/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * figureset.h -- the figures of this program and its user, and how the command line wants them.
 */
#ifndef FIGURESET_H
#define FIGURESET_H

#include "cli.h"
#include "report.h"

bool figureset_param(const char *name);		/* is it a parameter of a kernel that is loaded? */
/* plots/ and --figure-path.  0 or -errno, said; close in every case. */
int  figureset_open(struct figures *, const struct cli *);
/* --width, --font, --format, --bare, --literature.  0 or -EINVAL, said. */
int  figureset_page(struct chart_page *, const struct cli *);

/* report_make with all of it.  0, 1 or -errno. */
int  figureset_report(const struct cli *, int dirfd, const char *dir, FILE *table);

#endif
