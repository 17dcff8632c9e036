/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * html.h -- pieces of report.html: escaped text, the style sheet, figures put in line.
 */
#ifndef HTML_H
#define HTML_H

#include <stdio.h>

/* As fprintf, but in what %s puts in & < > " ' are escaped and control characters dropped.  Knows
 * %s, %u, %zu, %llu, %.Nf and %%. */
void html(FILE *, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void html_head(FILE *, const char *title);		/* to <body>, with the style sheet */

/* plots/NAME.svg of gnuplot, in line: ids made this figure's own, `title` for those who
 * cannot see it.  0 or -errno. */
int html_svg(FILE *, int dirfd, const char *name, const char *title);

#endif
