// links: fingerprint.o -ljansson
/* SPDX-License-Identifier: BSD-2-Clause */
/* What reloads and flushes say of a CPU: those of real ones, and of what cannot be. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "fingerprint.h"

#define CF(r, f, a) .of[FINGER_CLFLUSH] = { r, f, a }
#define CO(r, f, a) .of[FINGER_CLFLUSHOPT] = { r, f, a }
#define CW(r, f, a) .of[FINGER_CLWB] = { r, f, a }

/* hz, what is measured, keeps, how many are wrong and what is said of the first. */
static const struct { const char *name; double hz; struct fingerprint f; int keeps; unsigned wrong; const char *say; } cpus[] = {
	{ "family 26 (FACTS 9)", 2.6e9, { .cached = 52, CF(364, 494, 520), CO(364, 500, 520), CW(78, 510, 500) }, 1, 0, "" },
	{ "Emerald Rapids, here", 2.3e9, { .cached = 76, CF(314, 320, 356), CO(314, 320, 366), CW(138, 340, 138) }, 1, 0, "" },
	{ "evicts", 2.3e9, { .cached = 60, CF(260, 300, 260), CO(262, 300, 260), CW(258, 310, 250) }, 0, 0, "" },
	{ "kept in a slow third level", 2e9, { .cached = 40, CO(220, 300, 260), CW(150, 310, 250) }, 1, 0, "" },
	{ "no clwb", 2.3e9, { .cached = 60, CF(260, 300, 260), CO(262, 300, 260) }, -1, 0, "" },
	{ "clflush alone", 2.3e9, { .cached = 60, CF(260, 300, 260), CW(70, 300, 80) }, 1, 0, "" },
	{ "clwb alone", 2.3e9, { .cached = 60, CW(70, 300, 80) }, -1, 0, "" },
	{ "nothing", 2.3e9, { .cached = 60 }, -1, 0, "" },
	{ "evicts nothing", 2.3e9, { .cached = 60, CF(64, 300, 260), CO(262, 300, 260) }, -1, 1, "64 ticks after clflush, 60" },
	{ "a slow tick", 1e6, { .cached = 60, CF(64, 300, 260) }, -1, 0, "" },
	{ "between", 2.3e9, { .cached = 60, CO(260, 300, 260), CW(216, 300, 250) }, -1, 1, "neither 60 as cached nor 260" },
	{ "slower than memory", 2.3e9, { .cached = 60, CO(260, 300, 260), CW(560, 300, 250) }, -1, 1, "neither 60" },
	{ "not waited for", 2.3e9, { .cached = 60, CO(260, 62, 62), CW(70, 62, 62) }, 1, 2, "clflushopt of a dirty line takes 62" },
	{ "waited for later", 2.3e9, { .cached = 60, CO(260, 120, 400) }, -1, 1, "of a flushed line takes 400 ticks, of a dirty one 120" },
	{ "translated", 1e9, { .cached = 200, CF(201, 205, 205), CO(203, 202, 202), CW(202, 205, 205) }, -1, 3, "clflush, 200" },
	{ "translated, says so", 1e9, { .emulated = 1, .cached = 200, CO(400, 400, 400), CW(202, 400, 205) }, -1, 0, "" },
};

static void
told(void **state)
{
	char why[320];

	(void)state;
	for (size_t i = 0; i < sizeof cpus / sizeof *cpus; i++) {
		const int keeps = fingerprint_keeps(&cpus[i].f, cpus[i].hz);
		const unsigned wrong = fingerprint_wrong(&cpus[i].f, cpus[i].hz, why, sizeof why);

		/* An emulator's clwb is no one's: it is judged by who asks (selftest.h). */
		if (cpus[i].f.emulated)
			assert_int_equal(keeps, -1);
		else if (keeps != cpus[i].keeps || wrong != cpus[i].wrong || !strstr(why, cpus[i].say) ||
			 (wrong == 0) != (why[0] == 0))
			fail_msg("%s: keeps %d, wrong %u: %s", cpus[i].name, keeps, wrong, why);
	}
}

/* Into run.json and back: nothing is lost, what was not measured is not there. */
static void
kept(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cpus / sizeof *cpus; i++) {
		json_t *o = fingerprint_json(&cpus[i].f, cpus[i].hz), *keeps = json_object_get(o, "clwb_keeps_line");
		struct fingerprint f;

		assert_int_equal(fingerprint_read(&f, o), 0);
		assert_memory_equal(&f, &cpus[i].f, sizeof f);
		assert_true(cpus[i].keeps < 0 ? json_is_null(keeps) : json_boolean_value(keeps) == cpus[i].keeps);
		assert_int_equal(!json_object_get(o, "clwb"), !cpus[i].f.of[FINGER_CLWB].reload);
		json_decref(o);
	}
}

/* Old runs have none, strange ones anything. */
static void
not_there(void **state)
{
	static const char *const texts[] = { "{}", "{\"cached_ticks\": 0}", "{\"cached_ticks\": -3}",
					     "{\"cached_ticks\": \"9\"}", "{\"cached_ticks\": 99999999999}", "[]" };
	struct fingerprint f;

	(void)state;
	assert_int_equal(fingerprint_read(&f, NULL), -ENOENT);
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		json_t *o = json_loads(texts[i], 0, NULL);

		assert_non_null(o);
		assert_int_equal(fingerprint_read(&f, o), -ENOENT);
		json_decref(o);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(told),
		cmocka_unit_test(kept),
		cmocka_unit_test(not_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
