/* SPDX-License-Identifier: BSD-2-Clause */
#include <ctype.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include "eventset.h"
#include "formula.h"
#include "text.h"
#include "why.h"

static bool
same(const char *name, size_t n, const char *known)
{
	return strlen(known) == n && strncmp(name, known, n) == 0;
}

/* While a set is read nothing has been counted: any name that a formula may use has the value 1. */
static int
value_of(const char *name, size_t n, double *v, void *arg)
{
	const struct eventset *s = arg;
	bool known = same(name, n, "ops") || same(name, n, "bytes") || same(name, n, "seconds");

	for (size_t i = 0; i < s->nevent; i++)
		known |= same(name, n, s->event[i].name);
	for (size_t m = 0; m < s->nmetric; m++)
		known |= same(name, n, s->metric[m].name);
	*v = 1;
	return known ? 0 : -ENOENT;
}

struct set_source { const char *file; unsigned line; char *why; size_t len; };

static int
bad(const struct set_source *at, const char *what, const char *word)
{
	return why_set(at->why, at->len, EINVAL, "%s:%u: error: %s '%s'", at->file, at->line, what, word);
}

/* The next word, copied; what is behind it, or NULL when there is none or it is too long. */
static const char *
word(const char *p, char *buf, size_t len)
{
	size_t n;

	while (isblank((unsigned char)*p))
		p++;
	n = strcspn(p, " \t");
	if (n == 0 || n >= len)
		return NULL;
	memcpy(buf, p, n);
	buf[n] = 0;
	p += n;
	while (isblank((unsigned char)*p))
		p++;
	return p;
}

static bool
name_ok(const char *s)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789_";

	return islower((unsigned char)s[0]) && strspn(s, letters) == strlen(s) && strcmp(s, "ops") != 0 &&
	       strcmp(s, "bytes") != 0 && strcmp(s, "seconds") != 0;
}

static bool
taken(const struct eventset *s, const char *name)
{
	for (size_t i = 0; i < s->nevent; i++)
		if (strcmp(s->event[i].name, name) == 0)
			return true;
	for (size_t m = 0; m < s->nmetric; m++)
		if (strcmp(s->metric[m].name, name) == 0)
			return true;
	return false;
}

static int
read_event(struct eventset *s, const char *p, const struct set_source *at)
{
	struct eventset_event e;

	p = word(p, e.name, sizeof e.name);
	p = p ? word(p, e.text, sizeof e.text) : NULL;
	if (!p || *p)
		return bad(at, "an event is `event NAME EVENT`, not", p ? p : "");
	if (!name_ok(e.name) || taken(s, e.name))
		return bad(at, name_ok(e.name) ? "there is already a" : "not a name:", e.name);
	if (s->nevent == EVENTS_MAX)
		return bad(at, "too many events:", e.name);
	s->event[s->nevent++] = e;
	return 0;
}

static int
read_metric(struct eventset *s, const char *p, const struct set_source *at)
{
	struct eventset_metric m;
	const char *where;
	double ignored;
	int rc;

	p = word(p, m.name, sizeof m.name);
	p = p ? word(p, m.unit, sizeof m.unit) : NULL;
	if (!p || !*p || strlen(p) >= sizeof m.formula)
		return bad(at, "a metric is `metric NAME UNIT FORMULA`, not", p ? p : "");
	if (!name_ok(m.name) || taken(s, m.name))
		return bad(at, name_ok(m.name) ? "there is already a" : "not a name:", m.name);
	if (s->nmetric == EVENTSET_METRICS)
		return bad(at, "too many metrics:", m.name);
	strcpy(m.formula, p);
	rc = formula_eval(m.formula, value_of, s, &ignored, &where);
	if (rc == -ENOENT || rc == -EINVAL)
		return bad(at, rc == -ENOENT ? "no event or metric above is called" : "this is no formula, from", where);
	s->metric[s->nmetric++] = m;
	return 0;
}

/* A formula over events alone: what a load makes is no op's. */
static int
event_value(const char *name, size_t n, double *v, void *arg)
{
	const struct eventset *s = arg;

	*v = 1;
	for (size_t i = 0; i < s->nevent; i++)
		if (same(name, n, s->event[i].name))
			return 0;
	return -ENOENT;
}

static int
read_answer(struct eventset *s, const char *p, const struct set_source *at)
{
	struct eventset_answer a = { .load = 0 };
	char load[32] = "";
	const char *where;
	double ignored;
	int rc;

	p = p ? word(p, load, sizeof load) : NULL;
	while (a.load < ANSWER_LOADS && strcmp(answer_load_name[a.load], load) != 0)
		a.load++;
	if (!p || !*p || a.load == ANSWER_LOADS || strlen(p) >= sizeof a.formula)
		return bad(at, "an answer is `answer LOAD FORMULA`, not", load);
	strcpy(a.formula, p);
	rc = formula_eval(a.formula, event_value, s, &ignored, &where);
	if (rc == -ENOENT || rc == -EINVAL)
		return bad(at, rc == -ENOENT ? "no event above is called" : "this is no formula, from", where);
	if (s->nanswer == EVENTSET_ANSWERS)
		return bad(at, "too many answers:", load);
	s->answer[s->nanswer++] = a;
	return 0;
}

static int
read_line(struct eventset *s, char *line, const struct set_source *at)
{
	char key[16];
	const char *p;
	size_t n = strlen(line);

	while (n && isspace((unsigned char)line[n - 1]))
		line[--n] = 0;
	if (!line[0] || line[0] == '#')
		return 0;
	p = word(line, key, sizeof key);
	if (p && strcmp(key, "event") == 0)
		return read_event(s, p, at);
	if (p && strcmp(key, "metric") == 0)
		return read_metric(s, p, at);
	if (p && strcmp(key, "answer") == 0)
		return read_answer(s, p, at);
	if (p && strcmp(key, "cpu") == 0) {
		p = word(p, s->cpu, sizeof s->cpu);
		return p && !*p ? 0 : bad(at, "a cpu is VENDOR-FAMILY-MODEL, not", p ? p : "");
	}
	if (!p || strcmp(key, "doc") != 0)
		return bad(at, "a line begins with doc, cpu, event, metric, answer or #, not", p ? key : line);
	n = strlen(s->doc);
	if (n + strlen(p) + 2 > sizeof s->doc)
		return bad(at, "the doc is too long at", p);
	sprintf(s->doc + n, "%s%s", n ? " " : "", p);
	return 0;
}

int
eventset_read(struct eventset *s, FILE *f, const char *file, char *why, size_t len)
{
	struct set_source at = { file, 0, why, len };
	char line[512];
	int rc = 0;

	memset(s, 0, sizeof *s);
	while (rc == 0 && fgets(line, sizeof line, f)) {
		at.line++;
		if (!strchr(line, '\n') && !feof(f))
			return bad(&at, "the line is too long:", "");
		rc = read_line(s, line, &at);
	}
	if (rc == 0 && ferror(f))
		rc = why_set(why, len, EIO, "%s: cannot be read", file);
	if (rc == 0 && !s->nevent)
		return bad(&at, "a set without an event:", file);
	return rc;
}

int
eventset_load(struct eventset *s, const char *dir, const char *name, char *why, size_t len)
{
	char path[4096];
	FILE *f;
	int rc;

	/* A slash belongs to an event, PMU/TERMS/, or leads out of the directory. */
	if (strchr(name, '/') || (size_t)snprintf(path, sizeof path, "%s/%s.txt", dir, name) >= sizeof path)
		return why_set(why, len, ENOENT, "no event set '%s'", name);
	f = fopen(path, "re");
	if (!f)
		return why_set(why, len, errno, "no event set '%s' (%s: %s)", name, path, strerror(errno));
	rc = eventset_read(s, f, path, why, len);
	snprintf(s->name, sizeof s->name, "%s", name);
	fclose(f);
	return rc;
}

static int
is_set(const struct dirent *d)
{
	const char *dot = strrchr(d->d_name, '.');

	return dot && strcmp(dot, ".txt") == 0;
}

int
eventset_list(const char *dir, struct dirent ***entry)
{
	int n = scandir(dir, entry, is_set, alphasort);

	for (int k = 0; k < n; k++)
		*strrchr((*entry)[k]->d_name, '.') = 0;
	return n;
}

bool
eventset_near(const char *dir, const char *name, char *best, size_t len)
{
	struct dirent **entry;
	struct guess g;
	const int n = eventset_list(dir, &entry);

	guess_start(&g, name);
	for (int k = 0; k < n; k++)
		guess_try(&g, entry[k]->d_name);
	if (g.best)
		snprintf(best, len, "%s", g.best);
	for (int k = 0; k < n; k++)
		free(entry[k]);
	if (n >= 0)
		free(entry);
	return g.best;
}

int
eventset_cpu(FILE *f, char *buf, size_t len)
{
	char line[4096], vendor[32] = "";
	unsigned family = 0, model = 0, found = 0;

	while (found != 7 && fgets(line, sizeof line, f))
		found |= sscanf(line, "vendor_id : %31s", vendor) == 1 ? 1 :
			 sscanf(line, "cpu family : %u", &family) == 1 ? 2 :
			 sscanf(line, "model : %u", &model) == 1 ? 4 : 0;
	snprintf(buf, len, "%s-%u-%X", vendor, family, model);
	return found == 7 ? 0 : -ENODEV;
}

int
eventset_fits(const struct eventset *s, char *why, size_t len)
{
	char cpu[64] = "";
	FILE *f;

	if (!s->cpu[0])
		return 0;
	f = fopen("/proc/cpuinfo", "re");
	if (f) {
		eventset_cpu(f, cpu, sizeof cpu);
		fclose(f);
	}
	if (fnmatch(s->cpu, cpu, FNM_EXTMATCH) == 0)
		return 0;
	return why_set(why, len, ENODEV, "event set '%s' is for the CPUs %s, this is %s", s->name, s->cpu,
		       cpu[0] ? cpu : "unknown");
}
