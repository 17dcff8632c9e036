/* SPDX-License-Identifier: BSD-2-Clause */
#include "label.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { PAIRS_MAX = 512 };

static const char *const never[] = {
	"run_id", "host", "point", "bench", "kernel", "target", "role", "medium", "size", "threads",
	"mode", "control", "moves", "notes", "durable", "why", "tested", "tested_bound", "status",
};

static bool
candidate(const char *column)
{
	for (size_t i = 0; i < sizeof(never) / sizeof(never[0]); i++)
		if (strcmp(never[i], column) == 0)
			return false;
	return true;
}

/* Do two measured points of one kernel on one target differ in it?  Texts are interned. */
static bool
differs(const struct run *run, int column)
{
	struct { const char *kernel, *target, *value; } pair[PAIRS_MAX];
	size_t n = 0, k;

	for (size_t i = 0; i < run->npoint; i++) {
		const struct run_point *p = &run->point[i];
		const char *v = p->field[column];

		if (p->state == RUN_SKIP || *v == '\0')
			continue;
		for (k = 0; k < n; k++)
			if (pair[k].kernel == p->kernel && pair[k].target == p->target)
				break;
		if (k < n && pair[k].value != v)
			return true;
		if (k == n && n < PAIRS_MAX) {
			pair[n].kernel = p->kernel;
			pair[n].target = p->target;
			pair[n++].value = v;
		}
	}
	return false;
}

void
labels_find(struct labels *l, const struct run *run)
{
	*l = (struct labels){ .run = run };
	for (size_t i = 0; i < run->ncolumn; i++)
		if (l->n < sizeof(l->column) / sizeof(l->column[0]) && candidate(run->column[i]) &&
		    differs(run, (int)i))
			l->column[l->n++] = (int)i;
}

/* "random" and "hot" speak for themselves; "16", "on" and "auto" do not. */
static bool
speaks(const char *v)
{
	return isalpha((unsigned char)*v) && strcmp(v, "on") != 0 && strcmp(v, "off") != 0 &&
	       strcmp(v, "auto") != 0;
}

const char *
label_point(const struct labels *l, const struct run_point *p, char *buf)
{
	int at = snprintf(buf, LABEL_MAX, "%s", p->kernel);

	for (size_t i = 0; i < l->n && at < LABEL_MAX; i++) {
		const char *name = l->run->column[l->column[i]], *v = p->field[l->column[i]];

		if (*v == '\0')
			continue;
		if (strncmp(name, "p_", 2) == 0)
			name += 2;
		at += snprintf(buf + at, (size_t)(LABEL_MAX - at), speaks(v) ? " %.0s%s" : " "
			"%s=%s", name, v);
	}
	return buf;
}
