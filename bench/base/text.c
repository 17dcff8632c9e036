/* SPDX-License-Identifier: BSD-2-Clause */
#include "text.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

struct unit { const char *name; uint64_t num; };
static const struct unit size_units[] = {
	{ "", 1 }, { "K", 1ull << 10 }, { "M", 1ull << 20 }, { "G", 1ull << 30 }, { "T", 1ull << 40 },
	{ 0 },
};
static const struct unit time_units[] = {
	{ "ns", 1 }, { "us", 1000 }, { "ms", 1000000 }, { "s", 1000000000 },
	{ 0 },
};
static const struct unit no_units[] = { { "", 1 }, { 0 } };

/* The digits at *s; *s moves behind them. */
static int
digits(const char **s, uint64_t *out)
{
	const char *p = *s;
	uint64_t n = 0;
	int rc = 0;

	if (*p < '0' || *p > '9' || (*p == '0' && p[1] >= '0' && p[1] <= '9'))
		return -EINVAL;
	for (; *p >= '0' && *p <= '9'; p++)
		if (n > (INT64_MAX - (uint64_t)(*p - '0')) / 10)
			rc = -ERANGE;
		else
			n = n * 10 + (uint64_t)(*p - '0');
	*s = p;
	*out = n;
	return rc;
}

static int
with_unit(const char *s, const struct unit *units, uint64_t *out)
{
	uint64_t n;
	int rc = digits(&s, &n);

	if (rc == -EINVAL)
		return rc;
	for (const struct unit *u = units; u->name; u++) {
		if (strcmp(s, u->name))
			continue;
		if (rc || n > INT64_MAX / u->num)
			return -ERANGE;
		*out = n * u->num;
		return 0;
	}
	return -EINVAL;
}

int
text_count(const char *s, uint64_t *out)
{
	return with_unit(s, no_units, out);
}

int
text_size(const char *s, uint64_t *out)
{
	return with_unit(s, size_units, out);
}

int
text_time(const char *s, uint64_t *out)
{
	if (!strcmp(s, "0")) {
		*out = 0;
		return 0;
	}
	return with_unit(s, time_units, out);
}

int
text_percent(const char *s, uint64_t *out)
{
	uint64_t whole, frac = 0, scale = 1000;
	int rc = digits(&s, &whole);

	if (rc)
		return rc;
	if (*s == '.') {
		if (*++s < '0' || *s > '9')
			return -EINVAL;
		for (; *s >= '0' && *s <= '9'; s++) {
			if (scale == 1)
				return -EINVAL;
			scale /= 10;
			frac += (uint64_t)(*s - '0') * scale;
		}
	}
	if (strcmp(s, "") && strcmp(s, "%"))
		return -EINVAL;
	if (whole > INT64_MAX / 1000 - 1)
		return -ERANGE;
	*out = whole * 1000 + frac;
	return 0;
}

int
text_list(const char *s)
{
	uint64_t total = 0;

	do {
		uint64_t lo, hi;

		if (digits(&s, &lo))
			return -EINVAL;
		hi = lo;
		if (*s == '-' && (s++, digits(&s, &hi)))
			return -EINVAL;
		if (hi < lo)
			return -EINVAL;
		if (hi > UINT16_MAX || (total += hi - lo + 1) > 4096)
			return -ERANGE;
	} while (*s == ',' && s++);
	return *s ? -EINVAL : (int)total;
}

bool
text_name_ok(const char *s)
{
	const size_t n = strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

	return n > 0 && n <= 64 && !s[n];
}

bool
text_line_ok(const char *s, size_t max)
{
	size_t n = 0;

	for (; s[n]; n++)
		if ((unsigned char)s[n] < ' ' || s[n] == 0x7f)
			return false;
	return n > 0 && n <= max;
}

const char *
text_put_count(char *buf, uint64_t n)
{
	snprintf(buf, TEXT_NUM, "%" PRIu64, n);
	return buf;
}

/* The largest unit that divides it. */
static const char *
put_unit(char *buf, uint64_t n, const struct unit *units)
{
	const struct unit *best = units;

	for (const struct unit *u = units; u->name; u++)
		if (n % u->num == 0)
			best = u;
	if (!n)
		return text_put_count(buf, 0);
	snprintf(buf, TEXT_NUM, "%" PRIu64 "%s", n / best->num, best->name);
	return buf;
}

const char *
text_put_size(char *buf, uint64_t n)
{
	return put_unit(buf, n, size_units);
}

const char *
text_put_time(char *buf, uint64_t n)
{
	return put_unit(buf, n, time_units);
}

const char *
text_put_percent(char *buf, uint64_t n)
{
	int len = snprintf(buf, TEXT_NUM - 1, "%" PRIu64 ".%03u", n / 1000, (unsigned)(n % 1000));

	while (buf[len - 1] == '0')
		len--;
	if (buf[len - 1] == '.')
		len--;
	strcpy(buf + len, "%");
	return buf;
}

/* Edits from a to b: insert, delete, replace, swap of neighbours; words of up to 64. */
enum { WORD = 64 };

static size_t
distance(const char *a, const char *b)
{
	const size_t la = strlen(a), lb = strlen(b);
	size_t row[3][WORD + 1];
	size_t *two = row[0], *one = row[1], *now = row[2];

	if (la > WORD || lb > WORD)
		return SIZE_MAX;
	for (size_t j = 0; j <= lb; j++)
		now[j] = j;
	for (size_t i = 1; i <= la; i++) {
		size_t *const spare = two;

		two = one;
		one = now;
		now = spare;
		now[0] = i;
		for (size_t j = 1; j <= lb; j++) {
			size_t d = one[j - 1] + (a[i - 1] != b[j - 1]);

			if (one[j] + 1 < d)
				d = one[j] + 1;
			if (now[j - 1] + 1 < d)
				d = now[j - 1] + 1;
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] && two[j - 2] + 1 < d)
				d = two[j - 2] + 1;
			now[j] = d;
		}
	}
	return now[lb];
}

void
text_word(const char *s, FILE *out)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._/,:=+-%@";

	if (s[0] && !s[strspn(s, plain)]) {
		fputs(s, out);
		return;
	}
	fputc('\'', out);
	for (; *s; s++)
		if (*s == '\'')
			fputs("'\\''", out);
		else
			fputc(*s, out);
	fputc('\'', out);
}

void
guess_start(struct guess *g, const char *word)
{
	*g = (struct guess){ .word = word, .cost = strlen(word) / 3 + 2 };
}

void
guess_try(struct guess *g, const char *candidate)
{
	const size_t d = distance(g->word, candidate);

	if (d < g->cost && d < strlen(candidate)) {
		g->best = candidate;
		g->cost = d;
	}
}
