/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <libmount/libmount.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include "mounts.h"

static void
fill(struct mounted *m, struct libmnt_fs *fs)
{
	const char *target = mnt_fs_get_target(fs), *source = mnt_fs_get_srcpath(fs);
	const char *type = mnt_fs_get_fstype(fs), *options = mnt_fs_get_options(fs);

	snprintf(m->target, sizeof m->target, "%s", target ? target : "");
	snprintf(m->source, sizeof m->source, "%s", source ? source : "");
	snprintf(m->fstype, sizeof m->fstype, "%s", type ? type : "");
	snprintf(m->options, sizeof m->options, "%s", options ? options : "");
	m->dev = mnt_fs_get_devno(fs);
}

int
mounts_each(int (*fn)(const struct mounted *, void *), void *arg)
{
	struct libmnt_table *table = mnt_new_table_from_file("/proc/self/mountinfo");
	struct libmnt_iter *iter = mnt_new_iter(MNT_ITER_FORWARD);
	struct libmnt_fs *fs;
	struct mounted m;
	int rc = table && iter ? 0 : -EIO;

	while (!rc && mnt_table_next_fs(table, iter, &fs) == 0) {
		fill(&m, fs);
		rc = fn(&m, arg);
	}
	mnt_free_iter(iter);
	mnt_unref_table(table);
	return rc;
}

struct device_search { dev_t dev; struct mounted *out; };

static int
same_device(const struct mounted *m, void *arg)
{
	struct device_search *s = arg;

	if (m->dev != s->dev)
		return 0;
	*s->out = *m;
	return 1;
}

int
mount_of(dev_t dev, struct mounted *out)
{
	struct device_search s = { dev, out };
	int rc = mounts_each(same_device, &s);

	return rc == 1 ? 0 : rc == 0 ? -ENOENT : rc;
}

dev_t
mount_device(const struct mounted *m)
{
	struct stat st;

	if (major(m->dev) != 0)
		return m->dev;
	if (m->source[0] == '/' && stat(m->source, &st) == 0 && S_ISBLK(st.st_mode))
		return st.st_rdev;
	return 0;
}
