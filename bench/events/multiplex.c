/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <string.h>
#include "multiplex.h"

struct counter_value
counter_place(uint64_t value, uint64_t enabled_ns, uint64_t running_ns)
{
	struct counter_value v = { .value = value, .enabled_ns = enabled_ns, .running_ns = running_ns };

	if (running_ns && running_ns < enabled_ns)
		v.scaled = (double)value * ((double)enabled_ns / (double)running_ns);
	else if (running_ns)
		v.scaled = (double)value;
	else if (enabled_ns)
		v.rc = -ENODATA;
	return v;
}

struct counter_value
counter_since(const struct counter_value *now, const struct counter_value *before)
{
	struct counter_value v = counter_place(now->value - before->value, now->enabled_ns - before->enabled_ns,
					       now->running_ns - before->running_ns);

	if (now->rc)
		v.rc = now->rc;
	return v;
}

void
counter_add(struct counter_value *sum, const struct counter_value *v)
{
	sum->value += v->value;
	sum->scaled += v->scaled;
	sum->enabled_ns += v->enabled_ns;
	sum->running_ns += v->running_ns;
	if (sum->rc == 0)
		sum->rc = v->rc;
	if (sum->rc)
		sum->running_ns = 0;
}

int
counter_estimate(const struct counter_value *v, double *count)
{
	*count = 0;
	if (v->rc || !v->running_ns)
		return v->rc ? v->rc : -ENODATA;
	*count = v->scaled;
	return 0;
}

int
counter_unpack(const void *raw, size_t got, size_t n, struct counter_value *v)
{
	uint64_t head[3], value;	/* how many, enabled, running */

	if (got != (3 + n) * sizeof *head)
		return -EIO;
	memcpy(head, raw, sizeof head);
	if (head[0] != n || head[2] > head[1])
		return -EIO;
	for (size_t i = 0; i < n; i++) {
		memcpy(&value, (const char *)raw + (3 + i) * sizeof value, sizeof value);
		v[i] = counter_place(value, head[1], head[2]);
	}
	return 0;
}
