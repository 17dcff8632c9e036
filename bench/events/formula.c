/* SPDX-License-Identifier: BSD-2-Clause */
#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include "formula.h"

#define DEPTH_MAX 32

struct reader {
	const char *p;
	formula_name *name;
	void *arg;
	int depth, rc;			/* rc: the first failure; reading goes on to find worse */
};

static double sum(struct reader *);

static char
peek(struct reader *r)
{
	while (*r->p == ' ' || *r->p == '\t')
		r->p++;
	return *r->p;
}

/* No value is no mistake in the formula: one of those may still come. */
static double
failed(struct reader *r, int rc)
{
	if (r->rc == 0 || r->rc == -ENODATA)
		r->rc = rc;
	return 0;
}

static int
broken(const struct reader *r)
{
	return r->rc != 0 && r->rc != -ENODATA;
}

static double
name_value(struct reader *r)
{
	const char *from = r->p;
	double v = 0;
	int rc;

	while (isalnum((unsigned char)*r->p) || *r->p == '_')
		r->p++;
	rc = r->name(from, (size_t)(r->p - from), &v, r->arg);
	if (rc == 0)
		return v;
	if (rc != -ENODATA)
		r->p = from;
	return failed(r, rc);
}

static double
number_value(struct reader *r)
{
	char *end;
	double v;

	/* No hexadecimal, no inf or nan: strtod knows more than this grammar. */
	if (r->p[0] == '0' && (r->p[1] == 'x' || r->p[1] == 'X'))
		return failed(r, -EINVAL);
	v = strtod(r->p, &end);
	r->p = end;
	return v;
}

static double
factor(struct reader *r)
{
	const char c = peek(r);
	double v;

	if (isdigit((unsigned char)c))
		return number_value(r);
	if (isalpha((unsigned char)c) || c == '_')
		return name_value(r);
	if ((c != '(' && c != '-') || ++r->depth > DEPTH_MAX)
		return failed(r, -EINVAL);
	r->p++;
	v = c == '-' ? -factor(r) : sum(r);
	r->depth--;
	if (c == '(' && !broken(r)) {
		if (peek(r) != ')')
			return failed(r, -EINVAL);
		r->p++;
	}
	return v;
}

static double
product(struct reader *r)
{
	double v = factor(r), w;

	while (!broken(r) && (peek(r) == '*' || *r->p == '/')) {
		const char op = *r->p++;

		w = factor(r);
		if (op == '*')
			v *= w;
		else
			v = w == 0 ? failed(r, broken(r) ? r->rc : -ENODATA) : v / w;
	}
	return v;
}

static double
sum(struct reader *r)
{
	double v = product(r);

	while (!broken(r) && (peek(r) == '+' || *r->p == '-'))
		v += *r->p++ == '+' ? product(r) : -product(r);
	return v;
}

int
formula_eval(const char *text, formula_name *name, void *arg, double *result, const char **at)
{
	struct reader r = { .p = text, .name = name, .arg = arg };

	*result = sum(&r);
	if (!broken(&r) && peek(&r))
		failed(&r, -EINVAL);
	if (r.rc == 0 && !isfinite(*result))
		r.rc = -ENODATA;
	*at = r.p;
	return r.rc;
}
