// links: probe.o probe_dir.o prepare.o open.o files.o mapping.o layout.o fill.o owned.o loop.o mem.o namespaces.o namespace_find.o auto.o guard.o held.o signature.o grant.o origin.o medium.o mounts.o sysfs.o text.o why.o xfs.o -lnuma -lndctl -ldaxctl -lmount -lblkid
/* SPDX-License-Identifier: BSD-2-Clause */
/* Targets from probe to close, on what every machine has: memory, a file system, a loop device. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "guard.h"
#include "keys.h"
#include "mem.h"
#include "target.h"

#define M (1ull << 20)

static const struct kernel mapped = { .name = "mapped", .needs = CAP_MAP };
static const struct kernel synced = { .name = "synced", .needs = CAP_MAP | CAP_FD | CAP_SYNC };
static const struct kernel touches = { .name = "touches", .needs = CAP_MAP, .consumes = 1 };
static const struct kernel writes = { .name = "writes", .needs = CAP_FD };
static const struct kernel appends = { .name = "appends", .needs = CAP_FD | CAP_SYNC | CAP_DIR, .consumes = 1 };
static const struct kernel creates = { .name = "creates", .needs = CAP_DIR | CAP_SYNC, .consumes = 1, .files = 1 };
static const struct kernel sectors = { .name = "sectors", .needs = CAP_FD | CAP_BLOCK, .oflags = O_DIRECT };
static const struct kernel nothing = { .name = "nothing" };

static char dir[64], why[WHY_MAX];
static struct facts_target facts;
static struct prepared *prepared;
static struct target_ref ref;

static int
setup(void **state)
{
	(void)state;
	strcpy(dir, "/tmp/daxmark-target-XXXXXX");
	assert_non_null(mkdtemp(dir));
	return 0;
}

static int
teardown(void **state)
{
	char cmd[96];

	(void)state;
	unsetenv("TMPDIR");
	snprintf(cmd, sizeof cmd, "rm -rf %s", dir);
	return system(cmd);
}

static struct target_spec
spec_of(enum target_kind kind, const char *path, uint64_t size)
{
	struct target_spec s = { .name = "t", .role = "t", .kind = kind, .size = size, .node = -1 };

	snprintf(s.path, sizeof s.path, "%s", path);
	return s;
}

static int
probe(const struct target_spec *s)
{
	why[0] = 0;
	return target_probe(s, &facts, why, sizeof why);
}

static void
prepare(const struct target_spec *s)
{
	int rc = probe(s);

	if (rc == 0)
		rc = target_prepare(s, &facts, "run1", NULL, &prepared, why, sizeof why);
	if (rc)
		fail_msg("%s", why);
	target_ref(prepared, &ref);
}

static void
unprepare(void)
{
	assert_int_equal(target_unprepare(prepared, why, sizeof why), 0);
}

static struct open_spec
use_of(const struct kernel *k, uint64_t bytes, uint32_t threads)
{
	return (struct open_spec){
		.kernel = k, .bytes = bytes, .threads = threads, .seed = 1,
		.page_size = k->needs & CAP_MAP ? 4096 : 0,
	};
}

static void
open_ok(const struct open_spec *u, struct opened *o)
{
	if (target_open(&ref, u, o, why, sizeof why))
		fail_msg("%s", why);
}

static size_t
entries(const char *path)
{
	char cmd[256];
	size_t n = 0;
	FILE *p;

	snprintf(cmd, sizeof cmd, "find %s -mindepth 1 | wc -l", path);
	p = popen(cmd, "r");
	assert_int_equal(fscanf(p, "%zu", &n), 1);
	pclose(p);
	return n;
}

static void
test_dram(void **state)
{
	struct target_spec s = spec_of(KIND_DRAM, "", 64 * M);
	struct open_spec u = use_of(&mapped, 3000, 3);
	struct opened o;

	(void)state;
	prepare(&s);
	assert_int_equal(facts.caps, CAP_MAP);
	assert_int_equal(facts.medium, MEDIUM_DRAM);
	assert_false(facts.page_cache);
	assert_int_equal(facts.size, 64 * M);
	open_ok(&u, &o);
	assert_int_equal(o.page_seen, 4096);
	assert_int_equal(o.thread[1].base - o.thread[0].base, 4096);
	assert_int_equal(o.thread[2].base - o.thread[0].base, 8192);
	assert_int_equal(o.thread[0].fd, -1);
	for (int t = 0; t < 3; t++)
		memset(o.thread[t].base, 1, 3000);
	target_close(&o);
	/* A node that exists, and the proof that the pages are there. */
	u.node = (const int[]){ 0, 0, 0 };
	open_ok(&u, &o);
	assert_int_equal(mem_node(o.thread[0].base, 3 * 4096), 0);
	target_close(&o);
	u.bytes = 64 * M;
	assert_int_equal(target_open(&ref, &u, &o, why, sizeof why), -ENOSPC);
	assert_non_null(strstr(why, "192M"));
	u = use_of(&nothing, 4096, 2);
	open_ok(&u, &o);
	assert_null(o.thread[0].base);
	target_close(&o);
	unprepare();
}

static void
test_dram_huge(void **state)
{
	struct target_spec s = spec_of(KIND_DRAM, "", 64 * M);
	struct open_spec u = use_of(&mapped, 3000, 2);
	struct opened o;
	int rc;

	(void)state;
	s.page_size = 2 * M;
	assert_int_equal(probe(&s), 0);
	if (!facts.present)
		skip();
	prepare(&s);
	assert_int_equal(facts.page_size, 2 * M);
	u.page_size = 2 * M;
	rc = target_open(&ref, &u, &o, why, sizeof why);
	assert_true(rc == 0 || rc == -ENOTSUP);
	if (rc == 0) {
		assert_int_equal(o.page_seen, 2 * M);
		assert_int_equal((uintptr_t)o.thread[0].base % (2 * M), 0);
		assert_int_equal(o.thread[1].base - o.thread[0].base, 2 * M);
		target_close(&o);
	}
	unprepare();
}

static void
test_dram_errors(void **state)
{
	struct target_spec s = spec_of(KIND_DRAM, "", 1ull << 46);

	(void)state;
	assert_int_equal(probe(&s), -ENOMEM);
	assert_non_null(strstr(why, "smaller size"));
	s.size = M;
	s.node = 1000;
	assert_int_equal(probe(&s), -ENODEV);
	s.optional = true;
	assert_int_equal(probe(&s), 0);
	assert_false(facts.present);
	assert_non_null(strstr(facts.why, "1000"));
	/* More 1G pages than any machine of ours has: a skip. */
	s = spec_of(KIND_DRAM, "", M);
	s.page_size = 1ull << 40;
	assert_int_equal(probe(&s), 0);
	assert_false(facts.present);
	assert_non_null(strstr(facts.why, "cannot be had"));
}

static void
test_file(void **state)
{
	struct target_spec s = spec_of(KIND_FILE, dir, 16 * M);
	struct open_spec u = use_of(&synced, M, 2);
	struct opened o;
	char back[16];

	(void)state;
	prepare(&s);
	assert_int_equal(facts.caps & ~CAP_ATOMIC, CAP_MAP | CAP_FD | CAP_SYNC | CAP_DIR);
	assert_true(facts.page_cache);
	assert_true(facts.fstype[0] && facts.no_map_sync[0]);
	u.o_sync = 1;
	open_ok(&u, &o);
	assert_int_equal(fcntl(o.thread[1].fd, F_GETFL) & O_SYNC, O_SYNC);
	assert_int_equal(o.thread[1].off - o.thread[0].off, M);
	/* Mapping and descriptor are of the same bytes. */
	strcpy(o.thread[1].base, "by mapping");
	assert_int_equal(pread(o.thread[0].fd, back, 11, (off_t)o.thread[1].off), 11);
	assert_string_equal(back, "by mapping");
	target_close(&o);
	unprepare();
	assert_int_equal(entries(dir), 0);
}

static void
test_offsets(void **state)
{
	struct target_spec s = spec_of(KIND_FILE, dir, 16 * M);
	struct open_spec u = use_of(&writes, 4096, 1);
	struct opened o;
	uint64_t seen[16], distinct = 0;

	(void)state;
	prepare(&s);
	for (u.seed = 0; u.seed < 16; u.seed++) {
		open_ok(&u, &o);
		seen[u.seed] = o.offset;
		assert_int_equal(o.offset % 4096, 0);
		assert_true(o.offset + 4096 <= 16 * M);
		assert_int_equal(o.thread[0].off, o.offset);
		distinct += u.seed && seen[u.seed] != seen[0];
		target_close(&o);
	}
	assert_true(distinct > 10);
	u.seed = 3;
	open_ok(&u, &o);
	assert_int_equal(o.offset, seen[3]);
	target_close(&o);
	/* All of it: there is but one place. */
	u.bytes = 16 * M;
	open_ok(&u, &o);
	assert_int_equal(o.offset, 0);
	target_close(&o);
	unprepare();
}

static uint64_t
blocks_of(const struct opened *o)
{
	struct stat st;

	assert_int_equal(fstat(o->thread[0].fd, &st), 0);
	assert_int_equal(st.st_size, 16 * M);
	return (uint64_t)st.st_blocks * 512;
}

/* Written files are kept; the others are as new in each repeat, whatever was done to them. */
static void
test_preparation(void **state)
{
	struct target_spec s = spec_of(KIND_FILE, dir, 16 * M);
	struct open_spec u = use_of(&writes, 4096, 1);
	struct opened o;
	struct stat st;
	ino_t written;

	(void)state;
	prepare(&s);
	u.preparation = PREP_WRITTEN;
	open_ok(&u, &o);
	assert_true(blocks_of(&o) >= 16 * M);
	fstat(o.thread[0].fd, &st);
	written = st.st_ino;
	target_close(&o);
	open_ok(&u, &o);
	fstat(o.thread[0].fd, &st);
	assert_int_equal(st.st_ino, written);
	target_close(&o);
	u.preparation = PREP_HOLE;
	for (int rep = 0; rep < 2; rep++) {
		open_ok(&u, &o);
		assert_int_equal(blocks_of(&o), 0);
		assert_int_equal(pwrite(o.thread[0].fd, "x", 1, 0), 1);
		target_close(&o);
	}
	u.preparation = PREP_UNWRITTEN;
	open_ok(&u, &o);
	assert_true(blocks_of(&o) >= 16 * M);
	target_close(&o);
	unprepare();
	assert_int_equal(entries(dir), 0);
}

static void
test_consuming(void **state)
{
	struct target_spec s = spec_of(KIND_FILE, dir, 16 * M);
	struct open_spec u = use_of(&touches, M, 2);
	struct opened o;
	struct stat a, b;

	(void)state;
	prepare(&s);
	u.preparation = PREP_HOLE;
	open_ok(&u, &o);
	fstat(o.thread[0].fd, &a);
	fstat(o.thread[1].fd, &b);
	assert_true(a.st_ino != b.st_ino);
	assert_int_equal(a.st_size, M);
	assert_int_equal(a.st_blocks, 0);
	assert_int_equal(o.thread[1].off, 0);
	memset(o.thread[1].base, 1, M);
	target_close(&o);
	/* One owner file is left. */
	assert_int_equal(entries(ref.path), 1);
	u = use_of(&appends, M, 2);
	u.preparation = PREP_HOLE;
	open_ok(&u, &o);
	fstat(o.thread[0].fd, &a);
	assert_int_equal(a.st_size, 0);
	target_close(&o);
	u.preparation = PREP_UNWRITTEN;
	open_ok(&u, &o);
	fstat(o.thread[0].fd, &a);
	assert_int_equal(a.st_size, 0);
	assert_true(a.st_blocks * 512 >= (blkcnt_t)M);
	target_close(&o);
	assert_int_equal(entries(ref.path), 1);
	unprepare();
}

static void
test_slot_files(void **state)
{
	struct target_spec s = spec_of(KIND_FILE, dir, 16 * M);
	struct open_spec u = use_of(&creates, M, 2);
	struct opened o;
	char name[SLOT_FILE_MAX];

	(void)state;
	prepare(&s);
	for (int rep = 0; rep < 2; rep++) {
		open_ok(&u, &o);
		assert_int_equal(o.thread[0].fd, -1);
		for (int t = 0; t < 2; t++) {
			int fd = openat(o.thread[t].dir, slot_file(name, o.thread[t].off, 7),
					O_WRONLY | O_CREAT | O_EXCL, 0600);

			assert_true(fd >= 0);
			close(fd);
		}
		target_close(&o);
		assert_int_equal(entries(ref.path), 1);
	}
	unprepare();
}

/* A worker killed anywhere leaves names that the next one replaces. */
static void
test_killed_worker(void **state)
{
	struct target_spec s = spec_of(KIND_FILE, dir, 16 * M);
	const struct kernel *const kernel[] = { &synced, &appends, &creates };
	struct opened o;

	(void)state;
	prepare(&s);
	for (size_t i = 0; i < 3; i++) {
		struct open_spec u = use_of(kernel[i], M, 2);
		pid_t pid = fork();
		int status;

		if (pid == 0) {
			if (target_open(&ref, &u, &o, why, sizeof why) == 0 && o.thread[0].dir >= 0)
				close(openat(o.thread[0].dir, "s0000000000000000-0000000000000007",
					     O_WRONLY | O_CREAT, 0600));
			raise(SIGKILL);
		}
		waitpid(pid, &status, 0);
		open_ok(&u, &o);
		target_close(&o);
	}
	unprepare();
	assert_int_equal(entries(dir), 0);
}

/* Two targets in one directory, and the same run once more after a kill. */
static void
test_take_over(void **state)
{
	struct target_spec s = spec_of(KIND_FILE, dir, 16 * M), two = s;
	struct prepared *p, *q;
	pid_t pid = fork();
	int status;

	(void)state;
	strcpy(two.name, "two");
	if (pid == 0) {
		struct open_spec u = use_of(&writes, M, 1);
		struct opened o;

		prepare(&s);
		target_open(&ref, &u, &o, why, sizeof why);
		raise(SIGKILL);
	}
	waitpid(pid, &status, 0);
	assert_int_equal(entries(dir), 3);
	assert_int_equal(probe(&s), 0);
	assert_int_equal(target_prepare(&s, &facts, "run1", NULL, &p, why, sizeof why), 0);
	assert_int_equal(target_prepare(&two, &facts, "run1", NULL, &q, why, sizeof why), 0);
	assert_int_equal(target_unprepare(p, why, sizeof why), 0);
	assert_int_equal(target_unprepare(q, why, sizeof why), 0);
	assert_int_equal(entries(dir), 0);
}

static void
test_directory_errors(void **state)
{
	struct target_spec s = spec_of(KIND_FILE, "/nowhere/at-all", 16 * M);

	(void)state;
	assert_int_equal(probe(&s), -ENOENT);
	assert_non_null(strstr(why, "make it"));
	s.optional = true;
	assert_int_equal(probe(&s), 0);
	assert_false(facts.present);
	s = spec_of(KIND_FILE, "/etc/passwd", 16 * M);
	assert_int_equal(probe(&s), -ENOTDIR);
	s = spec_of(KIND_FILE, dir, 1ull << 60);
	assert_int_equal(probe(&s), -ENOSPC);
	assert_non_null(strstr(why, "smaller size"));
	s = spec_of(KIND_FSDAX, dir, 16 * M);
	assert_int_equal(probe(&s), -ENOTSUP);
	assert_non_null(strstr(why, "not DAX"));
	s = spec_of(KIND_FILE, "/proc", 16 * M);
	assert_true(probe(&s) < 0);
	s = spec_of(KIND_FILE, "", 16 * M);
	strcpy(s.namespace_, "no-such-namespace");
	assert_int_equal(probe(&s), -ENOENT);
	assert_non_null(strstr(why, "list targets"));
}

static int
probe_as_nobody(const struct target_spec *s)
{
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		if (geteuid() == 0 && (setgid(65534) || setuid(65534)))
			_exit(1);
		_exit(probe(s) == -EACCES && strstr(why, "may not write") ? 0 : 1);
	}
	waitpid(pid, &status, 0);
	return WEXITSTATUS(status);
}

static void
test_unwritable(void **state)
{
	struct target_spec s = spec_of(KIND_FILE, dir, 16 * M);

	(void)state;
	chmod(dir, 0555);
	assert_int_equal(probe_as_nobody(&s), 0);
	if (geteuid() != 0)
		skip();
	/* A read-only file system. */
	chmod(dir, 0700);
	assert_int_equal(mount("none", dir, "tmpfs", MS_RDONLY, "size=64m"), 0);
	assert_int_equal(probe(&s), -EROFS);
	assert_int_equal(umount(dir), 0);
	/* A full one: at the probe, and between the probe and the file. */
	assert_int_equal(mount("none", dir, "tmpfs", 0, "size=32m"), 0);
	s.size = 30 * M;
	assert_int_equal(probe(&s), -ENOSPC);
	s.size = 16 * M;
	prepare(&s);
	{
		struct open_spec u = use_of(&writes, M, 1);
		struct opened o;
		char cmd[128];

		snprintf(cmd, sizeof cmd, "head -c 20M /dev/zero >%s/fat", dir);
		assert_int_equal(system(cmd), 0);
		assert_int_equal(target_open(&ref, &u, &o, why, sizeof why), -ENOSPC);
		assert_non_null(strstr(why, "free some"));
	}
	unprepare();
	assert_int_equal(umount(dir), 0);
}

static void
test_loop(void **state)
{
	struct target_spec s = spec_of(KIND_LOOP, "", 16 * M);
	struct open_spec u = use_of(&sectors, M, 2);
	struct opened o;
	void *buf = NULL;

	(void)state;
	assert_int_equal(setenv("TMPDIR", dir, 1), 0);
	if (geteuid() != 0) {
		assert_int_equal(probe(&s), 0);
		assert_false(facts.present);
		skip();
	}
	prepare(&s);
	assert_int_equal(facts.medium, MEDIUM_LOOP);
	assert_int_equal(facts.sector, 512);
	assert_int_equal(facts.caps, CAP_BLOCK | CAP_FD | CAP_SYNC | CAP_MAP);
	open_ok(&u, &o);
	assert_int_equal(posix_memalign(&buf, 4096, 512), 0);
	memset(buf, 7, 512);
	assert_int_equal(pwrite(o.thread[1].fd, buf, 512, (off_t)o.thread[1].off), 512);
	free(buf);
	target_close(&o);
	u = use_of(&mapped, M, 2);
	open_ok(&u, &o);
	memset(o.thread[0].base, 1, M);
	target_close(&o);
	unprepare();
	assert_int_equal(entries(dir), 0);
}

static bool
has_file(const char *dev)
{
	char path[128];

	snprintf(path, sizeof path, "/sys/block/%s/loop/backing_file", dev + 5);
	return access(path, F_OK) == 0;
}

/* kill -9 leaves no loop device and no file. */
static void
test_loop_killed(void **state)
{
	struct target_spec s = spec_of(KIND_LOOP, "", 4 * M);
	char dev[64] = "";
	int fd[2], status;
	pid_t pid;

	(void)state;
	if (geteuid() != 0)
		skip();
	assert_int_equal(setenv("TMPDIR", dir, 1), 0);
	assert_int_equal(pipe(fd), 0);
	pid = fork();
	if (pid == 0) {
		prepare(&s);
		if (write(fd[1], ref.path, strlen(ref.path) + 1) > 0)
			pause();
		_exit(1);
	}
	assert_true(read(fd[0], dev, sizeof dev) > 0);
	assert_true(has_file(dev));
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	for (int i = 0; i < 100 && has_file(dev); i++)
		usleep(20000);
	assert_false(has_file(dev));
	assert_int_equal(entries(dir), 0);
	close(fd[0]);
	close(fd[1]);
}

static void
test_device_errors(void **state)
{
	struct target_spec s = spec_of(KIND_RAW, "/dev/no-such-device", 0);

	(void)state;
	assert_int_equal(probe(&s), -ENOENT);
	assert_non_null(strstr(why, "list targets"));
	s = spec_of(KIND_RAW, dir, 0);
	assert_int_equal(probe(&s), -ENOTBLK);
	assert_non_null(strstr(why, "file:"));
	s = spec_of(KIND_SECTOR, "/etc/passwd", 0);
	assert_int_equal(probe(&s), -ENOTBLK);
	assert_non_null(strstr(why, "loop: SIZE"));
	s = spec_of(KIND_DEVDAX, "/dev/null", 0);
	assert_int_equal(probe(&s), -EINVAL);
	s = spec_of(KIND_DEVDAX, dir, 0);
	assert_int_equal(probe(&s), -EINVAL);
}

/* Devices of somebody: probed without consent, prepared only with it. */
static void
test_raw(void **state)
{
	struct target_spec s;
	struct prepared *device;
	struct consent consent = { 0 };
	struct open_spec u = use_of(&sectors, M, 2);
	char path[TARGET_PATH_MAX], file[96], cmd[256];
	struct opened o;
	FILE *p;

	(void)state;
	if (geteuid() != 0)
		skip();
	snprintf(file, sizeof file, "%s/disk", dir);
	snprintf(cmd, sizeof cmd, "truncate -s 16M %s && losetup -f --show %s", file, file);
	p = popen(cmd, "r");
	assert_int_equal(fscanf(p, "%4000s", path), 1);
	pclose(p);
	s = spec_of(KIND_RAW, path, 0);
	s.offset = 4 * M;
	s.length = 8 * M;
	assert_int_equal(probe(&s), 0);
	assert_int_equal(facts.size, 8 * M);
	assert_string_equal(facts.path, path);
	assert_int_equal(target_prepare(&s, &facts, "run1", &consent, &device, why, sizeof why), -EPERM);
	assert_int_equal(target_prepare(&s, &facts, "run1", NULL, &device, why, sizeof why), -EPERM);
	consent = (struct consent){ (const char *const[]){ path }, 1, false };
	assert_int_equal(target_prepare(&s, &facts, "run1", &consent, &device, why, sizeof why), 0);
	target_ref(device, &ref);
	open_ok(&u, &o);
	assert_true(o.thread[0].off >= 4 * M && o.thread[1].off + M <= 12 * M);
	target_close(&o);
	/* A worker without the grant gets nothing. */
	ref.grant.given = false;
	assert_true(target_open(&ref, &u, &o, why, sizeof why) < 0);
	assert_int_equal(target_unprepare(device, why, sizeof why), 0);
	s.offset = 100;
	assert_int_equal(probe(&s), -EINVAL);
	s.offset = 12 * M;
	assert_int_equal(probe(&s), -EINVAL);
	assert_non_null(strstr(why, "do not fit"));
	snprintf(cmd, sizeof cmd, "losetup -d %.200s", path);
	assert_int_equal(system(cmd), 0);
}

static void
test_auto(void **state)
{
	struct target_spec *v;
	int n = target_auto(&v);

	(void)state;
	assert_true(n >= 1);
	assert_int_equal(v[0].kind, KIND_DRAM);
	for (int i = 0; i < n; i++) {
		assert_true(v[i].name[0] && v[i].role[0]);
		assert_true(v[i].kind != KIND_RAW && v[i].kind != KIND_SECTOR && v[i].kind != KIND_DEVDAX);
		assert_int_equal(probe(&v[i]), 0);
		assert_true(facts.present);
	}
	free(v);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_dram), TEST(test_dram_huge), TEST(test_dram_errors), TEST(test_file), TEST(test_offsets),
		TEST(test_preparation), TEST(test_consuming), TEST(test_slot_files), TEST(test_killed_worker),
		TEST(test_take_over), TEST(test_directory_errors), TEST(test_unwritable), TEST(test_loop),
		TEST(test_loop_killed), TEST(test_device_errors), TEST(test_raw), TEST(test_auto),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
