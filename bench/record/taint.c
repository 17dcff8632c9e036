/* SPDX-License-Identifier: BSD-2-Clause */
#include "taint.h"

#include <string.h>

const struct taint_row taint_rows[TAINT_COUNT] = {
#define X(id, name, doc) { name, doc },
	TAINT_LIST(X)
#undef X
};

json_t *
taints_json(uint32_t available)
{
	json_t *yes = json_array(), *no = json_array();

	for (int k = 0; k < TAINT_COUNT; k++)
		json_array_append_new(available >> k & 1 ? yes : no, json_string(taint_rows[k].name));
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
		if (applies >> k & 1 || !listed(json_object_get(taints, "available"), taint_rows[k].name))
			continue;
		of = json_object_get(none, taint_rows[k].name);
		if (!of)
			json_object_set_new(none, taint_rows[k].name, of = json_array());
		if (listed(of, kernel))
			continue;
		json_array_append_new(of, json_string(kernel));
		news = true;
	}
	return news;
}

uint32_t
taints_parse(const json_t *names)
{
	uint32_t mask = 0;

	for (int k = 0; k < TAINT_COUNT; k++)
		mask |= (uint32_t)listed(names, taint_rows[k].name) << k;
	return mask;
}
