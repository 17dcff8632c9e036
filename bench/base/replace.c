/* SPDX-License-Identifier: BSD-2-Clause */
#include "replace.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

int
replace_open(struct replace *r, int dirfd, const char *name)
{
	int fd, err;

	r->dirfd = dirfd;
	snprintf(r->name, sizeof(r->name), "%s", name);
	snprintf(r->temp, sizeof(r->temp), "%s.new", r->name);
	/* What a dead process left there, or somebody's link to elsewhere. */
	unlinkat(dirfd, r->temp, 0);
	fd = openat(dirfd, r->temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (fd < 0)
		return -errno;
	r->file = fdopen(fd, "w");
	if (r->file == NULL) {
		err = -errno;
		close(fd);
		return err;
	}
	return 0;
}

/* A stream remembers that a write failed, not why: one more, to a file that is dropped anyway,
 * tells. */
static int
why_failed(FILE *f)
{
	static const char page[4096];

	return write(fileno(f), page, sizeof page) < 0 ? -errno : -EIO;
}

int
replace_close(struct replace *r, int err)
{
	if ((err == 0 || err == -EIO) && ferror(r->file))
		err = why_failed(r->file);
	if (fclose(r->file) != 0 && err == 0)
		err = -errno;
	if (err == 0 && renameat(r->dirfd, r->temp, r->dirfd, r->name) < 0)
		err = -errno;
	if (err < 0)
		unlinkat(r->dirfd, r->temp, 0);
	return err;
}

int
own_append(int dirfd, const char *name, int flags)
{
	const int fd = openat(dirfd, name, O_WRONLY | O_APPEND | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | flags, 0666);
	struct stat st;
	int err = fd < 0 ? errno == ELOOP ? EMLINK : errno : 0;

	if (err == 0 && (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || st.st_nlink != 1))
		err = EMLINK;
	if (err == 0)
		return fd;
	if (fd >= 0)
		close(fd);
	errno = err;
	return -err;
}
