/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include "answer.h"
#include "answerload.h"
#include "counters.h"
#include "formula.h"
#include "sysfs.h"
#include "uncore.h"
#include "why.h"

#define LEAST 0.95
#define MOST  1.2
#define FAR   0.05
#define TRIES 3			/* a counter of the whole machine sees others, too: once alone will do */

bool
answer_right(double did, double near, double far, char *why, size_t len)
{
	why[0] = 0;
	if (near == 0)
		snprintf(why, len, "reads 0 under a load of %.0f", did);
	else if (near < LEAST * did || near > MOST * did)
		snprintf(why, len, "reads %.3g times what a known load did", near / did);
	else if (far > FAR * did)
		snprintf(why, len, "another socket's read %.3g times what a known load did here", far / did);
	return !why[0];
}

static json_t *
row_of(const json_t *matrix, const char *event)
{
	size_t i;
	json_t *row;

	json_array_foreach(matrix, i, row)
		if (strcmp(json_string_value(json_object_get(row, "event")), event) == 0)
			return row;
	return NULL;
}

/* The events of one answer: used[k] is where event k of the set stands in the list, or -1. */
struct answering {
	const struct eventset *set;
	int used[EVENTS_MAX];
	double near[EVENTS_MAX], far[EVENTS_MAX];
	const double *value;		/* one of them */
	struct event_list list;
	int socket;			/* of the load's CPU */
};

static int
value_of(const char *name, size_t n, double *v, void *arg)
{
	struct answering *a = arg;

	for (size_t k = 0; k < a->set->nevent; k++)
		if (strlen(a->set->event[k].name) == n && strncmp(a->set->event[k].name, name, n) == 0) {
			*v = a->value ? a->value[k] : 1;
			a->used[k] = a->value ? a->used[k] : 0;
			return 0;
		}
	return -ENOENT;
}

static double
formula(struct answering *a, const char *text, const double *value)
{
	const char *at;
	double v = 0;

	a->value = value;
	return formula_eval(text, value_of, a, &v, &at) == 0 ? v : 0;
}

/* All that the formula names, where all can be counted. */
static bool
gather(struct answering *a, const struct eventset *set, const char *text, const json_t *matrix)
{
	char why[256];

	a->set = set;
	for (size_t k = 0; k < EVENTS_MAX; k++)
		a->used[k] = -1;
	formula(a, text, NULL);
	for (size_t k = 0; k < set->nevent; k++) {
		const json_t *row = a->used[k] == 0 ? row_of(matrix, set->event[k].text) : NULL;

		if (a->used[k] < 0)
			continue;
		if (!json_is_true(json_object_get(row, "available")) ||
		    event_add(&a->list, set->event[k].text, why, sizeof why) < 0)
			return false;
		a->used[k] = (int)a->list.n - 1;
	}
	return a->list.n > 0;
}

/* What a place counted goes to its socket's side; a thread's and all CPUs' is near. */
static void
take(uint32_t event, struct event_place at, const struct counter_value *v, void *arg)
{
	struct answering *a = arg;
	const struct event *e = &a->list.event[event];
	const bool far = e->nplace && at.cpu >= 0 && uncore_socket(at.cpu) != a->socket;
	double n;

	if (counter_estimate(v, &n) < 0)
		return;
	for (size_t k = 0; k < a->set->nevent; k++)
		if (a->used[k] == (int)event)
			*(far ? &a->far[k] : &a->near[k]) += n * e->scale;
}

/* Once under the load.  How much it did; 0: nothing could be opened, or there is no such load. */
static double
count_load(struct answering *a, enum answer_load load)
{
	struct counters *own = NULL, *system = NULL;
	char *memory = answerload_new(load);
	double did = 0;

	memset(a->near, 0, sizeof a->near);
	memset(a->far, 0, sizeof a->far);
	if (memory && counters_open(&own, &a->list, SCOPE_THREAD) == 0 &&
	    counters_open(&system, &a->list, SCOPE_SYSTEM) == 0) {
		counters_start(system);
		counters_start(own);
		did = answerload_run(load, memory);
		counters_stop(own);
		counters_stop(system);
		counters_each(own, take, a);
		counters_each(system, take, a);
	}
	counters_close(own);
	counters_close(system);
	answerload_free(memory);
	return did;
}

/* The first CPU of the node that this thread may use; -1. */
static int
cpu_of(int node, const cpu_set_t *allowed)
{
	struct sysdir d;
	char list[1024];
	int lo, hi;

	if (node < 0 || sysfs_dir(&d, "devices/system/node/node%d", node) < 0 || sysfs_text(&d, "cpulist", list, sizeof list) < 0)
		return -1;
	for (const char *p = list, *next; p && (next = cpulist_next(p, &lo, &hi)) != p; p = next)
		for (int cpu = lo; cpu <= hi && cpu < CPU_SETSIZE; cpu++)
			if (CPU_ISSET(cpu, allowed))
				return cpu;
	return -1;
}

static void
check(struct answering *a, const struct eventset_answer *want, json_t *matrix)
{
	char why[160] = "";
	bool right = false;

	for (int k = 0; k < TRIES && !right; k++) {
		const double did = count_load(a, want->load);

		if (did == 0)
			return;
		right = answer_right(did, formula(a, want->formula, a->near), formula(a, want->formula, a->far), why, sizeof why);
	}
	for (size_t k = 0; k < a->set->nevent; k++) {
		json_t *row = a->used[k] < 0 ? NULL : row_of(matrix, a->set->event[k].text);

		if (row)
			json_object_set_new(row, right ? "proof" : "proof_why", json_string(right ? "checked" : why));
	}
}

void
answers_check(const struct eventset *set, json_t *matrix, int node)
{
	struct answering *a = calloc(1, sizeof *a);
	cpu_set_t before, one;
	int cpu;

	if (!a || !set->nanswer || sched_getaffinity(0, sizeof before, &before) < 0) {
		free(a);
		return;
	}
	cpu = cpu_of(node, &before);
	CPU_ZERO(&one);
	CPU_SET(cpu < 0 ? sched_getcpu() : cpu, &one);
	sched_setaffinity(0, sizeof one, &one);
	for (size_t k = 0; k < set->nanswer; k++) {
		memset(a, 0, sizeof *a);
		a->socket = uncore_socket(sched_getcpu());
		if (gather(a, set, set->answer[k].formula, matrix))
			check(a, &set->answer[k], matrix);
	}
	sched_setaffinity(0, sizeof before, &before);
	free(a);
}

void
answers_close(json_t *matrix)
{
	size_t i;
	json_t *row;

	json_array_foreach(matrix, i, row)
		if (!json_object_get(row, "proof"))
			json_object_set_new(row, "proof", json_string(json_is_true(json_object_get(row, "available")) ?
								       "open" : "n/a"));
}
