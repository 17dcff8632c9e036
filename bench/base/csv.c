/* SPDX-License-Identifier: BSD-2-Clause */
#include "csv.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CHUNK = 1 << 18, RECORD_MAX = 1 << 23, FIELD_MAX = 4096 };

int
csv_fail(struct csv *c, const char *fmt, ...)
{
	int n = snprintf(c->error, sizeof(c->error), "%s:%lu: ", c->file, c->line);
	va_list ap;

	va_start(ap, fmt);
	if (n > 0 && (size_t)n < sizeof(c->error))
		vsnprintf(c->error + n, sizeof(c->error) - (size_t)n, fmt, ap);
	va_end(ap);
	return -EINVAL;
}

static int
fail_errno(struct csv *c, int err)
{
	snprintf(c->error, sizeof(c->error), "%s: %s", c->file, strerror(err));
	return -err;
}

/* More of the file behind what is left of the buffer.  Bytes got, 0 at the end, -errno. */
static ssize_t
refill(struct csv *c)
{
	ssize_t n;

	if (c->at > 0) {
		memmove(c->buf, c->buf + c->at, c->end - c->at);
		c->end -= c->at;
		c->at = 0;
	}
	if (c->size - c->end < CHUNK / 2) {
		size_t size = c->size ? c->size * 2 : CHUNK;
		char *buf = size > RECORD_MAX ? NULL : realloc(c->buf, size);

		if (buf == NULL)
			return size > RECORD_MAX ? csv_fail(c, "a record of more than 8 MiB")
						 : fail_errno(c, ENOMEM);
		c->buf = buf;
		c->size = size;
	}
	do
		n = read(c->fd, c->buf + c->end, c->size - c->end);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return fail_errno(c, errno);
	c->end += (size_t)n;
	return n;
}

/* The bytes of the next record with its newline; 0 at the end of the file. */
static ssize_t
record_length(struct csv *c)
{
	size_t from = 0;
	bool quoted = false;

	for (;;) {
		char *start = c->buf ? c->buf + c->at : NULL, *nl;
		size_t have = c->end - c->at;
		ssize_t n;

		while ((nl = have > from ? memchr(start + from, '\n', have - from) : NULL)) {
			for (char *q = start + from; (q = memchr(q, '"', (size_t)(nl - q))); q++)
				quoted = !quoted;
			from = (size_t)(nl - start) + 1;
			if (!quoted)
				return (ssize_t)from;
		}
		n = refill(c);
		if (n < 0)
			return n;
		if (n == 0) {
			c->torn = c->end > c->at;
			return 0;
		}
	}
}

/* One field at *p, unquoted in place; *p behind its comma or at the record's end. */
static char *
take_field(struct csv *c, char **p, const char *end, bool *last)
{
	char *s = *p, *to = s, *from = s;

	if (s < end && *s == '"') {
		for (from = s + 1; from < end; from++) {
			if (*from == '"' && (from + 1 == end || from[1] != '"'))
				break;
			from += *from == '"';
			*to++ = *from;
		}
		if (from == end) {
			csv_fail(c, "a quote is not closed");
			return NULL;
		}
		from++;
	} else {
		from = memchr(s, ',', (size_t)(end - s));
		if (from == NULL)
			from = (char *)end;
		to = from;
	}
	if (from < end && *from != ',') {
		csv_fail(c, "'%c' behind a closing quote", *from);
		return NULL;
	}
	*last = from == end;
	*p = from + 1;
	*to = '\0';
	return s;
}

static int
add_field(struct csv *c, size_t i, char *s)
{
	if (i == c->nalloc) {
		size_t n = i ? 2 * i : 32;
		char **f = n > FIELD_MAX ? NULL : realloc(c->field, n * sizeof(*f));

		if (f == NULL)
			return csv_fail(c, "too many fields");
		c->field = f;
		c->nalloc = n;
	}
	c->field[i] = s;
	return 0;
}

/* Take the next record apart: its number of fields, 0 at the end, -errno. */
static ssize_t
split(struct csv *c)
{
	ssize_t len = record_length(c);
	char *p, *end;
	size_t n = 0;
	bool last = false;

	if (len <= 0)
		return len;
	if (c->offset + (uint64_t)len > c->limit)
		return 0;
	p = c->buf + c->at;
	end = p + len - 1;
	c->line++;
	if (memchr(p, '\0', (size_t)len))
		return csv_fail(c, "a NUL byte");
	if (end > p && end[-1] == '\r')
		end--;
	while (!last) {
		char *s = take_field(c, &p, end, &last);

		if (s == NULL || add_field(c, n++, s) < 0)
			return -EINVAL;
	}
	c->at += (size_t)len;
	c->offset += (uint64_t)len;
	return (ssize_t)n;
}

int
csv_next(struct csv *c)
{
	ssize_t n = split(c);

	if (n <= 0)
		return (int)n;
	if ((size_t)n != c->nfield)
		return csv_fail(c, "%zd fields where the header has %zu", n, c->nfield);
	return 1;
}

/* The header is kept while records come and go. */
static int
keep_header(struct csv *c, size_t n)
{
	size_t len = 0;
	char *p;

	for (size_t i = 0; i < n; i++)
		len += strlen(c->field[i]) + 1;
	c->header = calloc(n, sizeof(*c->header));
	c->names = p = malloc(len);
	if (c->header == NULL || p == NULL)
		return fail_errno(c, ENOMEM);
	for (size_t i = 0; i < n; i++) {
		c->header[i] = p;
		p = stpcpy(p, c->field[i]) + 1;
	}
	c->nfield = n;
	return 0;
}

static int
begin(struct csv *c, const char *file, int fd)
{
	ssize_t n;

	*c = (struct csv){ .file = file, .limit = UINT64_MAX, .fd = fd };
	if (fd < 0)
		return fail_errno(c, errno);
	n = split(c);
	if (n < 0)
		return (int)n;
	c->line = 1;
	if (n == 0)
		return csv_fail(c, "no header line");
	return keep_header(c, (size_t)n);
}

int
csv_open(struct csv *c, int dirfd, const char *file)
{
	return begin(c, file, openat(dirfd, file, O_RDONLY | O_CLOEXEC));
}

int
csv_open_stream(struct csv *c, FILE *f, const char *file)
{
	const int fd = fflush(f) == 0 ? fcntl(fileno(f), F_DUPFD_CLOEXEC, 0) : -1;

	if (fd >= 0)
		lseek(fd, 0, SEEK_SET);
	return begin(c, file, fd);
}

void
csv_close(struct csv *c)
{
	if (c->fd >= 0)
		close(c->fd);
	free(c->buf);
	free(c->field);
	free(c->header);
	free(c->names);
	*c = (struct csv){ .fd = -1 };
}

int
csv_column(const struct csv *c, const char *name)
{
	for (size_t i = 0; i < c->nfield; i++)
		if (strcmp(c->header[i], name) == 0)
			return (int)i;
	return -1;
}

int
csv_columns(struct csv *c, const char *const *names, int *col)
{
	for (; *names; names++, col++) {
		*col = csv_column(c, *names);
		if (*col < 0)
			return csv_fail(c, "no column '%s'", *names);
	}
	return 0;
}

static int
not_a(struct csv *c, int col, const char *what)
{
	return csv_fail(c, "%s is '%.64s', not %s", c->header[col], c->field[col], what);
}

int
csv_u64(struct csv *c, int col, uint64_t *v)
{
	const char *s = c->field[col];
	uint64_t x = 0;

	if (*s == '\0')
		return not_a(c, col, "a whole number");
	for (; *s; s++)
		if (*s < '0' || *s > '9' || __builtin_mul_overflow(x, 10, &x) ||
		    __builtin_add_overflow(x, (uint64_t)(*s - '0'), &x))
			return not_a(c, col, "a whole number");
	*v = x;
	return 0;
}

int
csv_double(struct csv *c, int col, double *v)
{
	const char *s = c->field[col];
	char *end;

	*v = strtod(s, &end);
	if (end == s || *end || !isfinite(*v))
		return not_a(c, col, "a number");
	return 0;
}

void
csv_put(struct csv_out *o, const char *s)
{
	if (o->behind)
		fputc(',', o->file);
	o->behind = true;
	if (strpbrk(s, ",\"\r\n") == NULL) {
		fputs(s, o->file);
		return;
	}
	fputc('"', o->file);
	for (; *s; s++) {
		if (*s == '"')
			fputc('"', o->file);
		fputc(*s, o->file);
	}
	fputc('"', o->file);
}

void
csv_put_u64(struct csv_out *o, uint64_t v)
{
	char buf[24];

	snprintf(buf, sizeof(buf), "%llu", (unsigned long long)v);
	csv_put(o, buf);
}

const char *
csv_double_text(double v, char buf[CSV_DOUBLE])
{
	snprintf(buf, CSV_DOUBLE, "%.10g", v);
	return isnan(v) ? "" : buf;
}

void
csv_put_double(struct csv_out *o, double v)
{
	char buf[CSV_DOUBLE];

	csv_put(o, csv_double_text(v, buf));
}

void
csv_end(struct csv_out *o)
{
	fputc('\n', o->file);
	o->behind = false;
}
