/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "files.h"
#include "fill.h"
#include "keys.h"
#include "layout.h"
#include "owned.h"
#include "why.h"

enum { NAME_LEN = 64 };

static int
preparation(const struct open_spec *s)
{
	return s->preparation == PREP_AUTO ? PREP_WRITTEN : s->preparation;
}

/* One for each preparation and page size: a DAX file remembers the size of its entries, and a
 * 4K mapping would go on flushing 2 MiB (FACTS 2). */
static const char *
shared_name(char *buf, const struct open_spec *s)
{
	static const char *const prep[] = { "auto", "hole", "unwritten", "written" };

	snprintf(buf, NAME_LEN, "data-%s-%s", prep[preparation(s)],
		 s->page_size >= 1 << 30 ? "1G" : s->page_size >= 1 << 21 ? "2M" : "4K");
	return buf;
}

static int
make(int dir, const char *name, int oflags, char *why, size_t whylen)
{
	int fd;

	/* Whatever a killed worker left under this name is in our own directory. */
	if (unlinkat(dir, name, 0) && errno != ENOENT)
		return why_set(why, whylen, errno, "%s: cannot be removed: %s", name, strerror(errno));
	fd = openat(dir, name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC | oflags, 0600);
	return fd < 0 ? why_set(why, whylen, errno, "%s: cannot be made: %s", name, strerror(errno)) : fd;
}

/* The probe's word was about another file of this directory: look again. */
static int
check_dax(int fd, const struct target_ref *ref, char *why, size_t whylen)
{
	struct statx x;

	if (!(ref->caps & CAP_DAX))
		return 0;
	if (statx(fd, "", AT_EMPTY_PATH, STATX_BASIC_STATS, &x) == 0 && (x.stx_attributes & STATX_ATTR_DAX))
		return 0;
	return why_set(why, whylen, ENOTSUP, "statx says that a file in %s is not DAX (any more)", ref->path);
}

static void
place(int fd, int dir, uint64_t size, const struct target_ref *ref, const struct open_spec *s)
{
	/* Whether it worked, the prefault will say. */
	if ((ref->caps & CAP_DAX) && s->page_size >= 2 << 20 && preparation(s) != PREP_HOLE)
		(void)layout_allocate(fd, dir, size);
}

static bool
kept(int dir, const char *name, const struct target_ref *ref, const struct open_spec *s)
{
	struct stat st;

	return preparation(s) == PREP_WRITTEN && fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	       S_ISREG(st.st_mode) && (uint64_t)st.st_size == ref->size;
}

int
files_shared(int dir, const struct target_ref *ref, const struct open_spec *s, char *why, size_t whylen)
{
	char name[NAME_LEN], made[NAME_LEN + 4];
	int fd, rc;

	if (kept(dir, shared_name(name, s), ref, s))
		return 0;
	/* The room its predecessor takes is free again before it is asked for. */
	if (unlinkat(dir, name, 0) && errno != ENOENT)
		return why_set(why, whylen, errno, "%s/%s: %s", ref->path, name, strerror(errno));
	snprintf(made, sizeof made, "%s.new", name);
	fd = make(dir, made, 0, why, whylen);
	if (fd < 0)
		return fd;
	rc = check_dax(fd, ref, why, whylen);
	if (rc == 0 && preparation(s) != PREP_HOLE)
		rc = fill_room(fd, ref->size, ref->path, why, whylen);
	if (rc == 0) {
		place(fd, dir, ref->size, ref, s);
		rc = fill_file(fd, ref->size, preparation(s), why, whylen);
	}
	close(fd);
	/* Under its name only when it is complete: a worker may be killed here. */
	if (rc == 0 && (renameat(dir, made, dir, name) || fsync(dir)))
		rc = why_set(why, whylen, errno, "%s/%s: %s", ref->path, name, strerror(errno));
	if (rc < 0)
		unlinkat(dir, made, 0);
	return rc;
}

int
files_open(int dir, const struct target_ref *ref, const struct open_spec *s, int oflags,
	   char *why, size_t whylen)
{
	char name[NAME_LEN];
	int fd = openat(dir, shared_name(name, s), O_RDWR | O_NOFOLLOW | O_CLOEXEC | oflags);

	if (fd >= 0)
		return fd;
	if (errno == EINVAL && (oflags & O_DIRECT))
		return why_set(why, whylen, ENOTSUP, "%s: this file system has no O_DIRECT", ref->path);
	return why_set(why, whylen, errno, "%s/%s: %s", ref->path, name, strerror(errno));
}

int
files_fresh(int dir, const struct target_ref *ref, const struct open_spec *s, uint64_t size,
	    uint32_t thread, int oflags, char *why, size_t whylen)
{
	const bool grows = !(s->kernel->needs & CAP_MAP);
	char name[NAME_LEN];
	int fd, rc = 0;

	snprintf(name, sizeof name, "fresh-%u", thread);
	fd = make(dir, name, oflags, why, whylen);
	if (fd < 0)
		return fd;
	rc = check_dax(fd, ref, why, whylen);
	if (rc == 0)
		rc = fill_room(fd, size, ref->path, why, whylen);
	if (rc == 0 && grows && preparation(s) == PREP_UNWRITTEN)
		rc = fill_beyond(fd, size, why, whylen);
	else if (rc == 0 && !(grows && preparation(s) == PREP_HOLE)) {
		place(fd, dir, size, ref, s);
		rc = fill_file(fd, size, preparation(s), why, whylen);
	}
	if (rc == 0 && fsync(dir))
		rc = why_set(why, whylen, errno, "%s: fsync: %s", ref->path, strerror(errno));
	if (rc < 0)
		close(fd);
	return rc < 0 ? rc : fd;
}

int
files_slots(int dir, uint32_t thread, char *why, size_t whylen)
{
	char name[NAME_LEN];
	int fd;

	snprintf(name, sizeof name, "slots-%u", thread);
	files_drop(dir, thread);
	if (mkdirat(dir, name, 0700) || fsync(dir))
		return why_set(why, whylen, errno, "%s: cannot be made: %s", name, strerror(errno));
	fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	return fd < 0 ? why_set(why, whylen, errno, "%s: %s", name, strerror(errno)) : fd;
}

void
files_drop(int dir, uint32_t thread)
{
	char name[NAME_LEN];

	snprintf(name, sizeof name, "fresh-%u", thread);
	unlinkat(dir, name, 0);
	snprintf(name, sizeof name, "slots-%u", thread);
	owned_clean_slots(dir, name);
}
