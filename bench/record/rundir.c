/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "csv.h"
#include "flag.h"
#include "metric.h"
#include "rundir.h"
#include "text.h"
#include "why.h"

/* Equal texts are kept once: 10,000 points repeat the same few hundred. */
struct words { const char **slot; size_t n, size; };

static uint64_t
hash(const char *s)
{
	uint64_t h = 0xcbf29ce484222325u;

	for (; *s; s++)
		h = (h ^ (unsigned char)*s) * 0x100000001b3u;
	return h ^ h >> 29;
}

static const char **
word_slot(struct words *w, const char *s)
{
	size_t i = hash(s) & (w->size - 1);

	while (w->slot[i] && strcmp(w->slot[i], s) != 0)
		i = (i + 1) & (w->size - 1);
	return &w->slot[i];
}

static const char *
word(struct run *run, struct words *w, const char *s)
{
	const char **at;

	if (2 * w->n >= w->size) {
		struct words old = *w;

		w->size = old.size ? 2 * old.size : 1024;
		w->slot = arena_alloc(&run->mem, w->size, sizeof(*w->slot));
		for (size_t i = 0; i < old.size; i++)
			if (old.slot[i])
				*word_slot(w, old.slot[i]) = old.slot[i];
	}
	at = word_slot(w, s);
	if (*at == NULL) {
		*at = arena_strdup(&run->mem, s);
		w->n++;
	}
	return *at;
}

static int
read_json(struct run *run, bool any, char *why, size_t len)
{
	json_error_t e;
	const char *schema;
	int fd = openat(run->fd, "run.json", O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return why_set(why, len, errno, "%s: no run.json: not a results "
			"directory", run->dir);
	run->json = json_loadfd(fd, JSON_REJECT_DUPLICATES, &e);
	close(fd);
	if (run->json == NULL)
		return why_set(why, len, EINVAL, "%s/run.json:%d: %s", run->dir, e.line, e.text);
	schema = run_text(run, "schema");
	run->classes = strcmp(schema, LAB_SCHEMA) == 0 && strcmp(run_text(run, "method"), "cuts") == 0;
	if (run->classes && !any)
		return why_set(why, len, EINVAL, "%s: results of the laboratory: run-bench report and plot read them", run->dir);
	if (!run->classes && strncmp(schema, "daxmark.run/1.", 14) != 0)
		return why_set(why, len, EINVAL, "%s/run.json: schema is '%.40s'; this program "
			"reads daxmark.run/1.x",
			       run->dir, schema);
	run->hz = run_number(run, "timer.hz");
	if (!(run->hz > 0))
		run->hz = 1e9;
	run->quick = json_is_true(run_json(run, "config.quick"));
	return 0;
}

static void
decode_status(struct run *run, struct run_point *p)
{
	const char *s = run_field(run, p, "status");

	p->reason = "";
	if (run->classes || strcmp(s, "ok") == 0)
		p->state = RUN_OK;
	else if (strncmp(s, "skip", 4) == 0)
		p->state = RUN_SKIP;
	else if (strncmp(s, "fail", 4) == 0)
		p->state = RUN_FAIL;
	if ((p->state == RUN_SKIP || p->state == RUN_FAIL) && s[4] == ':')
		p->reason = s + 5;
}

/* Its bench's; the whole run's where an older program wrote that alone. */
static double
precision(const struct run *run, const struct run_point *p)
{
	double v = json_number_value(json_object_get(run_json(run, "config.precisions"), p->bench));

	if (!(v > 0))
		v = run_number(run, "config.precision");
	return v > 0 ? v / 100 : 0.05;
}

static void
decode(struct run *run, struct run_point *p)
{
	const char *control = run_field(run, p, "control");

	p->bench = run_field(run, p, "bench");
	p->kernel = run_field(run, p, "kernel");
	p->target = run_field(run, p, "target");
	p->medium = medium_parse(run_field(run, p, "medium"));
	p->mode = run_field(run, p, "mode");
	p->durable = durable_parse(run_field(run, p, run->classes ? "rule" : "durable"));
	p->why = run_field(run, p, "why");
	p->tested = run_field(run, p, "tested");
	p->precision = precision(run, p);
	p->control = *control && strcmp(control, "no") != 0 && strcmp(control, "0") != 0;
	if (text_size(run_field(run, p, "size"), &p->size) < 0)
		p->size = 0;
	if (text_count(run_field(run, p, "threads"), &p->threads) < 0)
		p->threads = 0;
	if (text_count(run_field(run, p, "unit"), &p->unit) < 0 || p->unit == 0)
		p->unit = 1;
	decode_status(run, p);
}

static int
read_points(struct run *run, struct csv *c)
{
	struct words words = { 0 };
	const char **column;
	int id, got;

	if (csv_open(c, run->fd, run->classes ? "classes.csv" : "points.csv") < 0)
		return -EINVAL;
	run->ncolumn = c->nfield;
	run->column = column = arena_alloc(&run->mem, c->nfield, sizeof(*column));
	for (size_t i = 0; i < c->nfield; i++)
		column[i] = arena_strdup(&run->mem, c->header[i]);
	if (csv_columns(c, (const char *const[]){ "point", NULL }, &id) < 0)
		return -EINVAL;
	while ((got = csv_next(c)) > 0) {
		const char **field = arena_alloc(&run->mem, c->nfield, sizeof(*field));
		struct run_point *p;
		uint64_t n;

		if (csv_u64(c, id, &n) < 0)
			return -EINVAL;
		run->point = arena_grow(&run->mem, run->point, run->npoint, sizeof(*run->point));
		p = &run->point[run->npoint++];
		*p = (struct run_point){ .id = (uint32_t)n, .field = field };
		if (n > UINT32_MAX || (run->npoint > 1 && p[-1].id >= n))
			return csv_fail(c, "point %s does not ascend", c->field[id]);
		for (size_t i = 0; i < c->nfield; i++)
			field[i] = word(run, &words, c->field[i]);
		decode(run, p);
	}
	if (got == 0 && c->torn)
		return csv_fail(c, "the file ends within line %lu", c->line + 1);
	return got;
}

struct run_point *
run_point(const struct run *run, uint64_t id)
{
	size_t lo = 0, hi = run->npoint;

	if (id < hi && run->point[id].id == id)
		return &run->point[id];
	while (lo < hi) {
		size_t mid = (lo + hi) / 2;

		if (run->point[mid].id < id)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < run->npoint && run->point[lo].id == id ? &run->point[lo] : NULL;
}

enum { R_POINT, R_REP, R_KIND, R_STATUS, R_SAMPLES, R_HIST, R_COUNTERS, R_NEEDED,
       R_BLOCK = R_NEEDED, R_QUANTUM, R_ISSUE, R_DRAINED, R_CHECKED, R_FLAGS, R_CPUS,
       R_FAULTS, R_FAULTS_MIN, R_FAULTS_MAX, R_SYSCALLS_MIN, R_SYSCALLS_MAX,
       R_UNDISTURBED, R_COLUMNS };
static const char *const repeat_column[] = {
	"point", "rep", "kind", "status", "samples_end", "hist_end", "counters_end", NULL,
};
static const char *const repeat_more[] = {
	"block", "quantum_ticks", "floor_issue_ticks", "floor_drained_ticks", "checked", "flags", "cpus",
	"faults", "faults_min", "faults_max", "syscalls_min", "syscalls_max", "undisturbed",
};

static double
maybe(struct csv *c, int col)
{
	double v;

	return col >= 0 && *c->field[col] && csv_double(c, col, &v) == 0 ? v : NAN;
}

static uint64_t
length(const struct run *run, const char *table)
{
	struct stat st;

	return fstatat(run->fd, table, &st, 0) == 0 ? (uint64_t)st.st_size : UINT64_MAX;
}

static int
read_repeat(struct run *run, struct csv *c, const int *col, struct words *words)
{
	struct run_repeat *r;
	struct run_point *p;
	uint64_t point, rep, block;

	run->repeat = arena_grow(&run->mem, run->repeat, run->nrepeat, sizeof(*run->repeat));
	r = &run->repeat[run->nrepeat];
	*r = (struct run_repeat){ .cpus = "", .why = "" };
	if (csv_u64(c, col[R_POINT], &point) < 0 || csv_u64(c, col[R_REP], &rep) < 0 ||
	    csv_u64(c, col[R_SAMPLES], &r->samples_end) < 0 || csv_u64(c, col[R_HIST], &r->hist_end) < 0 ||
	    csv_u64(c, col[R_COUNTERS], &r->counters_end) < 0)
		return -EINVAL;
	/* A crash of the machine may leave the journal longer than the tables: what lies beyond
	 * their ends, and all behind it, was never measured. */
	if (run->lost || r->samples_end > length(run, "samples.csv") || r->hist_end > length(run, "hist.csv") ||
	    r->counters_end > length(run, "counters.csv")) {
		run->lost++;
		return 0;
	}
	p = run_point(run, point);
	if (p == NULL)
		return csv_fail(c, "point %s is not in points.csv", c->field[col[R_POINT]]);
	r->at = (uint32_t)(p - run->point);
	r->rep = r->block = (uint32_t)rep;
	if (col[R_BLOCK] >= 0 && csv_u64(c, col[R_BLOCK], &block) < 0)
		return -EINVAL;
	if (col[R_BLOCK] >= 0)
		r->block = (uint32_t)block;
	r->timed = strcmp(c->field[col[R_KIND]], "counting") != 0;
	r->ok = strcmp(c->field[col[R_STATUS]], "ok") == 0;
	if (!r->ok)
		r->why = word(run, words, c->field[col[R_STATUS]]);
	r->quantum = maybe(c, col[R_QUANTUM]);
	r->floor[STAMP_ISSUE] = maybe(c, col[R_ISSUE]);
	r->floor[STAMP_DRAINED] = maybe(c, col[R_DRAINED]);
	r->faults = maybe(c, col[R_FAULTS]);
	r->faults_min = maybe(c, col[R_FAULTS_MIN]);
	r->faults_max = maybe(c, col[R_FAULTS_MAX]);
	r->syscalls_min = maybe(c, col[R_SYSCALLS_MIN]);
	r->syscalls_max = maybe(c, col[R_SYSCALLS_MAX]);
	r->undisturbed = maybe(c, col[R_UNDISTURBED]);
	if (col[R_CHECKED] >= 0 && *c->field[col[R_CHECKED]] && csv_u64(c, col[R_CHECKED], &r->checked) < 0)
		return -EINVAL;
	if (col[R_FLAGS] >= 0)
		r->flags = flags_parse(c->field[col[R_FLAGS]]);
	if (col[R_CPUS] >= 0)
		r->cpus = word(run, words, c->field[col[R_CPUS]]);
	p->repeats += r->timed;
	p->failed += r->timed && !r->ok;
	run->nrepeat++;
	return 0;
}

/* A torn last line is no marker: its repeat was never finished. */
static int
read_repeats(struct run *run, struct csv *c)
{
	struct words words = { 0 };
	int col[R_COLUMNS], got = csv_open(c, run->fd, "repeats.csv");

	if (got == -ENOENT)
		return 0;
	run->journal = true;
	if (got < 0)
		return c->torn || c->end == c->at ? 0 : -EINVAL;	/* killed before its header */
	if (csv_columns(c, repeat_column, col) < 0)
		return -EINVAL;
	for (int i = R_NEEDED; i < R_COLUMNS; i++)
		col[i] = csv_column(c, repeat_more[i - R_NEEDED]);
	while ((got = csv_next(c)) > 0)
		if (read_repeat(run, c, col, &words) < 0)
			return -EINVAL;
	return got;
}

int
run_column(const struct run *run, const char *name)
{
	for (size_t i = 0; i < run->ncolumn; i++)
		if (strcmp(run->column[i], name) == 0)
			return (int)i;
	return -1;
}

const char *
run_field(const struct run *run, const struct run_point *p, const char *name)
{
	int i = run_column(run, name);

	return i < 0 ? "" : p->field[i];
}

static int
load_csv(struct run *run, int (*reader)(struct run *, struct csv *), char *why, size_t len)
{
	struct csv c = { .fd = -1 };
	int err = reader(run, &c);

	if (err < 0)
		why_set(why, len, EINVAL, "%s/%s", run->dir, c.error);
	csv_close(&c);
	return err;
}

static int
load(struct run *run, int dirfd, const char *dir, bool any, char *why, size_t len)
{
	int err;

	memset(run, 0, sizeof(*run));
	run->dir = dir;
	run->fd = openat(dirfd, dirfd == AT_FDCWD ? dir : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (run->fd < 0)
		return why_set(why, len, errno, "%s: %s", dir, strerror(errno));
	if (setjmp(run->mem.oom))
		err = why_set(why, len, ENOMEM, "%s: out of memory", dir);
	else if ((err = read_json(run, any, why, len)) == 0 && (err = load_csv(run, read_points, why, len)) == 0 && !run->classes)
		err = load_csv(run, read_repeats, why, len);
	if (err < 0)
		rundir_free(run);
	return err < 0 ? err : 0;
}

int
rundir_load(struct run *run, const char *dir, char *why, size_t len)
{
	return load(run, AT_FDCWD, dir, false, why, len);
}

int
rundir_load_held(struct run *run, int dirfd, const char *dir, char *why, size_t len)
{
	return load(run, dirfd, dir, true, why, len);
}

void
rundir_free(struct run *run)
{
	if (run->json)
		json_decref(run->json);
	if (run->fd >= 0)
		close(run->fd);
	arena_free(&run->mem);
	run->json = NULL;
	run->fd = -1;
}

json_t *
run_json(const struct run *run, const char *path)
{
	json_t *at = run->json;

	while (at && *path) {
		size_t len = strcspn(path, ".");
		char key[64];

		if (len >= sizeof(key))
			return NULL;
		memcpy(key, path, len);
		key[len] = '\0';
		at = json_object_get(at, key);
		path += len + (path[len] == '.');
	}
	return at;
}

const char *
run_text(const struct run *run, const char *path)
{
	const char *s = json_string_value(run_json(run, path));

	return s ? s : "";
}

double
run_number(const struct run *run, const char *path)
{
	json_t *v = run_json(run, path);

	return json_is_number(v) ? json_number_value(v) : NAN;
}

const char *
run_target(const struct run *run, const char *target, const char *key)
{
	json_t *all = json_object_get(run->json, "targets"), *t;
	size_t i;

	json_array_foreach(all, i, t) {
		const char *name = json_string_value(json_object_get(t, "name"));
		const char *s = json_string_value(json_object_get(t, key));

		if (name && strcmp(name, target) == 0)
			return s ? s : "";
	}
	return "";
}

const char *
run_host(const struct run *run)
{
	const char *name = run_text(run, "host.name");

	return *name || run->npoint == 0 ? name : run_field(run, &run->point[0], "host");
}

const char *
run_unfinished(const struct run *run, char *buf, size_t len)
{
	const char *status = run_text(run, "status");
	size_t left = 0;

	for (size_t i = 0; i < run->npoint; i++)
		left += run->point[i].state == RUN_PENDING;
	buf[0] = '\0';
	if (left > 0 || (*status && strcmp(status, "ok") != 0))
		snprintf(buf, len, "%s: %zu of %zu points are not finished", *status ? status : "status unknown", left, run->npoint);
	return buf;
}
