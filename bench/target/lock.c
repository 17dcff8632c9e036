/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>
#include "lock.h"
#include "origin.h"
#include "sysfs.h"
#include "why.h"

static int
lock_dir(struct sysdir *d, bool block, dev_t dev)
{
	struct origin o;
	int rc = origin_of(&o, block, dev);

	if (rc < 0)
		return rc;
	if (o.namespace_[0] && !o.composed && sysfs_dir(d, "bus/nd/devices/%s", o.namespace_) == 0)
		return 0;
	return block ? origin_disk(d, dev) : sysfs_dev(d, block, dev);
}

/* Of a loop device: its file, which another may lie over as well.  Where that cannot be had, and of
 * any other device, its directory in sysfs. */
static int
open_lock(const struct sysdir *d)
{
	char path[4096];
	int fd = -1;

	if (strncmp(sysfs_name(d), "loop", 4) == 0 && sysfs_text(d, "loop/backing_file", path, sizeof path) == 0)
		fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	return fd >= 0 ? fd : open(d->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

int
lock_device(bool block, dev_t dev, char *why, size_t whylen)
{
	struct sysdir d;
	int fd, rc = lock_dir(&d, block, dev);

	if (rc < 0)
		return why_set(why, whylen, -rc, "sysfs does not know it: %s", strerror(-rc));
	fd = open_lock(&d);
	if (fd < 0)
		return why_set(why, whylen, errno, "%s: %s", d.path, strerror(errno));
	if (flock(fd, LOCK_EX | LOCK_NB) == 0)
		return fd;
	rc = errno == EWOULDBLOCK ? EBUSY : errno;
	close(fd);
	return why_set(why, whylen, rc, rc == EBUSY ? "another run of daxmark uses it; wait for its end" :
		       "cannot be locked: %s", strerror(rc));
}
