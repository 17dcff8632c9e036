// links: counters.o multiplex.o event.o refused.o kevent.o pfm.o uncore.o sysfs.o text.o why.o openfiles.o -lpfm -lpthread
/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The software events of the kernel this runs on: page faults can be made at will.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>
#include <pthread.h>
#include <sys/mman.h>
#include "counters.h"

static struct event_list list;
static char why[512];

static void
ask(const char *const *text)
{
	list.n = 0;
	for (; *text; text++)
		if (event_add(&list, *text, why, sizeof why) < 0)
			fail_msg("%s", why);
}

#define ASK(...) ask((const char *const[]){ __VA_ARGS__, NULL })

static struct counters *
opened(enum event_scope scope)
{
	struct counters *c;

	assert_int_equal(counters_open(&c, &list, scope), 0);
	return c;
}

/* Without the sanitizer's look at its shadow, which would fault as well. */
__attribute__((no_sanitize("address"))) static void
touch(char *p, size_t pages)
{
	for (size_t i = 0; i < pages; i++)
		((volatile char *)p)[4096 * i] = 1;
}

static char *
fresh(size_t pages)
{
	char *p = mmap(NULL, pages * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	assert_ptr_not_equal(p, MAP_FAILED);
	madvise(p, pages * 4096, MADV_NOHUGEPAGE);
	return p;
}

/* A machine that lets nobody count at all has its own message; nothing to see then. */
static void
need_perf(void)
{
	if (counters_try(&list.event[0], why, sizeof why) < 0) {
		print_message("%s\n", why);
		skip();
	}
}

/* Of this kernel and thread: the pages touched between start and stop, over two windows. */
static void
real_faults(void **state)
{
	struct counter_value v[EVENTS_MAX] = { { 0 } };
	char *p = fresh(96);
	struct counters *c;

	(void)state;
	ASK("page-faults", "minor-faults", "major-faults", "task-clock");
	need_perf();
	c = opened(SCOPE_THREAD);
	touch(p, 16);
	counters_start(c);
	touch(p + 16 * 4096, 32);
	counters_stop(c);
	touch(p + 48 * 4096, 16);
	counters_start(c);
	touch(p + 64 * 4096, 32);
	counters_stop(c);
	counters_read(c, v);
	counters_close(c);
	for (int i = 0; i < 4; i++)
		assert_int_equal(v[i].rc, 0);
	/* The first call of something may fault in its code. */
	assert_in_range(v[0].value, 64, 68);
	assert_int_equal(v[1].value, v[0].value);
	assert_int_equal(v[2].value, 0);
	assert_true(v[3].value > 0);
	assert_int_equal(v[0].running_ns, v[0].enabled_ns);
	munmap(p, 96 * 4096);
}

static void *
touching_thread(void *arg)
{
	touch(arg, 64);
	return NULL;
}

/* Another thread's faults are not this thread's; the system sees them. */
static void
real_scopes(void **state)
{
	struct counter_value v[EVENTS_MAX] = { { 0 } };
	char *p = fresh(64);
	struct counters *mine, *all;
	pthread_t t;

	(void)state;
	ASK("page-faults@system", "page-faults");
	need_perf();
	mine = opened(SCOPE_THREAD);
	all = opened(SCOPE_SYSTEM);
	counters_start(all);
	counters_start(mine);
	assert_int_equal(pthread_create(&t, NULL, touching_thread, p), 0);
	pthread_join(t, NULL);
	counters_stop(mine);
	counters_stop(all);
	counters_read(mine, v);
	counters_read(all, v);
	counters_close(mine);
	counters_close(all);
	assert_int_equal(v[0].rc, 0);
	assert_int_equal(v[1].rc, 0);
	assert_true(v[0].value >= v[1].value + 64);
	assert_true(v[1].value < 64);
	munmap(p, 64 * 4096);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(real_faults), cmocka_unit_test(real_scopes) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
