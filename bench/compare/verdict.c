/* SPDX-License-Identifier: BSD-2-Clause */
#include "verdict.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

const char *const outcome_name[OUTCOMES] = {
	[OUTCOME_FASTER] = "faster", [OUTCOME_SLOWER] = "slower", [OUTCOME_SAME] = "same",
	[OUTCOME_UNCLEAR] = "unclear", [OUTCOME_SINGLE] = "n=1",
};

double
compare_least_p(bool paired, size_t a, size_t b)
{
	double x = (double)a, y = (double)b;

	if (a == 0 || b == 0)
		return 1;
	if (paired)
		return fmin(1, exp2(1 - x));
	return fmin(1, 2 * exp(lgamma(x + 1) + lgamma(y + 1) - lgamma(x + y + 1)));
}

/* Holm multiplies the least p by the number of rows: below alpha, not at it. */
size_t
compare_carries(bool paired, size_t a, size_t b)
{
	double rows = ceil(COMPARE_ALPHA / compare_least_p(paired, a, b)) - 1;

	return rows < 1e9 ? (size_t)rows : 1000000000;
}

size_t
compare_units_for(bool paired, size_t rows)
{
	size_t n = 2;

	while (compare_carries(paired, n, n) < rows)
		n++;
	return n;
}

/* z of a standard normal with this tail above it. */
static double
upper_z(double tail)
{
	double lo = 0, hi = 40;

	for (int i = 0; i < 80; i++) {
		double mid = (lo + hi) / 2;

		if (erfc(mid / M_SQRT2) / 2 > tail)
			lo = mid;
		else
			hi = mid;
	}
	return hi;
}

static double
log_variance(const double *x, const double *y, size_t n)
{
	double sum = 0, square = 0;

	for (size_t i = 0; i < n; i++)
		sum += log(x[i]) - (y ? log(y[i]) : 0);
	for (size_t i = 0; i < n; i++) {
		double d = log(x[i]) - (y ? log(y[i]) : 0) - sum / (double)n;

		square += d * d;
	}
	return n > 1 ? square / (double)(n - 1) : NAN;
}

/* Standard error of log ratio: from the interval, and from the spread where there is none. */
static double
standard_error(const struct contest *c)
{
	if (c->inner.has)
		return log(c->inner.hi / c->inner.lo) / 2 / upper_z(0.05);
	if (c->paired)
		return sqrt(log_variance(c->cand, c->base, c->nbase) / (double)c->nbase);
	return sqrt(log_variance(c->cand, NULL, c->ncand) / (double)c->ncand +
		    log_variance(c->base, NULL, c->nbase) / (double)c->nbase);
}

/*
 * Units that would settle it four times in five, if effect and spread stay as they
 * are: the error shrinks with the root of n, and the test must carry the table.
 */
static size_t
needs(const struct contest *c, size_t rows, double margin)
{
	const double power = upper_z(0.2), m = log1p(margin), d = fabs(log(c->ratio.est));
	double n = (double)(c->nbase < c->ncand ? c->nbase : c->ncand), error = standard_error(c), want;
	size_t least = compare_units_for(c->paired, d > m ? rows : 1);

	if (d > m)
		want = fmin(d / (upper_z(COMPARE_ALPHA / 2 / (double)rows) + power),
			    (d - m) / (upper_z(COMPARE_ALPHA) + power));
	else
		want = (m - d) / (upper_z(COMPARE_ALPHA) + power);
	n = fmax(ceil(n * pow(error / want, 2)), n + 1);
	if (!(n < COMPARE_NEEDS_MAX))
		return COMPARE_NEEDS_MAX;
	return (size_t)n > least ? (size_t)n : least;
}

static void
decide(struct contest *c, size_t rows, double margin)
{
	const double most = 1 + margin, least = 1 / most;
	bool told = c->holm < COMPARE_ALPHA && c->ratio.has;

	c->verdict = OUTCOME_UNCLEAR;
	if (told && c->ratio.lo > 1 && c->inner.lo > most)
		c->verdict = OUTCOME_SLOWER;
	else if (told && c->ratio.hi < 1 && c->inner.hi < least)
		c->verdict = OUTCOME_FASTER;
	else if (c->inner.has && c->inner.lo > least && c->inner.hi < most)
		c->verdict = OUTCOME_SAME;
	else
		c->needs = needs(c, rows, margin);
}

static int
measure(struct contest *c)
{
	static const double conf[] = { 0.95, 0.90 };
	struct interval at[2];
	struct test t;
	double *log_ratio;
	int err;

	c->p = c->holm = NAN;
	c->needs = 0;
	if (!c->paired) {
		err = stats_ratio_two(c->cand, c->ncand, c->base, c->nbase, conf, 2, at);
		if (err == 0 && c->nbase > 1 && c->ncand > 1)
			err = stats_rank_sum(c->cand, c->ncand, c->base, c->nbase, &t);
	} else {
		err = stats_ratio_paired(c->cand, c->base, c->nbase, conf, 2, at);
		log_ratio = err == 0 ? malloc(c->nbase * sizeof(*log_ratio)) : NULL;
		if (err == 0 && log_ratio == NULL)
			err = -ENOMEM;
		for (size_t i = 0; err == 0 && i < c->nbase; i++)
			log_ratio[i] = log(c->cand[i]) - log(c->base[i]);
		if (err == 0)
			err = stats_signed_rank(log_ratio, c->nbase, &t);
		free(log_ratio);
	}
	if (err == 0 && c->nbase > 1 && c->ncand > 1 && !c->blind)
		c->p = t.p;
	c->ratio = at[0];
	c->inner = at[1];
	return err;
}

int
compare_judge(struct contest *c, size_t n, double margin)
{
	double *p = malloc((n ? n : 1) * sizeof(*p));
	size_t rows = 0, at = 0;
	int err = p ? 0 : -ENOMEM;

	for (size_t i = 0; i < n && err == 0; i++) {
		err = measure(&c[i]);
		if (err == 0 && !isnan(c[i].p))
			p[rows++] = c[i].p;
	}
	if (err == 0)
		err = stats_holm(p, rows);
	for (size_t i = 0; i < n && err == 0; i++) {
		c[i].verdict = c[i].blind ? OUTCOME_UNCLEAR : OUTCOME_SINGLE;
		if (isnan(c[i].p))
			continue;
		c[i].holm = p[at++];
		decide(&c[i], rows, margin);
	}
	free(p);
	return err;
}
