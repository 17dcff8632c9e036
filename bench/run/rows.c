/* SPDX-License-Identifier: BSD-2-Clause */
/* One repeat as rows of the tables: results_append of results.h. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include "metric.h"
#include "results.h"
#include "row.h"

/* Unknown is not 0. */
static void
put_stretches(struct row *row, const struct sample *s)
{
	const struct { const char *column; uint64_t v; } of[] = {
		{ "chunks", s->stretches }, { "disturbed", s->disturbed }, { "stalled", s->stalled },
		{ "kept_ops", s->kept_ops }, { "kept_ticks", s->kept_ticks },
	};

	for (size_t k = 0; k < sizeof of / sizeof *of; k++)
		if (s->stretches)
			row_u64(row, of[k].column, of[k].v);
		else
			row_text(row, of[k].column, "");
}

static int
put_samples(struct results *r, const struct job *j, const struct answer *a)
{
	struct row row = row_in(r->samples, TABLE_SAMPLES, 0);

	for (uint32_t k = 0; k < a->out.nsample; k++) {
		const struct sample *s = &a->sample[k];

		row_u64(&row, "point", j->point);
		row_u64(&row, "rep", j->rep);
		row_u64(&row, "window", s->window);
		row_u64(&row, "thread", s->thread);
		row_text(&row, "mode", s->mode == MODE_LATENCY ? "latency" : "throughput");
		row_text(&row, "stamp", s->mode != MODE_LATENCY ? "" : stamp_name[s->drained ? STAMP_DRAINED : STAMP_ISSUE]);
		row_u64(&row, "ops", s->ops);
		row_u64(&row, "bytes", s->ops * j->size);
		row_u64(&row, "ticks", s->ticks);
		put_stretches(&row, s);
		row_u64(&row, "lost_ns", s->lost_ns);
		row_u64(&row, "cpu_ns", s->cpu_ns);
		row_u64(&row, "taint", s->taint);
		row_end(&row);
	}
	return row.rc;
}

static int
put_hist(struct results *r, const struct job *j, const struct answer *a)
{
	struct row row = row_in(r->hist, TABLE_HIST, 0);

	for (int d = 0; d < 2; d++)
		for (uint32_t k = 0; k < a->out.nbin[d]; k++) {
			row_u64(&row, "point", j->point);
			row_u64(&row, "rep", j->rep);
			row_text(&row, "stamp", stamp_name[d]);
			row_u64(&row, "lo_ticks", a->bin[d][k].lo);
			row_u64(&row, "hi_ticks", a->bin[d][k].hi);
			row_u64(&row, "count", a->bin[d][k].count);
			row_end(&row);
		}
	return row.rc;
}

static int
put_counters(struct results *r, const struct job *j, const struct answer *a)
{
	struct row row = row_in(r->counters, TABLE_COUNTERS, 0);

	for (uint32_t k = 0; k < a->out.nevent; k++) {
		const struct event *e = &j->events.event[k];
		const struct counter_value *v = &a->count[k];
		double scaled;
		const bool counted = counter_estimate(v, &scaled) == 0;

		row_u64(&row, "point", j->point);
		row_u64(&row, "rep", j->rep);
		row_text(&row, "scope", event_scope_name(e->scope));
		row_text(&row, "event", e->text);
		if (counted)
			row_u64(&row, "value", v->value);
		else
			row_text(&row, "value", "");	/* never 0 */
		row_u64(&row, "enabled_ns", v->enabled_ns);
		row_u64(&row, "running_ns", counted ? v->running_ns : 0);
		row_double(&row, "scaled", counted ? scaled : NAN);
		row_end(&row);
	}
	return row.rc;
}

static void
put_expected(struct row *row, const struct expected *e, bool counting)
{
	row_u64(row, "faults", e->faults);
	row_double(row, "faults_min", e->known ? e->faults_min : NAN);
	row_double(row, "faults_max", e->known ? e->faults_max : NAN);
	row_double(row, "syscalls_min", e->known && counting ? e->syscalls_min : NAN);
	row_double(row, "syscalls_max", e->known && counting ? e->syscalls_max : NAN);
}

/* By thread, as `cpus`. */
static const char *
pace_text(const struct outcome *o, const struct pace *p, char *buf, size_t len)
{
	size_t n = 0;

	buf[0] = 0;
	for (uint32_t k = 0; k < o->npace && n < len; k++)
		n += (size_t)snprintf(buf + n, len - n, "%s%.0f", k ? " " : "", p[k].canary);
	return buf;
}

static int
put_repeat(struct results *r, const struct job *j, const struct answer *a)
{
	struct row row = row_in(r->repeats, TABLE_REPEATS, 0);
	const struct outcome *o = &a->out;
	char text[sizeof o->why + 8], cpus[JOB_THREADS_MAX * 12];
	size_t n = 0;

	row_u64(&row, "point", j->point);
	row_u64(&row, "rep", j->rep);
	row_text(&row, "kind", j->counting ? "counting" : "timed");
	row_u64(&row, "block", j->block);
	snprintf(text, sizeof text, o->rc ? "fail:%s" : "ok", o->why);
	row_text(&row, "status", text);
	row_u64(&row, "seed", j->open.seed);
	row_u64(&row, "offset", o->offset);
	row_u64(&row, "page", o->page_seen);
	for (uint32_t k = 0; k < j->threads; k++)
		n += (size_t)snprintf(cpus + n, sizeof cpus - n, "%s%u", k ? " " : "", j->cpu[k]);
	row_text(&row, "cpus", cpus);
	row_u64(&row, "quantum_ticks", o->quantum);
	row_u64(&row, "floor_issue_ticks", o->floor[0]);
	row_u64(&row, "floor_drained_ticks", o->floor[1]);
	row_text(&row, "canary_ticks", pace_text(o, a->pace, cpus, sizeof cpus));
	row_u64(&row, "skew_ticks", o->skew);
	row_u64(&row, "checked", o->checked);
	row_u64(&row, "windows", answer_windows(a));
	row_u64(&row, "tainted", answer_tainted(a));
	row_double(&row, "undisturbed", o->undisturbed);
	row_text(&row, "flags", flags_text(o->flags, text, sizeof text));
	row_double(&row, "headline_ns", o->headline_ns);
	put_expected(&row, &o->expected, j->counting);
	row_u64(&row, "hist_end", (uint64_t)ftello(r->hist));
	row_u64(&row, "counters_end", (uint64_t)ftello(r->counters));
	row_u64(&row, "samples_end", (uint64_t)ftello(r->samples));
	row_end(&row);
	return row.rc;
}

int
results_append(struct results *r, const struct job *j, const struct answer *a)
{
	int rc = put_hist(r, j, a);

	if (rc == 0)
		rc = put_samples(r, j, a);
	if (rc == 0)
		rc = put_counters(r, j, a);
	if (rc == 0 && (fflush(r->hist) || fflush(r->samples) || fflush(r->counters)))
		rc = -errno;
	if (rc == 0)
		rc = put_repeat(r, j, a);
	return rc == 0 && fflush(r->repeats) ? -errno : rc;
}
