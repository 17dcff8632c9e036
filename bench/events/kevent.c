/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <limits.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "kevent.h"
#include "sysfs.h"
#include "text.h"
#include "uncore.h"
#include "why.h"

#define KALLSYMS "/proc/kallsyms"

/* A line of kallsyms, "ADDRESS TYPE NAME[\t[MODULE]]", when it is of a function. */
static bool
function_line(char *line, char **name, char **module)
{
	char *type = strchr(line, ' '), *tab, *end;

	if (!type || !type[1] || !strchr("tTwW", type[1]) || type[2] != ' ')
		return false;
	*name = type + 3;
	(*name)[strcspn(*name, "\n")] = 0;
	*module = NULL;
	tab = strchr(*name, '\t');
	if (!tab)
		return true;
	*tab = 0;
	if (tab[1] == '[' && (end = strchr(tab + 1, ']')) != NULL) {
		*end = 0;
		*module = tab + 2;
	}
	return true;
}

/* What is like the wanted name: NAME.isra.0 and __NAME before mere similarity. */
struct likeness { char best[128]; size_t cost; };

static void
liken(struct likeness *l, const char *want, const char *name)
{
	struct guess g;
	const char *bare = name + strspn(name, "_");
	const size_t n = strlen(want), wn = strlen(name);
	size_t cost;

	if (strncmp(name, want, n) == 0 && name[n] == '.' && !strstr(name, ".cold")) {
		cost = 0;
	} else if (strcmp(bare, want + strspn(want, "_")) == 0) {
		cost = 1;
	} else {
		if (wn > n + n / 4 || wn + n / 4 < n)
			return;
		guess_start(&g, want);
		guess_try(&g, name);
		if (!g.best || g.cost > n / 4)
			return;
		cost = g.cost + 1;
	}
	if (cost < l->cost && wn < sizeof l->best) {
		strcpy(l->best, name);
		l->cost = cost;
	}
}

static int
not_found(FILE *f, const char *function, char *why, size_t len)
{
	struct likeness l = { .cost = SIZE_MAX };
	char *line = NULL, *name, *module;
	size_t cap = 0;

	rewind(f);
	while (getline(&line, &cap, f) > 0)
		if (function_line(line, &name, &module))
			liken(&l, function, name);
	free(line);
	return why_set(why, len, ENOENT, "the kernel has no function '%s' (inlined, of another name, or in a module "
		       "that is not loaded)%s%s%s", function, l.best[0] ? "; did you mean '" : "", l.best,
		       l.best[0] ? "'?" : "");
}

/* Where functions of one name are: each module once. */
struct places { char text[128], last[64]; size_t functions, modules; };

static void
add_place(struct places *p, const char *module)
{
	const size_t n = strlen(p->text);

	p->functions++;
	if (p->modules && strcmp(module, p->last) == 0)
		return;
	p->modules++;
	snprintf(p->last, sizeof p->last, "%s", module);
	if (n + strlen(module) + 3 < sizeof p->text)
		sprintf(p->text + n, "%s%s", n ? ", " : "", module);
}

int
kprobe_find(FILE *f, const char *wanted, char *why, size_t len)
{
	const char *colon = strchr(wanted, ':');
	const char *function = colon ? colon + 1 : wanted;
	const size_t mlen = colon ? (size_t)(colon - wanted) : 0;
	struct places in = { .functions = 0 }, elsewhere = { .functions = 0 };
	char *line = NULL, *name, *module;
	size_t cap = 0;

	rewind(f);
	while (getline(&line, &cap, f) > 0) {
		if (!strstr(line, function) || !function_line(line, &name, &module) || strcmp(name, function) != 0)
			continue;
		add_place(!mlen || (module && strlen(module) == mlen && strncmp(module, wanted, mlen) == 0) ? &in :
			  &elsewhere, module ? module : "vmlinux");
	}
	free(line);
	if (in.functions == 0 && elsewhere.functions)
		return why_set(why, len, ENOENT, "module '%.*s' has no function '%s'; it is in %s", (int)mlen, wanted,
			       function, elsewhere.text);
	if (in.functions == 0)
		return not_found(f, function, why, len);
	if (in.functions > 1)
		return why_set(why, len, ENOTUNIQ, "the kernel has %zu functions called '%s' (in %s) and would probe "
			       "any: %s", in.functions, function, in.text,
			       in.modules > 1 ? "name it MODULE:FUNCTION" : "count what it calls or who calls it");
	return 0;
}

static bool
function_ok(const char *s)
{
	const char *colon = strchr(s, ':');

	if (colon && (colon == s || !colon[1] || strchr(colon + 1, ':')))
		return false;
	return s[0] && strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.:") == strlen(s);
}

int
kprobe_parse(struct event *e, const char *function, bool on_return, char *why, size_t len)
{
	FILE *f;
	int rc, type;

	if (!function_ok(function))
		return why_set(why, len, EINVAL, "'%s': a kprobe is kprobe:FUNCTION or kprobe:MODULE:FUNCTION", e->text);
	type = uncore_type("kprobe");
	if (type < 0)
		return why_set(why, len, ENODEV, "this kernel counts no calls of its functions (no "
			       "/sys/bus/event_source/devices/kprobe: needs CONFIG_KPROBE_EVENTS)");
	f = fopen(KALLSYMS, "re");
	if (!f)
		return why_set(why, len, errno, "'%s': " KALLSYMS ": %s", e->text, strerror(errno));
	rc = kprobe_find(f, function, why, len);
	fclose(f);
	e->kind = EVENT_KPROBE;
	e->type = (uint32_t)type;
	e->config[0] = on_return;	/* format/retprobe: config:0 */
	strcpy(e->function, function);
	return rc;
}

/* The directory of all tracepoints.  0, -ENODEV or -EACCES. */
static int
tracefs(struct sysdir *d)
{
	int rc = sysfs_dir(d, "kernel/tracing/events");

	if (rc == -ENOENT)
		rc = sysfs_dir(d, "kernel/debug/tracing/events");
	return rc == -ENOENT ? -ENODEV : rc;
}

int
tracepoint_parse(struct event *e, const char *text, char *why, size_t len)
{
	const char *name = strchr(text, ':');
	char subsystem[EVENT_TEXT_MAX];
	struct nearest near;
	struct sysdir events, sub, dir;
	int rc;

	why[0] = 0;
	if (!name || name == text || strchr(name + 1, ':') || strchr(text, '.'))
		return -ENOENT;
	snprintf(subsystem, sizeof subsystem, "%.*s", (int)(name++ - text), text);
	rc = tracefs(&events);
	if (rc == -ENODEV)
		return why_set(why, len, ENODEV, "unknown event '%s'; if it is a tracepoint: no tracefs is mounted "
			       "(mount -t tracefs nodev /sys/kernel/tracing)", text);
	if (rc < 0)
		return why_set(why, len, -rc, "'%s': tracepoints can be read by root only (%s)", text, strerror(-rc));
	if (sysfs_below(&sub, &events, subsystem) < 0)
		return -ENOENT;
	if (sysfs_below(&dir, &sub, name) < 0) {
		nearest_start(&near, name);
		sysfs_each(&sub, nearest_entry, &near);
		return why_set(why, len, ENOENT, "'%s' has no tracepoint '%s'%s%s%s", subsystem, name,
			       near.best[0] ? "; did you mean '" : "", near.best, near.best[0] ? "'?" : "");
	}
	e->kind = EVENT_TRACEPOINT;
	e->type = PERF_TYPE_TRACEPOINT;
	e->config[0] = (uint64_t)sysfs_number(&dir, "id", 0);
	if (!e->config[0])
		return why_set(why, len, EACCES, "'%s': its id cannot be read", text);
	return 0;
}
