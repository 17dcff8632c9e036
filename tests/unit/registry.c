// links: registry.o @kernels
/* SPDX-License-Identifier: BSD-2-Clause */
/* What the registry refuses of a kernel that the compiler let through. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "nopmem.h"
#include "registry.h"

static int
run(const struct work *w, uint64_t i, uint64_t end)
{
	(void)w, (void)i, (void)end;
	return 0;
}

static size_t
pm_size(const struct facts *f, const void *opts)
{
	(void)f, (void)opts;
	return 4096;
}

static int
format(struct work *w)
{
	(void)w;
	return 0;
}

static int
recover(const struct work *w)
{
	(void)w;
	return 0;
}

static int
find(const struct work *w, uint64_t slot, void *buf)
{
	(void)w, (void)slot, (void)buf;
	return 0;
}

#define PARAM(n) { .name = n, .doc = "", .off = 0, .def = 1, .min = 1, .max = 1 }
static const struct param eight[] = {
	PARAM("a"), PARAM("b"), PARAM("c"), PARAM("d"), PARAM("e"), PARAM("f"), PARAM("g"), PARAM("h"), { 0 },
};
static const struct param nine[] = {
	PARAM("a"), PARAM("b"), PARAM("c"), PARAM("d"), PARAM("e"), PARAM("f"), PARAM("g"), PARAM("h"), PARAM("i"),
	{ 0 },
};
static const struct param outside[] = {
	{ .name = "a", .doc = "", .off = 8, .def = 1, .min = 1, .max = 1 }, { 0 },
};

#define GOOD KERNEL_HEADER, .name = "good", .doc = "", .run = run
#define WHOLE GOOD, .moves = MOVES_NOTHING
#define LAID_OUT WHOLE, .needs = CAP_MAP, .pm_size = pm_size, .find = find

static void
refused(void **state)
{
	static const struct { struct kernel k; int rc; const char *says; } row[] = {
		{ { WHOLE }, 0, "" },
		{ { WHOLE, .params = eight, .opts_size = 8 }, 0, "" },
		{ { WHOLE, .opts_size = KERNEL_OPTS_MAX }, 0, "" },
		{ { GOOD }, -EINVAL, "moves" },
		{ { GOOD, .moves = MOVES_READS + 1 }, -EINVAL, "moves" },
		{ { WHOLE, .params = nine, .opts_size = 8 }, -EINVAL, "at most 8 params" },
		{ { WHOLE, .params = outside, .opts_size = 8 }, -EINVAL, "each in opts" },
		{ { WHOLE, .opts_size = KERNEL_OPTS_MAX + 1 }, -EINVAL, "opts_size at most 256" },
		{ { LAID_OUT }, 0, "" },
		{ { LAID_OUT, .format = format, .recover = recover }, 0, "" },
		{ { WHOLE, .needs = CAP_MAP, .pm_size = pm_size }, -EINVAL, "come together" },
		{ { WHOLE, .needs = CAP_MAP, .find = find }, -EINVAL, "come together" },
		{ { WHOLE, .needs = CAP_MAP, .format = format }, -EINVAL, "come together" },
		{ { WHOLE, .needs = CAP_MAP, .recover = recover }, -EINVAL, "come together" },
		{ { WHOLE, .pm_size = pm_size, .find = find }, -EINVAL, "needs a mapping" },
		{ { LAID_OUT, .consumes = 1 }, -EINVAL, "uses its slots again" },
		{ { LAID_OUT, .files = 1 }, -EINVAL, "uses its slots again" },
		{ { WHOLE, .needs = CAP_MAP | CAP_DEEP_FLUSH }, -ENOTSUP, "CAP_DEEP_FLUSH" },
	};
	char why[256];

	(void)state;
	for (size_t k = 0; k < sizeof row / sizeof *row; k++) {
		why[0] = 0;
		assert_int_equal(kernel_check(&row[k].k, "good", why, sizeof why), row[k].rc);
		assert_non_null(strstr(why, row[k].says));
	}
	assert_int_equal(kernel_check(&row[0].k, "other", why, sizeof why), -EINVAL);
}

static void
older(void **state)
{
	struct kernel k = { WHOLE };
	char why[256];

	(void)state;
	k.abi = KERNEL_ABI - 1;
	assert_int_equal(kernel_check(&k, "good", why, sizeof why), -EPROTO);
	assert_non_null(strstr(why, "rebuild"));
}

/* Those that are built in never meet the loader. */
static void
built_in(void **state)
{
	char why[256];

	(void)state;
	assert_true(kernel_count() > 0);
	for (size_t k = 0; k < kernel_count(); k++)
		assert_int_equal(kernel_check(kernel_at(k), kernel_at(k)->name, why, sizeof why), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refused), cmocka_unit_test(older), cmocka_unit_test(built_in),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
