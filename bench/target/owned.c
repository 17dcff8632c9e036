/* SPDX-License-Identifier: BSD-2-Clause */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include "owned.h"
#include "slots.h"
#include "why.h"

#define OWNER "owner"

static bool
all_hex(const char *s, size_t n)
{
	return strspn(s, "0123456789abcdef") >= n;
}

static bool
is_slot_file(const char *s)
{
	return strlen(s) == 34 && s[0] == 's' && all_hex(s + 1, 16) && s[17] == '-' && all_hex(s + 18, 16);
}

/* The names this program gives: data-PREP-PAGE[.new], fresh-THREAD; slots-THREAD/ with slot
 * files. */
static bool
is_data_file(const char *s)
{
	return strncmp(s, "data-", 5) == 0 || strncmp(s, "fresh-", 6) == 0;
}

static bool
is_slot_dir(const char *s)
{
	return strncmp(s, "slots-", 6) == 0;
}

static int
unlink_file(int dir, const char *name)
{
	struct stat st;

	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) || !S_ISREG(st.st_mode))
		return 0;
	return unlinkat(dir, name, 0) ? -errno : 0;
}

static int
each_name(int dir, int (*fn)(int dir, const char *name, void *), void *arg)
{
	int rc = 0, fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *e;

	if (!d) {
		rc = -errno;
		if (fd >= 0)
			close(fd);
		return rc;
	}
	while (!rc && (e = readdir(d)))
		if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
			rc = fn(dir, e->d_name, arg);
	closedir(d);
	return rc;
}

static int
clean_slot(int dir, const char *name, void *arg)
{
	(void)arg;
	return is_slot_file(name) ? unlink_file(dir, name) : 0;
}

int
owned_clean_slots(int dir, const char *name)
{
	int rc, fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0)
		return 0;
	rc = each_name(fd, clean_slot, NULL);
	close(fd);
	if (rc == 0 && unlinkat(dir, name, AT_REMOVEDIR) && errno != ENOTEMPTY)
		rc = -errno;
	return rc;
}

static int
clean_one(int dir, const char *name, void *arg)
{
	(void)arg;
	if (is_data_file(name))
		return unlink_file(dir, name);
	return is_slot_dir(name) ? owned_clean_slots(dir, name) : 0;
}

int
owned_clean(int dir)
{
	return each_name(dir, clean_one, NULL);
}

static int
is_stranger(int dir, const char *name, void *arg)
{
	(void)dir;
	(void)arg;
	return strcmp(name, OWNER) != 0;
}

/* What the owner file says; a process that died while writing it left less. */
static int
owner_check(int fd, const char *text, bool alone)
{
	char buf[512];
	ssize_t n = pread(fd, buf, sizeof buf, 0);
	struct stat st;

	if (n < 0 || fstat(fd, &st))
		return -errno;
	if (!S_ISREG(st.st_mode) || st.st_nlink != 1 || st.st_uid != geteuid())
		return -EEXIST;
	if ((size_t)n == strlen(text) && memcmp(buf, text, (size_t)n) == 0)
		return 0;
	if (!alone || (size_t)n >= strlen(text) || memcmp(buf, text, (size_t)n) != 0)
		return -EEXIST;
	if (pwrite(fd, text, strlen(text), 0) != (ssize_t)strlen(text))
		return -EIO;
	/* What a crash of the machine leaves must be known as ours.  Before the first window: it
	 * commits the journal of the target's file system. */
	return fsync(fd) == 0 ? 0 : -errno;
}

static int
owner_lock(struct owned *o, const char *text)
{
	bool alone = each_name(o->dir, is_stranger, NULL) == 0;
	/* Without company there is nothing to protect: a new directory, or one whose maker died
	 * at once. */
	int create = alone ? O_CREAT : 0, rc;

	o->owner = openat(o->dir, OWNER, O_RDWR | O_NOFOLLOW | O_CLOEXEC | create, 0600);
	if (o->owner < 0)
		return errno == ENOENT || errno == ELOOP ? -EEXIST : -errno;
	if (flock(o->owner, LOCK_EX | LOCK_NB))
		return errno == EWOULDBLOCK ? -EBUSY : -errno;
	rc = owner_check(o->owner, text, alone);
	return rc == 0 && fsync(o->dir) != 0 ? -errno : rc;
}

/* mkdir, or the one that is there if it can only be ours. */
static int
enter(struct owned *o, const char *text)
{
	bool made = mkdirat(o->parent, o->name, 0700) == 0;
	struct stat st;

	if (!made && errno != EEXIST)
		return -errno;
	o->dir = openat(o->parent, o->name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (o->dir < 0)
		return errno == ELOOP || errno == ENOTDIR ? -EEXIST : -errno;
	if (fstat(o->dir, &st))
		return -errno;
	if (st.st_uid != geteuid() || (st.st_mode & 077))
		return -EEXIST;
	return owner_lock(o, text);
}

static void
shut(struct owned *o)
{
	int *fd[] = { &o->owner, &o->dir, &o->parent };

	for (size_t i = 0; i < 3; i++) {
		if (*fd[i] >= 0)
			close(*fd[i]);
		*fd[i] = -1;
	}
}

int
owned_make(struct owned *o, const char *in, const char *run_id, const char *target,
	   char *why, size_t whylen)
{
	char text[512];
	int rc;

	*o = (struct owned){ .parent = -1, .dir = -1, .owner = -1 };
	snprintf(text, sizeof text, "daxmark\nrun %s\ntarget %s\n", run_id, target);
	if ((size_t)snprintf(o->name, sizeof o->name, "daxmark-%s-%s", run_id, target) >= sizeof o->name ||
	    (size_t)snprintf(o->path, sizeof o->path, "%s/%s", in, o->name) >= sizeof o->path)
		return why_set(why, whylen, ENAMETOOLONG, "%s: the path is too long", in);
	o->parent = open(in, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (o->parent < 0)
		return why_set(why, whylen, errno, "%s: %s", in, strerror(errno));
	rc = enter(o, text);
	if (rc == 0)
		rc = owned_clean(o->dir);
	if (rc == -EBUSY)
		why_set(why, whylen, EBUSY, "%s is in use: run %s is still going", o->path, run_id);
	else if (rc == -EEXIST)
		why_set(why, whylen, EEXIST, "%s exists and is not this run's own directory; "
			"look at it and remove it", o->path);
	else if (rc < 0)
		why_set(why, whylen, -rc, "%s: cannot be made: %s", o->path, strerror(-rc));
	if (rc < 0)
		shut(o);
	/* The guard alone says EPERM. */
	return rc == -EPERM ? -EACCES : rc;
}

int
owned_remove(struct owned *o, char *why, size_t whylen)
{
	int rc;

	if (o->dir < 0)
		return 0;
	rc = owned_clean(o->dir);
	if (rc == 0 && each_name(o->dir, is_stranger, NULL) != 0)
		rc = -ENOTEMPTY;
	if (rc == 0 && (unlinkat(o->dir, OWNER, 0) || unlinkat(o->parent, o->name, AT_REMOVEDIR)))
		rc = -errno;
	if (rc == -ENOTEMPTY)
		why_set(why, whylen, ENOTEMPTY, "%s: left there, it holds files that are not ours", o->path);
	else if (rc < 0)
		why_set(why, whylen, -rc, "%s: not removed: %s", o->path, strerror(-rc));
	shut(o);
	return rc;
}

int
owned_open(const char *path, uint64_t dev, uint64_t ino, char *why, size_t whylen)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct stat st;

	if (fd < 0)
		return why_set(why, whylen, errno, "%s: %s", path, strerror(errno));
	if (fstat(fd, &st) == 0 && st.st_dev == dev && st.st_ino == ino)
		return fd;
	close(fd);
	return why_set(why, whylen, EEXIST, "%s is not the directory this run made", path);
}
