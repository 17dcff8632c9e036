/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * html.h -- pieces of report.html: escaped text, the style sheet, figures put in line.
 */
#ifndef HTML_H
#define HTML_H

#include <stdio.h>

/* & < > " ' escaped, control characters dropped. */
void html_text(FILE *, const char *);
void html_head(FILE *, const char *title);		/* to <body>, with the style sheet */
/* One row of a table of names and values; nothing when the value is empty. */
void html_pair(FILE *, const char *name, const char *value);

/* plots/NAME.svg of gnuplot, in line: ids made this figure's own, `title` for those who
 * cannot see it.  0 or -errno. */
int html_svg(FILE *, int dirfd, const char *name, const char *title);

#endif
