/* SPDX-License-Identifier: BSD-2-Clause */
#include "import.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "datadir.h"
#include "metric.h"
#include "text.h"
#include "tool.h"
#include "why.h"

static json_t *
load_map(const char *name, char *why, size_t len)
{
	char path[4200];
	json_error_t e;
	json_t *map;

	snprintf(path, sizeof path, "%.4000s/configs/import/%s.json", data_dir(), name);
	map = json_load_file(path, JSON_REJECT_DUPLICATES, &e);
	if (!json_is_object(map))
		why_set(why, len, ENOENT, "%s: line %d: %s", path, e.line < 0 ? 0 : e.line,
			map ? "not an object" : e.text);
	return map;
}

/* What the sha256sum of the system says of the n bytes. */
static int
hash(const char *text, size_t n, char hex[65])
{
	char *const argv[] = { "sha256sum", NULL };
	int in = memfd_create("import", MFD_CLOEXEC), out = memfd_create("sum", MFD_CLOEXEC);
	int rc = in < 0 || out < 0 ? -errno : write(in, text, n) == (ssize_t)n ? 0 : -EIO;

	if (rc == 0) {
		lseek(in, 0, SEEK_SET);
		rc = tool_run(argv, AT_FDCWD, in, out, STDERR_FILENO);
	}
	if (rc == 0)
		rc = pread(out, hex, 64, 0) == 64 ? 0 : -EIO;
	hex[rc == 0 ? 64 : 0] = '\0';
	if (in >= 0)
		close(in);
	if (out >= 0)
		close(out);
	return rc;
}

int
import_hash(const char *file, char hex[65], char *why, size_t len)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC), rc = fd < 0 ? -errno : 0;
	char *text = MAP_FAILED;
	struct stat st;
	size_t n;

	if (rc == 0 && fstat(fd, &st) == 0 && st.st_size > 0)
		text = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (text != MAP_FAILED) {
		for (n = (size_t)st.st_size; n > 0 && (text[n - 1] == '\n' || text[n - 1] == '\r'); n--)
			;
		rc = hash(text, n, hex);
		munmap(text, (size_t)st.st_size);
	}
	if (fd >= 0)
		close(fd);
	return rc == 0 ? 0 : why_set(why, len, -rc, rc == -ENOENT ? "%s: needs sha256sum, which is not installed" :
				     "%s: no hash of it", file);
}

json_t *
import_point(json_t *base)
{
	json_t *p = base ? json_copy(base) : json_object();

	json_object_set_new(p, "metrics", json_object());
	return p;
}

void
import_merge(json_t *point, json_t *more)
{
	json_object_update(point, more);
}

static double
number_of(json_t *point, const char *key)
{
	const char *s = json_string_value(json_object_get(point, key));
	uint64_t n;

	return s && text_count(s, &n) == 0 && n > 0 ? (double)n : NAN;
}

void
import_metric(json_t *point, const char *metric, double value)
{
	json_t *m = json_object_get(point, "metrics");
	double size = number_of(point, "size"), threads = number_of(point, "threads");

	json_object_set_new(m, metric, json_real(value));
	if (strcmp(metric, metrics[METRIC_BANDWIDTH].name) != 0 || !(value > 0))
		return;
	if (size > 0)
		json_object_set_new(m, metrics[METRIC_RATE].name, json_real(value * 1e9 / size));
	if (size > 0 && threads > 0)
		json_object_set_new(m, metrics[METRIC_TIME].name, json_real(threads * size / value));
}

static void
take_name(struct imported *in)
{
	const char *base = strrchr(in->file, '/'), *dot;
	size_t len;

	base = base ? base + 1 : in->file;
	dot = strrchr(base, '.');
	len = dot && dot != base ? (size_t)(dot - base) : strlen(base);
	snprintf(in->name, sizeof in->name, "%.*s", (int)(len < 64 ? len : 64), base);
	for (char *p = in->name; *p; p++)
		if (!strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-", *p))
			*p = '_';
}

/* What a file is: by its end, for a broken one shall be told by its own errors. */
int
import_read(struct imported *in, const char *file, char *why, size_t len)
{
	size_t n = strlen(file);
	bool json = n > 5 && strcmp(file + n - 5, ".json") == 0;
	int err;

	*in = (struct imported){ .file = file, .points = json_array() };
	if (!json && !(n > 4 && strcmp(file + n - 4, ".csv") == 0))
		return why_set(why, len, EINVAL, "%s: neither a .json of PerMA-Bench nor a .csv of OptaneStudy", file);
	take_name(in);
	in->map = load_map(json ? "perma-bench" : "optanestudy", why, len);
	if (in->map == NULL)
		return -EINVAL;
	err = json ? import_bench(in, why, len) : import_table(in, why, len);
	if (err == 0 && json_array_size(in->points) == 0)
		return why_set(why, len, EINVAL, "%s: no point in it has a counterpart here", file);
	return err;
}

void
import_free(struct imported *in)
{
	json_decref(in->map);
	json_decref(in->points);
	*in = (struct imported){ 0 };
}
