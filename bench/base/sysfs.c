/* SPDX-License-Identifier: BSD-2-Clause */
#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>
#include "sysfs.h"

static const char *sysfs_root = "/sys";

void
sysfs_set_root(const char *dir)
{
	sysfs_root = dir ? dir : "/sys";
}

int
sysfs_dir(struct sysdir *d, const char *fmt, ...)
{
	char path[PATH_MAX];
	size_t n = (size_t)snprintf(path, sizeof path, "%s/", sysfs_root);
	va_list ap;
	int k;

	va_start(ap, fmt);
	k = vsnprintf(path + n, sizeof path - n, fmt, ap);
	va_end(ap);
	if (k < 0 || n + (size_t)k >= sizeof path)
		return -ENAMETOOLONG;
	return realpath(path, d->path) ? 0 : -errno;
}

int
sysfs_dev(struct sysdir *d, bool block, dev_t dev)
{
	return sysfs_dir(d, "dev/%s/%u:%u", block ? "block" : "char", major(dev), minor(dev));
}

int
sysfs_below(struct sysdir *d, const struct sysdir *from, const char *name)
{
	char path[PATH_MAX];

	if ((size_t)snprintf(path, sizeof path, "%s/%s", from->path, name) >= sizeof path)
		return -ENAMETOOLONG;
	return realpath(path, d->path) ? 0 : -errno;
}

bool
sysfs_up(struct sysdir *d)
{
	char root[PATH_MAX], *slash = strrchr(d->path, '/');
	size_t n;

	if (!slash || !realpath(sysfs_root, root))
		return false;
	n = strlen(root);
	if ((size_t)(slash - d->path) <= n || strncmp(d->path, root, n) != 0)
		return false;
	*slash = 0;
	return true;
}

const char *
sysfs_name(const struct sysdir *d)
{
	const char *slash = strrchr(d->path, '/');

	return slash ? slash + 1 : d->path;
}

int
sysfs_text(const struct sysdir *d, const char *attr, char *buf, size_t len)
{
	char path[PATH_MAX];
	FILE *f;
	int rc = 0;

	buf[0] = 0;
	if ((size_t)snprintf(path, sizeof path, "%s/%s", d->path, attr) >= sizeof path)
		return -ENAMETOOLONG;
	f = fopen(path, "re");
	if (!f)
		return -errno;
	errno = 0;
	if (!fgets(buf, (int)len, f) && ferror(f))
		rc = errno ? -errno : -EIO;
	buf[strcspn(buf, "\n")] = 0;
	fclose(f);
	return rc;
}

int64_t
sysfs_number(const struct sysdir *d, const char *attr, int64_t missing)
{
	char text[32], *end;
	long long n;

	if (sysfs_text(d, attr, text, sizeof text) || !text[0])
		return missing;
	errno = 0;
	n = strtoll(text, &end, 0);
	return *end || errno ? missing : n;
}

bool
sysfs_driver_is(const struct sysdir *d, const char *name)
{
	struct sysdir driver;

	return sysfs_below(&driver, d, "driver") == 0 && strcmp(sysfs_name(&driver), name) == 0;
}

bool
sysfs_devno(const struct sysdir *d, dev_t *dev)
{
	char text[32];
	unsigned major, minor;

	if (sysfs_text(d, "dev", text, sizeof text) || sscanf(text, "%u:%u", &major, &minor) != 2)
		return false;
	*dev = makedev(major, minor);
	return true;
}

int
sysfs_each(const struct sysdir *d, int (*fn)(const struct sysdir *, const char *, void *), void *arg)
{
	DIR *dir = opendir(d->path);
	struct dirent *e;
	int rc = 0;

	if (!dir)
		return -errno;
	while (!rc && (e = readdir(dir)))
		if (e->d_name[0] != '.')
			rc = fn(d, e->d_name, arg);
	closedir(dir);
	return rc;
}

void
nearest_start(struct nearest *n, const char *word)
{
	n->best[0] = 0;
	guess_start(&n->guess, word);
}

int
nearest_entry(const struct sysdir *d, const char *name, void *arg)
{
	struct nearest *n = arg;

	(void)d;
	guess_try(&n->guess, name);
	if (n->guess.best == name) {
		snprintf(n->best, sizeof n->best, "%s", name);
		n->guess.best = n->best;
	}
	return 0;
}
