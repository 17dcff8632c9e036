/* SPDX-License-Identifier: BSD-2-Clause */
#include <ctype.h>
#include <errno.h>
#include <perfmon/pfmlib_perf_event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "pfm.h"
#include "text.h"
#include "why.h"

/* The event's own name: without PMU:: before and :UMASK behind. */
static void
base_name(char *buf, size_t len, const char *name)
{
	const char *colons = strstr(name, "::");

	if (colons)
		name = colons + 2;
	snprintf(buf, len, "%.*s", (int)strcspn(name, ":"), name);
}

/* What follows the name: "" or the unit mask. */
static void
first_umask(char *buf, size_t len, const char *name)
{
	const char *colons = strstr(name, "::");

	name = colons ? colons + 2 : name;
	name += strcspn(name, ":");
	snprintf(buf, len, "%.*s", *name ? (int)strcspn(name + 1, ":") : 0, *name ? name + 1 : "");
}

typedef int visit(int idx, const char *pmu, const pfm_event_info_t *, void *);

/* Every event of every PMU: all that are in the library, or those of this machine only. */
static int
each(bool present, visit *fn, void *arg)
{
	int rc = 0;

	for (int p = PFM_PMU_NONE; p < PFM_PMU_MAX && !rc; p++) {
		pfm_pmu_info_t pmu = { .size = sizeof pmu };

		if (pfm_get_pmu_info((pfm_pmu_t)p, &pmu) != PFM_SUCCESS || (present && !pmu.is_present) ||
		    (pmu.type != PFM_PMU_TYPE_CORE && pmu.type != PFM_PMU_TYPE_OS_GENERIC))
			continue;
		for (int i = pmu.first_event; i != -1 && !rc; i = pfm_get_event_next(i)) {
			pfm_event_info_t info = { .size = sizeof info };

			if (pfm_get_event_info(i, PFM_OS_NONE, &info) == PFM_SUCCESS)
				rc = fn(i, pmu.name, &info, arg);
		}
	}
	return rc;
}

struct listing {
	int (*fn)(const char *, const char *, const char *, void *);
	void *arg;
};

static int
list(int idx, const char *pmu, const pfm_event_info_t *e, void *arg)
{
	const struct listing *l = arg;

	(void)idx;
	return l->fn(pmu, e->name, e->desc, l->arg);
}

int
event_each_core(int (*fn)(const char *, const char *, const char *, void *), void *arg)
{
	struct listing l = { fn, arg };

	return pfm_initialize() == PFM_SUCCESS ? each(true, list, &l) : -ENODEV;
}

struct pfm_search {
	const char *name, *umask;	/* "": none */
	struct guess guess;
	char best[64];			/* in the case that was asked in */
	char where[96];			/* other PMUs that have it */
};

static int
near(int idx, const char *pmu, const pfm_event_info_t *e, void *arg)
{
	struct pfm_search *s = arg;
	char word[sizeof s->best];
	size_t n = 0;

	(void)idx;
	(void)pmu;
	for (; e->name[n] && n < sizeof word - 1; n++)
		word[n] = (char)(islower((unsigned char)s->name[0]) ? tolower((unsigned char)e->name[n]) : e->name[n]);
	word[n] = 0;
	guess_try(&s->guess, word);
	if (s->guess.best == word)
		s->guess.best = strcpy(s->best, word);
	return 0;
}

static bool
has_umask(int idx, const pfm_event_info_t *e, const char *umask)
{
	for (int a = 0; a < e->nattrs; a++) {
		pfm_event_attr_info_t attr = { .size = sizeof attr };

		if (pfm_get_event_attr_info(idx, a, PFM_OS_NONE, &attr) == PFM_SUCCESS &&
		    strcasecmp(attr.name, umask) == 0)
			return true;
	}
	return !umask[0];
}

static int
elsewhere(int idx, const char *pmu, const pfm_event_info_t *e, void *arg)
{
	struct pfm_search *s = arg;
	const size_t n = strlen(s->where);

	if (strcasecmp(e->name, s->name) == 0 && has_umask(idx, e, s->umask) && n + strlen(pmu) + 3 < sizeof s->where)
		sprintf(s->where + n, "%s%s", n ? ", " : "", pmu);
	return 0;
}

static int
no_event(const char *text, struct pfm_search *s, char *why, size_t len)
{
	each(true, near, s);
	return why_set(why, len, ENOENT, "unknown event '%s'%s%s%s", text, s->guess.best ? "; did you mean '" : "",
		       s->guess.best ? s->guess.best : " (run-bench list events shows those of this machine)",
		       s->guess.best ? "'?" : "");
}

static int
no_umask(const struct pfm_search *s, char *why, size_t len)
{
	const int i = pfm_find_event(s->name);
	pfm_event_info_t info = { .size = sizeof info };
	struct guess g;

	guess_start(&g, s->umask);
	if (i >= 0 && pfm_get_event_info(i, PFM_OS_NONE, &info) == PFM_SUCCESS)
		for (int a = 0; a < info.nattrs; a++) {
			pfm_event_attr_info_t attr = { .size = sizeof attr };

			if (pfm_get_event_attr_info(i, a, PFM_OS_NONE, &attr) == PFM_SUCCESS)
				guess_try(&g, attr.name);
		}
	return why_set(why, len, ENOENT, "event '%s' has nothing called '%s'%s%s%s", s->name, s->umask,
		       g.best ? "; did you mean '" : "", g.best ? g.best : "", g.best ? "'?" : "");
}

static int
failure(int rc, const char *text, char *why, size_t len)
{
	char name[EVENT_TEXT_MAX], umask[64];
	struct pfm_search s = { .name = name, .umask = umask };

	if (rc != PFM_ERR_NOTFOUND && rc != PFM_ERR_ATTR)
		return why_set(why, len, EINVAL, "event '%s': %s", text, pfm_strerror(rc));
	base_name(name, sizeof name, text);
	first_umask(umask, sizeof umask, text);
	guess_start(&s.guess, name);
	each(false, elsewhere, &s);
	if (s.where[0])
		return why_set(why, len, ENODEV, "event '%s' is not of this CPU's PMU but of %s", text, s.where);
	return rc == PFM_ERR_ATTR ? no_umask(&s, why, len) : no_event(text, &s, why, len);
}

static pfm_pmu_type_t
pmu_type(int idx)
{
	pfm_event_info_t info = { .size = sizeof info };
	pfm_pmu_info_t pmu = { .size = sizeof pmu };

	if (pfm_get_event_info(idx, PFM_OS_NONE, &info) != PFM_SUCCESS ||
	    pfm_get_pmu_info(info.pmu, &pmu) != PFM_SUCCESS)
		return PFM_PMU_TYPE_UNKNOWN;
	return pmu.type;
}

int
pfm_parse(struct event *e, const char *name, char *why, size_t len)
{
	struct perf_event_attr attr = { .size = sizeof attr };
	char *full = NULL;
	pfm_perf_encode_arg_t arg = { .attr = &attr, .fstr = &full, .size = sizeof arg };
	int rc = pfm_initialize();

	if (rc != PFM_SUCCESS)
		return why_set(why, len, ENODEV, "event '%s': libpfm4: %s", name, pfm_strerror(rc));
	rc = pfm_get_os_event_encoding(name, PFM_PLM0 | PFM_PLM3, PFM_OS_PERF_EVENT, &arg);
	free(full);
	if (rc != PFM_SUCCESS)
		return failure(rc, name, why, len);
	if (pmu_type(arg.idx) == PFM_PMU_TYPE_UNCORE)
		return why_set(why, len, EINVAL, "event '%s' is not the core's: ask the uncore PMU as PMU/TERMS/ "
			       "(run-bench list events)", name);
	e->type = attr.type;
	e->config[0] = attr.config;
	e->config[1] = attr.config1;
	e->config[2] = attr.config2;
	e->no_user = attr.exclude_user;
	e->no_kernel = attr.exclude_kernel;
	e->kind = e->type == PERF_TYPE_SOFTWARE ? EVENT_SOFTWARE : EVENT_CORE;
	return 0;
}
