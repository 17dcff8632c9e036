/* SPDX-License-Identifier: BSD-2-Clause */
#include "human.h"

#include <math.h>
#include <stdio.h>

struct human_unit { const char *name; double size; };
static const struct human_unit times[] = { { "ns", 1 }, { "µs", 1e3 }, { "ms", 1e6 }, { "s", 1e9 } };
static const struct human_unit bandwidths[] = { { "kB/s", 1e-6 }, { "MB/s", 1e-3 }, { "GB/s", 1 } };

/* The largest unit that leaves at least 1, for a number that will be rounded. */
static const struct human_unit *
unit_for(const struct human_unit *u, size_t n, double v)
{
	size_t i = n - 1;

	while (i > 0 && v < u[i].size * 0.9995)
		i--;
	return &u[i];
}

static int
digits(double v)
{
	v = fabs(v);
	return v >= 99.95 || v == 0 ? 0 : v >= 9.995 ? 1 : 2;
}

static const char *
three(char *buf, double v, const struct human_unit *u, size_t n)
{
	u = unit_for(u, n, v);
	if (isnan(v))
		snprintf(buf, HUMAN_MAX, "-");
	else
		snprintf(buf, HUMAN_MAX, "%.*f %s", digits(v / u->size), v / u->size, u->name);
	return buf;
}

const char *
human_ns(char *buf, double ns)
{
	return three(buf, ns, times, sizeof(times) / sizeof(times[0]));
}

const char *
human_bandwidth(char *buf, double gbs)
{
	return three(buf, gbs, bandwidths, sizeof(bandwidths) / sizeof(bandwidths[0]));
}

const char *
human_size(char *buf, uint64_t bytes)
{
	static const char *const name[] = { "B", "KiB", "MiB", "GiB", "TiB" };
	size_t i = 0;

	while (i < 4 && bytes >= 1024 && bytes % 1024 == 0) {
		bytes /= 1024;
		i++;
	}
	snprintf(buf, HUMAN_MAX, "%llu %s", (unsigned long long)bytes, name[i]);
	return buf;
}

const char *
human_interval(char *buf, const struct interval *i)
{
	const struct human_unit *u = unit_for(times, sizeof(times) / sizeof(times[0]), i->est);
	int d = digits(i->est / u->size);

	if (isnan(i->est))
		snprintf(buf, HUMAN_MAX, "-");
	else if (!i->has)
		snprintf(buf, HUMAN_MAX, "%.*f [-] %s", d, i->est / u->size, u->name);
	else
		snprintf(buf, HUMAN_MAX, "%.*f [%.*f, %.*f] %s", d, i->est / u->size,
			 d, i->lo / u->size, d, i->hi / u->size, u->name);
	return buf;
}
