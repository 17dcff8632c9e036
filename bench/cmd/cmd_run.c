/* SPDX-License-Identifier: BSD-2-Clause */
/* run-bench run, run-bench resume: from a config to a report. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "anonymize.h"
#include "commands.h"
#include "env.h"
#include "figureset.h"
#include "log.h"
#include "matrix.h"
#include "nopoint.h"
#include "run.h"
#include "runjson.h"
#include "stop.h"
#include "summary.h"
#include "text.h"

static int
write_config(const struct runner *r)
{
	const struct config *c = r->experiment->config;
	char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);
	int rc = f ? config_write_resolved(c, f) : -ENOMEM;

	if (f)
		fclose(f);
	if (rc == 0)
		rc = results_write_file(&r->results, "config.yaml", c->text);
	if (rc == 0)
		rc = results_write_file(&r->results, "config.resolved.json", text);
	free(text);
	return rc;
}

/* Where nobody said where to: a folder of this user's own, when the current one is not his. */
static int
create(struct results *r, const struct cli *cli, const char *name, char *why, size_t whylen)
{
	const char *tmp = getenv("TMPDIR");
	char own[PATH_BUF];
	struct stat st;
	int rc = results_create(r, cli->results ? cli->results : RESULTS_DIR, name, why, whylen);

	if (cli->results || (rc != -EACCES && rc != -EROFS))
		return rc;
	snprintf(own, sizeof own, "%s/daxmark-%u", tmp && *tmp ? tmp : "/tmp", (unsigned)geteuid());
	if ((mkdir(own, 0700) != 0 && errno != EEXIST) || lstat(own, &st) != 0 || !S_ISDIR(st.st_mode) ||
	    st.st_uid != geteuid())
		return rc;
	rc = results_create(r, own, name, why, whylen);
	if (rc == 0)
		warn(RESULTS_DIR "/ cannot be written here: results go to %s (-o DIR puts them elsewhere)", own);
	return rc;
}

/* The directory that is locked, whatever its name leads to meanwhile; for programs that draw, too. */
enum { HELD_PATH = 48 };

static const char *
held_path(const struct results *r, char buf[HELD_PATH])
{
	snprintf(buf, HELD_PATH, "/proc/%d/fd/%d", getpid(), r->lock);
	return buf;
}

/* The directory as it is before the first point. */
static int
begin(struct runner *r, const struct cli *cli)
{
	struct experiment *s = r->experiment;
	char why[WHY_MAX], held[HELD_PATH];
	int rc = create(&r->results, cli, s->config->name, why, sizeof why);

	if (rc < 0) {
		warn("%s", why);
		return EXIT_USAGE;
	}
	rc = log_file(r->results.lock);
	/* Programs that take their time: the clock is looked at before and behind them. */
	if (rc == 0)
		rc = env_capture(held_path(&r->results, held), s->topo);
	timer_end(&r->timer);
	r->results.json = runjson_new(r, r->results.id);
	if (cli->anonymize)
		json_object_set_new(r->results.json, "anonymize", json_true());
	if (rc == 0)
		rc = r->results.json ? results_write_json(&r->results, "running") : -ENOMEM;
	if (rc == 0)
		rc = write_config(r);
	if (rc == 0)
		rc = points_write(&r->results, &s->plan, r->point);
	/* From here on kill -9 leaves what resume can take up; what is no whole beginning is not
	 * shown. */
	if (rc == 0)
		rc = results_publish(&r->results);
	if (rc < 0)
		fail_at(rc, "%s: writing results:", r->results.dir);
	return rc < 0 ? EXIT_POINT_FAILED : 0;
}

/* What resume needs is gone after this: only a run that has ended. */
static int
anonymize(struct results *r)
{
	char to[PATH_BUF];
	int rc = anonymize_dir(r->lock, r->dir, to, sizeof to);

	if (rc == 0)
		rc = results_renamed(r, to);
	if (rc < 0)
		fail_at(rc, "%s: not anonymized:", r->dir);
	return rc;
}

/* Tables, summary, figures, report: also of what there is after an interruption. */
static int
finish(struct runner *r, int code, const struct cli *cli)
{
	static const char *const status[] = { [EXIT_OK] = "ok", [EXIT_POINT_FAILED] = "failed" };
	const char *dir = r->results.dir;
	char ended[32];
	time_t now = time(NULL);
	struct tm tm;
	int rc;

	/* Behind the last window nothing can be disturbed. */
	r->results.held = false;
	rc = results_sync(&r->results);
	if (rc == 0)
		rc = points_write(&r->results, &r->experiment->plan, r->point);
	strftime(ended, sizeof ended, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &tm));
	json_object_set_new(r->results.json, "ended", json_string(ended));
	runjson_after(r->results.json, r->experiment);
	deadline_tell(r);
	if (rc == 0)
		rc = results_write_json(&r->results, code == EXIT_INTERRUPTED ? "interrupted" : status[code]);
	if (rc < 0)
		fail_at(rc, "%s: writing results:", dir);
	else if (code != EXIT_INTERRUPTED && json_is_true(json_object_get(r->results.json, "anonymize")))
		rc = anonymize(&r->results);
	dir = r->results.dir;
	/* What was borrowed is given back before anything is drawn, and nobody has to wait for
	 * that. */
	run_unprepare(r);
	stop_at_once(EXIT_INTERRUPTED);
	if (rc == 0 && stop_asked() < 2 && !cli->run.acks)
		rc = figureset_report(cli, r->results.lock, dir, cli->json || log_quiet() ? NULL : stdout);
	if (code == EXIT_INTERRUPTED)
		warn("interrupted; the rest: run-bench resume %s", dir);
	else if (stop_asked())
		warn("interrupted; all is measured: run-bench report %s", dir);
	if (cli->json)
		json_dumpf(r->results.json, stdout, JSON_INDENT(2));
	else
		printf("%s\n", dir);
	if (stop_asked())
		return EXIT_INTERRUPTED;
	if (code == EXIT_OK && rc >= 0 && cli->strict && runjson_bad_findings(r->results.json))
		return EXIT_STRICT;
	if (code != EXIT_OK || rc == 0)
		return code;
	return rc < 0 ? EXIT_POINT_FAILED : cli->strict ? EXIT_STRICT : EXIT_OK;
}

static int
nothing(const struct experiment *s)
{
	const struct plan *plan = &s->plan;

	if (plan->n)
		warn("nothing to measure: %zu skipped, the first because: %s (run-bench plan shows all)",
		     plan->n, plan->point[0].skip);
	else
		nopoint_say(s);
	return EXIT_NOTHING_RAN;
}

/* What is the same for a new run and a resumed one: events, timer, room for the progress. */
static int
ready(struct runner *r, struct experiment *s, const struct cli *cli)
{
	int rc;

	r->experiment = s;
	r->say = &log_say;
	r->kernel_path = cli->kernel_path;
	r->acks = cli->run.acks;
	timer_begin(&r->timer);
	r->events = calloc(1, sizeof *r->events);
	rc = !r->events ? -ENOMEM :
	     matrix_list(s->config, r->events, &r->matrix, s->config->ntarget ? s->fact[0].node : -1, r->say);
	if (rc < 0)
		return EXIT_USAGE;
	r->counting = r->events->n ? (uint32_t)s->config->counting : 0;
	return run_progress_alloc(r) < 0 ? EXIT_POINT_FAILED : 0;
}

static int
prepare(struct runner *r, const struct cli *cli)
{
	const int rc = run_prepare(r, &cli->consent.to, r->results.id);

	return rc == -EPERM ? EXIT_REFUSED : rc == -ENOMEM ? EXIT_POINT_FAILED : rc < 0 ? EXIT_USAGE : EXIT_OK;
}

static int
blocks(struct runner *r)
{
	static const int code[] = {
		[RUN_ENDED] = EXIT_OK, [RUN_POINT_FAILED] = EXIT_POINT_FAILED,
		[RUN_NOT_WRITTEN] = EXIT_POINT_FAILED, [RUN_INTERRUPTED] = EXIT_INTERRUPTED,
	};

	return code[run_blocks(r)];
}

static void
done(struct runner *r)
{
	run_unprepare(r);
	results_close(&r->results);
	json_decref(r->matrix);
	free(r->events);
}

static bool
audits(const struct plan *plan)
{
	for (size_t k = 0; k < plan->n; k++)
		if (!plan->point[k].skip && point_num(plan, &plan->point[k], AXIS_MODE) == MODE_AUDIT)
			return true;
	return false;
}

static int
measure(struct experiment *s, const struct cli *cli)
{
	struct runner r = { .results = RESULTS_NONE };
	int code;

	if (s->plan.n == s->plan.nskip)
		return nothing(s);
	if (audits(&s->plan) != (cli->run.acks != NULL)) {
		warn(cli->run.acks ? "--acks goes with points in mode audit, and there are none" :
		     "points in mode audit want --acks PATH: somebody must hear of each op (run-bench verify)");
		return EXIT_USAGE;
	}
	stop_catch();
	code = ready(&r, s, cli);
	if (!code)
		code = begin(&r, cli);
	if (!code)
		code = prepare(&r, cli);
	if (code == EXIT_REFUSED || (code && r.results.dir))
		results_write_json(&r.results, code == EXIT_REFUSED ? "refused" : "failed");
	if (!code) {
		info("measuring %zu point%s (%zu skipped) into %s", s->plan.n - s->plan.nskip,
		     s->plan.n - s->plan.nskip == 1 ? "" : "s", s->plan.nskip, r.results.dir);
		code = finish(&r, blocks(&r), cli);
	}
	done(&r);
	return code;
}

static int
one_config(struct cli *cli, const char *file)
{
	struct experiment s = { 0 };
	int code;

	if (cli->config.print) {
		code = experiment_config(&s, cli, file);
		if (!code && config_write_yaml(s.config, stdout) < 0)
			code = EXIT_POINT_FAILED;
	} else {
		code = experiment_open(&s, cli, file);
		if (!code)
			code = measure(&s, cli);
	}
	experiment_close(&s);
	return code;
}

/* Before the first run of several: a slip in the last config is not found hours later. */
static int
check_all(const struct cli *cli)
{
	int code = 0;

	for (size_t k = 0; k < cli->narg && cli->narg > 1; k++) {
		struct experiment s = { 0 };
		const int c = strcmp(cli->arg[k], "-") == 0 ? 0 : experiment_config(&s, cli, cli->arg[k]);

		code = code ? code : c;
		experiment_close(&s);
	}
	return code;
}

int
cmd_run(struct cli *cli)
{
	int code;

	if (cli->config.help) {
		keys_help(stdout);
		return EXIT_OK;
	}
	if (cli->run.dry)
		return cmd_plan(cli);
	if (cli->narg == 0)
		return one_config(cli, NULL);
	code = check_all(cli);
	if (code)
		return code;
	/* One run a config; the first that goes wrong decides the exit code. */
	for (size_t k = 0; k < cli->narg && code != EXIT_INTERRUPTED; k++) {
		int c = one_config(cli, cli->arg[k]);

		code = code ? code : c;
	}
	return code;
}

/* All ticks of a run are read with one frequency: that of its run.json. */
static bool
same_clock(struct timer *t, const json_t *run)
{
	const json_t *timer = json_object_get(run, "timer");
	double hz = json_number_value(json_object_get(timer, "hz"));

	if (t->tsc != json_is_true(json_object_get(timer, "tsc")) || hz < 0.99 * t->hz || hz > 1.01 * t->hz)
		return false;
	t->hz = hz;
	return true;
}

/* A run that was opened, with its plan as it is here and now. */
static int
take_up(struct runner *r, struct experiment *s, const struct cli *cli)
{
	const char *dir = cli->arg[0];
	char why[WHY_MAX];
	int code, rc;

	if (points_same(&r->results, &s->plan, why, sizeof why) < 0) {
		warn("%s: cannot be resumed here: %s", dir, why);
		return EXIT_USAGE;
	}
	code = ready(r, s, cli);
	if (code)
		return code;
	if (journal_resume(&r->results, &s->plan, r->point, why, sizeof why) < 0) {
		warn("%s", why);
		return EXIT_USAGE;
	}
	timer_end(&r->timer);
	if (!same_clock(&r->timer, r->results.json)) {
		warn("%s: cannot be resumed here: its ticks were another clock's", dir);
		return EXIT_USAGE;
	}
	rc = log_file(r->results.lock);
	if (rc < 0)
		fail_at(rc, "%s/log.txt:", dir);
	return rc < 0 ? EXIT_USAGE : 0;
}

static int
go_on(struct runner *r, const struct cli *cli)
{
	const char *dir = cli->arg[0];
	json_t *budget = json_object_get(r->results.json, "budget");
	int code;

	info("resuming %s: %llu repeats are there", dir, (unsigned long long)r->done);
	if (r->results.lost)
		warn("%s: %llu repeats that a crash left without data are measured again", dir,
		     (unsigned long long)r->results.lost);
	if (budget)
		json_object_set_new(budget, "resumed", json_true());
	results_write_json(&r->results, "running");
	code = blocks(r);
	if (code != EXIT_INTERRUPTED && r->done == r->done_before)
		info("%s: nothing was missing", dir);
	return finish(r, code, cli);
}

static int
resume(struct runner *r, struct experiment *s, struct cli *cli)
{
	const char *filter = json_string_value(json_object_get(r->results.json, "filter"));
	int code;

	cli->config.filter = filter && *filter ? filter : NULL;
	code = experiment_reopen(s, cli, r->results.lock, cli->arg[0]);
	if (!code)
		code = take_up(r, s, cli);
	if (!code) {
		for (size_t k = 0; k < s->plan.n; k++)
			r->done += (uint64_t)r->point[k].done + r->point[k].counted;
		stop_catch();
		code = prepare(r, cli);
	}
	return code ? code : go_on(r, cli);
}

int
cmd_resume(struct cli *cli)
{
	struct experiment s = { 0 };
	struct runner r = { .results = RESULTS_NONE };
	char why[WHY_MAX];
	int code = EXIT_USAGE;

	if (cli->narg != 1)
		warn("resume wants one results directory");
	else if (results_open(&r.results, cli->arg[0], why, sizeof why) < 0)
		warn("%s", why);
	else
		code = resume(&r, &s, cli);
	done(&r);
	experiment_close(&s);
	return code;
}
