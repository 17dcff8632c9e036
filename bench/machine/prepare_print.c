/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "prepare_print.h"
#include "text.h"
#include "why.h"

#define M2 (2ull << 20)
#define G1 (1ull << 30)

static const char *const kind_name[] = { "fsdax", "devdax", "sector", "raw" };

enum key { KEY_SIZE_, KEY_NAME_, KEY_REGION, KEY_NODE, KEY_FS, KEY_DAX, KEY_ALIGN, KEY_MAP, KEY_SECTOR, KEYS_ };
#define ON(kind) (1u << PREP_##kind)
#define ALL_KINDS (ON(FSDAX) | ON(DEVDAX) | ON(SECTOR) | ON(RAW))

static const struct { const char *name; unsigned kinds; const char *values[8]; } keys[KEYS_] = {
	[KEY_SIZE_] = { "size", ALL_KINDS, { 0 } },
	[KEY_NAME_] = { "name", ALL_KINDS, { 0 } },
	[KEY_REGION] = { "region", ALL_KINDS, { 0 } },
	[KEY_NODE] = { "node", ALL_KINDS, { 0 } },
	[KEY_FS] = { "fs", ON(FSDAX) | ON(SECTOR), { "ext4", "xfs" } },
	[KEY_DAX] = { "dax", ON(FSDAX), { "always", "inode", "never" } },
	[KEY_ALIGN] = { "align", ON(FSDAX) | ON(DEVDAX), { "4K", "2M", "1G" } },
	[KEY_MAP] = { "map", ON(FSDAX) | ON(DEVDAX), { "dev", "mem" } },
	[KEY_SECTOR] = { "sector", ON(SECTOR), { "512", "520", "528", "4096", "4104", "4160", "4224" } },
};

/* The value as the table has it. */
static const char *
choice(enum key k, const char *value)
{
	for (size_t i = 0; i < 8 && keys[k].values[i]; i++)
		if (strcmp(keys[k].values[i], value) == 0)
			return keys[k].values[i];
	return NULL;
}

static void
put_values(char *buf, size_t len, enum key k)
{
	size_t n = 0;

	buf[0] = 0;
	for (size_t i = 0; i < 8 && keys[k].values[i]; i++)
		n += (size_t)snprintf(buf + n, len - n, "%s%s", i ? " " : "", keys[k].values[i]);
}

static int
set_name(char *to, size_t len, const char *value)
{
	if (!text_name_ok(value) || strlen(value) >= len || value[0] == '-' || value[0] == '.')
		return -EINVAL;
	memcpy(to, value, strlen(value) + 1);
	return 0;
}

static int
set_key(struct prep_mode *m, enum key k, const char *value)
{
	uint64_t n = 0;
	const char *c = choice(k, value);

	if (keys[k].values[0] && !c)
		return -EINVAL;
	switch (k) {
	case KEY_SIZE_: return text_size(value, &m->size) || !m->size ? -EINVAL : 0;
	case KEY_NAME_: return set_name(m->name, sizeof m->name, value);
	case KEY_REGION: return set_name(m->region, sizeof m->region, value);
	case KEY_NODE: m->node = text_count(value, &n) || n > 4095 ? -1 : (int)n; return m->node < 0 ? -EINVAL : 0;
	case KEY_FS: m->fs = c; return 0;
	case KEY_DAX: m->dax = c; return 0;
	case KEY_ALIGN: return text_size(c, &m->align);
	case KEY_MAP: m->map = c; return 0;
	case KEY_SECTOR: return text_count(c, &m->sector);
	case KEYS_:
	default: return -EINVAL;
	}
}

static int
parse_pair(struct prep_mode *m, char *pair, char *why, size_t whylen)
{
	char *value = strchr(pair, '='), values[128];
	struct guess g;

	if (value)
		*value++ = 0;
	guess_start(&g, pair);
	for (int k = 0; k < KEYS_; k++) {
		guess_try(&g, keys[k].name);
		if (strcmp(pair, keys[k].name) != 0)
			continue;
		if (!(keys[k].kinds & 1u << m->kind))
			return why_set(why, whylen, EINVAL, "%s takes no %s=", kind_name[m->kind], pair);
		if (value && set_key(m, (enum key)k, value) == 0)
			return 0;
		put_values(values, sizeof values, (enum key)k);
		return why_set(why, whylen, EINVAL, "%s=%s: %s%s", pair, value ? value : "",
			       values[0] ? "one of " : "not a ", values[0] ? values : pair);
	}
	return why_set(why, whylen, EINVAL, "unknown key '%s'%s%s%s", pair, g.best ? "; did you mean '" : "",
		       g.best ? g.best : "", g.best ? "'?" : "");
}

int
prepare_parse(struct prep_mode *m, const char *text, char *why, size_t whylen)
{
	char buf[512], *rest = buf, *word;
	int rc = 0;

	*m = (struct prep_mode){ .kind = PREP_KINDS, .fs = "", .dax = "", .map = "", .node = -1 };
	if (strlen(text) >= sizeof buf)
		return why_set(why, whylen, EINVAL, "a mode of over %zu characters", sizeof buf - 1);
	memcpy(buf, text, strlen(text) + 1);
	word = strsep(&rest, ",");
	for (unsigned k = 0; k < PREP_KINDS; k++)
		if (strcmp(word, kind_name[k]) == 0)
			m->kind = (enum prep_kind)k;
	if (m->kind == PREP_KINDS)
		return why_set(why, whylen, EINVAL, "unknown mode '%s': fsdax, devdax, sector or raw", word);
	if (m->kind == PREP_FSDAX) {
		m->fs = "ext4";
		m->dax = "always";
	}
	m->align = m->kind == PREP_FSDAX || m->kind == PREP_DEVDAX ? M2 : 0;
	m->sector = m->kind == PREP_SECTOR ? 4096 : m->kind == PREP_RAW ? 512 : 0;
	while (rc == 0 && (word = strsep(&rest, ",")))
		rc = parse_pair(m, word, why, whylen);
	return rc;
}

static bool
may_be(const struct prep_mode *m, const struct prep_region *r)
{
	if (m->region[0])
		return strcmp(m->region, r->name) == 0;
	return r->labels && (m->node < 0 || m->node == r->node);
}

static uint64_t
unit(const struct prep_mode *m, const struct prep_region *r)
{
	const uint64_t align = r->align > M2 ? r->align : M2;

	return m->align > align ? m->align : align;
}

/* What several namespaces without a size share, and what those with one leave of a region. */
struct share { uint64_t left; size_t n; };

static uint64_t
offer(const struct prep_mode *m, const struct prep_region *r, const struct share *s)
{
	return m->size ? s->left : s->left / (s->n + 1) / unit(m, r) * unit(m, r);
}

static int
place_whole(struct prep_mode *m, const struct prep_region *r, char *why, size_t whylen)
{
	if (m->size)
		return why_set(why, whylen, EINVAL, "%s has no labels: it can only be one namespace, without size=; "
			       "to divide an NVDIMM: ndctl disable-region %s; ndctl init-labels NMEM; "
			       "ndctl enable-region %s (which destroys what is on it)", r->name, r->name, r->name);
	if (r->used)
		return why_set(why, whylen, EINVAL, "%s of %s is mounted; umount it first", r->whole, r->name);
	m->at = r;
	return 0;
}

static int
place_one(struct prep_mode *m, const struct prep_region *region, struct share *share, size_t nregion,
	  char *why, size_t whylen)
{
	size_t best = nregion;
	char a[TEXT_NUM], b[TEXT_NUM];

	for (size_t i = 0; i < nregion; i++) {
		if (!may_be(m, &region[i]))
			continue;
		if (!region[i].labels)
			return place_whole(m, &region[i], why, whylen);
		if (best == nregion || offer(m, &region[i], &share[i]) > offer(m, &region[best], &share[best]))
			best = i;
	}
	if (best == nregion)
		return why_set(why, whylen, ENOSPC, "%s: no region %s%s", m->name[0] ? m->name : kind_name[m->kind],
			       m->region[0] ? "is called " : m->node >= 0 ? "with labels on that node" :
			       "with labels here; name one with region=", m->region);
	m->at = &region[best];
	if (m->size % unit(m, m->at))
		return why_set(why, whylen, EINVAL, "size %s: %s wants multiples of %s", text_put_size(a, m->size),
			       m->at->name, text_put_size(b, unit(m, m->at)));
	if (offer(m, m->at, &share[best]) < (m->size ? m->size : unit(m, m->at)))
		return why_set(why, whylen, ENOSPC, "%s: %s free in one piece, %s wanted; ndctl destroy-namespace what "
			       "is not needed", m->at->name, text_put_size(a, share[best].left),
			       text_put_size(b, m->size ? m->size : unit(m, m->at)));
	share[best].left -= m->size;
	share[best].n += !m->size;
	return 0;
}

static int
name_it(struct prep_mode *m, size_t i, char *why, size_t whylen)
{
	const bool given = m[i].name[0];
	const char *stem = given ? m[i].name : kind_name[m[i].kind];
	char name[sizeof m->name];

	snprintf(name, sizeof name, "%s", stem);
	for (size_t k = 0, next = 2; k < i; k++) {
		if (strcmp(m[k].name, name) != 0)
			continue;
		if (given)
			return why_set(why, whylen, EINVAL, "two are named %s", name);
		snprintf(name, sizeof name, "%.16s-%zu", stem, next++);
		k = (size_t)-1;
	}
	memcpy(m[i].name, name, sizeof name);
	return 0;
}

int
prepare_place(struct prep_mode *m, size_t n, const struct prep_region *region, size_t nregion,
	      char *why, size_t whylen)
{
	struct share *share = calloc(nregion + 1, sizeof *share);
	int rc = share ? 0 : -ENOMEM;

	for (size_t i = 0; rc == 0 && i < nregion; i++)
		share[i].left = region[i].free;
	for (size_t i = 0; rc == 0 && i < n; i++)
		rc = name_it(m, i, why, whylen);
	/* Those of a given size first: the others share what is left. */
	for (int sized = 1; sized >= 0; sized--)
		for (size_t i = 0; rc == 0 && i < n; i++)
			if (!m[i].size == !sized)
				rc = place_one(&m[i], region, share, nregion, why, whylen);
	for (size_t i = 0; rc == 0 && i < n; i++) {
		const struct prep_region *r = m[i].at;

		if (!r->labels) {
			for (size_t k = 0; k < i; k++)
				if (m[k].at == r)
					rc = why_set(why, whylen, EINVAL, "%s can only be one namespace", r->name);
		} else if (!m[i].size) {
			const struct share *s = &share[r - region];

			m[i].size = s->left / s->n / unit(&m[i], r) * unit(&m[i], r);
		}
	}
	free(share);
	return rc;
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
	fprintf(out, " -m %s", kind_name[m->kind]);
	if (m->align)
		fprintf(out, " -a %s", text_put_size(text, m->align));
	if (m->map[0])
		fprintf(out, " -M %s", m->map);
	if (m->sector && (m->kind == PREP_SECTOR || m->at->labels))
		fprintf(out, " -l %llu", (unsigned long long)m->sector);
	fprintf(out, " | sed -n 's/.*\"%sdev\":\"\\([^\"]*\\)\".*/\\1/p')\n"
		"test -e \"$dev\"\n", m->kind == PREP_DEVDAX ? "char" : "block");
}

/* File system blocks of a page, on extents of 2 MiB: what DAX and its huge pages want. */
static void
print_mkfs(const struct prep_mode *m, FILE *out)
{
	const bool dax = m->kind == PREP_FSDAX;

	if (strcmp(m->fs, "xfs") == 0)
		fprintf(out, "mkfs.xfs -q -f%s%s \"$dev\"\n", dax ? " -d su=2m,sw=1" : "",
			m->at->labels && m->size < G1 ? dax ? ",agcount=2 -l size=64m" : " -d agcount=2 -l size=64m" : "");
	else
		fprintf(out, "mkfs.ext4 -q -F -b 4096%s \"$dev\"\n", dax ? " -E stride=512,stripe_width=512" : "");
	fprintf(out, "mkdir -p /mnt/%s\n" "mount -t %s%s%s \"$dev\" /mnt/%s\n", m->name, m->fs, dax ? " -o dax=" : "",
		m->dax, m->name);
	if (strcmp(m->dax, "inode") == 0)
		fprintf(out, "xfs_io -c 'chattr +x' /mnt/%s\n", m->name);
}

static void
print_target(const struct prep_mode *m, FILE *out)
{
	const bool dir = m->fs[0];
	const bool dax = m->kind == PREP_FSDAX && strcmp(m->dax, "never") != 0;

	if (dir)
		fprintf(out, "#   - {name: %s, %s: /mnt/%s}\n", m->name, dax ? "fsdax" : "file", m->name);
	else
		fprintf(out, "#   - {name: %s, %s: {namespace: %s}}\n", m->name, kind_name[m->kind],
			m->at->labels ? m->name : m->at->whole);
}

int
prepare_print(const struct prep_mode *m, size_t n, FILE *out)
{
	char size[TEXT_NUM];

	fprintf(out, "#!/bin/sh\n# Nothing has been done: read it, then run it as root.\nset -e\n");
	for (size_t i = 0; i < n; i++) {
		const struct prep_region *r = m[i].at;

		fprintf(out, "\n# %s: ", m[i].name);
		if (r->labels)
			fprintf(out, "%s of %s", text_put_size(size, m[i].size), r->name);
		else
			fprintf(out, "all of %s, which replaces %s and what it holds", r->name, r->whole);
		if (r->node >= 0)
			fprintf(out, ", near NUMA node %d", r->node);
		fputc('\n', out);
		print_create(&m[i], out);
		if (m[i].fs[0])
			print_mkfs(&m[i], out);
	}
	fprintf(out, "\n# As targets of a config:\n");
	for (size_t i = 0; i < n; i++)
		print_target(&m[i], out);
	return ferror(out) ? -EIO : 0;
}
