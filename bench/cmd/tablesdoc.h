/* SPDX-License-Identifier: BSD-2-Clause */
/* tablesdoc.h -- docs/results-format.md, from the tables the program itself uses. */
#ifndef TABLESDOC_H
#define TABLESDOC_H

#include <stdio.h>

void tables_markdown(FILE *);

#endif
