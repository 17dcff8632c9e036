/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "replace.h"
#include "results.h"
#include "tables.h"
#include "text.h"

/* PARENT with %h, %j replaced; every missing folder of it is made. */
static int
make_parent(char *out, size_t len, const char *parent)
{
	const char *job = getenv("SLURM_JOB_ID");
	char host[65] = "";
	size_t n = 0;

	gethostname(host, sizeof host - 1);
	for (const char *p = parent; *p && n + 66 < len; p++) {
		if (p[0] == '%' && (p[1] == 'h' || p[1] == 'j')) {
			n += (size_t)snprintf(out + n, len - n, "%s",
					      *++p == 'h' ? host : job ? job : "nojob");
		} else {
			out[n++] = *p;
		}
	}
	out[n] = 0;
	if (strlen(parent) >= len - 512)
		return -ENAMETOOLONG;
	for (char *p = out + 1; *p; p++)
		if (*p == '/') {
			*p = 0;
			if (mkdir(out, 0777) != 0 && errno != EEXIST)
				return -errno;
			*p = '/';
		}
	return mkdir(out, 0777) == 0 || errno == EEXIST ? 0 : -errno;
}

static int
make_dir(struct results *r, const char *parent, const char *name)
{
	time_t now = time(NULL);
	char host[65] = "", stamp[32];
	struct tm tm;

	gethostname(host, sizeof host - 1);
	strftime(stamp, sizeof stamp, "%Y%m%dT%H%M%SZ", gmtime_r(&now, &tm));
	for (int k = 0; k < 100; k++) {
		uint16_t x;

		if (getrandom(&x, sizeof x, 0) != sizeof x)
			return -EIO;
		if (asprintf(&r->dir, "%s/.%s-%s-%s-%04x", parent, stamp, host, name, x) < 0)
			return -ENOMEM;
		if (mkdir(r->dir, 0777) == 0) {
			r->id = strrchr(r->dir, '/') + 2;
			return results_lock(r);
		}
		if (errno != EEXIST)
			return -errno;
		free(r->dir);
	}
	return -EEXIST;
}

int
results_lock(struct results *r)
{
	r->lock = open(r->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (r->lock < 0)
		return -errno;
	if (flock(r->lock, LOCK_EX | LOCK_NB) != 0)
		return errno == EWOULDBLOCK ? -EBUSY : -errno;
	return 0;
}

static void
link_latest(const struct results *r, const char *parent)
{
	char tmp[PATH_BUF], latest[PATH_BUF];
	struct stat st;

	snprintf(tmp, sizeof tmp, "%s/.latest-%d", parent, getpid());
	snprintf(latest, sizeof latest, "%s/latest", parent);
	/* Somebody's own file or folder of that name stays. */
	if (lstat(latest, &st) == 0 && !S_ISLNK(st.st_mode))
		return;
	unlink(tmp);
	if (symlink(r->id, tmp) == 0 && rename(tmp, latest) != 0)
		unlink(tmp);
}

int
results_publish(struct results *r)
{
	char *seen = NULL, *parent = strndup(r->dir, (size_t)(r->id - r->dir) - 2);
	int rc = parent && asprintf(&seen, "%s/%s", parent, r->id) > 0 ? 0 : -ENOMEM;

	if (rc == 0 && rename(r->dir, seen) != 0)
		rc = -errno;
	if (rc == 0) {
		free(r->dir);
		r->dir = seen;
		r->id = strrchr(seen, '/') + 1;
		link_latest(r, parent);
	} else {
		free(seen);
	}
	free(parent);
	return rc;
}

static FILE *
open_table(const struct results *r, const char *name, const char *mode)
{
	char path[PATH_BUF];

	snprintf(path, sizeof path, "%s/%s", r->dir, name);
	return fopen(path, mode);
}

static int
open_tables(struct results *r, const char *mode)
{
	r->hist = open_table(r, "hist.csv", mode);
	r->samples = open_table(r, "samples.csv", mode);
	r->counters = open_table(r, "counters.csv", mode);
	r->repeats = open_table(r, "repeats.csv", mode);
	return r->hist && r->samples && r->counters && r->repeats ? 0 : -errno;
}

static int
put_headers(struct results *r)
{
	FILE *const file[] = { r->hist, r->samples, r->repeats, r->counters };
	static const enum table_id id[] = { TABLE_HIST, TABLE_SAMPLES, TABLE_REPEATS, TABLE_COUNTERS };

	for (size_t k = 0; k < sizeof id / sizeof *id; k++) {
		table_header(file[k], id[k], NULL, 0);
		if (fflush(file[k]))
			return -errno;
	}
	return 0;
}

/* Of a directory that could not be made in full nothing stays. */
static void
discard(struct results *r)
{
	static const char *const names[] = { "hist.csv", "samples.csv", "counters.csv", "repeats.csv" };

	for (size_t k = 0; r->lock > 0 && k < sizeof names / sizeof *names; k++)
		unlinkat(r->lock, names[k], 0);
	if (r->lock > 0)
		rmdir(r->dir);
}

int
results_create(struct results *r, const char *parent, const char *name, char *why, size_t whylen)
{
	char full[4096];
	int rc;

	*r = (struct results){ 0 };
	rc = make_parent(full, sizeof full, parent);
	if (rc == 0)
		rc = make_dir(r, full, name);
	if (rc == 0)
		rc = open_tables(r, "wxe");
	if (rc == 0)
		rc = put_headers(r);
	if (rc < 0) {
		snprintf(why, whylen, "%.200s: %s (-o DIR puts results elsewhere)", full, strerror(-rc));
		discard(r);
	}
	return rc;
}

int
results_write_file(const struct results *r, const char *name, const char *text)
{
	int dir = open(r->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC), rc;
	struct replace out;

	if (dir < 0)
		return -errno;
	rc = replace_open(&out, dir, name);
	if (rc == 0)
		rc = replace_close(&out, fputs(text, out.file) < 0 ? -EIO : 0);
	close(dir);
	return rc;
}

int
results_write_json(const struct results *r, const char *status)
{
	char *text;
	int rc;

	json_object_set_new(r->json, "status", json_string(status));
	text = json_dumps(r->json, JSON_INDENT(2) | JSON_REAL_PRECISION(17));
	if (!text)
		return -ENOMEM;
	rc = results_write_file(r, "run.json", text);
	free(text);
	return rc;
}

void
results_close(struct results *r)
{
	if (r->hist)
		fclose(r->hist);
	if (r->samples)
		fclose(r->samples);
	if (r->counters)
		fclose(r->counters);
	if (r->repeats)
		fclose(r->repeats);
	if (r->lock > 0)
		close(r->lock);
	json_decref(r->json);
	free(r->dir);
	*r = (struct results){ 0 };
}
