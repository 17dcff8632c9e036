/* SPDX-License-Identifier: BSD-2-Clause */
#include "taints.h"

#include <errno.h>
#include <string.h>

#include "csv.h"
#include "why.h"

static const struct taint_row row[TAINT_COUNT] = {
#define X(id, name, doc) { name, doc },
	TAINT_LIST(X)
#undef X
};

const char *
taint_name(enum taint_bit k)
{
	return row[k].name;
}

const char *
taint_doc(enum taint_bit k)
{
	return row[k].doc;
}

json_t *
taints_json(uint32_t available)
{
	json_t *yes = json_array(), *no = json_array();

	for (int k = 0; k < TAINT_COUNT; k++)
		json_array_append_new(available >> k & 1 ? yes : no, json_string(row[k].name));
	return json_pack("{s:o, s:o, s:{}}", "available", yes, "unavailable", no, "not_applicable");
}

static bool
listed(const json_t *list, const char *name)
{
	json_t *x;
	size_t i;

	json_array_foreach(list, i, x)
		if (json_is_string(x) && strcmp(json_string_value(x), name) == 0)
			return true;
	return false;
}

bool
taints_note(json_t *taints, const char *kernel, uint32_t applies)
{
	json_t *none = json_object_get(taints, "not_applicable"), *of;
	bool news = false;

	for (int k = 0; json_is_object(none) && k < TAINT_COUNT; k++) {
		if (applies >> k & 1 || !listed(json_object_get(taints, "available"), row[k].name))
			continue;
		of = json_object_get(none, row[k].name);
		if (!of)
			json_object_set_new(none, row[k].name, of = json_array());
		if (listed(of, kernel))
			continue;
		json_array_append_new(of, json_string(kernel));
		news = true;
	}
	return news;
}

static void
find_available(struct taints *t, const struct run *run)
{
	const json_t *list = run_json(run, "taints.available");

	t->known = json_is_array(list);
	for (int k = 0; k < TAINT_COUNT; k++)
		t->available[k] = listed(list, row[k].name);
}

static void
add(struct taints *t, uint64_t mask)
{
	t->windows++;
	t->tainted += mask != 0;
	for (int k = 0; k < TAINT_COUNT; k++)
		t->by[k] += mask >> k & 1;
}

/* The rows of a window stand together, one a thread. */
static int
repeat(struct taints *t, struct csv *c, const int *col, const struct run_repeat *r)
{
	uint64_t window, taint, last = UINT64_MAX, mask = 0;
	int got;

	c->limit = r->samples_end;
	while ((got = csv_next(c)) > 0) {
		if (csv_u64(c, col[0], &window) < 0 || csv_u64(c, col[1], &taint) < 0)
			return -EINVAL;
		if (!r->timed || !r->ok)
			continue;
		if (last != UINT64_MAX && window != last) {
			add(t, mask);
			mask = 0;
		}
		last = window;
		mask |= taint;
	}
	if (last != UINT64_MAX)
		add(t, mask);
	return got;
}

int
taints_count(struct taints *t, const struct run *run, char *why, size_t len)
{
	static const char *const names[] = { "window", "taint", NULL };
	struct csv c;
	int col[2], err;

	*t = (struct taints){ 0 };
	find_available(t, run);
	err = csv_open(&c, run->fd, "samples.csv");
	if (err == 0)
		err = csv_columns(&c, names, col);
	for (size_t i = 0; i < run->nrepeat && err == 0; i++)
		err = repeat(t, &c, col, &run->repeat[i]);
	if (err == -ENOENT)
		err = 0;
	if (err < 0)
		why_set(why, len, -err, "%s/%s", run->dir, c.error);
	csv_close(&c);
	return err;
}
