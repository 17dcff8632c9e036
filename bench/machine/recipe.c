/* SPDX-License-Identifier: BSD-2-Clause */
#include "recipe.h"

#include <errno.h>
#include <string.h>
#include "text.h"
#include "why.h"

#define G1 (1ull << 30)
#define ON(kind) (1u << KIND_##kind)
#define ALL (ON(FSDAX) | ON(DEVDAX) | ON(SECTOR) | ON(RAW))

enum { MODE_MAX = 512 };
enum { VALUES_MAX = 8 };
enum { SIZE_ = RECIPE_KEYS, NAME_, REGION, NODE, ALL_KEYS };

/* The first value is what the kinds in `by` have without a word. */
static const struct { const char *name; unsigned kinds, by; const char *value[VALUES_MAX]; } keys[ALL_KEYS] = {
	[RECIPE_FS] = { "fs", ON(FSDAX) | ON(SECTOR), ON(FSDAX), { "ext4", "xfs" } },
	[RECIPE_DAX] = { "dax", ON(FSDAX), ON(FSDAX), { "always", "inode", "never" } },
	[RECIPE_ALIGN] = { "align", ON(FSDAX) | ON(DEVDAX), ON(FSDAX) | ON(DEVDAX), { "2M", "4K", "1G" } },
	[RECIPE_MAP] = { "map", ON(FSDAX) | ON(DEVDAX), 0, { "dev", "mem" } },
	[RECIPE_SECTOR] = { "sector", ON(SECTOR), ON(SECTOR), { "4096", "512", "520", "528", "4104", "4160", "4224" } },
	[SIZE_] = { "size", ALL, 0, { 0 } },
	[NAME_] = { "name", ALL, 0, { 0 } },
	[REGION] = { "region", ALL, 0, { 0 } },
	[NODE] = { "node", ALL, 0, { 0 } },
};

static int
set_name(char *to, size_t len, const char *value)
{
	if (!text_name_ok(value) || strlen(value) >= len || value[0] == '-' || value[0] == '.')
		return -EINVAL;
	strcpy(to, value);
	return 0;
}

static int
set_key(struct recipe *m, int k, const char *value)
{
	uint64_t n;

	switch (k) {
	case SIZE_: m->exact = true; return text_size(value, &m->size) || !m->size ? -EINVAL : 0;
	case NAME_: return set_name(m->name, sizeof m->name, value);
	case REGION: return set_name(m->region, sizeof m->region, value);
	case NODE: m->node = text_count(value, &n) || n > 4095 ? -1 : (int)n; return m->node < 0 ? -EINVAL : 0;
	default:
		for (size_t i = 0; i < VALUES_MAX && keys[k].value[i]; i++)
			if (strcmp(keys[k].value[i], value) == 0) {
				m->key[k] = keys[k].value[i];
				return 0;
			}
		return -EINVAL;
	}
}

static int
parse_pair(struct recipe *m, char *pair, char *why, size_t whylen)
{
	char *value = strchr(pair, '='), values[128] = "";
	struct guess g;
	size_t n = 0;

	if (value)
		*value++ = 0;
	guess_start(&g, pair);
	for (int k = 0; k < ALL_KEYS; k++) {
		guess_try(&g, keys[k].name);
		if (strcmp(pair, keys[k].name) != 0)
			continue;
		if (!(keys[k].kinds >> m->kind & 1))
			return why_set(why, whylen, EINVAL, "%s takes no %s=", target_kind_name[m->kind], pair);
		if (value && set_key(m, k, value) == 0)
			return 0;
		for (size_t i = 0; i < VALUES_MAX && keys[k].value[i]; i++)
			n += (size_t)snprintf(values + n, sizeof values - n, " %s", keys[k].value[i]);
		return why_set(why, whylen, EINVAL, "%s=%s: %s%s", pair, value ? value : "",
			       n ? "one of" : "not a ", n ? values : pair);
	}
	return why_set(why, whylen, EINVAL, "unknown key '%s'%s%s%s", pair, g.best ? "; did you mean '" : "",
		       g.best ? g.best : "", g.best ? "'?" : "");
}

enum target_kind
recipe_kind(const char *text)
{
	const size_t n = strcspn(text, ",");

	for (unsigned k = 0; k < KINDS; k++)
		if (ALL >> k & 1 && strlen(target_kind_name[k]) == n && strncmp(target_kind_name[k], text, n) == 0)
			return (enum target_kind)k;
	return KINDS;
}

void
recipe_start(struct recipe *m, enum target_kind kind)
{
	*m = (struct recipe){ .kind = kind, .node = -1 };
	for (int k = 0; k < RECIPE_KEYS; k++)
		m->key[k] = keys[k].by >> kind & 1 ? keys[k].value[0] : "";
}

int
recipe_parse(struct recipe *m, const char *text, char *why, size_t whylen)
{
	char buf[MODE_MAX], *rest = buf, *word;
	int rc = 0;

	if (strlen(text) >= sizeof buf)
		return why_set(why, whylen, EINVAL, "a mode of over %zu characters", sizeof buf - 1);
	strcpy(buf, text);
	word = strsep(&rest, ",");
	if (recipe_kind(text) == KINDS)
		return why_set(why, whylen, EINVAL, "unknown mode '%s': fsdax, devdax, sector or raw", word);
	recipe_start(m, recipe_kind(text));
	while (rc == 0 && (word = strsep(&rest, ",")))
		rc = parse_pair(m, word, why, whylen);
	return rc;
}

static int
name_it(struct recipe *m, size_t i, char *why, size_t whylen)
{
	const bool given = m[i].name[0];
	const char *stem = given ? m[i].name : target_kind_name[m[i].kind];
	char name[sizeof m->name];

	snprintf(name, sizeof name, "%s", stem);
	for (size_t k = 0, next = 2; k < i; k++) {
		if (m[k].note || strcmp(m[k].name, name) != 0)
			continue;
		if (given)
			return why_set(why, whylen, EINVAL, "two are named %s", name);
		snprintf(name, sizeof name, "%.16s-%zu", stem, next++);
		k = (size_t)-1;
	}
	memcpy(m[i].name, name, sizeof name);
	if (m[i].key[RECIPE_FS][0] && !m[i].mount[0])
		snprintf(m[i].mount, sizeof m[i].mount, "/mnt/%s", name);
	return 0;
}

/* What can be made in it: with labels any number, in time, or one. */
static int
merit(const struct recipe_region *r)
{
	return r->labels ? 3 : r->used ? 0 : r->dimms[0] ? 2 : !r->recipes;
}

/* The best region of that name or node; nregion: none. */
static size_t
find_region(const struct recipe *m, const struct recipe_region *r, size_t nregion)
{
	size_t best = nregion;

	for (size_t i = 0; i < nregion; i++) {
		const bool may = m->region[0] ? strcmp(m->region, r[i].name) == 0 : m->node < 0 || m->node == r[i].node;

		if (may && (best == nregion || merit(&r[i]) > merit(&r[best])))
			best = i;
	}
	return best;
}

static int
place_one(struct recipe *m, struct recipe_region *region, size_t nregion, char *why, size_t whylen)
{
	const size_t k = find_region(m, region, nregion);
	struct recipe_region *r = &region[k];

	if (k == nregion)
		return why_set(why, whylen, ENOSPC, "%s: no region %s%s", m->name, m->region[0] ? "is called " :
			       m->node >= 0 ? "on that node" : "here", m->region);
	if (r->labels && !m->region[0] && m->node < 0)
		return 0;
	m->at = r;
	r->recipes++;
	if (!r->labels && r->used)
		return why_set(why, whylen, EINVAL, "%s of %s is mounted; umount it first", r->whole, r->name);
	if (!r->labels && !r->dimms[0] && !m->exact)
		m->size = 0;
	if (!r->labels && !r->dimms[0] && (r->recipes > 1 || m->size))
		return why_set(why, whylen, EINVAL, "%s: %s has no room for labels: it can only be one namespace, without size=",
			       m->name, r->name);
	return 0;
}

int
recipe_place(struct recipe *m, size_t n, struct recipe_region *region, size_t nregion, char *why, size_t whylen)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < n; i++)
		if (!m[i].note) {
			rc = name_it(m, i, why, whylen);
			if (rc == 0)
				rc = place_one(&m[i], region, nregion, why, whylen);
		}
	return rc;
}

void
recipe_word(const char *s, FILE *out)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._/,:=+-%";

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

/* "BEFORE PATH"; a path is no option. */
static void
print_path(const char *before, const char *path, FILE *out)
{
	fprintf(out, "%s%s", before, path[0] == '-' ? "./" : "");
	recipe_word(path, out);
	fputc('\n', out);
}

/* It replaces the one namespace of its region. */
static bool
is_whole(const struct recipe *m)
{
	return m->at && !m->at->labels && !m->at->dimms[0];
}

/* namespace NAME MODE OPTION... */
static void
print_namespace(const struct recipe *m, FILE *out)
{
	char size[TEXT_NUM];

	fprintf(out, "namespace %s %s", is_whole(m) ? "''" : m->name, target_kind_name[m->kind]);
	if (is_whole(m))
		fprintf(out, " -f -e %s", m->at->whole);
	else if (m->at)
		fprintf(out, " -r %s", m->at->name);
	if (m->size)
		fprintf(out, " -s %s", text_put_size(size, m->size));
	if (m->key[RECIPE_ALIGN][0])
		fprintf(out, " -a %s", m->key[RECIPE_ALIGN]);
	if (m->key[RECIPE_MAP][0])
		fprintf(out, " -M %s", m->key[RECIPE_MAP]);
	/* A raw one keeps the sectors of its former life, where it has a label. */
	if (m->kind == KIND_SECTOR || (m->kind == KIND_RAW && !is_whole(m)))
		fprintf(out, " -l %s", m->kind == KIND_RAW ? "512" : m->key[RECIPE_SECTOR]);
	fputc('\n', out);
	if (m->device[0])
		fprintf(out, "test \"$dev\" = %s || echo \"%s: the kernel calls it $dev: so must the config, which says %s\" >&2\n",
			m->device, m->target, m->device);
}

/* mkfs with blocks of a page, on extents of 2 MiB: what DAX and its huge pages want.  XFS files that can
 * share blocks lose what MAP_SYNC promised. */
static void
print_file_system(const struct recipe *m, FILE *out)
{
	const bool dax = m->kind == KIND_FSDAX, small = m->size && m->size < G1;
	const char *how = m->key[RECIPE_DAX];

	fprintf(out, "file_system %s ", m->key[RECIPE_FS]);
	recipe_word(m->mount, out);
	fprintf(out, " '%s%s' ", how[0] ? "dax=" : "", how);
	if (strcmp(m->key[RECIPE_FS], "xfs") == 0)
		fprintf(out, "mkfs.xfs -q -f%s%s\n", dax ? " -m reflink=0 -d su=2m,sw=1" : "",
			small ? dax ? ",agcount=2 -l size=64m" : " -d agcount=2 -l size=64m" : "");
	else
		fprintf(out, "mkfs.ext4 -q -F -b 4096%s\n", dax ? " -E stride=512,stripe_width=512" : "");
	if (strcmp(how, "inode") == 0)
		print_path("xfs_io -c 'chattr +x' ", m->mount, out);
}

static void
print_block(const struct recipe *m, FILE *out)
{
	fprintf(out, "\n# %s%s%s", m->target ? m->target : m->name, m->target ? ", " : "",
		m->target ? target_kind_name[m->as] : "");
	if (m->note)
		fprintf(out, ": %s%s", m->note, m->of);
	else if (is_whole(m))
		fprintf(out, ": all of %s, which replaces %s and what it holds", m->at->name, m->at->whole);
	fputc('\n', out);
	if (!m->note && m->key[RECIPE_FS][0]) {
		fprintf(out, "mounted ");
		recipe_word(m->mount, out);
		fprintf(out, " || {\n");
		print_namespace(m, out);
		print_file_system(m, out);
		fprintf(out, "}\n");
	} else if (!m->note)
		print_namespace(m, out);
	if (!m->note && m->dir[0])
		print_path("mkdir -p ", m->dir, out);
}

/* As a target of a config. */
static void
print_target(const struct recipe *m, FILE *out)
{
	const bool dax = m->kind == KIND_FSDAX && strcmp(m->key[RECIPE_DAX], "never") != 0;

	if (m->key[RECIPE_FS][0])
		fprintf(out, "#   - {name: %s, %s: %s}\n", m->name, dax ? "fsdax" : "file", m->mount);
	else
		fprintf(out, "#   - {name: %s, %s: {namespace: %s}}\n", m->name, target_kind_name[m->kind],
			is_whole(m) ? m->at->whole : m->name);
}

/* What the blocks call. */
static const char head[] =
	"#!/bin/sh\n"
	"# Nothing has been done: read it, then run it as root.\n"
	"set -e\n"
	"\n"
	"# namespace NAME MODE OPTION...: its device is $dev; made with the options when there is none of that name\n"
	"namespace() {\n"
	"	name=$1 mode=$2 made=\n"
	"	shift 2\n"
	"	test \"${spaces+set}\" || spaces=$(ndctl list -N | tr -d '\\n' | tr '}' '\\n')\n"
	"	if ! of=$(echo \"$spaces\" | grep \"\\\"name\\\":\\\"$name\\\"\"); then\n"
	"		of=$(ndctl create-namespace ${name:+-n \"$name\"} -m \"$mode\" \"$@\")\n"
	"		of=$(echo \"$of\" | tr -d '\\n') made=1\n"
	"	fi\n"
	"	dev=/dev/$(echo \"$of\" | sed -n -E 's/.*\"(block|char)dev\":\"([^\"]*)\".*/\\2/p')\n"
	"	case $of in *\"\\\"mode\\\":\\\"$mode\\\"\"*) ;; *) echo \"$dev is there, but not $mode: $of\" >&2; exit 1 ;; esac\n"
	"	test -b \"$dev\" || test -c \"$dev\"\n"
	"}\n"
	"\n"
	"# file_system TYPE DIR OPTION MKFS...: on $dev when that has been made just now, and mounted\n"
	"file_system() {\n"
	"	type=$1 dir=$2 option=$3\n"
	"	shift 3\n"
	"	test -z \"$made\" || \"$@\" \"$dev\"\n"
	"	mkdir -p \"$dir\"\n"
	"	mount -t \"$type\" ${option:+-o \"$option\"} \"$dev\" \"$dir\"\n"
	"}\n"
	"\n"
	"mounted() { test -d \"$1\" && test \"$(stat -c %d \"$1\")\" != \"$(stat -c %d \"$1/..\")\"; }\n";

/* The kernel numbers namespaces as they are made, and a config may go by the number; those without a
 * size take what the others leave. */
static int
turn(const struct recipe *m)
{
	return m->note || m->device[0] ? 0 : m->size ? 1 : 2;
}

int
recipe_print(const struct recipe *m, size_t n, const struct recipe_region *region, size_t nregion, FILE *out)
{
	const char *heading = "\n# As targets of a config:\n";

	fputs(head, out);
	for (size_t i = 0; i < nregion; i++)
		if (region[i].recipes && !region[i].labels && region[i].dimms[0])
			fprintf(out, "\n# %s has no labels: with them it can be divided, and what %s holds is lost\n"
				"ndctl disable-region %s\nndctl init-labels %s\nndctl enable-region %s\n", region[i].name,
				region[i].whole, region[i].name, region[i].dimms, region[i].name);
	for (int k = 0; k < 3; k++)
		for (size_t i = 0; i < n; i++)
			if (turn(&m[i]) == k)
				print_block(&m[i], out);
	/* Below what others have mounted by now. */
	for (size_t i = 0; i < n; i++)
		if (m[i].note && m[i].dir[0])
			print_path("mkdir -p ", m[i].dir, out);
	for (size_t i = 0; i < n; i++) {
		if (m[i].target)
			continue;
		fputs(heading, out);
		heading = "";
		print_target(&m[i], out);
	}
	return ferror(out) ? -EIO : 0;
}
