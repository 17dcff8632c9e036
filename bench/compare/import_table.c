/* SPDX-License-Identifier: BSD-2-Clause */
/* CSV: the data of one published figure; its map names its columns and counts its rows. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "csv.h"
#include "import.h"
#include "text.h"
#include "why.h"

enum { FILE_MAX = 1 << 20 };

struct sheet { struct imported *in; json_t *map; struct csv c; char *why; size_t whylen; };

/* As published they end without a newline, which our reader takes for a torn line: add it. */
static int
open_copy(struct sheet *s)
{
	static char buf[FILE_MAX];
	char path[32];
	FILE *f = fopen(s->in->file, "re");
	int fd = memfd_create("import", MFD_CLOEXEC), err = f && fd >= 0 ? 0 : -errno;
	size_t n = f ? fread(buf, 1, sizeof buf - 1, f) : 0;

	if (err == 0 && (ferror(f) || !feof(f)))
		err = ferror(f) ? -EIO : -EFBIG;
	while (n > 0 && strchr("\r\n", buf[n - 1]))
		n--;
	buf[n++] = '\n';
	if (err == 0 && write(fd, buf, n) != (ssize_t)n)
		err = -EIO;
	if (err < 0) {
		why_set(s->why, s->whylen, -err, "%s: %s", s->in->file, strerror(-err));
	} else {
		snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
		err = csv_open(&s->c, AT_FDCWD, path);
		s->c.file = s->in->file;
		if (err < 0)
			why_set(s->why, s->whylen, -err, "%s: no header line", s->in->file);
	}
	if (f)
		fclose(f);
	if (fd >= 0)
		close(fd);
	return err;
}

static int
refuse(struct sheet *s)
{
	return why_set(s->why, s->whylen, EINVAL, "%s", s->c.error);
}

static int
check_header(struct sheet *s)
{
	json_t *header = json_object_get(s->map, "header");
	size_t n = json_array_size(header);

	for (size_t i = 0; i < n || i < s->c.nfield; i++) {
		const char *want = i < n ? json_string_value(json_array_get(header, i)) : NULL;
		const char *have = i < s->c.nfield ? s->c.header[i] : NULL;

		if (want && have && strcmp(want, have) == 0)
			continue;
		csv_fail(&s->c, have && !want ? "unknown column '%.60s'" : "no column '%.60s'", want ? want : have);
		return refuse(s);
	}
	return 0;
}

/* The columns that a record's first field stands for.  1: no counterpart here. */
static int
take_first(struct sheet *s, json_t *base)
{
	const char *axis = json_string_value(json_object_get(s->map, "axis")), *first = s->c.field[0];
	json_t *rows = json_object_get(s->map, "row"), *to;
	char text[24];
	uint64_t n;

	if (axis) {
		if (csv_u64(&s->c, 0, &n) < 0)
			return refuse(s);
		snprintf(text, sizeof text, "%llu", (unsigned long long)n);
		json_object_set_new(base, axis, json_string(text));
		return 0;
	}
	to = json_object_get(rows, first);
	if (to == NULL) {
		csv_fail(&s->c, "unknown row '%.60s'", first);
		return refuse(s);
	}
	if (json_is_null(to))
		return 1;
	import_merge(base, to);
	return 0;
}

/* A column is a point of its own, or one more metric of the record's point. */
static void
take_number(struct sheet *s, json_t *base, json_t *to, double v)
{
	const char *of_point = json_string_value(json_object_get(s->map, "metric"));
	const char *metric = json_string_value(json_object_get(to, "metric"));
	json_t *unit = json_object_get(s->map, "per_unit"), *point;

	v *= unit ? json_number_value(unit) : 1;
	if (metric) {
		import_metric(base, metric, v);
		return;
	}
	point = import_point(base);
	import_merge(point, to);
	import_metric(point, of_point, v);
	json_array_append_new(s->in->points, point);
}

static int
take_record(struct sheet *s)
{
	json_t *columns = json_object_get(s->map, "columns"), *base = import_point(json_object_get(s->map, "point"));
	int err;

	json_object_set_new(base, "bench", json_string(s->in->name));
	err = take_first(s, base);
	for (size_t i = 1; i < s->c.nfield && err >= 0; i++) {
		json_t *to = json_array_get(columns, i - 1);
		double v;

		if (csv_double(&s->c, (int)i, &v) < 0)
			err = refuse(s);
		else if (err == 0 && json_is_object(to))
			take_number(s, base, to, v);
		else
			s->in->passed += json_is_object(to);
	}
	if (err == 0 && json_object_size(json_object_get(base, "metrics")) > 0)
		json_array_append(s->in->points, base);
	json_decref(base);
	return err < 0 ? err : 0;
}

static int
read_records(struct sheet *s)
{
	json_int_t want = json_integer_value(json_object_get(s->map, "rows")), have = 0;
	int err = check_header(s), got = 0;

	while (err == 0 && (got = csv_next(&s->c)) > 0) {
		err = take_record(s);
		have++;
	}
	if (err == 0 && got < 0)
		return refuse(s);
	if (err == 0 && have != want) {
		csv_fail(&s->c, "%lld records where the published file has %lld: is it cut short?", (long long)have,
			 (long long)want);
		return refuse(s);
	}
	return err;
}

/* A number may be cut in two and still be one. */
static int
check_published(struct sheet *s)
{
	const char *want = json_string_value(json_object_get(s->map, "sha256"));
	char hex[65];
	int err = import_hash(s->in->file, hex, s->why, s->whylen);

	if (err < 0)
		return err;
	if (want && strcmp(want, hex) == 0)
		return 0;
	return why_set(s->why, s->whylen, EINVAL, "%s: not the published file: its SHA-256 begins with %.12s, that of the "
		       "published one with %.12s; cut short, or edited?", s->in->file, hex, want ? want : "nothing");
}

static int
unknown_file(struct sheet *s, json_t *files, const char *base)
{
	const char *reason = json_string_value(json_object_get(json_object_get(s->in->map, "refused"), base));
	const char *name, *last = "";
	char list[300] = "";
	size_t n = 0;
	json_t *v;

	if (reason)
		return why_set(s->why, s->whylen, EINVAL, "%s: has no counterpart here: %s", s->in->file, reason);
	json_object_foreach(files, name, v)
		if (n < sizeof list && strncmp(name, last, 2) != 0) {
			n += (size_t)snprintf(list + n, sizeof list - n, " %.2s", name);
			last = name;
		}
	return why_set(s->why, s->whylen, EINVAL, "%s: not the name of a figure's data that can be imported; those "
		       "of OptaneStudy that begin with%s can", s->in->file, list);
}

int
import_table(struct imported *in, char *why, size_t len)
{
	struct sheet s = { .in = in, .c.fd = -1, .why = why, .whylen = len };
	json_t *files = json_object_get(in->map, "files");
	const char *base = strrchr(in->file, '/');
	int err;

	base = base ? base + 1 : in->file;
	s.map = json_object_get(files, base);
	if (s.map == NULL)
		return unknown_file(&s, files, base);
	in->host = json_object_get(in->map, "host");
	in->note = json_string_value(json_object_get(s.map, "note"));
	err = open_copy(&s);
	if (err == 0)
		err = read_records(&s);
	if (err == 0)
		err = check_published(&s);
	csv_close(&s.c);
	return err;
}
