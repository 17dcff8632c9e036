/* SPDX-License-Identifier: BSD-2-Clause */
#include "outlier.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "stats.h"

int
outlier_z(const double *x, size_t n, double *z, double *median)
{
	double *off = malloc((n ? n : 1) * sizeof *off), sum = 0, scale;
	struct interval m, mad;
	int err = off ? stats_median(x, n, 0.95, &m) : -ENOMEM;

	for (size_t i = 0; i < n && err == 0; i++) {
		off[i] = fabs(x[i] - m.est);
		sum += off[i];
	}
	if (err == 0)
		err = stats_median(off, n, 0.95, &mad);
	free(off);
	if (err < 0)
		return err;
	*median = m.est;
	scale = mad.est > 0 ? mad.est / 0.6745 : n ? 1.253314 * sum / (double)n : 0;
	for (size_t i = 0; i < n; i++)
		z[i] = scale > 0 ? (x[i] - m.est) / scale : 0;
	return 0;
}
