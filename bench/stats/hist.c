/* SPDX-License-Identifier: BSD-2-Clause */
#include "hist.h"

#include <math.h>
#include <string.h>

void
hist_reset(struct hist *h)
{
	memset(h, 0, sizeof(*h));
	h->min = UINT32_MAX;
}

void
hist_merge(struct hist *to, const struct hist *from)
{
	if (from->n == 0)
		return;
	for (size_t i = 0; i < HIST_BUCKETS; i++)
		if (__builtin_add_overflow(to->count[i], from->count[i], &to->count[i]))
			to->count[i] = UINT32_MAX;
	to->n += from->n;
	to->sum += from->sum;
	if (from->min < to->min)
		to->min = from->min;
	if (from->max > to->max)
		to->max = from->max;
}

static struct hist_bin
bucket(const struct hist *h, uint32_t i)
{
	uint32_t shift = i < 2 * HIST_SUB ? 0 : (i >> HIST_SUB_BITS) - 1;
	uint32_t lo = (i - (shift << HIST_SUB_BITS)) << shift;
	uint32_t hi = lo + (1u << shift) - 1;

	return (struct hist_bin){ .lo = lo < h->min ? h->min : lo, .hi = hi > h->max ? h->max : hi,
				  .count = h->count[i] };
}

bool
hist_next(const struct hist *h, size_t *at, struct hist_bin *bin)
{
	for (; *at < HIST_BUCKETS; (*at)++) {
		if (h->count[*at] == 0)
			continue;
		*bin = bucket(h, (uint32_t)(*at)++);
		return true;
	}
	return false;
}

bool
hist_supports(uint64_t n, double p)
{
	/* 1 - 0.99999 is a little under 0.00001 in binary. */
	return (double)n * (1 - p) >= 100 - 1e-6;
}

static uint64_t
rank_of(uint64_t n, double p)
{
	double r = ceil(p * (double)n * (1 - 1e-12));

	return r < 1 ? 1 : r > (double)n ? n : (uint64_t)r;
}

static double
middle(struct hist_bin b)
{
	return b.lo + (b.hi - b.lo) / 2.0;
}

/* Where in a bin the middle of total values lies, when `below` of them are under it. */
static double
grouped(struct hist_bin b, double below, double total, double quantum)
{
	const double width = fmax(quantum, (double)b.hi - b.lo + 1);

	return fmax(0, middle(b) + width * ((total / 2 - below) / (double)b.count - 0.5));
}

double
hist_median(const struct hist *h, double quantum)
{
	double below = 0;
	struct hist_bin b = { 0 };

	for (size_t at = 0; hist_next(h, &at, &b); below += (double)b.count)
		if (below + (double)b.count >= (double)h->n / 2)
			return grouped(b, below, (double)h->n, quantum);
	return h->n ? middle(b) : 0;	/* counts saturated */
}

double
hist_bins_median(const struct hist_bin *bin, size_t n, uint64_t total, double quantum)
{
	double below = 0;

	for (size_t i = 0; i < n; below += (double)bin[i++].count)
		if (bin[i].count && below + (double)bin[i].count >= (double)total / 2)
			return grouped(bin[i], below, (double)total, quantum);
	return n && total ? middle(bin[n - 1]) : 0;
}

double
hist_percentile(const struct hist *h, double p)
{
	uint64_t rank = rank_of(h->n, p), seen = 0;
	struct hist_bin b = { 0 };
	size_t at = 0;

	while (seen < rank && hist_next(h, &at, &b))
		seen += b.count;
	return h->n ? middle(b) : 0;
}

double
hist_bins_percentile(const struct hist_bin *bin, size_t n, uint64_t total, double p)
{
	uint64_t rank = rank_of(total, p), seen = 0;
	size_t i = 0;

	if (n == 0 || total == 0)
		return 0;
	for (; i < n; i++) {
		seen += bin[i].count;
		if (seen >= rank)
			break;
	}
	return middle(bin[i < n ? i : n - 1]);
}
