/* SPDX-License-Identifier: BSD-2-Clause */
#include "keyval.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include "text.h"

static int
in_range(const struct key *k, int rc, const uint64_t *num)
{
	return rc ? rc : *num < k->min || *num > k->max ? -ERANGE : 0;
}

static int
choice_value(const struct choice *c, const char *text, uint64_t *num, const char **canon)
{
	for (; c->name; c++)
		if (!strcmp(c->name, text)) {
			*num = c->value;
			*canon = c->name;
			return 0;
		}
	return -EINVAL;
}

static int
threads_value(const struct key *k, const char *text, uint64_t *num, const char **canon, char *buf)
{
	char digits[8];
	const size_t n = strlen(text);
	int rc;

	if (!strcmp(text, "socket")) {
		*num = THREADS_SOCKET;
		return 0;
	}
	if (n < 2 || n > sizeof(digits) || text[n - 1] != '%') {
		rc = in_range(k, text_count(text, num), num);
		if (!rc)
			*canon = text_put_count(buf, *num);
		return rc;
	}
	memcpy(digits, text, n - 1);
	digits[n - 1] = 0;
	rc = text_count(digits, num);
	if (!rc && (*num < 1 || *num > 100))
		rc = -ERANGE;
	*num += THREADS_PERCENT;
	return rc;
}

static int
list_value(const char *text, uint64_t count, uint64_t *num)
{
	const int n = text_list(text);

	if (n < 0)
		return n;
	*num = count ? count : (uint64_t)n;
	return 0;
}

/* "0-3,8", or "0-3,8*4": so often over. */
static int
cpus_value(const char *text, uint64_t *num)
{
	const size_t n = strcspn(text, "*");
	char list[256];
	uint64_t each = 1;
	int rc;

	if (n >= sizeof list)
		return -EINVAL;
	memcpy(list, text, n);
	list[n] = 0;
	if (text[n] && (text_count(text + n + 1, &each) < 0 || !each || each > 64))
		return -EINVAL;
	rc = list_value(list, 0, num);
	*num *= each;
	return rc;
}

static int
placement_value(const char *text, uint64_t *num)
{
	if (strcmp(text, "local") && strcmp(text, "remote"))
		return list_value(text, PLACE_NODES, num);
	*num = text[0] == 'l' ? PLACE_LOCAL : PLACE_REMOTE;
	return 0;
}

int
key_value(const struct key *k, const char *text, uint64_t *num, const char **canon, char *buf)
{
	int rc;

	*num = 0;
	*canon = text;
	if (k->automatic && !strcmp(text, "auto"))
		return 0;
	switch (k->type) {
	case KEY_NAME:
		return text_name_ok(text) || (!text[0] && k->def && !k->def[0]) ? 0 : -EINVAL;
	case KEY_TEXT:
		return text_line_ok(text, 4095) ? 0 : -EINVAL;
	case KEY_SIZE:
		rc = in_range(k, text_size(text, num), num);
		*canon = text_put_size(buf, *num);
		return rc;
	case KEY_COUNT:
		rc = in_range(k, text_count(text, num), num);
		*canon = text_put_count(buf, *num);
		return rc;
	case KEY_TIME:
		rc = in_range(k, text_time(text, num), num);
		*canon = text_put_time(buf, *num);
		return rc;
	case KEY_PERCENT:
		rc = in_range(k, text_percent(text, num), num);
		*canon = text_put_percent(buf, *num);
		return rc;
	case KEY_CHOICE:
		return choice_value(k->choices, text, num, canon);
	case KEY_THREADS:
		return threads_value(k, text, num, canon, buf);
	case KEY_CPUS:
		return cpus_value(text, num);
	case KEY_PLACEMENT:
		return placement_value(text, num);
	case KEY_BOOL:
		*num = !strcmp(text, "true");
		return *num || !strcmp(text, "false") ? 0 : -EINVAL;
	case KEY_TREE:
		break;
	}
	return -EINVAL;
}

int
param_value(const struct param *p, const char *text, uint64_t *num, const char **canon, char *buf)
{
	int rc;

	*num = 0;
	*canon = text;
	if (p->choices)
		return choice_value(p->choices, text, num, canon);
	rc = text_size(text, num);
	*canon = text_put_count(buf, *num);
	if (rc)
		return rc;
	if (*num < p->min || *num > p->max || (p->pow2 && (*num & (*num - 1))))
		return -ERANGE;
	return 0;
}

static void put(char *buf, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static void
put(char *buf, const char *fmt, ...)
{
	const size_t used = strlen(buf);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(buf + used, KEY_EXPECTS - used, fmt, ap);
	va_end(ap);
}

static void
put_choices(char *buf, const struct choice *c)
{
	for (const struct choice *i = c; i->name; i++)
		put(buf, "%s%s", i == c ? "" : i[1].name ? ", " : " or ", i->name);
}

static void
put_range(char *buf, const char *what, const struct key *k, const char *(*text)(char *, uint64_t), const char *eg)
{
	char lo[TEXT_NUM], hi[TEXT_NUM];

	put(buf, "%s from %s to %s%s", what, text(lo, k->min), text(hi, k->max), eg);
}

const char *
key_expects(const struct key *k, char *buf)
{
	buf[0] = 0;
	switch (k->type) {
	case KEY_NAME:
		put(buf, "a name: 1 to 64 of A-Z a-z 0-9 . _ -");
		break;
	case KEY_TEXT:
		put(buf, k->kinds ? "a path of one line" : "text of one line, or a list of such");
		break;
	case KEY_SIZE:
		put_range(buf, "a size", k, text_put_size, k->max < 1ull << 30 ? ", such as 64 or 4K" :
			  k->min > 64 ? ", such as 1M or 1G" : ", such as 64, 4K or 1G");
		break;
	case KEY_COUNT:
		put_range(buf, "a whole number", k, text_put_count, "");
		break;
	case KEY_TIME:
		put_range(buf, "a time", k, text_put_time, k->min > 500000 ? ", such as 20ms or 1s" :
			  ", such as 500us, 20ms or 1s");
		break;
	case KEY_PERCENT:
		put_range(buf, "a percentage", k, text_put_percent, "");
		break;
	case KEY_CHOICE:
		put_choices(buf, k->choices);
		break;
	case KEY_THREADS:
		put(buf, "a number from 1 to 4096, 1%% to 100%%, socket");
		break;
	case KEY_CPUS:
		put(buf, "a CPU list such as \"0-3,8\" or \"0-3*4\"");
		break;
	case KEY_PLACEMENT:
		put(buf, "local, remote or a NUMA node list such as \"0,2\"");
		break;
	case KEY_BOOL:
		put(buf, "true or false");
		break;
	case KEY_TREE:
		put(buf, "a list");
		break;
	}
	if (k->automatic)
		put(buf, " or auto");
	return buf;
}

const char *
param_expects(const struct param *p, char *buf)
{
	char lo[TEXT_NUM], hi[TEXT_NUM];

	buf[0] = 0;
	if (p->choices)
		put_choices(buf, p->choices);
	else
		put(buf, "%s from %s to %s", p->pow2 ? "a power of two" : "a number",
		    text_put_count(lo, p->min), text_put_count(hi, p->max));
	return buf;
}

static const char *
choice_guess(const struct choice *c, const char *text)
{
	struct guess g;

	guess_start(&g, text);
	for (; c->name; c++)
		guess_try(&g, c->name);
	return g.best;
}

static bool
one_of(const char *text, const char *const *words)
{
	while (*words && strcasecmp(text, *words))
		words++;
	return *words;
}

/* 4k, 4KB, 4KiB: as it should be. */
static const char *
size_guess(const char *text, char *buf)
{
	size_t n = strspn(text, "0123456789");

	if (!n || !text[n] || n + 2 > KEY_CANON || !strchr("kKmMgGtT", text[n]) ||
	    (strcasecmp(text + n + 1, "") && strcasecmp(text + n + 1, "b") && strcasecmp(text + n + 1, "ib")))
		return NULL;
	memcpy(buf, text, n);
	buf[n] = (char)(text[n] & ~0x20);
	buf[n + 1] = 0;
	return buf;
}

const char *
key_guess(const struct key *k, const char *text, char *buf)
{
	static const char *const yes[] = { "yes", "on", "true", "1", NULL }, *const no[] = { "no", "off", "false", "0", NULL };
	static const struct choice places[] = { { .name = "local" }, { .name = "remote" }, { 0 } };
	static const struct choice counts[] = { { .name = "socket" }, { .name = "auto" }, { 0 } };
	char canon[KEY_CANON];
	const char *best = NULL;
	uint64_t num;

	if (k->type == KEY_SIZE)
		best = size_guess(text, buf);
	else if (k->type == KEY_TIME && strlen(text) + 3 < KEY_CANON)
		best = strcat(strcpy(buf, text), "ms");
	else if (k->type == KEY_BOOL)
		best = one_of(text, yes) ? "true" : one_of(text, no) ? "false" : NULL;
	else if (k->type == KEY_CHOICE && !(best = choice_guess(k->choices, text)))
		best = one_of(text, yes) ? "on" : one_of(text, no) ? "off" : size_guess(text, buf);
	else if (k->type == KEY_PLACEMENT || k->type == KEY_THREADS)
		best = choice_guess(k->type == KEY_THREADS ? counts : places, text);
	/* No suggestion that would be refused as well. */
	return best && !key_value(k, best, &num, &(const char *){ NULL }, canon) ? best : NULL;
}

const char *
param_guess(const struct param *p, const char *text, char *buf)
{
	char canon[KEY_CANON];
	const char *best = p->choices ? choice_guess(p->choices, text) : size_guess(text, buf);
	uint64_t num;

	return best && !param_value(p, best, &num, &(const char *){ NULL }, canon) ? best : NULL;
}
