// links: multiplex.o
/* SPDX-License-Identifier: BSD-2-Clause */
/* Readings taken apart, made good for multiplexing, added up. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>
#include <errno.h>
#include "multiplex.h"

static void
unpack(void **state)
{
	struct counter_value v[2];
	uint64_t raw[] = { 2, 500, 250, 7, UINT64_MAX };

	(void)state;
	assert_int_equal(counter_unpack(raw, sizeof raw, 2, v), 0);
	assert_int_equal(v[0].value, 7);
	assert_true(v[0].scaled == 14);
	assert_true(v[1].value == UINT64_MAX);
	assert_int_equal(v[1].enabled_ns, 500);
	assert_int_equal(v[1].running_ns, 250);
	for (size_t n = 0; n < sizeof raw; n++)		/* short reads, cut anywhere */
		assert_int_equal(counter_unpack(raw, n, 2, v), -EIO);
	assert_int_equal(counter_unpack(raw, sizeof raw, 1, v), -EIO);
	raw[0] = 1;
	assert_int_equal(counter_unpack(raw, sizeof raw, 2, v), -EIO);
	raw[0] = 2;
	raw[2] = 501;					/* longer on the counter than asked for */
	assert_int_equal(counter_unpack(raw, sizeof raw, 2, v), -EIO);
	raw[2] = 0;
	assert_int_equal(counter_unpack(raw, sizeof raw, 2, v), 0);
	assert_int_equal(v[0].rc, -ENODATA);
}

static void
estimate(void **state)
{
	struct counter_value v = counter_place(300, 1000, 1000);
	double x;

	(void)state;
	assert_int_equal(counter_estimate(&v, &x), 0);
	assert_true(x == 300);
	v = counter_place(300, 1000, 250);
	assert_int_equal(counter_estimate(&v, &x), 0);
	assert_true(x == 1200);
	assert_int_equal(v.value, 300);			/* as counted */
	v = counter_place(300, 1000, 0);		/* not counted, not none */
	assert_int_equal(counter_estimate(&v, &x), -ENODATA);
	v.rc = -EACCES;
	assert_int_equal(counter_estimate(&v, &x), -EACCES);
	/* Over 2^53, and without overflow of value * enabled. */
	v = counter_place(UINT64_C(1) << 62, UINT64_C(1) << 40, UINT64_C(1) << 39);
	assert_int_equal(counter_estimate(&v, &x), 0);
	assert_true(x == 0x1p63);
}

/* Each place by its own share of the time: 1000 in half of it are 2000, and the other saw none.
 * Over their common share, 150 of 200, they would be 1333. */
static void
sums(void **state)
{
	const struct counter_value a = counter_place(1000, 100, 50), b = counter_place(0, 100, 100);
	const struct counter_value c = counter_place(30, 100, 25), none = counter_place(0, 100, 0);
	const struct counter_value idle = counter_place(0, 0, 0), bad = { .value = 5, .enabled_ns = 1, .rc = -EIO };
	struct counter_value s = idle;
	double x;

	(void)state;
	counter_add(&s, &a);
	counter_add(&s, &idle);				/* a thread without a window */
	counter_add(&s, &b);
	assert_int_equal(counter_estimate(&s, &x), 0);
	assert_true(x == 2000);
	counter_add(&s, &c);
	assert_int_equal(counter_estimate(&s, &x), 0);
	assert_true(x == 2120);
	assert_int_equal(s.value, 1030);		/* the raw ones are kept */
	assert_int_equal(s.enabled_ns, 300);
	assert_int_equal(s.running_ns, 175);
	counter_add(&s, &none);				/* one thread never got the counter */
	counter_add(&s, &b);
	assert_int_equal(s.running_ns, 0);
	assert_int_equal(counter_estimate(&s, &x), -ENODATA);
	s = idle;
	counter_add(&s, &bad);
	counter_add(&s, &none);
	assert_int_equal(counter_estimate(&s, &x), -EIO);
}

static void
since(void **state)
{
	const struct counter_value before = { .value = UINT64_MAX - 9, .enabled_ns = UINT64_MAX, .running_ns = 100 };
	const struct counter_value now = { .value = 90, .enabled_ns = 199, .running_ns = 200 };
	struct counter_value d = counter_since(&now, &before);

	(void)state;
	assert_int_equal(d.value, 100);
	assert_int_equal(d.enabled_ns, 200);
	assert_int_equal(d.running_ns, 100);
	assert_true(d.scaled == 200);			/* by the time between the two, not since the first */
	d = counter_since(&(struct counter_value){ .enabled_ns = 300, .running_ns = 100 },
			  &(struct counter_value){ .enabled_ns = 100, .running_ns = 100 });
	assert_int_equal(d.rc, -ENODATA);		/* it ran, but not between the two */
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(unpack), cmocka_unit_test(estimate), cmocka_unit_test(sums), cmocka_unit_test(since),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
