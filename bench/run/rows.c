/* SPDX-License-Identifier: BSD-2-Clause */
/* One repeat as rows of the tables: results_append of results.h. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include "csv.h"
#include "results.h"

static void
put_samples(struct results *r, const struct job *j, const struct answer *a)
{
	struct csv_out out = { .file = r->samples };

	for (uint32_t k = 0; k < a->out.nsample; k++) {
		const struct sample *s = &a->sample[k];

		csv_put_u64(&out, j->point);
		csv_put_u64(&out, j->rep);
		csv_put_u64(&out, s->window);
		csv_put_u64(&out, s->thread);
		csv_put(&out, s->mode == MODE_LATENCY ? "latency" : "throughput");
		csv_put(&out, s->mode != MODE_LATENCY ? "" : s->drained ? "drained" : "issue");
		csv_put_u64(&out, s->ops);
		csv_put_u64(&out, s->ops * j->block_size);
		csv_put_u64(&out, s->ticks);
		csv_put_u64(&out, s->cpu_ns);
		csv_put_u64(&out, s->taint);
		csv_end(&out);
	}
}

static void
put_hist(struct results *r, const struct job *j, const struct answer *a)
{
	struct csv_out out = { .file = r->hist };

	for (int d = 0; d < 2; d++)
		for (uint32_t k = 0; k < a->out.nbin[d]; k++) {
			csv_put_u64(&out, j->point);
			csv_put_u64(&out, j->rep);
			csv_put(&out, d ? "drained" : "issue");
			csv_put_u64(&out, a->bin[d][k].lo);
			csv_put_u64(&out, a->bin[d][k].hi);
			csv_put_u64(&out, a->bin[d][k].count);
			csv_end(&out);
		}
}

static void
put_counters(struct results *r, const struct job *j, const struct answer *a)
{
	struct csv_out out = { .file = r->counters };

	for (uint32_t k = 0; k < a->out.nevent; k++) {
		const struct event *e = &j->events.event[k];
		const struct counter_value *v = &a->count[k];
		double scaled;
		const bool counted = counter_estimate(v, &scaled) == 0;

		csv_put_u64(&out, j->point);
		csv_put_u64(&out, j->rep);
		csv_put(&out, event_scope_name(e->scope));
		csv_put(&out, e->text);
		if (counted)
			csv_put_u64(&out, v->value);
		else
			csv_put(&out, "");	/* never 0 */
		csv_put_u64(&out, v->enabled_ns);
		csv_put_u64(&out, counted ? v->running_ns : 0);
		csv_put_double(&out, counted ? scaled : NAN);
		csv_end(&out);
	}
}

static void
put_expected(struct csv_out *out, const struct expected *e, bool counting)
{
	csv_put_u64(out, e->faults);
	csv_put_double(out, e->known ? e->faults_min : NAN);
	csv_put_double(out, e->known ? e->faults_max : NAN);
	csv_put_double(out, e->known && counting ? e->syscalls_min : NAN);
	csv_put_double(out, e->known && counting ? e->syscalls_max : NAN);
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

static void
put_repeat(struct results *r, const struct job *j, const struct answer *a)
{
	struct csv_out out = { .file = r->repeats };
	const struct outcome *o = &a->out;
	char text[sizeof o->why + 8], cpus[JOB_THREADS_MAX * 12];
	size_t n = 0;

	csv_put_u64(&out, j->point);
	csv_put_u64(&out, j->rep);
	csv_put(&out, j->counting ? "counting" : "timed");
	csv_put_u64(&out, j->block);
	snprintf(text, sizeof text, o->rc ? "fail:%s" : "ok", o->why);
	csv_put(&out, text);
	csv_put_u64(&out, j->open.seed);
	csv_put_u64(&out, o->offset);
	csv_put_u64(&out, o->page_seen);
	for (uint32_t k = 0; k < j->threads; k++)
		n += (size_t)snprintf(cpus + n, sizeof cpus - n, "%s%u", k ? " " : "", j->cpu[k]);
	csv_put(&out, cpus);
	csv_put_u64(&out, o->quantum);
	csv_put_u64(&out, o->floor[0]);
	csv_put_u64(&out, o->floor[1]);
	csv_put(&out, pace_text(o, a->pace, cpus, sizeof cpus));
	csv_put_u64(&out, o->skew);
	csv_put_u64(&out, o->checked);
	csv_put_u64(&out, answer_windows(a));
	csv_put_u64(&out, answer_tainted(a));
	csv_put(&out, flags_text(o->flags, text, sizeof text));
	csv_put_double(&out, o->headline_ns);
	put_expected(&out, &o->expected, j->counting);
	csv_put_u64(&out, (uint64_t)ftello(r->hist));
	csv_put_u64(&out, (uint64_t)ftello(r->counters));
	csv_put_u64(&out, (uint64_t)ftello(r->samples));
	csv_end(&out);
}

int
results_append(struct results *r, const struct job *j, const struct answer *a)
{
	put_hist(r, j, a);
	put_samples(r, j, a);
	put_counters(r, j, a);
	if (fflush(r->hist) || fflush(r->samples) || fflush(r->counters))
		return -errno;
	put_repeat(r, j, a);
	return fflush(r->repeats) ? -errno : 0;
}
