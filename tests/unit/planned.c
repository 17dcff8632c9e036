// links: plan.o point.o plan_check.o schedule.o durability.o evidence.o durable.o medium.o filter.o keys.o keyval.o utf8.o diag.o text.o arena.o
/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A plan from structs alone: its rooms link without YAML, without a target and without a machine.
 * What a plan is, tests/unit/plan.c says.
 */
#include "fake.h"

static struct value defaults[AXES];
static const struct value sizes[] = { { 64, "64" }, { 4096, "4K" } };
static const struct value targets[] = { { 0, "ram" }, { 1, "pm" } };

static struct bench
bench_of(const struct value *kernel)
{
	struct bench b = { .name = "b" };

	for (int a = 0; a < AXES; a++) {
		defaults[a] = (struct value){ 0, axis_keys[a].def ? axis_keys[a].def : "" };
		b.axis[a] = (struct axis){ 1, &defaults[a] };
	}
	defaults[AXIS_THREADS].num = 1;
	b.axis[AXIS_KERNEL].v = kernel;
	b.axis[AXIS_SIZE] = (struct axis){ 2, sizes };
	b.axis[AXIS_TARGET] = (struct axis){ 2, targets };
	b.sched[SCHED_REPEATS] = b.sched[SCHED_MAX_REPEATS] = 6;
	return b;
}

static void
from_structs(void **state)
{
	const struct value kernel = { 2, "clwb" };	/* index into fake_table */
	const struct bench bench = bench_of(&kernel);
	const struct target_spec target[] = { { .name = "ram", .kind = KIND_DRAM }, { .name = "pm", .kind = KIND_FSDAX } };
	const struct facts_target fact[] = { fake_facts(KIND_DRAM, 1 << 30), fake_facts(KIND_FSDAX, 1 << 30) };
	const struct config c = { .name = "t", .seed = 7, .nbench = 1, .bench = &bench, .ntarget = 2, .target = target,
				  .kernels = fake_kernels, .file = "t" };
	struct plan plan;
	char buf[POINT_TEXT];

	(void)state;
	assert_int_equal(plan_make(&plan, &c, fact, &fake_machine, NULL), 0);
	assert_int_equal(plan.n, 4);
	assert_int_equal(plan.nskip, 0);
	for (size_t k = 0; k < plan.n; k++) {
		const struct point *p = &plan.point[k];

		assert_string_equal(p->kernel->name, "clwb");
		assert_string_equal(point_text(&plan, p, "medium", buf), p->target ? "pmem" : "dram");
		assert_int_equal(p->durable.class, DURABLE_YES);
	}
	plan_free(&plan);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(from_structs) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
