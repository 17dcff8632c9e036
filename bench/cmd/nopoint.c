/* SPDX-License-Identifier: BSD-2-Clause */
#include <string.h>
#include "log.h"
#include "nopoint.h"
#include "text.h"

enum { SHOWN = 400 };

struct plan_look { const struct plan *plan; char buf[128]; };

static const char *
value_of(void *arg, size_t i, const char *name)
{
	struct plan_look *l = arg;

	return point_text(l->plan, &l->plan->point[i], name, l->buf);
}

static bool
has_word(const char *list, const char *word)
{
	const size_t n = strlen(word);

	for (const char *p = list; (p = strstr(p, word)); p++)
		if ((p == list || p[-1] == ' ') && (!p[n] || p[n] == ','))
			return true;
	return false;
}

/* "clwb, msync": each value once, as far as there is room; the nearest to what was asked for. */
static void
list_values(struct plan_look *l, const char *name, struct guess *g, char best[128], char list[SHOWN])
{
	size_t used = 0;

	list[0] = best[0] = 0;
	for (size_t i = 0; i < l->plan->n; i++) {
		const char *v = value_of(l, i, name);
		const size_t cost = g->cost;

		if (!v[0] || has_word(list, v))
			continue;
		guess_try(g, v);
		if (g->cost < cost)
			snprintf(best, 128, "%s", v);
		if (used + strlen(v) + 8 < SHOWN)
			used += (size_t)snprintf(list + used, SHOWN - used, "%s%s", used ? ", " : "", v);
	}
}

static void
blame_filter(const struct experiment *s, const struct plan *all)
{
	struct plan_look l = { .plan = all };
	char text[256], list[SHOWN], best[128];
	const char *name = filter_culprit(s->filter, all->n, value_of, &l, text, sizeof text), *asked;
	struct guess g;

	if (!name) {
		warn("nothing to measure: --filter: what it asks for is there, but not in one point");
		return;
	}
	asked = strpbrk(text, "=<>~");
	guess_start(&g, asked + strspn(asked, "=<>~"));
	list_values(&l, name, &g, best, list);
	warn("nothing to measure: --filter: no point has %s; %s%s%s%s%s%s", text, list[0] ? name : "it does not apply here",
	     list[0] ? " is " : "", list, best[0] ? "; did you mean " : "", best, best[0] ? "?" : "");
}

static void
in_vain(void *arg, const char *name, const char *value)
{
	struct plan_look *l = arg;
	char list[SHOWN], best[128];
	struct guess g;

	guess_start(&g, value);
	list_values(l, name, &g, best, list);
	warn("--filter: no point has %s=%s%s%s%s", name, value, best[0] ? "; did you mean " : "", best,
	     best[0] ? "?" : "");
}

void
nopoint_warn(const struct experiment *s)
{
	struct plan all;
	struct plan_look l = { .plan = &all };

	if (plan_make(&all, s->config, s->fact, &s->plan.machine, NULL) < 0)
		return;
	filter_unknown(s->filter, all.n, value_of, &l, in_vain);
	plan_free(&all);
}

void
nopoint_say(const struct experiment *s)
{
	struct plan all;

	if (!s->filter || plan_make(&all, s->config, s->fact, &s->plan.machine, NULL) < 0) {
		warn("nothing to measure: `exclude` leaves no point");
		return;
	}
	if (all.n)
		blame_filter(s, &all);
	else
		warn("nothing to measure: `exclude` leaves no point");
	plan_free(&all);
}
