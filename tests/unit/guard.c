// links: guard.o held.o signature.o grant.o origin.o medium.o mounts.o sysfs.o text.o why.o -lmount -lblkid
/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The guard against real loop devices (root), each of which must come out of a
 * refusal byte for byte as it went in.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/blkpg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/swap.h>
#include <unistd.h>
#include "guard.h"

enum { SIZE = 16 << 20 };

struct fixture { char dir[64], dev[64], file[96]; };
static char why[WHY_MAX];

static int
sh(const char *fmt, ...)
{
	char cmd[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(cmd, sizeof cmd, fmt, ap);
	va_end(ap);
	return system(cmd);
}

/* losetup in one go: LOOP_CTL_GET_FREE and the attach may race with another test. */
static void
attach(const char *file, char *dev, size_t len)
{
	char cmd[256];
	FILE *p = NULL;

	dev[0] = 0;
	snprintf(cmd, sizeof cmd, "losetup -f --show %s", file);
	for (int i = 0; i < 20 && !dev[0]; i++) {
		p = popen(cmd, "r");
		assert_non_null(p);
		if (!fgets(dev, (int)len, p))
			dev[0] = 0;
		pclose(p);
	}
	dev[strcspn(dev, "\n")] = 0;
	assert_true(dev[0] != 0);
}

static int
setup(void **state)
{
	struct fixture *f = calloc(1, sizeof *f);

	*state = f;
	if (geteuid() != 0 || !f)
		return 0;
	strcpy(f->dir, "/tmp/daxmark-guard-XXXXXX");
	assert_non_null(mkdtemp(f->dir));
	snprintf(f->file, sizeof f->file, "%s/disk", f->dir);
	assert_int_equal(sh("truncate -s %d %s", SIZE, f->file), 0);
	attach(f->file, f->dev, sizeof f->dev);
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	if (f->dev[0]) {
		sh("losetup -d %s", f->dev);
		sh("rm -rf %s", f->dir);
	}
	free(f);
	return 0;
}

#define NEED_ROOT() do { if (geteuid() != 0) skip(); } while (0)

static struct target_spec
spec_of(const char *dev)
{
	struct target_spec s = { .kind = KIND_RAW, .node = -1 };

	snprintf(s.path, sizeof s.path, "%s", dev);
	return s;
}

static int
ask(const char *dev, const char *named, bool nonblank, struct guarded *g)
{
	const char *name[] = { "/dev/other", named };
	struct consent c = { name, named ? 2 : 1, nonblank };
	struct target_spec s = spec_of(dev);

	why[0] = 0;
	return guard_device(&s, dev, &c, g, why, sizeof why);
}

static uint64_t
sum(const char *path)
{
	int fd = open(path, O_RDONLY);
	uint64_t h = 14695981039346656037u;
	static unsigned char buf[1 << 20];
	ssize_t n;

	assert_true(fd >= 0);
	while ((n = read(fd, buf, sizeof buf)) > 0)
		for (ssize_t i = 0; i < n; i++)
			h = (h ^ buf[i]) * 1099511628211u;
	close(fd);
	return h;
}

/* Refused with this word in the message, and not a byte changed. */
static void
refused(const struct fixture *f, const char *dev, bool nonblank, const char *word)
{
	struct guarded g;
	uint64_t before;

	sync();
	before = sum(f->file);
	assert_int_equal(ask(dev, dev, nonblank, &g), -EPERM);
	if (!strstr(why, word))
		fail_msg("'%s' is not in: %s", word, why);
	assert_false(g.grant.given);
	assert_int_equal(g.lock, -1);
	assert_int_equal(g.excl, -1);
	sync();
	assert_true(sum(f->file) == before);
}

/* In use: that is the reason, with consent or without, and looking is enough to hear it; nobody is
 * told how to have it overwritten. */
static void
in_use(const struct fixture *f, const char *dev, const char *word)
{
	const struct target_spec s = spec_of(dev);
	struct guarded g;

	refused(f, dev, true, word);
	assert_int_equal(ask(dev, NULL, false, &g), -EPERM);
	assert_non_null(strstr(why, word));
	assert_null(strstr(why, "--destroy-data"));
	assert_int_equal(guard_look(&s, dev, NULL, why, sizeof why), -EPERM);
	assert_non_null(strstr(why, word));
}

static void
put(const char *path, long at, const void *bytes, size_t n)
{
	int fd = open(path, O_WRONLY);

	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, bytes, n, at), n);
	fsync(fd);
	close(fd);
}

static void
test_blank_and_named(void **state)
{
	struct fixture *f = *state;
	struct guarded g, other;
	char text[] = "written";
	int fd;

	NEED_ROOT();
	assert_int_equal(ask(f->dev, f->dev, false, &g), 0);
	/* One run at a time, also through another name of the same device. */
	assert_int_equal(ask(f->dev, f->dev, false, &other), -EPERM);
	assert_non_null(strstr(why, "another run"));
	/* Nobody can mount or claim it meanwhile; workers come in. */
	assert_int_equal(open(f->dev, O_RDONLY | O_EXCL), -1);
	assert_int_equal(errno, EBUSY);
	fd = grant_open(&g.grant, g.path, O_SYNC, why, sizeof why);
	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, text, sizeof text, 0), sizeof text);
	close(fd);
	guard_release(&g);
	assert_int_equal(g.lock, -1);
	assert_int_equal(ask(f->dev, f->dev, false, &g), 0);
	guard_release(&g);
}

static void
test_consent(void **state)
{
	struct fixture *f = *state;
	struct guarded g;
	struct target_spec s;
	char link[80];
	uint64_t before;

	NEED_ROOT();
	before = sum(f->file);
	assert_int_equal(ask(f->dev, NULL, true, &g), -EPERM);
	assert_non_null(strstr(why, "--destroy-data="));
	assert_int_equal(ask(f->dev, "", true, &g), -EPERM);
	assert_int_equal(ask(f->dev, "/dev/loop", true, &g), -EPERM);
	/* Null uuids and someone else's are no name of it. */
	assert_int_equal(ask(f->dev, "00000000-0000-0000-0000-000000000000", true, &g), -EPERM);
	s = spec_of(f->dev);
	assert_int_equal(guard_device(&s, f->dev, NULL, &g, why, sizeof why), -EPERM);
	/* By a symbolic link: the name in the config is what counts. */
	snprintf(link, sizeof link, "%s/link", f->dir);
	assert_int_equal(symlink(f->dev, link), 0);
	assert_int_equal(ask(link, f->dev, false, &g), -EPERM);
	assert_int_equal(ask(link, link, false, &g), 0);
	guard_release(&g);
	/* The link now leads elsewhere than the probe saw. */
	s = spec_of(link);
	unlink(link);
	assert_int_equal(symlink("/dev/null", link), 0);
	assert_int_equal(guard_device(&s, f->dev, &(struct consent){ (const char *const[]){ link }, 1, true },
				      &g, why, sizeof why), -EPERM);
	assert_true(sum(f->file) == before);
}

static void
test_signatures(void **state)
{
	struct fixture *f = *state;
	struct guarded g;

	NEED_ROOT();
	assert_int_equal(sh("mkfs.ext4 -q -F %s", f->dev), 0);
	refused(f, f->dev, false, "ext4");
	assert_int_equal(ask(f->dev, f->dev, true, &g), 0);
	guard_release(&g);
	sh("wipefs -aq %s", f->dev);
	assert_int_equal(sh("mkswap %s >/dev/null", f->dev), 0);
	refused(f, f->dev, false, "swap");
}

static void
test_lvm_signature(void **state)
{
	struct fixture *f = *state;

	NEED_ROOT();
	assert_int_equal(sh("pvcreate -qq -y --config 'devices{use_devicesfile=0 scan=[\"/dev\"]} "
			    "global{locking_type=1 use_lvmpolld=0}' %s >/dev/null 2>&1", f->dev), 0);
	refused(f, f->dev, false, "LVM2_member");
}

/* md metadata 0.90 lies in the last 64 KiB-aligned 64 KiB. */
static void
test_md_signature(void **state)
{
	struct fixture *f = *state;
	const uint32_t sb[] = { 0xa92b4efc, 0, 90 };

	NEED_ROOT();
	put(f->dev, SIZE - 65536, sb, sizeof sb);
	refused(f, f->dev, false, "linux_raid_member");
}

static void
test_partition_table(void **state)
{
	struct fixture *f = *state;
	unsigned char mbr[512] = { 0 };

	NEED_ROOT();
	memcpy(mbr + 446, (unsigned char[]){ 0, 0, 2, 0, 0x83, 0, 2, 0, 0, 8, 0, 0, 0, 8, 0, 0 }, 16);
	mbr[510] = 0x55;
	mbr[511] = 0xaa;
	put(f->dev, 0, mbr, sizeof mbr);
	refused(f, f->dev, false, "partition table");
}

static void
test_nvdimm_info(void **state)
{
	struct fixture *f = *state;

	NEED_ROOT();
	put(f->dev, 4096, "BTT_ARENA_INFO\0", 16);
	refused(f, f->dev, false, "BTT");
	put(f->dev, 4096, "NVDIMM_PFN_INFO", 16);
	refused(f, f->dev, false, "fsdax");
	put(f->dev, 4096, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 16);
	put(f->dev, 0, "BTT_ARENA_INFO\0", 16);
	refused(f, f->dev, false, "BTT");
}

/* At its very end: a BTT's second info block, a GPT's second header. */
static void
test_end(void **state)
{
	struct fixture *f = *state;

	NEED_ROOT();
	put(f->dev, SIZE - 4096, "BTT_ARENA_INFO\0", 16);
	refused(f, f->dev, false, "BTT");
	put(f->dev, SIZE - 4096, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 16);
	put(f->dev, SIZE - 512, "EFI PART", 8);
	refused(f, f->dev, false, "partition table");
}

/* Where the config's part begins, and where it ends. */
static void
test_offset(void **state)
{
	struct fixture *f = *state;
	struct consent c = { (const char *const[]){ f->dev }, 1, false };
	struct target_spec s = spec_of(f->dev);
	struct guarded g;

	NEED_ROOT();
	assert_int_equal(sh("truncate -s 4M %s/fs && mkfs.ext4 -q -F %s/fs && dd if=%s/fs of=%s bs=1M seek=8 "
			    "conv=notrunc status=none", f->dir, f->dir, f->dir, f->file), 0);
	s.length = 4 << 20;
	for (s.offset = 0; s.offset < SIZE; s.offset += 4 << 20) {
		const int rc = guard_device(&s, f->dev, &c, &g, why, sizeof why);

		if (s.offset == 8 << 20) {
			assert_int_equal(rc, -EPERM);
			assert_non_null(strstr(why, "carries ext4 (filesystem) at 8M"));
			c.overwrite_nonblank = true;
			assert_int_equal(guard_device(&s, f->dev, &c, &g, why, sizeof why), 0);
			c.overwrite_nonblank = false;
		} else {
			assert_int_equal(rc, 0);
		}
		guard_release(&g);
	}
	put(f->dev, (6 << 20) - 4096, "BTT_ARENA_INFO\0", 16);
	s.offset = 4 << 20;
	assert_int_equal(guard_device(&s, f->dev, &c, &g, why, sizeof why), 0);
	guard_release(&g);
	s.length = 2 << 20;
	assert_int_equal(guard_device(&s, f->dev, &c, &g, why, sizeof why), -EPERM);
	assert_non_null(strstr(why, "a BTT at 4M"));
}

/* Two loop devices over one file are one; over parts of it that do not meet, two. */
static void
test_twin(void **state)
{
	struct fixture *f = *state;
	char at[80], twin[64], other[192];
	struct guarded g, h;

	NEED_ROOT();
	attach(f->file, twin, sizeof twin);
	assert_int_equal(ask(f->dev, f->dev, false, &g), 0);
	assert_int_equal(ask(twin, twin, false, &h), -EPERM);
	assert_non_null(strstr(why, "another run"));
	guard_release(&g);
	snprintf(at, sizeof at, "%s/mnt", f->dir);
	assert_int_equal(mkdir(at, 0700), 0);
	assert_int_equal(sh("mkfs.ext4 -q -F %s 8M", f->dev), 0);
	assert_int_equal(mount(f->dev, at, "ext4", MS_RDONLY, NULL), 0);
	in_use(f, twin, "is mounted");
	assert_int_equal(sh("losetup -d %s", twin), 0);
	snprintf(other, sizeof other, "%s -o 8M", f->file);
	attach(other, twin, sizeof twin);
	in_use(f, twin, "is mounted");
	assert_int_equal(umount(at), 0);
	assert_int_equal(sh("losetup -d %s", twin), 0);
	/* The whole file is in use by nobody; its halves are two devices. */
	assert_int_equal(sh("losetup -d %s", f->dev), 0);
	snprintf(other, sizeof other, "%s --sizelimit 8M", f->file);
	attach(other, f->dev, sizeof f->dev);
	snprintf(other, sizeof other, "%s -o 8M", f->file);
	attach(other, twin, sizeof twin);
	assert_int_equal(mount(f->dev, at, "ext4", MS_RDONLY, NULL), 0);
	assert_int_equal(ask(twin, twin, false, &g), 0);
	guard_release(&g);
	assert_int_equal(umount(at), 0);
	assert_int_equal(sh("losetup -d %s", twin), 0);
}

/* On a block device that is in use: claimed by nobody, and yet not free. */
static void
test_under(void **state)
{
	struct fixture *f = *state;
	char at[80], upper[64];
	struct guarded g;

	NEED_ROOT();
	attach(f->dev, upper, sizeof upper);
	assert_int_equal(ask(upper, upper, false, &g), 0);
	guard_release(&g);
	snprintf(at, sizeof at, "%s/mnt", f->dir);
	assert_int_equal(mkdir(at, 0700), 0);
	assert_int_equal(sh("mkfs.ext4 -q -F %s", f->dev), 0);
	assert_int_equal(mount(f->dev, at, "ext4", MS_RDONLY, NULL), 0);
	in_use(f, upper, "is mounted");
	assert_int_equal(umount(at), 0);
	assert_int_equal(sh("losetup -d %s", upper), 0);
}

static void
test_mounted(void **state)
{
	struct fixture *f = *state;
	char at[80];

	NEED_ROOT();
	snprintf(at, sizeof at, "%s/mnt", f->dir);
	assert_int_equal(mkdir(at, 0700), 0);
	assert_int_equal(sh("mkfs.ext4 -q -F %s", f->dev), 0);
	assert_int_equal(mount(f->dev, at, "ext4", MS_RDONLY, NULL), 0);
	in_use(f, f->dev, "is mounted");
	assert_int_equal(umount(at), 0);
}

static void
test_swap_in_use(void **state)
{
	struct fixture *f = *state;

	NEED_ROOT();
	assert_int_equal(sh("mkswap %s >/dev/null", f->dev), 0);
	if (swapon(f->dev, 0))
		skip();
	in_use(f, f->dev, "swap space");
	assert_int_equal(swapoff(f->dev), 0);
}

static void
test_claimed(void **state)
{
	struct fixture *f = *state;
	int fd;

	NEED_ROOT();
	fd = open(f->dev, O_RDONLY | O_EXCL);
	assert_true(fd >= 0);
	in_use(f, f->dev, "in use");
	close(fd);
}

static void
test_under_a_loop_device(void **state)
{
	struct fixture *f = *state;
	char upper[64];

	NEED_ROOT();
	attach(f->dev, upper, sizeof upper);
	in_use(f, f->dev, "lies under /dev/loop");
	sh("losetup -d %s", upper);
}

static int
partition(const char *disk, int op, long long start, long long len)
{
	struct blkpg_partition p = { .start = start, .length = len, .pno = 1 };
	struct blkpg_ioctl_arg a = { .op = op, .datalen = sizeof p, .data = &p };
	int fd = open(disk, O_RDONLY), rc = ioctl(fd, BLKPG, &a);

	close(fd);
	return rc;
}

static void
test_partition_mounted(void **state)
{
	struct fixture *f = *state;
	char at[80], part[80];

	NEED_ROOT();
	snprintf(at, sizeof at, "%s/mnt", f->dir);
	snprintf(part, sizeof part, "%sp1", f->dev);
	assert_int_equal(mkdir(at, 0700), 0);
	assert_int_equal(partition(f->dev, BLKPG_ADD_PARTITION, 1 << 20, 8 << 20), 0);
	assert_int_equal(sh("mkfs.ext4 -q -F %s", part), 0);
	assert_int_equal(mount(part, at, "ext4", MS_RDONLY, NULL), 0);
	in_use(f, f->dev, "is mounted");
	in_use(f, part, "is mounted");
	assert_int_equal(umount(at), 0);
	refused(f, part, false, "ext4");
	assert_int_equal(partition(f->dev, BLKPG_DEL_PARTITION, 0, 0), 0);
}

/* A partition and its disk are one target to the lock. */
static void
test_partition_locks_disk(void **state)
{
	struct fixture *f = *state;
	struct guarded g, h;
	char part[80];

	NEED_ROOT();
	snprintf(part, sizeof part, "%sp1", f->dev);
	assert_int_equal(partition(f->dev, BLKPG_ADD_PARTITION, 1 << 20, 8 << 20), 0);
	assert_int_equal(ask(part, part, false, &g), 0);
	assert_int_equal(ask(f->dev, f->dev, false, &h), -EPERM);
	assert_non_null(strstr(why, "another run"));
	guard_release(&g);
	assert_int_equal(partition(f->dev, BLKPG_DEL_PARTITION, 0, 0), 0);
}

/* Looking holds nothing, and gives the same answer as the real thing. */
static void
test_look(void **state)
{
	struct fixture *f = *state;
	const char *const name[] = { f->dev };
	const struct consent c = { name, 1, false };
	const struct target_spec s = spec_of(f->dev);
	struct guarded g;
	uint64_t before;

	NEED_ROOT();
	before = sum(f->file);
	assert_int_equal(guard_look(&s, f->dev, NULL, why, sizeof why), -EPERM);
	assert_non_null(strstr(why, "--destroy-data="));
	assert_int_equal(guard_look(&s, f->dev, &c, why, sizeof why), 0);
	assert_int_equal(ask(f->dev, f->dev, false, &g), 0);
	assert_int_equal(guard_look(&s, f->dev, &c, why, sizeof why), -EPERM);
	assert_non_null(strstr(why, "another run"));
	guard_release(&g);
	assert_true(sum(f->file) == before);
}

static void
test_read_only(void **state)
{
	struct fixture *f = *state;
	struct guarded g;

	NEED_ROOT();
	assert_int_equal(sh("blockdev --setro %s", f->dev), 0);
	assert_int_equal(ask(f->dev, f->dev, false, &g), -EROFS);
	assert_int_equal(sh("blockdev --setrw %s", f->dev), 0);
}

static void
test_not_a_device(void **state)
{
	struct fixture *f = *state;
	struct guarded g;

	assert_int_equal(ask("/nowhere/at-all", "/nowhere/at-all", true, &g), -ENOENT);
	assert_int_equal(ask("/etc/passwd", "/etc/passwd", true, &g), -ENOTBLK);
	assert_int_equal(ask("/dev/null", "/dev/null", true, &g), -ENOTBLK);
	NEED_ROOT();
	assert_int_equal(ask(f->file, f->file, true, &g), -ENOTBLK);
}

/* A grant opens the device it was given for and no other. */
static void
test_grant_is_for_one_device(void **state)
{
	struct fixture *f = *state;
	struct guarded g;
	struct grant none = { 0 };
	char file[96], other[64], link[80];

	NEED_ROOT();
	snprintf(file, sizeof file, "%s/other", f->dir);
	snprintf(link, sizeof link, "%s/link", f->dir);
	assert_int_equal(sh("truncate -s 1M %s", file), 0);
	attach(file, other, sizeof other);
	assert_int_equal(ask(f->dev, f->dev, false, &g), 0);
	assert_int_equal(grant_open(&g.grant, other, 0, why, sizeof why), -EPERM);
	assert_int_equal(grant_open(&g.grant, "/etc/passwd", 0, why, sizeof why), -EPERM);
	assert_int_equal(grant_open(&none, f->dev, 0, why, sizeof why), -EPERM);
	assert_int_equal(symlink(f->dev, link), 0);
	assert_int_equal(grant_open(&g.grant, link, 0, why, sizeof why), -EPERM);
	g.grant.diskseq++;
	assert_int_equal(grant_open(&g.grant, f->dev, 0, why, sizeof why), -EPERM);
	guard_release(&g);
	sh("losetup -d %s", other);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_blank_and_named), TEST(test_consent), TEST(test_signatures), TEST(test_lvm_signature),
		TEST(test_md_signature), TEST(test_partition_table), TEST(test_nvdimm_info), TEST(test_end),
		TEST(test_offset), TEST(test_twin), TEST(test_under), TEST(test_mounted),
		TEST(test_swap_in_use), TEST(test_claimed), TEST(test_under_a_loop_device),
		TEST(test_partition_mounted), TEST(test_partition_locks_disk), TEST(test_look), TEST(test_read_only),
		TEST(test_not_a_device), TEST(test_grant_is_for_one_device),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
