/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * csv.h -- our CSV files: a header line, one record a line, RFC 4180 quoting.
 *
 * The reader streams: a file of any length costs a buffer of one record.  A
 * record must have as many fields as the header; what is wrong is told as
 * FILE:LINE.  The writer quotes when it must.  Knows no column by name.
 */
#ifndef CSV_H
#define CSV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct csv {
	const char *file;		/* for messages */
	int fd;
	unsigned long line;		/* of the record in field[], from 1 (the header) */
	size_t nfield;			/* of the header and so of every record */
	char **field;			/* the record; valid until the next csv_next */
	char **header;
	uint64_t offset;		/* in the file, behind the record */
	uint64_t limit;			/* records that end behind it do not exist; UINT64_MAX */
	bool torn;			/* the last line has no newline: a write was cut short */
	char error[256];		/* after a negative return: FILE:LINE: what is wrong */
	char *buf;
	size_t at, end, size, nalloc;
	char *names;
};

/* Open and read the header.  dirfd may be AT_FDCWD; file is kept, not copied.
 * 0, -ENOENT and other errno, or -EINVAL; error is filled in.  Close in every case. */
int  csv_open(struct csv *, int dirfd, const char *file);
/* The same of a stream of ours, such as tmpfile()'s, from its beginning; it may be closed then. */
int  csv_open_stream(struct csv *, FILE *, const char *file);
/* The next record: 1; 0 at the end (or before a torn last line); -EINVAL, -errno. */
int  csv_next(struct csv *);
void csv_close(struct csv *);

int  csv_column(const struct csv *, const char *name);	/* its index, -1: no such column */
/* Fill col[] for names ended by NULL.  0, or -EINVAL and error names the missing one. */
int  csv_columns(struct csv *, const char *const *names, int *col);

/* The record's field as a number.  0, or -EINVAL and error says what it is instead. */
int  csv_u64(struct csv *, int col, uint64_t *);
int  csv_double(struct csv *, int col, double *);
int  csv_fail(struct csv *, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Writing: fields one after the other, then csv_end. */
struct csv_out { FILE *file; bool behind; };
void csv_put(struct csv_out *, const char *);
void csv_put_u64(struct csv_out *, uint64_t);
void csv_put_double(struct csv_out *, double);	/* 10 significant digits; NaN: empty */
enum { CSV_DOUBLE = 32 };
const char *csv_double_text(double, char buf[CSV_DOUBLE]);	/* as that writes it */
void csv_end(struct csv_out *);

#endif
