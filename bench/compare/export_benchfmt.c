/* SPDX-License-Identifier: BSD-2-Clause */
/* Go's benchmark format (golang.org/design/14313-benchmark-format): one line a repeat. */
#include <stdio.h>
#include <string.h>

#include "export.h"

/* "key: value" on one line; a value that is not known is left out. */
static void
config(FILE *f, const char *key, const char *value)
{
	if (*value == '\0')
		return;
	fprintf(f, "%s: ", key);
	for (; *value; value++)
		fputc((unsigned char)*value < ' ' ? ' ' : *value, f);
	fputc('\n', f);
}

static void
put_unit(FILE *f, const struct reading *r, bool headline)
{
	const char *name = metrics[r->metric].name;
	size_t len = strlen(name);

	if (r->metric == METRIC_BANDWIDTH)
		fprintf(f, " %.10g B/s", r->v * 1e9);
	else if (r->metric == METRIC_RATE)
		fprintf(f, " %.10g ops/s", r->v);
	else if (headline)
		fprintf(f, " %.10g ns/op", r->v);
	else if (len > 3 && strcmp(name + len - 3, "_ns") == 0)
		fprintf(f, " %.10g %.*s-ns", r->v, (int)len - 3, name);
	else
		fprintf(f, " %.10g %s", r->v, name);
}

static void
put_point(struct export *x, size_t at, FILE *f)
{
	const struct run_point *p = &x->run->point[at];
	enum metric_id m = export_headline(x, at);
	size_t n = m == METRICS ? 0 : readings_of(&x->r, at, m, x->scratch);

	x->passed += n == 0;
	for (size_t i = 0; i < n; i++) {
		fputs("BenchmarkOp", f);
		export_name(x->run, p, '=', "threads", f);
		/* Go's own way to say on how many CPUs. */
		fprintf(f, "-%llu 1", (unsigned long long)(p->threads ? p->threads : 1));
		put_unit(f, x->scratch[i], true);
		for (size_t k = x->r.first[at]; k < x->r.first[at + 1]; k++)
			if (x->r.v[k].rep == x->scratch[i]->rep && x->r.v[k].metric != m)
				put_unit(f, &x->r.v[k], false);
		fputc('\n', f);
	}
}

int
export_benchfmt(struct export *x, FILE *f)
{
	const struct run *run = x->run;

	config(f, "goos", "linux");
	config(f, "goarch", strcmp(run_text(run, "host.arch"), "x86_64") == 0 ? "amd64" : run_text(run, "host.arch"));
	config(f, "pkg", "daxmark");
	config(f, "cpu", run_text(run, "host.cpu"));
	config(f, "host", run_text(run, "host.name"));
	config(f, "kernel", run_text(run, "host.kernel"));
	config(f, "run", run_text(run, "run_id"));
	config(f, "commit", run_text(run, "tool.version"));
	fputs("Unit B/s better=higher\nUnit ops/s better=higher\n", f);
	for (size_t at = 0; at < run->npoint; at++)
		put_point(x, at, f);
	return 0;
}
