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
#include "why.h"

const char *const result_name[RESULT_TABLES] = { "hist.csv", "samples.csv", "counters.csv", "repeats.csv" };

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
lock_dir(struct results *r)
{
	r->lock = open(r->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (r->lock < 0)
		return -errno;
	if (flock(r->lock, LOCK_EX | LOCK_NB) != 0)
		return errno == EWOULDBLOCK ? -EBUSY : -errno;
	return 0;
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
			return lock_dir(r);
		}
		if (errno != EEXIST)
			return -errno;
		free(r->dir);
	}
	return -EEXIST;
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

/* Only where a name can be found after a crash is what it stands for. */
static int
sync_dir(const char *path)
{
	const int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int rc = fd < 0 || fsync(fd) != 0 ? -errno : 0;

	if (fd >= 0)
		close(fd);
	return rc;
}

int
results_publish(struct results *r)
{
	char *seen = NULL, *parent = strndup(r->dir, (size_t)(r->id - r->dir) - 2);
	int rc = parent && asprintf(&seen, "%s/%s", parent, r->id) > 0 ? 0 : -ENOMEM;

	if (rc == 0)
		rc = results_sync(r);
	if (rc == 0 && fsync(r->lock) != 0)
		rc = -errno;
	if (rc == 0 && rename(r->dir, seen) != 0)
		rc = -errno;
	if (rc == 0) {
		free(r->dir);
		r->dir = seen;
		r->id = strrchr(seen, '/') + 1;
		link_latest(r, parent);
		rc = sync_dir(parent);
	} else {
		free(seen);
	}
	free(parent);
	return rc;
}

static int
open_tables(struct results *r)
{
	for (int t = 0; t < RESULT_TABLES; t++) {
		r->fd[t] = openat(r->lock, result_name[t], O_WRONLY | O_APPEND | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
		if (r->fd[t] < 0)
			return -errno;
	}
	return 0;
}

static int
put_header(FILE *f, const void *id)
{
	table_header(f, *(const enum table_id *)id, NULL, 0);
	return 0;
}

static int
put_headers(struct results *r)
{
	static const enum table_id id[RESULT_TABLES] = { TABLE_HIST, TABLE_SAMPLES, TABLE_COUNTERS, TABLE_REPEATS };
	int rc = 0;

	for (int t = 0; rc == 0 && t < RESULT_TABLES; t++)
		rc = results_put(r, t, put_header, &id[t]);
	return rc;
}

/* Of a directory that could not be made in full nothing stays. */
static void
discard(struct results *r)
{
	if (r->lock < 0)
		return;
	for (int t = 0; t < RESULT_TABLES; t++)
		unlinkat(r->lock, result_name[t], 0);
	rmdir(r->dir);
}

int
results_create(struct results *r, const char *parent, const char *name, char *why, size_t whylen)
{
	char full[4096];
	int rc;

	*r = (struct results)RESULTS_NONE;
	rc = make_parent(full, sizeof full, parent);
	if (rc == 0)
		rc = make_dir(r, full, name);
	if (rc == 0)
		rc = open_tables(r);
	if (rc == 0)
		rc = put_headers(r);
	if (rc < 0) {
		snprintf(why, whylen, "%.200s: %s (-o DIR puts results elsewhere)", full, strerror(-rc));
		discard(r);
	}
	return rc;
}

static json_t *
read_json(const struct results *r, const char *dir, char *why, size_t whylen)
{
	json_error_t err;
	json_t *json;
	int fd = openat(r->lock, "run.json", O_RDONLY | O_CLOEXEC);

	if (fd < 0) {
		why_set(why, whylen, errno, "%s/run.json: %s: is %s a results directory?", dir,
			strerror(errno), dir);
		return NULL;
	}
	json = json_loadfd(fd, 0, &err);
	if (!json)
		why_set(why, whylen, EINVAL, "%s/run.json:%d: %s", dir, err.line, err.text);
	close(fd);
	return json;
}

int
results_open(struct results *r, const char *dir, char *why, size_t whylen)
{
	int rc;

	*r = (struct results)RESULTS_NONE;
	r->dir = realpath(dir, NULL);
	rc = r->dir ? lock_dir(r) : -errno;
	if (rc < 0)
		return why_set(why, whylen, -rc, "%s: %s", dir,
			       rc == -EBUSY ? "its run is still going" : strerror(-rc));
	r->id = strrchr(r->dir, '/') + 1;
	r->json = read_json(r, dir, why, whylen);
	return r->json ? 0 : -EINVAL;
}

int
results_renamed(struct results *r, const char *dir)
{
	char why[256], *copy = strdup(dir);
	json_t *json = copy ? read_json(r, dir, why, sizeof why) : NULL;

	if (!json) {
		free(copy);
		return -EIO;
	}
	json_decref(r->json);
	free(r->dir);
	r->json = json;
	r->dir = copy;
	r->id = strrchr(copy, '/') + 1;
	return 0;
}

static int
append(struct results *r, enum result_table t, const char *text, size_t len)
{
	while (len > 0) {
		const ssize_t n = write(r->fd[t], text, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? -errno : -EIO;
		r->len[t] += (uint64_t)n;
		text += n;
		len -= (size_t)n;
	}
	return 0;
}

int
results_put(struct results *r, enum result_table t, int (*rows)(FILE *, const void *arg), const void *arg)
{
	char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);
	int rc = f ? rows(f, arg) : -ENOMEM;

	if (f && (ferror(f) | fclose(f)) != 0 && rc == 0)
		rc = -ENOMEM;
	if (rc == 0)
		rc = append(r, t, text, len);
	free(text);
	return rc;
}

/* The journal first, so that it never says more than is there.  Where even that fails its line
 * has no end, or names a length that is there. */
void
results_cut(struct results *r, const uint64_t len[RESULT_TABLES])
{
	for (int t = RESULT_TABLES; t-- > 0;)
		if (ftruncate(r->fd[t], (off_t)len[t]) == 0)
			r->len[t] = len[t];
}

/* In this order: what the journal says is on the disk before it. */
int
results_sync(struct results *r)
{
	for (int t = 0; t < RESULT_TABLES; t++)
		if (fdatasync(r->fd[t]) != 0)
			return -errno;
	return 0;
}

int
results_write_file(const struct results *r, const char *name, const char *text)
{
	struct replace out;
	int rc = replace_open(&out, r->lock, name);

	if (rc < 0)
		return rc;
	if (fputs(text, out.file) < 0 || fflush(out.file) != 0)
		rc = -EIO;
	if (rc == 0 && !r->held && fdatasync(fileno(out.file)) != 0)
		rc = -errno;
	return replace_close(&out, rc);
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
	for (int t = 0; t < RESULT_TABLES; t++)
		if (r->fd[t] >= 0)
			close(r->fd[t]);
	if (r->lock >= 0)
		close(r->lock);
	json_decref(r->json);
	free(r->dir);
	*r = (struct results)RESULTS_NONE;
}
