/* SPDX-License-Identifier: BSD-2-Clause */
/* recipe.c -- KIND[,KEY=VALUE...] of the command line; which region, how large, called what. */
#include "recipe.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "text.h"
#include "why.h"

#define M2 (2ull << 20)
#define ON(kind) (1u << KIND_##kind)
#define ALL (ON(FSDAX) | ON(DEVDAX) | ON(SECTOR) | ON(RAW))
#define CHOICE(...) KEY_CHOICE, .choices = (const struct choice[]){ __VA_ARGS__, { 0 } }
#define C(text) { .name = (text) }

enum { MODE_MAX = 512 };
enum { SIZE_ = RECIPE_KEYS, NAME_, REGION, NODE, ALL_KEYS };

static const struct key keys[ALL_KEYS] = {
	[RECIPE_FS] = { .name = "fs", .kinds = ON(FSDAX) | ON(SECTOR),
			.type = CHOICE(C("ext4"), C("xfs")) },
	[RECIPE_DAX] = { .name = "dax", .kinds = ON(FSDAX),
			 .type = CHOICE(C("always"), C("inode"), C("never")) },
	[RECIPE_ALIGN] = { .name = "align", .kinds = ON(FSDAX) | ON(DEVDAX),
			   .type = CHOICE(C("4K"), C("2M"), C("1G")) },
	[RECIPE_MAP] = { .name = "map", .kinds = ON(FSDAX) | ON(DEVDAX),
			 .type = CHOICE(C("dev"), C("mem")) },
	[RECIPE_SECTOR] = { .name = "sector", .kinds = ON(SECTOR),
			    .type = CHOICE(C("512"), C("520"), C("528"), C("4096"), C("4104"), C("4160"),
					   C("4224")) },
	[SIZE_] = { .name = "size", .kinds = ALL, .type = KEY_SIZE, .min = M2, .max = 1ull << 50 },
	[NAME_] = { .name = "name", .kinds = ALL, .type = KEY_NAME },
	[REGION] = { .name = "region", .kinds = ALL, .type = KEY_NAME },
	[NODE] = { .name = "node", .kinds = ALL, .type = KEY_COUNT, .max = 4095 },
};

static int
set_name(char *to, size_t len, const char *value)
{
	if (strlen(value) >= len || value[0] == '-' || value[0] == '.')
		return -EINVAL;
	strcpy(to, value);
	return 0;
}

int
recipe_set(struct recipe *m, unsigned k, const char *value)
{
	char buf[KEY_CANON];
	const char *canon;
	uint64_t n;

	if (key_value(&keys[k], value, &n, &canon, buf) < 0)
		return -EINVAL;
	switch (k) {
	case SIZE_: m->size = n; return 0;
	case NAME_: return set_name(m->name, sizeof m->name, value);
	case REGION: return set_name(m->region, sizeof m->region, value);
	case NODE: m->node = (int)n; return 0;
	default: m->key[k] = canon; return 0;
	}
}

static int
parse_pair(struct recipe *m, char *pair, char *why, size_t whylen)
{
	char *value = strchr(pair, '='), expects[KEY_EXPECTS];
	struct guess g;

	if (value)
		*value++ = 0;
	guess_start(&g, pair);
	for (unsigned k = 0; k < ALL_KEYS; k++) {
		guess_try(&g, keys[k].name);
		if (strcmp(pair, keys[k].name) != 0)
			continue;
		if (!(keys[k].kinds >> m->kind & 1))
			return why_set(why, whylen, EINVAL, "%s takes no %s=",
				       target_kind_name[m->kind], pair);
		if (value && recipe_set(m, k, value) == 0)
			return 0;
		return why_set(why, whylen, EINVAL, "%s=%s: %s", pair, value ? value : "",
			       key_expects(&keys[k], expects));
	}
	return why_set(why, whylen, EINVAL, "unknown key '%s'%s%s%s", pair, g.best ? "; did you mean '" : "",
		       g.best ? g.best : "", g.best ? "'?" : "");
}

enum target_kind
recipe_kind(const char *text)
{
	const size_t n = strcspn(text, ",");

	for (unsigned k = 0; k < KINDS; k++)
		if (ALL >> k & 1 && strlen(target_kind_name[k]) == n &&
		    strncmp(target_kind_name[k], text, n) == 0)
			return (enum target_kind)k;
	return KINDS;
}

void
recipe_start(struct recipe *m, enum target_kind kind)
{
	const bool fsdax = kind == KIND_FSDAX;

	*m = (struct recipe){ .kind = kind, .node = -1, .key = {
		[RECIPE_FS] = fsdax ? "ext4" : "", [RECIPE_DAX] = fsdax ? "always" : "",
		[RECIPE_ALIGN] = fsdax || kind == KIND_DEVDAX ? "2M" : "", [RECIPE_MAP] = "",
		[RECIPE_SECTOR] = kind == KIND_SECTOR ? "4096" : "" } };
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

/* What a size is a multiple of. */
static uint64_t
unit(const struct recipe *m, const struct recipe_region *r)
{
	uint64_t align = 0;

	if (m->key[RECIPE_ALIGN][0])
		text_size(m->key[RECIPE_ALIGN], &align);
	if (align < r->align)
		align = r->align;
	return align < M2 ? M2 : align;
}

/* A piece of what is free, for one of n. */
static uint64_t
part(const struct recipe *m, const struct recipe_region *r, size_t n)
{
	return r->free / n / unit(m, r) * unit(m, r);
}

static uint64_t
offer(const struct recipe *m, const struct recipe_region *r)
{
	return part(m, r, m->size ? 1 : r->sharers + 1);
}

/* Of the regions it may be in the one that offers most: of that name, or with labels, or such as can get
 * them.  NULL: none. */
static struct recipe_region *
roomiest(const struct recipe *m, struct recipe_region *r, size_t n, bool labels)
{
	struct recipe_region *best = NULL;

	for (size_t i = 0; i < n; i++) {
		const bool may = m->region[0] ? strcmp(m->region, r[i].name) == 0 :
				 (m->node < 0 || m->node == r[i].node) &&
				 (labels ? r[i].labels : r[i].dimms[0] && !r[i].used && !r[i].sharers);

		if (may && (!best || offer(m, &r[i]) > offer(m, best)))
			best = &r[i];
	}
	return best;
}

static int
place_whole(struct recipe *m, struct recipe_region *r, char *why, size_t whylen)
{
	if (r->used)
		return why_set(why, whylen, EINVAL, "%s of %s is mounted; umount it first", r->whole,
			       r->name);
	if (r->sharers++)
		return why_set(why, whylen, EINVAL, "%s can only be one namespace", r->name);
	if (m->size && !m->least)
		return why_set(why, whylen, EINVAL, "%s: %s has no room for labels: it can only be "
			       "one namespace, without size=", m->name, r->name);
	m->at = r;
	m->size = 0;
	return 0;
}

static int
place_one(struct recipe *m, struct recipe_region *region, size_t nregion, char *why, size_t whylen)
{
	struct recipe_region *r = roomiest(m, region, nregion, true);
	char a[TEXT_NUM], b[TEXT_NUM];
	uint64_t least;

	if (!r)
		r = roomiest(m, region, nregion, false);
	if (!r)
		return why_set(why, whylen, ENOSPC, "%s: no region %s%s", m->name,
			       m->region[0] ? "is called " :
			       m->node >= 0 ? "with labels on that node" :
			       "with labels here; name one with region=", m->region);
	if (!r->labels && r->dimms[0] && !r->used && (!m->region[0] || (m->size && !m->least)))
		r->labels = r->init = true;
	if (!r->labels)
		return place_whole(m, r, why, whylen);
	if (m->least)
		m->size = (m->size + unit(m, r) - 1) / unit(m, r) * unit(m, r);
	if (m->size % unit(m, r))
		return why_set(why, whylen, EINVAL, "%s: size %s: %s wants multiples of %s", m->name,
			       text_put_size(a, m->size), r->name, text_put_size(b, unit(m, r)));
	least = m->size ? m->size : unit(m, r);
	if (offer(m, r) < least)
		return why_set(why, whylen, ENOSPC, "%s: %s has %s free in one piece, %s wanted; ndctl "
			       "destroy-namespace what is not needed", m->name, r->name,
			       text_put_size(a, r->free), text_put_size(b, least));
	m->at = r;
	r->free -= m->size;
	r->sharers += !m->size;
	return 0;
}

static bool
is_taken(const struct recipe *m, size_t n, const char *name)
{
	for (size_t k = 0; k < n; k++)
		if (m[k].step == RECIPE_MAKE && strcmp(m[k].name, name) == 0)
			return true;
	return false;
}

/* Its kind where it has no name: raw, raw-2. */
static int
name_it(struct recipe *m, size_t i, char *why, size_t whylen)
{
	char name[sizeof m->name];

	snprintf(name, sizeof name, "%s", m[i].name[0] ? m[i].name : target_kind_name[m[i].kind]);
	for (unsigned next = 2; is_taken(m, i, name); next++) {
		if (m[i].name[0])
			return why_set(why, whylen, EINVAL, "two are named %s", name);
		snprintf(name, sizeof name, "%s-%u", target_kind_name[m[i].kind], next);
	}
	strcpy(m[i].name, name);
	if (m[i].key[RECIPE_FS][0] && !m[i].mount[0])
		snprintf(m[i].mount, sizeof m[i].mount, "/mnt/%s", name);
	return 0;
}

/* Those of a size first, since the others share what is left; of either those of a named place, then those
 * behind which a whole RECIPE_BEGINS_AT begins, then the largest, which fits nowhere when small ones have been
 * spread. */
static int
sooner(const void *a, const void *b)
{
	const struct recipe *x = *(const struct recipe *const *)a, *y = *(const struct recipe *const *)b;

	if (!x->size != !y->size)
		return x->size ? -1 : 1;
	if (!x->region[0] != !y->region[0])
		return x->region[0] ? -1 : 1;
	if (!(x->size % RECIPE_BEGINS_AT) != !(y->size % RECIPE_BEGINS_AT))
		return x->size % RECIPE_BEGINS_AT ? 1 : -1;
	if (x->size != y->size)
		return x->size > y->size ? -1 : 1;
	return x < y ? -1 : x > y;
}

int
recipe_place(struct recipe *m, size_t n, struct recipe_region *region, size_t nregion, char *why,
	     size_t whylen)
{
	struct recipe **turn = calloc(n + 1, sizeof *turn);
	size_t made = 0;
	int rc = turn ? 0 : -ENOMEM;

	for (size_t i = 0; rc == 0 && i < n; i++)
		if (m[i].step == RECIPE_MAKE) {
			turn[made++] = &m[i];
			rc = name_it(m, i, why, whylen);
		}
	if (made)
		qsort(turn, made, sizeof *turn, sooner);
	for (size_t i = 0; rc == 0 && i < made; i++)
		rc = place_one(turn[i], region, nregion, why, whylen);
	for (size_t i = 0; rc == 0 && i < made; i++)
		if (turn[i]->at->labels && !turn[i]->size)
			turn[i]->size = part(turn[i], turn[i]->at, turn[i]->at->sharers);
	free(turn);
	return rc;
}
