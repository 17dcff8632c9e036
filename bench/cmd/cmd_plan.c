/* SPDX-License-Identifier: BSD-2-Clause */
/* run-bench plan: the points, why any is skipped, the time it will take. */
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include "commands.h"
#include "grid.h"
#include "log.h"
#include "nopoint.h"
#include "experiment_open.h"

enum { PLAN_COLUMNS = 24 };		/* of parameters: more are not shown */

/* A plan, and what the guard would say of each target: NULL, or why a run of it ends at once. */
struct shown {
	const struct plan *plan;
	bool axis[AXES], *param;	/* columns that say something */
	char **refused;
	size_t nrefused;		/* points */
};

/* Two points that differ in it; to what it does not apply differs in nothing. */
static bool
varies(const struct plan *plan, int axis, const char *param)
{
	char first[128] = "", buf[128];

	for (size_t k = 0; k < plan->n; k++) {
		const struct point *p = &plan->point[k];
		const char *v = param ? point_param(plan, p, param, buf)
				      : point_axis(plan, p, (enum axis_id)axis, buf);

		if (!first[0])
			snprintf(first, sizeof first, "%s", v);
		else if (v[0] && strcmp(first, v) != 0)
			return true;
	}
	return false;
}

static void
choose(struct shown *s)
{
	for (int a = 0; a < AXES; a++)
		s->axis[a] = a == AXIS_KERNEL || a == AXIS_TARGET || a == AXIS_SIZE || a == AXIS_MODE ||
			     varies(s->plan, a, NULL);
	for (size_t k = 0; k < s->plan->nparam; k++)
		s->param[k] = varies(s->plan, 0, s->plan->param_name[k]);
}

static bool
is_device(enum target_kind kind)
{
	return kind == KIND_DEVDAX || kind == KIND_SECTOR || kind == KIND_RAW;
}

/* A refusal is of the whole run, before its first point. */
static int
ask_guard(struct shown *s, const struct experiment *experiment, const struct consent *consent)
{
	char why[WHY_MAX], text[WHY_MAX + 32];

	for (size_t k = 0; k < s->plan->n; k++) {
		const struct point *p = &s->plan->point[k];
		const struct target_spec *spec = &experiment->config->target[p->target];
		int rc;

		if (p->skip || !is_device(spec->kind))
			continue;
		if (!s->refused[p->target]) {
			rc = guard_look(spec, experiment->fact[p->target].path, consent, why, sizeof why);
			snprintf(text, sizeof text, "%s%s", rc == -EPERM ? "would be " : "would fail: ", why);
			s->refused[p->target] = strdup(rc < 0 ? text : "");
			if (!s->refused[p->target])
				return -ENOMEM;
		}
		s->nrefused += s->refused[p->target][0] != 0;
	}
	return 0;
}

/* Why a point will not be measured; NULL when it will. */
static const char *
not_measured(const struct shown *s, const struct point *p)
{
	const char *refused = s->refused[p->target];

	return p->skip ? p->skip : refused && refused[0] ? refused : NULL;
}

static void
put_row(struct grid *t, const struct shown *s, uint32_t k)
{
	const struct plan *plan = s->plan;
	const struct point *p = &plan->point[k];
	char number[16], text[AXES + PLAN_COLUMNS][128], tested[EVIDENCE_TEXT];
	const char *cell[AXES + PLAN_COLUMNS + 5], *why = not_measured(s, p);
	size_t c = 0;

	snprintf(number, sizeof number, "%u", k);
	cell[c++] = number;
	cell[c++] = point_bench(plan, p)->name;
	for (int a = 0; a < AXES; a++)
		if (s->axis[a]) {
			cell[c] = point_axis(plan, p, (enum axis_id)a, text[c]);
			c++;
		}
	for (size_t j = 0; j < plan->nparam && c < AXES + PLAN_COLUMNS; j++)
		if (s->param[j]) {
			cell[c] = point_param(plan, p, plan->param_name[j], text[c]);
			c++;
		}
	cell[c++] = durable_name[p->durable.class];
	cell[c++] = point_tested(plan, p, tested);
	cell[c++] = why ? why : "";
	grid_row(t, cell);
}

static int
print_table(const struct shown *s)
{
	struct grid *t = grid_new();
	size_t c = 2;

	grid_column(t, "POINT", GRID_RIGHT);
	grid_column(t, "BENCH", 0);
	for (int a = 0; a < AXES; a++)
		if (s->axis[a]) {
			grid_column(t, axis_keys[a].name, a == AXIS_SIZE ? GRID_RIGHT : 0);
			c++;
		}
	for (size_t j = 0; j < s->plan->nparam && c < AXES + PLAN_COLUMNS; j++)
		if (s->param[j]) {
			grid_column(t, s->plan->param_name[j], 0);
			c++;
		}
	grid_column(t, "DURABLE", 0);
	grid_column(t, "TESTED", 0);
	grid_column(t, "WHY NOT MEASURED", GRID_WRAP);
	for (uint32_t k = 0; k < s->plan->n; k++)
		put_row(t, s, k);
	return grid_print(t, stdout);
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

static bool
adapts(const struct plan *plan)
{
	for (size_t k = 0; k < plan->n; k++)
		if (!plan->point[k].skip && point_settles(plan, &plan->point[k]))
			return true;
	return false;
}

static void
print_foot(const struct shown *s)
{
	const struct plan *plan = s->plan;
	struct estimate e = plan_estimate(plan);
	char least[32], most[32], end[32];

	printf("\n%zu point%s: %zu to measure, %zu skipped", plan->n, plan->n == 1 ? "" : "s", plan->n - plan->nskip - s->nrefused, plan->nskip);
	if (s->nrefused)
		printf(", %zu would be refused", s->nrefused);
	printf("; seed %llu\n", (unsigned long long)plan->seed);
	if (s->nrefused) {
		printf("a run would end before its first point (exit code 5)\n");
		return;
	}
	duration(e.min_ns, least, sizeof least);
	duration(e.max_ns, most, sizeof most);
	duration(e.end_ns, end, sizeof end);
	if (adapts(plan))
		printf("time: %s at least, %s at most%s: a point stops early when its interval is narrow enough\n", least, most,
		       e.end_ns ? "" : " on a quiet machine");
	else if (strcmp(least, most) == 0)
		printf("time: about %s (a fixed schedule)\n", most);
	else
		printf("time: %s to %s (a fixed schedule, and repeats that make up for disturbed ones)\n", least, most);
	if (e.end_ns)
		printf("      by %s it ends on a busy machine, too, once each point has a repeat\n", end);
}

static json_t *
point_json(const struct shown *s, uint32_t k)
{
	const struct plan *plan = s->plan;
	const struct point *p = &plan->point[k];
	const char *why = not_measured(s, p);
	char class[EVIDENCE_CLASS], tested[EVIDENCE_TEXT];
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
	json_object_set_new(o, "tested", json_string(point_tested(plan, p, tested)));
	json_object_set_new(o, "class", point_class(plan, p, class) ? json_string(class) : json_null());
	json_object_set_new(o, "skip", p->skip ? json_string(p->skip) : json_null());
	json_object_set_new(o, "refused", why && !p->skip ? json_string(why) : json_null());
	return o;
}

static void
print_json(const struct shown *s)
{
	const struct plan *plan = s->plan;
	struct estimate e = plan_estimate(plan);
	json_t *points = json_array(), *all;

	for (uint32_t k = 0; k < plan->n; k++)
		json_array_append_new(points, point_json(s, k));
	all = json_pack("{s:s, s:I, s:i, s:i, s:i, s:f, s:f, s:o, s:o}", "linux", plan->machine.series, "seed", (json_int_t)plan->seed,
			"points", (int)plan->n, "skipped", (int)plan->nskip, "refused", (int)s->nrefused,
			"seconds_min", (double)e.min_ns / 1e9, "seconds_max", (double)e.max_ns / 1e9,
			"seconds_end", e.end_ns ? json_real((double)e.end_ns / 1e9) : json_null(), "list", points);
	json_dumpf(all, stdout, JSON_INDENT(1));
	putchar('\n');
	json_decref(all);
}

static int
show(const struct experiment *experiment, const struct cli *cli)
{
	const struct plan *plan = &experiment->plan;
	struct shown s = { .plan = plan, .param = calloc(plan->nparam + 1, sizeof(bool)),
			   .refused = calloc(experiment->config->ntarget + 1, sizeof(char *)) };
	int rc = s.param && s.refused ? ask_guard(&s, experiment, &cli->consent.to) : -ENOMEM;

	if (rc == 0) {
		choose(&s);
		if (cli->json)
			print_json(&s);
		else if ((rc = print_table(&s)) == 0)
			print_foot(&s);
	}
	for (size_t k = 0; s.refused && k < experiment->config->ntarget; k++)
		free(s.refused[k]);
	free(s.refused);
	free(s.param);
	return rc;
}

static int
plan_one(const struct cli *cli, const char *file)
{
	struct experiment s = { 0 };
	int code = experiment_open(&s, cli, file);

	if (!code) {
		const int rc = show(&s, cli);

		if (rc < 0) {
			fail_at(rc, "plan:");
			code = EXIT_POINT_FAILED;
		} else if (s.plan.n == s.plan.nskip) {
			if (!s.plan.n)
				nopoint_say(&s);
			code = EXIT_NOTHING_RAN;
		}
	}
	experiment_close(&s);
	return code;
}

int
cmd_plan(struct cli *cli)
{
	int code = 0;

	if (cli->config.help) {
		keys_help(stdout);
		return EXIT_OK;
	}
	if (cli->narg == 0)
		return plan_one(cli, NULL);
	for (size_t k = 0; k < cli->narg && !code; k++)
		code = plan_one(cli, cli->arg[k]);
	return code;
}
