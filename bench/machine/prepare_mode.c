/* SPDX-License-Identifier: BSD-2-Clause */
/* prepare_mode.c -- KIND[,KEY=VALUE...] of the command line. */
#include <errno.h>
#include <string.h>
#include "prepare_print.h"
#include "text.h"
#include "why.h"

#define M2 (2ull << 20)

const char *const prep_kind_name[PREP_KINDS] = { "fsdax", "devdax", "sector", "raw" };

enum prep_key { KEY_SIZE_, KEY_NAME_, KEY_REGION, KEY_NODE, KEY_FS, KEY_DAX, KEY_ALIGN, KEY_MAP, KEY_SECTOR, KEYS_ };
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
choice(enum prep_key k, const char *value)
{
	for (size_t i = 0; i < 8 && keys[k].values[i]; i++)
		if (strcmp(keys[k].values[i], value) == 0)
			return keys[k].values[i];
	return NULL;
}

static void
put_values(char *buf, size_t len, enum prep_key k)
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
set_key(struct prep_mode *m, enum prep_key k, const char *value)
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
			return why_set(why, whylen, EINVAL, "%s takes no %s=", prep_kind_name[m->kind], pair);
		if (value && set_key(m, (enum prep_key)k, value) == 0)
			return 0;
		put_values(values, sizeof values, (enum prep_key)k);
		return why_set(why, whylen, EINVAL, "%s=%s: %s%s", pair, value ? value : "",
			       values[0] ? "one of " : "not a ", values[0] ? values : pair);
	}
	return why_set(why, whylen, EINVAL, "unknown key '%s'%s%s%s", pair, g.best ? "; did you mean '" : "",
		       g.best ? g.best : "", g.best ? "'?" : "");
}

enum prep_kind
prepare_kind(const char *text)
{
	const size_t n = strcspn(text, ",");
	unsigned k = 0;

	while (k < PREP_KINDS && (strlen(prep_kind_name[k]) != n || strncmp(prep_kind_name[k], text, n) != 0))
		k++;
	return (enum prep_kind)k;
}

void
prepare_mode(struct prep_mode *m, enum prep_kind kind)
{
	const bool dax = kind == PREP_FSDAX;

	*m = (struct prep_mode){
		.kind = kind, .node = -1, .map = "", .fs = dax ? "ext4" : "", .dax = dax ? "always" : "",
		.align = dax || kind == PREP_DEVDAX ? M2 : 0,
		.sector = kind == PREP_SECTOR ? 4096 : kind == PREP_RAW ? 512 : 0,
	};
}

int
prepare_parse(struct prep_mode *m, const char *text, char *why, size_t whylen)
{
	char buf[512], *rest = buf, *word;
	const enum prep_kind kind = prepare_kind(text);
	int rc = 0;

	if (strlen(text) >= sizeof buf)
		return why_set(why, whylen, EINVAL, "a mode of over %zu characters", sizeof buf - 1);
	memcpy(buf, text, strlen(text) + 1);
	word = strsep(&rest, ",");
	if (kind == PREP_KINDS)
		return why_set(why, whylen, EINVAL, "unknown mode '%s': fsdax, devdax, sector or raw", word);
	prepare_mode(m, kind);
	while (rc == 0 && (word = strsep(&rest, ",")))
		rc = parse_pair(m, word, why, whylen);
	return rc;
}
