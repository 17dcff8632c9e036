/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * yaml.h -- a YAML text as a tree of scalars, lists and maps.
 *
 * The glue around libfyaml: what it must not see is refused before, what it
 * finds wrong is said in our words, and aliases share their node, so that a
 * small text stays small.  A scalar is text: what it means is for the reader.
 */
#ifndef YAML_H
#define YAML_H

#include "arena.h"
#include "diag.h"

enum { YAML_MAX = 1 << 20, YAML_DEPTH = 16, YAML_KEYS = 256, YAML_NODES = 1 << 20 };

enum ynode_kind { Y_SCALAR, Y_LIST, Y_MAP };
struct ynode {
	enum ynode_kind kind;
	struct where at;
	const char *text;		/* scalar: no NUL inside */
	size_t n;			/* list, map: how many */
	struct ynode **v;		/* list: elements; map: values */
	struct ynode **key;		/* map: scalars, no two the same */
	size_t weight;			/* nodes below and itself, aliases counted each time */
};

/* Bytes [off, off + len) of src as one document.  NULL when it is wrong: said in diag. */
struct ynode *yaml_parse(struct arena *, const struct source *src, size_t off, size_t len, struct diag *);

/* As if src[off..] stood between brackets: a list, as in `--set key=a,b`. */
struct ynode *yaml_parse_list(struct arena *, const struct source *src, size_t off, struct diag *);

/* The value of a key of a map, NULL when it has none.  Set: replace or append. */
struct ynode *yaml_get(const struct ynode *map, const char *key);
void yaml_set(struct arena *, struct ynode *map, struct ynode *key, struct ynode *value);

#endif
