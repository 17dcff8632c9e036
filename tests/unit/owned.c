// links: owned.o why.o
/* SPDX-License-Identifier: BSD-2-Clause */
/* The run's own directory: made, defended, taken over, removed. */
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
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "owned.h"

static char dir[64], mine[128], why[512];

static int
setup(void **state)
{
	(void)state;
	strcpy(dir, "/tmp/daxmark-owned-XXXXXX");
	assert_non_null(mkdtemp(dir));
	snprintf(mine, sizeof mine, "%s/daxmark-run1-t", dir);
	return 0;
}

static int
teardown(void **state)
{
	char cmd[80];

	(void)state;
	snprintf(cmd, sizeof cmd, "rm -rf %s", dir);
	return system(cmd);
}

static int
make(struct owned *o)
{
	why[0] = 0;
	return owned_make(o, dir, "run1", "t", why, sizeof why);
}

static void
touch(const char *in, const char *name)
{
	char path[256];
	int fd;

	snprintf(path, sizeof path, "%s/%s", in, name);
	fd = open(path, O_WRONLY | O_CREAT, 0600);
	assert_true(fd >= 0);
	close(fd);
}

static bool
there(const char *in, const char *name)
{
	char path[256];

	snprintf(path, sizeof path, "%s/%s", in, name);
	return access(path, F_OK) == 0;
}

static void
test_make_and_remove(void **state)
{
	struct owned o;
	struct stat st;

	(void)state;
	assert_int_equal(make(&o), 0);
	assert_string_equal(o.path, mine);
	assert_int_equal(stat(mine, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	touch(mine, "data-written-4K");
	touch(mine, "data-hole-4K.new");
	touch(mine, "fresh-0");
	assert_int_equal(mkdirat(o.dir, "slots-0", 0700), 0);
	touch(mine, "slots-0/s0000000000000001-0000000000000002");
	assert_int_equal(owned_remove(&o, why, sizeof why), 0);
	assert_false(there(mine, ""));
	assert_int_equal(owned_remove(&o, why, sizeof why), 0);
}

/* What we did not make stays, and so does the directory around it. */
static void
test_strangers_stay(void **state)
{
	struct owned o;

	(void)state;
	assert_int_equal(make(&o), 0);
	touch(mine, "thesis.tex");
	touch(mine, "fresh-0");
	assert_int_equal(owned_remove(&o, why, sizeof why), -ENOTEMPTY);
	assert_true(there(mine, "thesis.tex"));
	assert_true(there(mine, "owner"));
	assert_false(there(mine, "fresh-0"));
}

/* A link of one of our names is not followed and not removed. */
static void
test_links_inside(void **state)
{
	struct owned o;
	char path[256], victims[80];

	(void)state;
	snprintf(victims, sizeof victims, "%s/victims", dir);
	assert_int_equal(mkdir(victims, 0700), 0);
	touch(victims, "s0000000000000001-0000000000000002");
	assert_int_equal(make(&o), 0);
	snprintf(path, sizeof path, "%s/slots-0", mine);
	assert_int_equal(symlink(victims, path), 0);
	snprintf(path, sizeof path, "%s/data-written-4K", mine);
	assert_int_equal(symlink("/etc/passwd", path), 0);
	assert_int_equal(owned_remove(&o, why, sizeof why), -ENOTEMPTY);
	assert_true(there(victims, "s0000000000000001-0000000000000002"));
	assert_true(there("/etc", "passwd"));
}

static void
test_link_in_the_way(void **state)
{
	struct owned o;
	char victim[80];
	struct stat st;

	(void)state;
	snprintf(victim, sizeof victim, "%s/victim", dir);
	assert_int_equal(mkdir(victim, 0700), 0);
	assert_int_equal(symlink(victim, mine), 0);
	assert_int_equal(make(&o), -EEXIST);
	assert_non_null(strstr(why, "not this run's own"));
	assert_false(there(victim, "owner"));
	assert_int_equal(unlink(mine), 0);
	/* Dangling. */
	assert_int_equal(symlink("nowhere", mine), 0);
	assert_int_equal(make(&o), -EEXIST);
	assert_int_equal(lstat(mine, &st), 0);
	assert_int_equal(unlink(mine), 0);
	/* A file. */
	touch(dir, "daxmark-run1-t");
	assert_int_equal(make(&o), -EEXIST);
}

/* A directory of that name that is not ours: no marker, another run's, an open mode, a marker that is a link. */
static void
test_foreign_directory(void **state)
{
	struct owned o;
	char owner[160];
	int fd;

	(void)state;
	snprintf(owner, sizeof owner, "%s/owner", mine);
	assert_int_equal(mkdir(mine, 0700), 0);
	touch(mine, "data-written-4K");
	assert_int_equal(make(&o), -EEXIST);
	assert_true(there(mine, "data-written-4K"));
	fd = open(owner, O_WRONLY | O_CREAT, 0600);
	assert_int_equal(write(fd, "daxmark\nrun other\ntarget t\n", 27), 27);
	close(fd);
	assert_int_equal(make(&o), -EEXIST);
	assert_true(there(mine, "data-written-4K"));
	assert_int_equal(unlink(owner), 0);
	assert_int_equal(symlink("/etc/passwd", owner), 0);
	assert_int_equal(make(&o), -EEXIST);
	assert_int_equal(unlink(owner), 0);
	chmod(mine, 0777);
	assert_int_equal(make(&o), -EEXIST);
	assert_true(there(mine, "data-written-4K"));
}

static void
killed_child(void)
{
	pid_t pid = fork();
	int status;

	assert_true(pid >= 0);
	if (pid == 0) {
		struct owned o;

		if (make(&o) == 0) {
			touch(mine, "data-written-4K");
			touch(mine, "fresh-3");
		}
		raise(SIGKILL);
	}
	waitpid(pid, &status, 0);
	assert_true(WIFSIGNALED(status));
}

/* kill -9 leaves the own directory and nothing else; the same run takes it over, another does not. */
static void
test_take_over(void **state)
{
	struct owned o, p;

	(void)state;
	killed_child();
	assert_true(there(mine, "data-written-4K"));
	assert_int_equal(make(&o), 0);
	assert_false(there(mine, "data-written-4K"));
	assert_false(there(mine, "fresh-3"));
	/* Alive: nobody else gets it. */
	assert_int_equal(make(&p), -EBUSY);
	assert_non_null(strstr(why, "still going"));
	assert_int_equal(owned_remove(&o, why, sizeof why), 0);
}

/* Killed between mkdir and the marker, or in the middle of writing it. */
static void
test_take_over_unfinished(void **state)
{
	struct owned o;
	char owner[160];
	int fd;

	(void)state;
	snprintf(owner, sizeof owner, "%s/owner", mine);
	assert_int_equal(mkdir(mine, 0700), 0);
	assert_int_equal(make(&o), 0);
	assert_int_equal(owned_remove(&o, why, sizeof why), 0);
	assert_int_equal(mkdir(mine, 0700), 0);
	fd = open(owner, O_WRONLY | O_CREAT, 0600);
	assert_int_equal(write(fd, "daxmark\nru", 10), 10);
	close(fd);
	assert_int_equal(make(&o), 0);
	assert_int_equal(owned_remove(&o, why, sizeof why), 0);
}

static void
test_worker_opens_the_same_directory(void **state)
{
	struct owned o;
	struct stat st;
	char moved[160];
	int fd;

	(void)state;
	assert_int_equal(make(&o), 0);
	assert_int_equal(fstat(o.dir, &st), 0);
	fd = owned_open(o.path, st.st_dev, st.st_ino, why, sizeof why);
	assert_true(fd >= 0);
	close(fd);
	assert_int_equal(owned_open(o.path, st.st_dev, st.st_ino + 1, why, sizeof why), -EEXIST);
	snprintf(moved, sizeof moved, "%s-moved", mine);
	assert_int_equal(rename(mine, moved), 0);
	assert_int_equal(symlink(moved, mine), 0);
	assert_true(owned_open(o.path, st.st_dev, st.st_ino, why, sizeof why) < 0);
	unlink(mine);
	assert_int_equal(rename(moved, mine), 0);
	assert_int_equal(owned_remove(&o, why, sizeof why), 0);
}

static void
test_errors(void **state)
{
	struct owned o;

	(void)state;
	assert_int_equal(owned_make(&o, "/nowhere/at-all", "run1", "t", why, sizeof why), -ENOENT);
	assert_int_equal(owned_make(&o, "/proc", "run1", "t", why, sizeof why) < 0, 1);
	assert_non_null(strstr(why, "/proc"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_make_and_remove), TEST(test_strangers_stay), TEST(test_links_inside),
		TEST(test_link_in_the_way), TEST(test_foreign_directory), TEST(test_take_over),
		TEST(test_take_over_unfinished), TEST(test_worker_opens_the_same_directory), TEST(test_errors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
