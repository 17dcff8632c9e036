/* SPDX-License-Identifier: BSD-2-Clause */
#include "points.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "csv.h"
#include "flag.h"
#include "row.h"
#include "rule.h"
#include "text.h"

size_t
progress_room(const uint64_t sched[SCHEDS])
{
	return sched[SCHED_MAX_REPEATS] + RERUNS_MAX;
}

void
progress_take(struct progress_point *p, const struct progress_repeat *r, unsigned reruns)
{
	p->headline[p->done++] = r->headline;
	p->block = (uint16_t)(r->block + 1);
	if (repeat_clean(r->undisturbed)) {
		p->headline[p->done - 1] = p->headline[p->clean];
		p->headline[p->clean++] = r->headline;
	} else if (p->rerun < reruns) {
		p->rerun++;
		p->block--;
	}
}

static const char *
status_of(const struct point *p, const struct progress_point *pr, char *buf, size_t len)
{
	if (p->skip)
		snprintf(buf, len, "skip:%s", p->skip);
	else if (pr && pr->failed)
		snprintf(buf, len, "fail:%s", pr->failed);
	else
		return pr && pr->finished ? "ok" : "pending";
	return buf;
}

static void
put_point(struct row *row, const char *run_id, const char *host, const struct plan *plan,
	  uint32_t k, const struct progress_point *pr)
{
	const struct point *p = &plan->point[k];
	const struct target_spec *t = &plan->config->target[p->target];
	char buf[1024];

	row_text(row, "run_id", run_id);
	row_text(row, "host", host);
	row_u64(row, "point", k);
	row_text(row, "bench", point_bench(plan, p)->name);
	row_text(row, "kernel", point_axis(plan, p, AXIS_KERNEL, buf));
	row_text(row, "target", point_axis(plan, p, AXIS_TARGET, buf));
	row_text(row, "role", t->role);
	row_text(row, "medium", medium_name[plan->fact[p->target].medium]);
	for (int a = AXIS_TARGET + 1; a < AXES; a++)
		row_text(row, axis_keys[a].name, point_axis(plan, p, (enum axis_id)a, buf));
	for (size_t k2 = 0; k2 < plan->nparam; k2++)
		row_text(row, "p_*", point_param(plan, p, plan->param_name[k2], buf));
	row_text(row, "control", p->kernel->control == CONTROL_FLOOR ? "floor" : p->kernel->control ? "yes" : "no");
	row_text(row, "moves", p->kernel->moves == MOVES_READS ? "reads" : p->kernel->moves == MOVES_WRITES ? "writes" : "nothing");
	row_u64(row, "unit", p->unit);
	row_text(row, "notes", flags_text((uint32_t)p->cache_resident << SUM_CACHE_RESIDENT |
					  (uint32_t)p->tlb_resident << SUM_TLB_RESIDENT |
					  (uint32_t)p->node_unknown << SUM_NODE_UNKNOWN, buf, sizeof buf));
	row_text(row, "durable", durable_name[p->durable.class]);
	row_text(row, "why", p->durable.why);
	row_text(row, "tested", point_tested(plan, p, buf));
	row_double(row, "tested_bound", point_bound(plan, p));
	row_text(row, "status", status_of(p, pr, buf, sizeof buf));
	row_end(row);
}

static char *
points_text(const struct plan *plan, const char *run_id, const struct progress_point *pr)
{
	char *text = NULL, host[65] = "";
	size_t len;
	FILE *f = open_memstream(&text, &len);
	struct row row = row_in(f, TABLE_POINTS, plan->nparam);

	if (!f)
		return NULL;
	gethostname(host, sizeof host - 1);
	table_header(f, TABLE_POINTS, plan->param_name, plan->nparam);
	for (uint32_t k = 0; k < plan->n; k++)
		put_point(&row, run_id, host, plan, k, pr ? &pr[k] : NULL);
	if (fclose(f) != 0 || row.rc) {
		free(text);
		return NULL;
	}
	return text;
}

int
points_write(const struct results *r, const struct plan *plan, const struct progress_point *pr)
{
	char *text = points_text(plan, r->id, pr);
	int rc = text ? results_write_file(r, "points.csv", text) : -ENOMEM;

	free(text);
	return rc;
}

static bool
is_skip(const char *status)
{
	return strncmp(status, "skip:", 5) == 0;
}

/* Two records are the same point when all but run and host agree, and both or none are skipped. */
static int
differs(const struct csv *a, const struct csv *b, int status)
{
	/* What a skipped point would be is not worked out, so that other columns may differ, too.
	 * */
	if (is_skip(a->field[status]) != is_skip(b->field[status]))
		return status;
	for (size_t k = 2; k < a->nfield; k++)
		if ((int)k != status && strcmp(a->field[k], b->field[k]) != 0)
			return (int)k;
	return 0;
}

static int
compare(struct csv *old, struct csv *new, char *why, size_t whylen)
{
	int status = csv_column(old, "status"), a, b, k;

	if (old->nfield != new->nfield || status < 0)
		return snprintf(why, whylen, "%s has other columns: another run-bench began this run; that one can resume "
				"it, this one can report and compare what is there", old->file), -ESTALE;
	while ((a = csv_next(old), b = csv_next(new), a == 1 && b == 1))
		if ((k = differs(old, new, status)))
			return snprintf(why, whylen, "point %s was %s=%s, here and now it would be %s",
					old->field[2], old->header[k], old->field[k], new->field[k]), -ESTALE;
	if (a != b)
		return snprintf(why, whylen, "%s has another number of points", old->file), -ESTALE;
	return 0;
}

int
points_same(const struct results *r, const struct plan *plan, char *why, size_t whylen)
{
	char mem[32], *text = points_text(plan, "", NULL);
	struct csv old = { .fd = -1 }, new = { .fd = -1 };
	int fd = memfd_create("points", MFD_CLOEXEC), rc = -ENOMEM;
	const size_t len = text ? strlen(text) : 0;

	snprintf(mem, sizeof mem, "/proc/self/fd/%d", fd);
	if (text && fd >= 0 && write(fd, text, len) == (ssize_t)len)
		rc = csv_open(&new, AT_FDCWD, mem);
	if (rc == 0 && (rc = csv_open(&old, r->lock, "points.csv")) < 0)
		snprintf(why, whylen, "%s", old.error);
	if (rc == 0)
		rc = compare(&old, &new, why, whylen);
	csv_close(&old);
	csv_close(&new);
	if (fd >= 0)
		close(fd);
	free(text);
	return rc;
}
