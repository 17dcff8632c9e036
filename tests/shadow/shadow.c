/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * shadow.c -- every kernel of the registry on the shadow machine: each
 * parameter at least, a little more, default and greatest, or each choice;
 * sizes of words, a line and many; every pattern.  One line a kernel that
 * fails (which check, where, what), then `kernels PASSED FAILED SKIPPED`.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "case.h"
#include "machine.h"

static char failure[256];		/* the first of the running kernel */
static struct test_case *running;

static void
describe(char *buf, size_t len, const struct test_case *c)
{
	static const char *const patterns[] = { "seq", "strided", "random" };
	int n = snprintf(buf, len, "size=%zu pattern=%s page=%zu", c->size,
			 patterns[c->pattern], c->page);

	for (const struct param *p = c->k->params; p && p->name && n > 0 && (size_t)n < len; p++)
		n += snprintf(buf + n, len - (size_t)n, " %s=%llu", p->name,
			      (unsigned long long)case_param(c, p->name, 0));
}

void
fail(const char *check, const char *fmt, ...)
{
	char where[128] = "";
	va_list ap;
	int n;

	if (failure[0])
		return;
	if (running)
		describe(where, sizeof(where), running);
	n = snprintf(failure, sizeof(failure), "%s: (%s) ", check, where);
	va_start(ap, fmt);
	vsnprintf(failure + n, sizeof(failure) - (size_t)n, fmt, ap);
	va_end(ap);
}

static void
run_sizes(struct test_case *c)
{
	static const size_t sizes[] = { 8, 24, 64, 192, 512, 4096, 4608 };
	static const size_t pages[] = { 4096, 16384 };
	const uint64_t granule = c->k->granule ? c->k->granule : 8;

	for (size_t s = 0; s < sizeof(sizes) / sizeof(sizes[0]) && !failure[0]; s++)
		for (size_t p = 0; p < 2; p++) {
			c->size = sizes[s];
			c->page = pages[p];
			if (c->size % granule)
				continue;
			for (c->pattern = SEQ; c->pattern <= RANDOM; c->pattern++)
				case_run(c);
			c->pattern = SEQ;
			case_faults(c);
		}
}

/* Every combination of the values of the parameters from p on. */
static void
sweep(struct test_case *c, const struct param *p)
{
	uint64_t numbers[4];

	if (!p || !p->name) {
		run_sizes(c);
		return;
	}
	for (const struct choice *ch = p->choices; ch && ch->name; ch++) {
		const unsigned needs = c->needs, does = c->does;

		memcpy(c->opts + p->off, &ch->value, sizeof(ch->value));
		c->needs |= ch->needs;
		c->does &= ~ch->drops;
		sweep(c, p + 1);
		c->needs = needs;
		c->does = does;
	}
	if (p->choices)
		return;
	numbers[0] = p->min;
	numbers[1] = p->pow2 && p->min * 4 < p->max ? p->min * 4 : p->min;
	numbers[2] = p->def;
	numbers[3] = p->max;
	for (int k = 0; k < 4; k++) {
		int again = 0;

		for (int j = 0; j < k; j++)
			again |= numbers[j] == numbers[k];
		memcpy(c->opts + p->off, &numbers[k], sizeof(numbers[k]));
		if (!again)
			sweep(c, p + 1);
	}
}

int
main(void)
{
	static struct test_case c;
	int count[3] = { 0 };		/* passed, failed, skipped */

	for (const struct entry *e = registry; e->k; e++) {
		failure[0] = 0;
		running = NULL;
		check_declaration(e->k, e->symbol);
		c = (struct test_case){ .k = e->k, .needs = e->k->needs, .does = e->k->does };
		running = &c;
		if (!failure[0] && e->k->needs & CAP_LIBPMEM) {
			printf("skip %s: built without its library\n", e->k->name);
			count[2]++;
			continue;
		}
		if (!failure[0])
			sweep(&c, e->k->params);
		if (!failure[0] && !c.ran)
			fail("declaration", "lays out more than the shadow machine has, whatever the size");
		if (failure[0])
			printf("FAIL %s %s\n", e->k->name, failure);
		count[failure[0] != 0]++;
	}
	printf("kernels %d %d %d\n", count[0], count[1], count[2]);
	return count[1] != 0;
}
