/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include "guard.h"
#include "held.h"
#include "origin.h"
#include "signature.h"
#include "sysfs.h"
#include "text.h"
#include "why.h"

/* What the checks share. */
struct look {
	const struct target_spec *spec;
	const struct consent *consent;
	struct guarded *guarded;
	bool block;
	dev_t dev;
	int fd;				/* open for reading; block: exclusively, unless in use */
	char *why;
	size_t whylen;
};

static int
refuse(const struct look *l, const char *what)
{
	return why_set(l->why, l->whylen, EPERM, "refused: %s %s", l->guarded->path, what);
}

static bool
same_uuid(const char *name, const char *uuid)
{
	/* Namespaces without a label all have this one. */
	return uuid[strspn(uuid, "0-")] && strcasecmp(name, uuid) == 0;
}

/* Named as the config names it, or by the uuid of the very namespace it lies on. */
static bool
consented(const struct look *l)
{
	const struct target_spec *s = l->spec;
	struct origin o;

	if (!l->consent || origin_of(&o, l->block, l->dev))
		return false;
	for (size_t i = 0; i < l->consent->n; i++) {
		const char *name = l->consent->name[i];

		if (!name[0])
			continue;
		if (strcmp(name, s->path) == 0 || strcmp(name, s->namespace_) == 0)
			return true;
		if (!o.composed && (same_uuid(name, o.uuid) || same_uuid(name, o.holder_uuid)))
			return true;
	}
	return false;
}

static int
no_consent(const struct look *l)
{
	char text[WHY_MAX];

	snprintf(text, sizeof text, "would be overwritten; if nothing on it matters, add --destroy-data=%.400s",
		 l->spec->path[0] ? l->spec->path : l->spec->namespace_);
	return refuse(l, text);
}

/* Nobody can mount it, build on it or open it exclusively from here on. */
static int
open_node(struct look *l)
{
	const int flags = O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
	struct stat st;
	bool busy;

	l->fd = open(l->guarded->path, flags | (l->block ? O_EXCL : 0));
	busy = l->fd < 0 && errno == EBUSY;
	if (busy)
		l->fd = open(l->guarded->path, flags);
	if (l->fd < 0)
		return why_set(l->why, l->whylen, errno == EPERM ? EACCES : errno, "%s: %s%s", l->guarded->path,
			       strerror(errno), errno == EACCES ? "; run as root, or join the device's group" : "");
	if (fstat(l->fd, &st) || st.st_rdev != l->dev || S_ISBLK(st.st_mode) != l->block)
		return refuse(l, "changed while it was looked at");
	return busy ? -EBUSY : 0;
}

static int
check_held(const struct look *l, bool busy)
{
	struct family family;
	char text[WHY_MAX];
	int rc = family_of(&family, l->block, l->dev);

	if (rc == 0)
		rc = family_held(&family, text, sizeof text);
	if (rc == 1)
		return refuse(l, text);
	if (rc < 0)
		return refuse(l, "cannot be checked for mounts and holders");
	return busy ? refuse(l, "is in use by the kernel (mounted elsewhere, or held)") : 0;
}

/* Of the whole device, and of the part of it that is used: that may begin where something does.
 * 1 and what in words; 0; -errno. */
static int
carries(const struct look *l, char *what, size_t len)
{
	const uint64_t at = l->spec->offset;
	char size[24];
	int rc = signature_block(l->fd, 0, 0, what, len);

	if (rc == 0 && (at || l->spec->length)) {
		rc = signature_block(l->fd, at, l->spec->length, what, len);
		if (rc == 1)
			snprintf(what + strlen(what), len - strlen(what), " at %s", text_put_size(size, at));
	}
	return rc;
}

static int
check_block(const struct look *l)
{
	char what[128], text[WHY_MAX];
	int rc = carries(l, what, sizeof what);

	if (rc == 0 || (rc == 1 && l->consent->overwrite_nonblank))
		return 0;
	if (rc == 1)
		snprintf(text, sizeof text, "carries %s; if it may be overwritten, add --overwrite-nonblank", what);
	else
		snprintf(text, sizeof text, "cannot be read for signatures: %s", strerror(-rc));
	return refuse(l, text);
}

/* Its first page, and the first that is written. */
static int
check_devdax(const struct look *l)
{
	const uint64_t at = l->spec->offset;
	struct sysdir d;
	const size_t align = sysfs_dev(&d, false, l->dev) ? 4096 : (size_t)sysfs_number(&d, "align", 4096);
	char text[WHY_MAX];
	int rc = signature_devdax(l->fd, at, align);

	l->guarded->blank = rc == 0;
	l->guarded->at = at;
	if (rc == 0 && at)
		rc = signature_devdax(l->fd, 0, align);
	if (rc == 0 || (rc == 1 && l->consent->overwrite_nonblank))
		return 0;
	if (rc == 1)
		snprintf(text, sizeof text, "is not blank: its first page%s holds data; if it may be "
			 "overwritten, add --overwrite-nonblank", at ? ", or that at the offset," : "");
	else
		snprintf(text, sizeof text, "cannot be read for signatures: %s", strerror(-rc));
	return refuse(l, text);
}

static int
check_writable(const struct look *l)
{
	int ro = 0;

	if (l->block && ioctl(l->fd, BLKROGET, &ro) == 0 && ro)
		return why_set(l->why, l->whylen, EROFS, "%s is read-only; blockdev --setrw it", l->guarded->path);
	return 0;
}

/* Is it free?  Locked, and open where it can be, from here on. */
static int
take(struct look *l)
{
	int held, rc = l->guarded->lock = lock_device(l->block, l->dev, l->why, l->whylen);

	if (rc < 0) {
		char text[WHY_MAX];

		snprintf(text, sizeof text, "%.*s", (int)sizeof text - 1, l->why);
		return refuse(l, text);
	}
	rc = open_node(l);
	l->guarded->excl = l->fd;
	if (rc == -EPERM)
		return rc;
	/* Who may not open it may still hear that it is mounted. */
	held = check_held(l, rc == -EBUSY);
	return held < 0 ? held : rc;
}

static int
look(struct look *l)
{
	int rc = take(l);

	/* Only now: nobody is invited to overwrite what is in use. */
	if (rc != -EPERM && !consented(l))
		return no_consent(l);
	if (rc == 0)
		rc = check_writable(l);
	if (rc == 0)
		rc = l->block ? check_block(l) : check_devdax(l);
	/* As long as it is locked, udev leaves the disk alone (systemd's convention). */
	if (rc == 0 && l->block)
		(void)flock(l->fd, LOCK_EX | LOCK_NB);
	return rc;
}

int
guard_device(const struct target_spec *spec, const char *path, const struct consent *consent,
	     struct guarded *g, char *why, size_t whylen)
{
	struct look l = { spec, consent, g, .fd = -1, .why = why, .whylen = whylen };
	struct stat st, named;
	int rc;

	*g = (struct guarded)GUARDED_NONE;
	if (!realpath(path, g->path) || stat(g->path, &st))
		return why_set(why, whylen, errno, "%s: %s", path, strerror(errno));
	/* The consent is for the name: it must still mean what was probed. */
	if (spec->path[0] && (stat(spec->path, &named) || named.st_rdev != st.st_rdev))
		return refuse(&l, "is no longer what the config's path leads to");
	l.block = spec->kind != KIND_DEVDAX;
	l.dev = st.st_rdev;
	if (l.block ? !S_ISBLK(st.st_mode) : !S_ISCHR(st.st_mode))
		return why_set(why, whylen, ENOTBLK, "%s is not a %s device", path, l.block ? "block" : "character");
	rc = look(&l);
	if (rc < 0) {
		g->blank = false;
		guard_release(g);
		return rc;
	}
	g->grant = (struct grant){
		.given = true, .block = l.block, .dev = l.dev, .diskseq = l.block ? grant_diskseq(l.fd) : 0,
	};
	return 0;
}

int
guard_look(const struct target_spec *spec, const char *path, const struct consent *consent, char *why, size_t whylen)
{
	struct guarded g;
	int rc = guard_device(spec, path, consent, &g, why, whylen);

	g.blank = false;
	guard_release(&g);
	return rc;
}

/* Best effort: a failure leaves the page as a run leaves it, and the next one asks. */
static void
blank_again(const struct guarded *g)
{
	struct sysdir d;
	size_t align;
	char why[WHY_MAX];
	void *map;
	int fd;

	if (sysfs_dev(&d, false, g->grant.dev))
		return;
	align = (size_t)sysfs_number(&d, "align", 4096);
	fd = grant_open(&g->grant, g->path, 0, why, sizeof why);
	if (fd < 0)
		return;
	map = mmap(NULL, align, PROT_READ | PROT_WRITE, MAP_SHARED, fd, (off_t)g->at);
	if (map != MAP_FAILED) {
		memset(map, 0, 4096);
		munmap(map, align);
	}
	close(fd);
}

void
guard_release(struct guarded *g)
{
	if (g->grant.given && g->blank)
		blank_again(g);
	if (g->excl >= 0)
		close(g->excl);
	if (g->lock >= 0)
		close(g->lock);
	*g = (struct guarded)GUARDED_NONE;
}

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
