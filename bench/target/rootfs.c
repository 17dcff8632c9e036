/* SPDX-License-Identifier: BSD-2-Clause */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "rootfs.h"
#include "sysfs.h"

static const char *root = "";

void
rootfs_set(const char *dir)
{
	static char sys[PATH_MAX];

	root = dir ? dir : "";
	snprintf(sys, sizeof sys, "%s/sys", root);
	sysfs_set_root(dir ? sys : NULL);
}

bool
rootfs_real(void)
{
	return !*root;
}

/* "" when it is too long, which no file is called. */
#define PATH_OF(path, fmt) \
	do { \
		size_t n_ = (size_t)snprintf(path, sizeof path, "%s", root); \
		va_list ap_; \
		va_start(ap_, fmt); \
		if (n_ >= sizeof path || \
		    (size_t)vsnprintf(path + n_, sizeof path - n_, fmt, ap_) >= sizeof path - n_) \
			path[0] = 0; \
		va_end(ap_); \
	} while (0)

static int
first_line(const char *path, char *buf, size_t len)
{
	FILE *f = fopen(path, "re");
	int rc = 0;

	buf[0] = 0;
	if (!f)
		return -errno;
	/* An attribute may open and yet not be read. */
	errno = 0;
	if (!fgets(buf, (int)len, f) && ferror(f))
		rc = errno ? -errno : -EIO;
	buf[rc ? 0 : strcspn(buf, "\n")] = 0;
	fclose(f);
	return rc;
}

int
rootfs_line(char *buf, size_t len, const char *fmt, ...)
{
	char path[PATH_MAX];

	PATH_OF(path, fmt);
	return first_line(path, buf, len);
}

int64_t
rootfs_number(int64_t missing, const char *fmt, ...)
{
	char path[PATH_MAX], text[64], *end;
	long long n;

	PATH_OF(path, fmt);
	if (first_line(path, text, sizeof text) < 0 || !text[0])
		return missing;
	errno = 0;
	n = strtoll(text, &end, strncmp(text, "0x", 2) == 0 ? 16 : 10);
	return end == text || *end || errno ? missing : n;
}

bool
rootfs_has(const char *fmt, ...)
{
	char path[PATH_MAX];

	PATH_OF(path, fmt);
	return access(path, F_OK) == 0;
}

char *
rootfs_all(size_t max, size_t *len, const char *fmt, ...)
{
	char path[PATH_MAX], *buf;
	FILE *f;

	PATH_OF(path, fmt);
	f = fopen(path, "re");
	if (!f)
		return NULL;
	buf = malloc(max + 1);
	if (buf) {
		*len = fread(buf, 1, max, f);
		buf[*len] = 0;
	}
	fclose(f);
	return buf;
}

int
rootfs_u64(uint64_t *v, uint64_t offset, const char *fmt, ...)
{
	char path[PATH_MAX];
	ssize_t n;
	int fd, rc;

	PATH_OF(path, fmt);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	n = pread(fd, v, sizeof *v, (off_t)offset);
	rc = n == sizeof *v ? 0 : n < 0 ? -errno : -EIO;
	close(fd);
	return rc;
}

static int
no_dots(const struct dirent *d)
{
	return d->d_name[0] != '.';
}

int
rootfs_each(int (*fn)(const char *, void *), void *arg, const char *fmt, ...)
{
	char path[PATH_MAX];
	struct dirent **list;
	int n, rc = 0;

	PATH_OF(path, fmt);
	n = scandir(path, &list, no_dots, versionsort);
	if (n < 0)
		return -errno;
	for (int k = 0; k < n; k++) {
		if (!rc)
			rc = fn(list[k]->d_name, arg);
		free(list[k]);
	}
	free(list);
	return rc;
}
