/* SPDX-License-Identifier: BSD-2-Clause */
/* Mount options: no DAX where it could be, no barrier where one must be, blocks that are shared. */
#include <fcntl.h>
#include <libmount/libmount.h>
#include <string.h>
#include <unistd.h>
#include "doctor_row.h"
#include "rootfs.h"
#include "xfs.h"

struct doctor_mount {
	const char *source, *target, *type, *options;
	char where[300];		/* the target as a shell takes it */
};

/* A row with a finding for each mount that it concerns. */
static void
each_mount(struct doctor *d, const struct doctor_row *r)
{
	struct libmnt_iter *iter = mnt_new_iter(MNT_ITER_FORWARD);
	struct libmnt_fs *fs;

	while (iter && mnt_table_next_fs(d->mounts, iter, &fs) == 0) {
		struct doctor_mount m = {
			mnt_fs_get_srcpath(fs), mnt_fs_get_target(fs), mnt_fs_get_fstype(fs), mnt_fs_get_options(fs), "",
		};

		if (!m.source || !m.target || !m.type || !m.options)
			continue;
		shell_quoted(m.where, sizeof m.where, m.target);
		r->mount(d, r, &m);
	}
	mnt_free_iter(iter);
}

/* A pmem device that DAX is possible on: no BTT. */
static bool
on_pmem(const struct doctor_mount *m)
{
	return strncmp(m->source, "/dev/pmem", 9) == 0 && m->source[strlen(m->source) - 1] != 's';
}

static bool
without_dax(const struct doctor_mount *m)
{
	return has_word(m->options, "dax=never");
}

static void
dax(struct doctor *d, const struct doctor_row *r, const struct doctor_mount *m)
{
	const bool dax = has_word(m->options, "dax") || has_word(m->options, "dax=always");
	struct finding *f;

	if (!on_pmem(m))
		return;
	f = found(d, r, dax ? SEVERITY_OK : SEVERITY_WARN, dax ? "dax" : without_dax(m) ? "dax=never" : "without dax");
	found_what(f, "mount %s", m->target);
	found_mend(f, "umount %s && mount -o dax=always %s %s", m->where, m->source, m->where);
	if (without_dax(m))
		found_why(f, "files go through the page cache: no store of ours reaches the memory");
}

static int
mount_has_reflink(const char *target)
{
	const int fd = open(target, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	const int rc = fd < 0 ? -1 : xfs_reflink(fd);

	if (fd >= 0)
		close(fd);
	return rc;
}

/* Below another root: what the superblock says, XFS_SB_FEAT_RO_COMPAT_REFLINK of version 5. */
static int
superblock_has_reflink(const char *device)
{
	unsigned char sb[0xe8];
	uint64_t word;

	for (size_t k = 0; k < sizeof sb / 8; k++) {
		if (rootfs_u64(&word, 8 * k, "%s", device) < 0)
			return -1;
		memcpy(sb + 8 * k, &word, 8);
	}
	if (memcmp(sb, "XFSB", 4) != 0)
		return -1;
	return (sb[0x65] & 15) >= 5 && sb[0xd7] >> 2 & 1;
}

/* Shared blocks had no DAX before 6.2; since then MAP_SYNC does not hold on them. */
static void
reflink(struct doctor *d, const struct doctor_row *r, const struct doctor_mount *m)
{
	char release[64];
	int major = 0, minor = 0;
	struct finding *f;

	if (!on_pmem(m) || strcmp(m->type, "xfs") != 0 ||
	    (rootfs_real() ? mount_has_reflink(m->target) : superblock_has_reflink(m->source)) != 1)
		return;
	rootfs_line(release, sizeof release, "/proc/sys/kernel/osrelease");
	sscanf(release, "%d.%d", &major, &minor);
	f = found(d, r, SEVERITY_WARN, "reflink=1");
	found_what(f, "mount %s", m->target);
	found_mend(f, "umount %s && mkfs.xfs -f -m reflink=0 %s   # destroys what is there", m->where, m->source);
	if (major < 6 || (major == 6 && minor < 2))
		found_why(f, "before Linux 6.2 shared files, before 6.0 the whole file system, have no DAX: xfs goes on without");
}

static void
barrier(struct doctor *d, const struct doctor_row *r, const struct doctor_mount *m)
{
	struct finding *f;

	if (!has_word(m->options, "nobarrier") && !has_word(m->options, "barrier=0"))
		return;
	f = found(d, r, SEVERITY_BAD, "nobarrier");
	found_what(f, "mount %s", m->target);
	found_mend(f, "mount -o remount,barrier %s", m->where);
}

static void
huge_tmpfs(struct doctor *d, const struct doctor_row *r, const struct doctor_mount *m)
{
	struct finding *f;

	if (strcmp(m->type, "tmpfs") != 0 || !strstr(m->options, "huge=") || has_word(m->options, "huge=never"))
		return;
	f = found(d, r, SEVERITY_INFO, "huge=...");
	found_what(f, "tmpfs %s", m->target);
	found_mend(f, "mount -o remount,huge=never %s", m->where);
}

const struct doctor_row doctor_mounts[] = {
	{ "mount", "mount", "dax=always", "only files with the DAX attribute are mapped; others go through the page cache",
	  NULL, .look = each_mount, .mount = dax },
	{ "reflink", "mount", "reflink=0",
	  "MAP_SYNC loses acknowledged stores once another program reflinks or deduplicates the file (seen from 6.1 to 7.3.4)",
	  NULL, .look = each_mount, .mount = reflink },
	{ "barrier", "mount", "barrier", "fsync and msync leave data in the device's cache: they look fast, and data is lost",
	  NULL, .look = each_mount, .mount = barrier },
	{ "tmpfs-huge", "tmpfs", "huge=never", "targets and loop devices on it differ from those on another tmpfs",
	  NULL, .look = each_mount, .mount = huge_tmpfs },
	{ 0 },
};
