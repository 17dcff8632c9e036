/* SPDX-License-Identifier: BSD-2-Clause */
#include "replace.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

int
replace_open(struct replace *r, int dirfd, const char *name)
{
	int fd, err;

	r->dirfd = dirfd;
	snprintf(r->name, sizeof(r->name), "%s", name);
	snprintf(r->temp, sizeof(r->temp), "%s.new", r->name);
	fd = openat(dirfd, r->temp, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0666);
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

/* A stream remembers that a write failed, not why: one more, to a file that is dropped anyway, tells. */
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
