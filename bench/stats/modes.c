/* SPDX-License-Identifier: BSD-2-Clause */
#include "modes.h"

#include <math.h>

bool
modes_two(const double *x, size_t n, double step)
{
	size_t side = (3 * n + 9) / 10, gaps = n + 1 - 2 * side;
	double range, widest = 0, median;

	if (n < MODES_LEAST)
		return false;
	range = x[n - 1] - x[0];
	median = (x[(n - 1) / 2] + x[n / 2]) / 2;
	for (size_t i = side; i <= n - side; i++)
		widest = fmax(widest, x[i] - x[i - 1]);
	if (!(widest > MODES_EFFECT * fabs(median)) || !(widest > 2 * step))
		return false;
	return widest > range * (1 - pow(MODES_ALARM / (double)gaps, 1 / (double)(n - 2)));
}
