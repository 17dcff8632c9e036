// links: spawn.o stop.o
/* SPDX-License-Identifier: BSD-2-Clause */
/* Helpers: what they are given, and that they end. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>
#include "spawn.h"
#include "stop.h"

#define SH(text) ((char *const[]){ "sh", "-c", text, NULL })

static void
exit_codes(void **state)
{
	(void)state;
	assert_int_equal(spawn_run(&(struct spawn){ .argv = SH("exit 0"), .seconds = 60 }), 0);
	assert_int_equal(spawn_run(&(struct spawn){ .argv = SH("exit 3"), .seconds = 60 }), 3);
	assert_int_equal(spawn_run(&(struct spawn){ .argv = SH("kill -KILL $$"), .seconds = 60 }), -ECHILD);
	assert_int_equal(spawn_run(&(struct spawn){
		.argv = (char *const[]){ "no-such-tool", NULL }, .seconds = 60 }), -ENOENT);
	assert_int_equal(spawn_run(&(struct spawn){
		.argv = (char *const[]){ "/etc/passwd", NULL }, .seconds = 60 }), -EACCES);
}

static void
surroundings(void **state)
{
	const int out = memfd_create("out", 0), dir = open("/", O_RDONLY | O_DIRECTORY);
	char text[64] = "";

	(void)state;
	assert_int_equal(spawn_run(&(struct spawn){
		.argv = SH("pwd; echo $LIKE; cat; echo lost >&2"), .env = "LIKE=this", .dir = dir, .out = out,
		.seconds = 60 }), 0);
	assert_true(pread(out, text, sizeof text - 1, 0) >= 0);
	assert_string_equal(text, "/\nthis\n");
	assert_null(getenv("LIKE"));
	assert_int_equal(spawn_run(&(struct spawn){
		.argv = SH("echo said >&2"), .err = out, .seconds = 60 }), 0);
	close(out);
	close(dir);
}

/* With what it has started. */
static void
deadline(void **state)
{
	int hold[2];
	char c;

	(void)state;
	assert_int_equal(pipe(hold), 0);
	assert_int_equal(spawn_run(&(struct spawn){
		.argv = SH("sleep 600 & wait"), .out = hold[1], .seconds = 1 }), -ETIMEDOUT);
	close(hold[1]);
	assert_int_equal(read(hold[0], &c, 1), 0);
	close(hold[0]);
}

static void
stopped(void **state)
{
	const pid_t us = getpid();
	pid_t pid;

	(void)state;
	stop_catch();
	raise(SIGTERM);
	assert_int_equal(stop_asked(), 1);
	/* What was asked before it began is not meant for it. */
	assert_int_equal(spawn_run(&(struct spawn){ .argv = SH("exit 0"), .seconds = 60 }), 0);
	pid = fork();
	if (pid == 0) {
		nanosleep(&(struct timespec){ .tv_nsec = 300000000 }, NULL);
		kill(us, SIGTERM);
		_exit(0);
	}
	assert_int_equal(spawn_run(&(struct spawn){ .argv = SH("sleep 600"), .seconds = 60 }), -EINTR);
	assert_int_equal(spawn_wait(pid, 60000000000, 9), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(exit_codes),
		cmocka_unit_test(surroundings),
		cmocka_unit_test(deadline),
		cmocka_unit_test(stopped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
