// links: expected.o
/* SPDX-License-Identifier: BSD-2-Clause */
/* Sums of what a kernel expects over windows: by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>
#include "expected.h"

static void
is(const struct expected *e, double fmin, double fmax, double smin, double smax)
{
	assert_true(e->known);
	assert_true(e->faults_min == fmin && e->faults_max == fmax && e->syscalls_min == smin && e->syscalls_max == smax);
}

static void
windows(void **state)
{
	const struct expect one = { .faults_min = 1, .faults_max = 2, .syscalls_min = 1, .syscalls_max = 3 };
	struct expected e = { 0 };

	(void)state;
	/* The first visit of a slot faults as any other. */
	expected_add(&e, &(struct expected_ops){ &one, .n = 60, .faults = 7 });
	is(&e, 60, 121, 60, 180);
	expected_add(&e, &(struct expected_ops){ &one, .n = 60, .faults = 8, .own_syscalls = 1 });
	is(&e, 120, 242, 121, 361);
	expected_add(&e, &(struct expected_ops){ &one, .n = 10, .own_syscalls = 2 });
	is(&e, 130, 263, 133, 393);
	assert_int_equal(e.faults, 15);
}

/* A page is shared, and nothing is sure; or there was no op. */
static void
edges(void **state)
{
	const struct expect quarter = { .faults_min = 0.25, .faults_max = 1 };
	struct expected e = { 0 };

	(void)state;
	expected_add(&e, &(struct expected_ops){ &quarter, .n = 400 });
	is(&e, 100, 401, 0, 0);
	expected_add(&e, &(struct expected_ops){ &quarter, .n = 400, .shared = true });
	is(&e, 100, 802, 0, 0);
	expected_add(&e, &(struct expected_ops){ &quarter, .n = 0 });
	is(&e, 100, 803, 0, 0);
}

static void
unknown(void **state)
{
	struct expected e = { 0 };

	(void)state;
	expected_add(&e, &(struct expected_ops){ .n = 100, .faults = 5 });
	assert_false(e.known);
	assert_int_equal(e.faults, 5);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(windows),
		cmocka_unit_test(edges),
		cmocka_unit_test(unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
