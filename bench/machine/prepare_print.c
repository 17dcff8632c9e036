/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <string.h>
#include "prepare_print.h"
#include "text.h"

#define G1 (1ull << 30)

void
prepare_word(const char *s, FILE *out)
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

/* "BEFORE PATH AFTER"; a path is no option. */
static void
print_path(const char *before, const char *path, const char *after, FILE *out)
{
	fprintf(out, "%s%s", before, path[0] == '-' ? "./" : "");
	prepare_word(path, out);
	fputs(after, out);
}

static void
print_create(const struct prep_mode *m, FILE *out)
{
	char text[TEXT_NUM];

	fprintf(out, "dev=/dev/$(ndctl create-namespace ");
	if (m->at->labels)
		fprintf(out, "-r %s -s %s -n %s", m->at->name, text_put_size(text, m->size), m->name);
	else
		fprintf(out, "-f -e %s", m->at->whole);
	fprintf(out, " -m %s", prep_kind_name[m->kind]);
	if (m->align)
		fprintf(out, " -a %s", text_put_size(text, m->align));
	if (m->map[0])
		fprintf(out, " -M %s", m->map);
	if (m->sector && (m->kind == PREP_SECTOR || m->at->labels))
		fprintf(out, " -l %llu", (unsigned long long)m->sector);
	fprintf(out, " | sed -n 's/.*\"%sdev\":\"\\([^\"]*\\)\".*/\\1/p')\n"
		"test -e \"$dev\"\n", m->kind == PREP_DEVDAX ? "char" : "block");
	if (m->device[0])
		fprintf(out, "test \"$dev\" = %s || echo \"%s: the kernel calls it $dev: so must the config, which says %s\" >&2\n",
			m->device, m->target, m->device);
}

/* File system blocks of a page, on extents of 2 MiB: what DAX and its huge pages want. */
static void
print_mkfs(const struct prep_mode *m, FILE *out)
{
	const bool dax = m->kind == PREP_FSDAX, small = m->size && m->size < G1;
	const bool force = m->step == PREP_MAKE;	/* what a namespace had on it before is gone anyway */

	if (strcmp(m->fs, "xfs") == 0)
		fprintf(out, "mkfs.xfs -q%s%s%s \"$dev\"\n", force ? " -f" : "", dax ? " -m reflink=0 -d su=2m,sw=1" : "",
			small ? dax ? ",agcount=2 -l size=64m" : " -d agcount=2 -l size=64m" : "");
	else
		fprintf(out, "mkfs.ext4 -q%s -b 4096%s \"$dev\"\n", force ? " -F" : "", dax ? " -E stride=512,stripe_width=512" : "");
}

static void
print_mount(const struct prep_mode *m, FILE *out)
{
	print_path("mkdir -p ", m->mount, "\n", out);
	fprintf(out, "mount -t %s%s%s \"$dev\"", m->fs, m->dax[0] ? " -o dax=" : "", m->dax);
	print_path(" ", m->mount, "\n", out);
	if (strcmp(m->dax, "inode") == 0)
		print_path("xfs_io -c 'chattr +x' ", m->mount, "\n", out);
}

static void
print_target(const struct prep_mode *m, FILE *out)
{
	const bool dax = m->kind == PREP_FSDAX && strcmp(m->dax, "never") != 0;

	if (m->fs[0])
		fprintf(out, "#   - {name: %s, %s: %s}\n", m->name, dax ? "fsdax" : "file", m->mount);
	else
		fprintf(out, "#   - {name: %s, %s: {namespace: %s}}\n", m->name, prep_kind_name[m->kind],
			m->at->labels ? m->name : m->at->whole);
}

/* The comment above the commands: what, and what it takes. */
static void
print_title(const struct prep_mode *m, FILE *out)
{
	const struct prep_region *r = m->at;
	char size[TEXT_NUM];

	fprintf(out, "\n# %s%s%s: ", m->target ? m->target : m->name, m->target ? ", " : "", m->target ? m->as : "");
	if (m->step == PREP_NOTHING)
		fputs(m->note, out);
	else if (m->step != PREP_MAKE)
		fprintf(out, "namespace %s is there, %s, but not mounted", m->name,
			m->step == PREP_FORMAT ? "and blank" : "with a file system");
	else if (r->labels)
		fprintf(out, "%s of %s", text_put_size(size, m->size), r->name);
	else
		fprintf(out, "all of %s, which replaces %s and what it holds", r->name, r->whole);
	if (m->step == PREP_MAKE && r->node >= 0)
		fprintf(out, ", near NUMA node %d", r->node);
	fputc('\n', out);
}

static void
print_block(const struct prep_mode *m, FILE *out)
{
	print_title(m, out);
	if (m->step == PREP_MAKE)
		print_create(m, out);
	else if (m->step != PREP_NOTHING)
		fprintf(out, "dev=%s\n" "test -e \"$dev\"\n", m->device);
	if (m->fs[0] && (m->step == PREP_MAKE || m->step == PREP_FORMAT))
		print_mkfs(m, out);
	if (m->fs[0] && m->step != PREP_NOTHING)
		print_mount(m, out);
	if (m->dir[0])
		print_path("mkdir -p ", m->dir, "\n", out);
}

/* The kernel numbers a region's namespaces as they are made, and a config may go by the number. */
static bool
is_numbered(const struct prep_mode *m)
{
	return m->step == PREP_MAKE && m->device[0];
}

int
prepare_print(const struct prep_mode *m, size_t n, FILE *out)
{
	const char *heading = "\n# As targets of a config:\n";

	fprintf(out, "#!/bin/sh\n# Nothing has been done: read it, then run it as root.\nset -e\n");
	for (int numbered = 1; numbered >= 0; numbered--)
		for (size_t i = 0; i < n; i++)
			if (is_numbered(&m[i]) == numbered)
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
