/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * import.h -- published results of others in our format.
 *
 * What a foreign name means stands in configs/import/NAME.json, not here: a value, a
 * column or a whole file is mapped to columns of points.csv ("kernel", "size", ...).
 * Every point was measured once: one repeat, n=1.  What is unknown is refused by name.
 */
#ifndef IMPORT_H
#define IMPORT_H

#include <jansson.h>
#include <stddef.h>

struct imported {
	const char *file;		/* as given */
	char name[65];			/* of the file, without folder and suffix: its "host" */
	json_t *map;
	json_t *points;			/* array of { columns of points.csv ..., "metrics": { name: number } } */
	size_t passed;			/* points that have no counterpart here */
	const char *note;		/* of the map, or NULL */
	json_t *host;			/* of the map: the machine it was measured on, or NULL */
};

/* Read FILE, whatever of the known kinds it is.  0; -EINVAL, -errno with why. */
int  import_read(struct imported *, const char *file, char *why, size_t whylen);
/* Write a results directory below parent; its path in out.  0 or -errno with why. */
int  import_write(const struct imported *, const char *parent, char *out, size_t len, char *why, size_t whylen);
void import_free(struct imported *);

#endif
