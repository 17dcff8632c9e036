/* SPDX-License-Identifier: BSD-2-Clause */
/* recipe_print.c -- the script. */
#include <errno.h>
#include <string.h>
#include "recipe.h"
#include "text.h"

#define G1 (1ull << 30)

/* "BEFORE PATH"; a path is no option. */
static void
print_path(const char *before, const char *path, FILE *out)
{
	fprintf(out, "%s%s", before, path[0] == '-' ? "./" : "");
	text_word(path, out);
	fputc('\n', out);
}

static void
print_create(const struct recipe *m, FILE *out)
{
	const bool labels = m->at->labels;
	char size[TEXT_NUM];

	fprintf(out, "dev=/dev/$(ndctl create-namespace ");
	if (labels)
		fprintf(out, "-r %s -s %s -n %s", m->at->name, text_put_size(size, m->size),
			m->name);
	else
		fprintf(out, "-f -e %s", m->at->whole);
	fprintf(out, " -m %s", target_kind_name[m->kind]);
	if (m->key[RECIPE_ALIGN][0])
		fprintf(out, " -a %s", m->key[RECIPE_ALIGN]);
	if (m->key[RECIPE_MAP][0])
		fprintf(out, " -M %s", m->key[RECIPE_MAP]);
	/* A raw one keeps the sectors of its former life, where it has a label. */
	if (m->kind == KIND_SECTOR || (m->kind == KIND_RAW && labels))
		fprintf(out, " -l %s", m->kind == KIND_RAW ? "512" : m->key[RECIPE_SECTOR]);
	fprintf(out,
		" | sed -nE 's/.*\"(block|char)dev\":\"([^\"]*)\".*/\\2/p')\n"
		"test -b \"$dev\" || test -c \"$dev\"\n");
	if (m->device[0])
		fprintf(out,
			"test \"$dev\" = %s || echo \"%s: the kernel calls it $dev: so must the config, which says %s\" >&2\n",
			m->device, m->target, m->device);
}

/* File system blocks of a page, on extents of 2 MiB: what DAX and its huge pages want.  XFS files that
 * can share blocks lose what MAP_SYNC promised. */
static void
print_mkfs(const struct recipe *m, FILE *out)
{
	const bool dax = m->kind == KIND_FSDAX, small = m->size && m->size < G1;
	const bool force = m->step == RECIPE_MAKE;

	/* What a namespace had on it before is gone anyway; 2: nothing is on one that was there. */
	if (!force)
		fprintf(out, "blkid -p \"$dev\" >/dev/null || test $? -ne 2 || ");
	if (strcmp(m->key[RECIPE_FS], "xfs") == 0)
		fprintf(out, "mkfs.xfs -q%s%s%s \"$dev\"\n", force ? " -f" : "",
			dax ? " -m reflink=0 -d su=2m,sw=1" : "",
			small ? dax ? ",agcount=2 -l size=64m" : " -d agcount=2 -l size=64m" : "");
	else
		fprintf(out, "mkfs.ext4 -q%s -b 4096%s \"$dev\"\n", force ? " -F" : "",
			dax ? " -E stride=512,stripe_width=512" : "");
}

static void
print_file_system(const struct recipe *m, FILE *out)
{
	const char *dax = m->key[RECIPE_DAX];

	print_mkfs(m, out);
	print_path("mkdir -p ", m->mount, out);
	fprintf(out, "mount%s%s%s%s \"$dev\"", m->step == RECIPE_MAKE ? " -t " : "",
		m->step == RECIPE_MAKE ? m->key[RECIPE_FS] : "", dax[0] ? " -o dax=" : "", dax);
	print_path(" ", m->mount, out);
	if (strcmp(dax, "inode") == 0)
		print_path("xfs_io -c 'chattr +x' ", m->mount, out);
}

/* The comment above the commands: what, and what it takes. */
static void
print_title(const struct recipe *m, FILE *out)
{
	const struct recipe_region *r = m->at;
	char size[TEXT_NUM];

	fprintf(out, "\n# %s%s%s: ", m->target ? m->target : m->name, m->target ? ", " : "",
		m->target ? target_kind_name[m->as] : "");
	if (m->step == RECIPE_NOTHING)
		fputs(m->note, out);
	else if (m->step == RECIPE_MOUNT)
		fprintf(out, "%s is there, but not mounted", m->device);
	else if (r->labels)
		fprintf(out, "%s of %s", text_put_size(size, m->size), r->name);
	else
		fprintf(out, "all of %s, which replaces %s and what it holds", r->name, r->whole);
	if (m->step == RECIPE_MAKE && r->node >= 0)
		fprintf(out, ", near NUMA node %d", r->node);
	fputc('\n', out);
}

static void
print_block(const struct recipe *m, FILE *out)
{
	print_title(m, out);
	if (m->step == RECIPE_MAKE)
		print_create(m, out);
	else if (m->step == RECIPE_MOUNT)
		fprintf(out, "dev=%s\n", m->device);
	if (m->key[RECIPE_FS][0] && m->step != RECIPE_NOTHING)
		print_file_system(m, out);
	if (m->dir[0])
		print_path("mkdir -p ", m->dir, out);
}

/* As a target of a config. */
static void
print_target(const struct recipe *m, FILE *out)
{
	const bool dax = m->kind == KIND_FSDAX && strcmp(m->key[RECIPE_DAX], "never") != 0;

	if (m->key[RECIPE_FS][0])
		fprintf(out, "#   - {name: %s, %s: %s}\n", m->name, dax ? "fsdax" : "file",
			m->mount);
	else
		fprintf(out, "#   - {name: %s, %s: {namespace: %s}}\n", m->name,
			target_kind_name[m->kind], m->at->labels ? m->name : m->at->whole);
}

/* disable-namespace alone refuses what is in use. */
static void
print_labels(const struct recipe_region *r, FILE *out)
{
	fprintf(out, "\n# %s gets labels, so that it can be divided; what %s holds is lost\n",
		r->name, r->whole[0] ? r->whole : "it");
	if (r->whole[0])
		fprintf(out, "ndctl disable-namespace %s\n", r->whole);
	fprintf(out, "ndctl disable-region %s\nndctl init-labels %s\nndctl enable-region %s\n",
		r->name, r->dimms, r->name);
}

/* The kernel numbers a region's namespaces as they are made, and a config may go by the number: those
 * first.  Then those behind which others may begin (recipe.h), then whatever needs or is in nobody's way. */
enum { TURNS = 3 };

static int
turn_of(const struct recipe *m)
{
	if (m->step != RECIPE_MAKE)
		return 2;
	return m->device[0] ? 0 : m->size % RECIPE_BEGINS_AT == 0 ? 1 : 2;
}

int
recipe_print(const struct recipe *m, size_t n, const struct recipe_region *region, size_t nregion,
	FILE *out)
{
	const char *heading = "\n# As targets of a config:\n";

	fprintf(out, "#!/bin/sh\n# Nothing has been done: read it, then run it as root.\nset -e\n");
	for (size_t i = 0; i < nregion; i++)
		if (region[i].init)
			print_labels(&region[i], out);
	for (int turn = 0; turn < TURNS; turn++)
		for (size_t i = 0; i < n; i++)
			if (turn_of(&m[i]) == turn)
				print_block(&m[i], out);
	for (size_t i = 0; i < n; i++) {
		if (m[i].target)
			continue;
		fputs(heading, out);
		heading = "";
		print_target(&m[i], out);
	}
	return ferror(out) ? -EIO : 0;
}
