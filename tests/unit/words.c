// links: medium.o durable.o metric.o
/* SPDX-License-Identifier: BSD-2-Clause */
/* The words of a run's files: what is written is read as the same, the rest is unknown. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "durable.h"
#include "medium.h"
#include "metric.h"

static void
media(void **state)
{
	(void)state;
	for (int m = 0; m < MEDIUMS; m++)
		assert_int_equal(medium_parse(medium_name[m]), m);
	assert_int_equal(medium_parse("dra"), MEDIUM_UNKNOWN);
	assert_int_equal(medium_parse("flux"), MEDIUM_UNKNOWN);
	for (int d = 0; d < DOMAINS; d++)
		assert_int_equal(domain_parse(domain_name[d]), d);
	assert_int_equal(domain_parse("fridge"), DOMAIN_UNKNOWN);
}

static void
persistent(void **state)
{
	static const enum medium real[] = { MEDIUM_OPTANE, MEDIUM_NVDIMM_N, MEDIUM_CXL_PMEM, MEDIUM_PMEM };
	unsigned n = 0;

	(void)state;
	for (int m = 0; m < MEDIUMS; m++)
		n += medium_persistent((enum medium)m);
	assert_int_equal(n, 4);
	for (int k = 0; k < 4; k++)
		assert_true(medium_persistent(real[k]));
}

static void
answers(void **state)
{
	(void)state;
	for (int d = 0; d < DURABLES; d++)
		assert_int_equal(durable_parse(durable_name[d]), d);
	assert_int_equal(durable_parse("maybe"), DURABLE_UNKNOWN);
}

static void
stamps(void **state)
{
	(void)state;
	for (int s = 0; s < STAMPS; s++)
		assert_int_equal(stamp_parse(stamp_name[s]), s);
	assert_int_equal(stamp_parse(""), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(media), cmocka_unit_test(persistent), cmocka_unit_test(answers),
		cmocka_unit_test(stamps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
