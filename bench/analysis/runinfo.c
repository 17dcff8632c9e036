/* SPDX-License-Identifier: BSD-2-Clause */
/* What rundir.h says about run.json. */
#include "rundir.h"

#include <math.h>
#include <string.h>

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
