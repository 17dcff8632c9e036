// links: stamp.o
/* SPDX-License-Identifier: BSD-2-Clause */
/* What ops write: one chain of words whatever the length, and the first word that is not of it is found. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "stamp.h"

enum { WORDS = 40 };			/* lines of eight, and a rest */

static void
chain(void **state)
{
	uint64_t block[WORDS];

	(void)state;
	for (size_t n = 1; n <= WORDS; n++) {
		const struct author a = { n, 2, 3 };
		const struct imprint of = { n, 5 };

		stamp_fill(a, of, block, n * 8);
		for (size_t k = 0; k + 1 < n; k++)
			assert_int_equal(block[k + 1], block[k] * 0x9e3779b97f4a7c15u + 1);
		assert_int_equal(stamp_check(a, of, block, n * 8), 0);
		for (size_t k = 0; k < n; k++) {
			block[k] ^= 1ull << n;
			assert_int_equal(stamp_check(a, of, block, n * 8), 1 + k * 8);
			block[k] ^= 1ull << n;
		}
		assert_int_not_equal(stamp_check((struct author){ n, 2, 4 }, of, block, n * 8), 0);
		assert_int_not_equal(stamp_check(a, (struct imprint){ n, 6 }, block, n * 8), 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(chain) };

	return cmocka_run_group_tests_name("stamp", tests, NULL, NULL);
}
