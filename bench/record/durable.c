/* SPDX-License-Identifier: BSD-2-Clause */
#include "durable.h"

#include <stdio.h>
#include <string.h>

const char *const durable_name[DURABLES] = { "no", "metadata-unsafe", "eadr-only", "yes", "" };

enum durable_class
durable_parse(const char *s)
{
	int d = 0;

	while (d < DURABLE_UNKNOWN && strcmp(durable_name[d], s) != 0)
		d++;
	return (enum durable_class)d;
}

const char *
durable_says(enum durable_class d, enum medium m)
{
	if (d == DURABLE_UNKNOWN)
		return "unknown";
	return d == DURABLE_YES && !medium_persistent(m) ? "yes, if pmem" : durable_name[d];
}

const char *
durable_tested(char *buf, enum durable_class d, enum medium m, const char *tested)
{
	const bool seen = *tested && strcmp(tested, "rule") != 0;

	snprintf(buf, DURABLE_TEXT, "%s%s%s", durable_says(d, m), seen ? ", " : "", seen ? tested : "");
	return buf;
}
