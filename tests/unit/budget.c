// links: deadline.o say.o plan.o point.o medium.o durable.o plan_check.o schedule.o durability.o evidence.o filter.o config.o config_use.o load_target.o load_bench.o load_rule.o keys.o keyval.o yaml.o utf8.o diag.o text.o arena.o -lfyaml -ljansson -Wl,--wrap=clock_gettime
/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * --budget and --quick: which blocks a run begins, and what it gives up, under a clock that is played.
 */
#include <errno.h>
#include <stdio.h>
#include <time.h>
#include "config.h"
#include "fake.h"
#include "run.h"

static const uint64_t S = 1000000000, MS = 1000000;
static uint64_t now;

int __wrap_clock_gettime(clockid_t, struct timespec *);

int
__wrap_clock_gettime(clockid_t id, struct timespec *t)
{
	(void)id;
	*t = (struct timespec){ (time_t)(now / S), (long)(now % S) };
	return 0;
}

struct made { struct config *c; struct facts_target fact; struct plan plan; };

static void
make(struct made *m, const char *rest)
{
	char text[1000];

	m->fact = fake_facts(KIND_DRAM, 1 << 20);
	snprintf(text, sizeof(text), "version: 1\ntargets: [{name: ram, dram: 1M}]\n%s", rest);
	assert_int_equal(config_load(&m->c, "t.yaml", text, strlen(text), NULL, 0, fake_kernels, stderr), 0);
	assert_int_equal(plan_make(&m->plan, m->c, &m->fact, &fake_machine, NULL), 0);
}

static void
drop(struct made *m)
{
	plan_free(&m->plan);
	config_free(m->c);
}

#define ONE "benches: [{name: a, kernel: store}]\n"

/* A run under way. */
struct going { struct made m; struct experiment s; struct runner r; struct progress_point point[4]; };

static void
begin(struct going *g, const char *rest, uint64_t budget)
{
	memset(g, 0, sizeof *g);
	make(&g->m, rest);
	now = 100 * S;
	g->s = (struct experiment){ .config = g->m.c, .plan = g->m.plan, .began_ns = now, .budget_ns = budget };
	g->s.plan.budget_ns = budget;
	now += S / 5;
	g->r = (struct runner){ .experiment = &g->s, .point = g->point, .counting = plan_counting(&g->m.plan) };
	g->r.results.json = json_object();
	assert_true(g->m.plan.n <= 4);
	deadline_set(&g->r);
}

static void
end(struct going *g)
{
	json_decref(g->r.results.json);
	drop(&g->m);
}

static void
worker(struct going *g, size_t k, uint64_t ns)
{
	now += ns;
	deadline_took(&g->r, (uint32_t)k, ns);
	g->point[k].done++;
	g->r.done++;
}

/* One block, a worker `ns` long each. */
static void
block(struct going *g, uint32_t n, uint64_t ns)
{
	for (size_t k = 0; k < g->m.plan.n; k++) {
		if (g->point[k].finished)
			continue;
		worker(g, k, ns);
		g->point[k].block = (uint16_t)(n + 1);
		if (g->point[k].counted < g->r.counting) {
			worker(g, k, ns);
			g->point[k].counted++;
		}
	}
	deadline_rest(&g->r, n);
}

static json_t *
told(struct going *g)
{
	deadline_tell(&g->r);
	return json_object_get(g->r.results.json, "budget");
}

static const char *
gave_up(json_t *budget, size_t i)
{
	return json_string_value(json_array_get(json_object_get(budget, "gave_up"), i));
}

/* Blocks go on while the next one fits, and end in time: much of it is used, none beyond. */
static void
until_the_time_is_up(void **state)
{
	struct going g;
	json_t *b;
	uint32_t n = 0;

	(void)state;
	begin(&g, ONE, 30 * S);
	for (; deadline_block(&g.r, n) && n < 1000; n++)
		block(&g, n, 300 * MS + 50 * MS * (n & 1));
	assert_in_range(now - g.s.began_ns, 29 * S, 30 * S - S / 2);
	assert_int_equal(n, 89);
	assert_true(g.point[0].finished && g.point[0].not_converged);
	b = told(&g);
	assert_true(json_number_value(json_object_get(b, "asked_s")) == 30);
	assert_true(json_number_value(json_object_get(b, "used_s")) > 29);
	assert_string_equal(gave_up(b, 0), "1 of 1 points had not converged when the time was up after 89 blocks");
	end(&g);
}

/* A run that ended by itself gave up nothing; one without --budget says nothing. */
static void
in_time(void **state)
{
	struct going g;

	(void)state;
	begin(&g, ONE, 30 * S);
	block(&g, 0, S);
	g.point[0].finished = 1;
	assert_true(deadline_block(&g.r, 1));
	assert_int_equal(json_array_size(json_object_get(told(&g), "gave_up")), 0);
	end(&g);
	begin(&g, ONE, 0);
	now += 1000 * S;
	block(&g, 0, S);
	assert_true(deadline_block(&g.r, 1) && deadline_rerun(&g.r, 0));
	assert_null(told(&g));
	end(&g);
}

/* Counting repeats of the next block are in its time; the first block is begun in any case. */
static void
counting_counts(void **state)
{
	struct going g;

	(void)state;
	begin(&g, "events: [page-faults]\ncounting: 2\n" ONE, 12 * S);
	now += 20 * S;
	assert_true(deadline_block(&g.r, 0));
	now -= 20 * S;
	/* To come: 2 s and 2 s; there are 12 less 4.2, and 2.04 for a report as slow as the workers. */
	block(&g, 0, 2 * S);
	assert_true(deadline_block(&g.r, 1));
	now += 18 * S / 10;
	assert_false(deadline_block(&g.r, 1));
	end(&g);
}

/* A disturbed repeat is made up for only when what is still to be measured fits behind it. */
static void
reruns(void **state)
{
	struct going g;
	json_t *b;

	(void)state;
	begin(&g, "benches: [{name: a, kernel: [store, null], repeats: 6}]\n", 16 * S);
	block(&g, 0, S);
	/* 10 s are to come, 2.2 are gone, some 2 are for a report as slow as the workers. */
	assert_true(deadline_rerun(&g.r, 0));
	worker(&g, 0, S);
	assert_false(deadline_rerun(&g.r, 1));
	b = told(&g);
	assert_string_equal(gave_up(b, 0), "disturbed repeats that were not made up for: 1");
	end(&g);
}

/* --quick is a minute at the most, where it needs less than two thirds of that; repeats that are made up
 * for are given up first, then blocks, and what is left of one that became slower. */
static void
quick(void **state)
{
	struct going g;

	(void)state;
	begin(&g, "quick: true\nbenches: [{name: a, kernel: store}]\n", 0);
	assert_int_equal(point_reruns(&g.m.plan, &g.m.plan.point[0]), RERUNS_QUICK);
	block(&g, 0, 8 * S);
	assert_true(deadline_rerun(&g.r, 0));
	now += 4 * S;
	assert_false(deadline_rerun(&g.r, 0));
	assert_true(deadline_block(&g.r, 1) && deadline_repeat(&g.r, 0, 1));
	assert_null(told(&g));
	now += 38 * S;
	assert_true(deadline_repeat(&g.r, 0, 0));
	assert_false(deadline_repeat(&g.r, 0, 1));
	assert_true(g.point[0].finished && g.point[0].not_converged);
	assert_true(json_number_value(json_object_get(told(&g), "asked_s")) == 60);
	assert_string_equal(gave_up(told(&g), 0), "1 of 1 points had not converged when the time was up after 1 block");
	end(&g);
	begin(&g, "benches: [{name: a, kernel: store, settle: fixed}]\n", 0);
	assert_int_equal(point_reruns(&g.m.plan, &g.m.plan.point[0]), 0);
	end(&g);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(until_the_time_is_up), cmocka_unit_test(in_time), cmocka_unit_test(counting_counts),
		cmocka_unit_test(reruns), cmocka_unit_test(quick),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
