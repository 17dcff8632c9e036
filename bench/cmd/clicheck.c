/* SPDX-License-Identifier: BSD-2-Clause */
/* clicheck.c -- what argp says in getopt's words, or lets pass: unknown options, options given
 * twice. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include "clicheck.h"
#include "log.h"
#include "text.h"

static const struct argp_option always[] = {
	{ "help", '?', NULL, 0, NULL, 0 }, { "usage", 0, NULL, 0, NULL, 0 }, { "version", 'V', NULL, 0, NULL, 0 }, { 0 },
};

static const struct argp_option *
by_letter(const struct argp_option *o, char letter)
{
	while (o->name && o->key != letter)
		o++;
	return o->name ? o : NULL;
}

/* By its whole name, or any that begins so: getopt says when several do. */
static const struct argp_option *
by_name(const struct argp_option *o, const char *name, size_t len)
{
	const struct argp_option *begins = NULL;

	for (; o->name; o++)
		if (strncmp(o->name, name, len) == 0) {
			if (!o->name[len])
				return o;
			begins = o;
		}
	return begins;
}

static int
unknown(struct cli_check *c, const char *name, int len, bool long_)
{
	struct guess g;
	char word[64];

	if (long_ ? by_name(c->others, name, (size_t)len) != NULL : by_letter(c->others, *name) != NULL) {
		warn("%s%.*s is not an option of %s; see %s --help", long_ ? "--" : "-", len, name, c->command, c->program);
		return -1;
	}
	snprintf(word, sizeof word, "%.*s", len, name);
	guess_start(&g, word);
	for (const struct argp_option *o = c->known; long_ && o->name; o++)
		guess_try(&g, o->name);
	warn("unknown option %s%s%s%s%s", long_ ? "--" : "-", word, g.best ? "; did you mean --" : "; see ",
	     g.best ? g.best : c->program, g.best ? "?" : " --help");
	return -1;
}

/* Once is enough, but for those that add up; an empty argument is a variable that was not set. */
static int
count(struct cli_check *c, const struct argp_option *o, const char *value)
{
	const size_t k = (size_t)(o - c->known);

	if (o->arg && value && !*value) {
		warn("--%s has no value: it wants %s", o->name, o->arg);
		return -1;
	}
	if (!o->arg || o->flags & CLI_MANY || k >= CLI_OPTIONS || !c->seen[k]++)
		return 0;
	if (o->key < 256 && strcmp(o->arg, "LIST") == 0)
		warn("-%c stands there twice; a list has commas: -%c A,B", o->key, o->key);
	else
		warn("--%s stands there twice", o->name);
	return -1;
}

/* How many arguments an option takes up beside its own; -1: wrong.  next: the argument behind it.
 * */
static int
check_long(struct cli_check *c, const char *name, const char *next)
{
	const size_t len = strcspn(name, "=");
	const struct argp_option *o = by_name(c->known, name, len);

	if (!o)
		return by_name(always, name, len) ? 0 : unknown(c, name, (int)len, true);
	return count(c, o, name[len] ? name + len + 1 : next) < 0 ? -1 : o->arg && !name[len];
}

static int
check_letters(struct cli_check *c, const char *letters, const char *next)
{
	for (; *letters; letters++) {
		const struct argp_option *o = by_letter(c->known, *letters);

		if (!o && !by_letter(always, *letters))
			return unknown(c, letters, 1, false);
		if (o && o->arg)
			return count(c, o, letters[1] ? letters + 1 : next) < 0 ? -1 : !letters[1];
	}
	return 0;
}

int
cli_check(struct cli_check *c, int argc, char **argv)
{
	for (int k = 1; k < argc && strcmp(argv[k], "--") != 0; k++) {
		int more = 0;

		if (argv[k][0] == '-' && argv[k][1] == '-')
			more = check_long(c, argv[k] + 2, argv[k + 1]);
		else if (argv[k][0] == '-' && argv[k][1])
			more = check_letters(c, argv[k] + 1, argv[k + 1]);
		if (more < 0)
			return -1;
		k += more;
	}
	return 0;
}
