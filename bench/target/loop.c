/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <linux/loop.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "fill.h"
#include "keys.h"
#include "loop.h"
#include "why.h"

enum { TRIES = 64 };

const char *
loop_dir(void)
{
	const char *tmp = getenv("TMPDIR");

	return tmp && tmp[0] ? tmp : ".";
}

bool
loop_allowed(char *why, size_t whylen)
{
	int fd;

	if (geteuid() != 0) {
		why_set(why, whylen, EACCES, "a loop device needs root");
		return false;
	}
	fd = open("/dev/loop-control", O_RDWR | O_CLOEXEC);
	if (fd < 0) {
		why_set(why, whylen, errno, "/dev/loop-control: %s; modprobe loop", strerror(errno));
		return false;
	}
	close(fd);
	return true;
}

int
nameless_file(const char *dir)
{
	int fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	char name[4096];

	if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != ENOENT))
		return fd >= 0 ? fd : -errno;
	/* A file system without O_TMPFILE: a name for an instant. */
	if ((size_t)snprintf(name, sizeof name, "%s/.daxmark-XXXXXX", dir) >= sizeof name)
		return -ENAMETOOLONG;
	fd = mkostemp(name, O_CLOEXEC);
	if (fd < 0)
		return -errno;
	unlink(name);
	return fd;
}

/* Attach the file to a free device; somebody may be quicker: -EBUSY. */
static int
attach(struct loop *l, int control)
{
	struct loop_config c = { .fd = (uint32_t)l->file, .block_size = 512 };
	int n = ioctl(control, LOOP_CTL_GET_FREE);

	if (n < 0)
		return -errno;
	snprintf(l->path, sizeof l->path, "/dev/loop%d", n);
	l->fd = open(l->path, O_RDWR | O_EXCL | O_CLOEXEC);
	if (l->fd < 0)
		return errno == ENXIO ? -EBUSY : -errno;
	c.info.lo_flags = LO_FLAGS_AUTOCLEAR | LO_FLAGS_DIRECT_IO;
	snprintf((char *)c.info.lo_file_name, sizeof c.info.lo_file_name, "daxmark");
	if (ioctl(l->fd, LOOP_CONFIGURE, &c) == 0)
		return 0;
	n = -errno;
	close(l->fd);
	l->fd = -1;
	return n;
}

/* The grant for it, after a look that the device really carries our file. */
static int
grant(struct loop *l)
{
	struct loop_info64 info;
	struct stat file, dev;

	if (ioctl(l->fd, LOOP_GET_STATUS64, &info) || fstat(l->file, &file) || fstat(l->fd, &dev))
		return -errno;
	if (info.lo_inode != file.st_ino || !S_ISBLK(dev.st_mode))
		return -EBUSY;
	l->grant = (struct grant){
		.given = true, .block = true, .dev = dev.st_rdev, .diskseq = grant_diskseq(l->fd),
	};
	return 0;
}

int
loop_make(struct loop *l, const char *dir, uint64_t size, char *why, size_t whylen)
{
	int control, rc;

	*l = (struct loop){ .fd = -1, .file = nameless_file(dir) };
	if (l->file < 0)
		return why_set(why, whylen, -l->file, "%s: no file for a loop device: %s; set TMPDIR",
			       dir, strerror(-l->file));
	rc = fill_room(l->file, size, dir, why, whylen);
	if (rc == 0)
		rc = fill_file(l->file, size, PREP_WRITTEN, why, whylen);
	if (rc < 0)
		goto out;
	control = open("/dev/loop-control", O_RDWR | O_CLOEXEC);
	rc = control < 0 ? -errno : -EBUSY;
	for (int i = 0; i < TRIES && rc == -EBUSY; i++) {
		if (i)
			nanosleep(&(struct timespec){ .tv_nsec = 5000000 }, NULL);
		rc = attach(l, control);
	}
	if (control >= 0)
		close(control);
	if (rc == 0)
		rc = grant(l);
	if (rc < 0)
		why_set(why, whylen, -rc, "making a loop device: %s", strerror(-rc));
out:
	if (rc < 0)
		loop_remove(l);
	return rc == -EPERM ? -EACCES : rc;
}

void
loop_remove(struct loop *l)
{
	if (l->fd >= 0)
		close(l->fd);
	if (l->file >= 0)
		close(l->file);
	l->fd = l->file = -1;
}
