/* SPDX-License-Identifier: BSD-2-Clause */
/* run-bench plan: the points, why any is skipped, the time it will take. */
#include <errno.h>
#include <jansson.h>
#include <libsmartcols/libsmartcols.h>
#include <stdlib.h>
#include <string.h>
#include "commands.h"
#include "log.h"
#include "session.h"

/* Which columns say something: those whose value is not the same for all points. */
struct shown { bool axis[AXES]; bool *param; };

static bool
varies(const struct plan *plan, int axis, const char *param)
{
	char first[128], buf[128];

	for (size_t k = 0; k < plan->n; k++) {
		const struct point *p = &plan->point[k];
		const char *v = param ? point_param(plan, p, param, buf)
				      : point_axis(plan, p, (enum axis_id)axis, buf);

		if (k == 0)
			snprintf(first, sizeof first, "%s", v);
		else if (strcmp(first, v) != 0)
			return true;
	}
	return false;
}

static void
choose(const struct plan *plan, struct shown *s)
{
	for (int a = 0; a < AXES; a++)
		s->axis[a] = a == AXIS_KERNEL || a == AXIS_TARGET || a == AXIS_SIZE || a == AXIS_MODE ||
			     varies(plan, a, NULL);
	for (size_t k = 0; k < plan->nparam; k++)
		s->param[k] = varies(plan, 0, plan->param_name[k]);
}

static void
put_row(struct libscols_table *t, const struct plan *plan, uint32_t k, const struct shown *s)
{
	const struct point *p = &plan->point[k];
	struct libscols_line *l = scols_table_new_line(t, NULL);
	char buf[128], text[64];
	size_t c = 0;

	if (!l)
		return;
	snprintf(text, sizeof text, "%u", k);
	scols_line_set_data(l, c++, text);
	scols_line_set_data(l, c++, point_bench(plan, p)->name);
	for (int a = 0; a < AXES; a++)
		if (s->axis[a])
			scols_line_set_data(l, c++, point_axis(plan, p, (enum axis_id)a, buf));
	for (size_t j = 0; j < plan->nparam; j++)
		if (s->param[j])
			scols_line_set_data(l, c++, point_param(plan, p, plan->param_name[j], buf));
	scols_line_set_data(l, c++, durable_name[p->durable.class]);
	scols_line_set_data(l, c++, p->skip ? p->skip : "");
}

static int
print_table(const struct plan *plan)
{
	struct shown s = { .param = calloc(plan->nparam + 1, sizeof(bool)) };
	struct libscols_table *t;
	int rc;

	scols_init_debug(0);
	t = scols_new_table();
	if (!t || !s.param)
		return -ENOMEM;
	choose(plan, &s);
	scols_table_new_column(t, "POINT", 0, SCOLS_FL_RIGHT);
	scols_table_new_column(t, "BENCH", 0, 0);
	for (int a = 0; a < AXES; a++)
		if (s.axis[a])
			scols_table_new_column(t, axis_keys[a].name, 0, a == AXIS_SIZE ? SCOLS_FL_RIGHT : 0);
	for (size_t j = 0; j < plan->nparam; j++)
		if (s.param[j])
			scols_table_new_column(t, plan->param_name[j], 0, 0);
	scols_table_new_column(t, "DURABLE", 0, 0);
	scols_table_new_column(t, "SKIPPED BECAUSE", 0, 0);
	for (uint32_t k = 0; k < plan->n; k++)
		put_row(t, plan, k, &s);
	rc = scols_print_table(t);
	scols_unref_table(t);
	free(s.param);
	return rc;
}

static const char *
duration(uint64_t ns, char *buf, size_t len)
{
	double s = (double)ns / 1e9;

	if (s < 100)
		snprintf(buf, len, "%.0f s", s);
	else if (s < 6000)
		snprintf(buf, len, "%.1f min", s / 60);
	else
		snprintf(buf, len, "%.1f h", s / 3600);
	return buf;
}

static void
print_foot(const struct plan *plan)
{
	struct estimate e = plan_estimate(plan);
	char least[32], most[32];

	printf("\n%zu points: %zu to measure, %zu skipped; seed %llu\n", plan->n, plan->n - plan->nskip,
	       plan->nskip, (unsigned long long)plan->seed);
	if (e.min_ns == e.max_ns)
		printf("time: about %s (a fixed schedule)\n", duration(e.max_ns, most, sizeof most));
	else
		printf("time: %s at least, %s at most: a point stops early when its interval is narrow enough\n",
		       duration(e.min_ns, least, sizeof least), duration(e.max_ns, most, sizeof most));
}

static json_t *
point_json(const struct plan *plan, uint32_t k)
{
	const struct point *p = &plan->point[k];
	json_t *o = json_pack("{s:i, s:s}", "point", (int)k, "bench", point_bench(plan, p)->name);
	char buf[128];

	for (int a = 0; a < AXES; a++)
		json_object_set_new(o, axis_keys[a].name, json_string(point_axis(plan, p, (enum axis_id)a, buf)));
	for (size_t j = 0; j < plan->nparam; j++) {
		char name[80];

		snprintf(name, sizeof name, "p_%s", plan->param_name[j]);
		json_object_set_new(o, name, json_string(point_param(plan, p, plan->param_name[j], buf)));
	}
	json_object_set_new(o, "durable", json_string(durable_name[p->durable.class]));
	json_object_set_new(o, "why", json_string(p->durable.why));
	json_object_set_new(o, "skip", p->skip ? json_string(p->skip) : json_null());
	return o;
}

static void
print_json(const struct plan *plan)
{
	struct estimate e = plan_estimate(plan);
	json_t *points = json_array(), *all;

	for (uint32_t k = 0; k < plan->n; k++)
		json_array_append_new(points, point_json(plan, k));
	all = json_pack("{s:I, s:i, s:i, s:f, s:f, s:o}", "seed", (json_int_t)plan->seed,
			"points", (int)plan->n, "skipped", (int)plan->nskip,
			"seconds_min", (double)e.min_ns / 1e9, "seconds_max", (double)e.max_ns / 1e9,
			"list", points);
	json_dumpf(all, stdout, JSON_INDENT(1));
	putchar('\n');
	json_decref(all);
}

static int
plan_one(const struct cli *cli, const char *file)
{
	struct session s = { 0 };
	int code = session_open(&s, cli, file);

	if (!code) {
		if (cli->json)
			print_json(&s.plan);
		else if (print_table(&s.plan) == 0)
			print_foot(&s.plan);
		if (s.plan.n == s.plan.nskip)
			code = EXIT_NOTHING_RAN;
	}
	session_close(&s);
	return code;
}

int
cmd_plan(struct cli *cli)
{
	int code = 0;

	if (cli->help_config) {
		keys_help(stdout);
		return EXIT_OK;
	}
	if (cli->narg == 0)
		return plan_one(cli, NULL);
	for (size_t k = 0; k < cli->narg && !code; k++)
		code = plan_one(cli, cli->arg[k]);
	return code;
}
