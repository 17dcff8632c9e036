/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * yaml_tree.h -- libfyaml's events become the tree of yaml.h; yaml.c alone includes it.
 */
#ifndef YAML_TREE_H
#define YAML_TREE_H

#include <libfyaml.h>
#include <stdbool.h>
#include "yaml.h"

struct yaml_anchor { const char *name; struct ynode *node; bool open; };

struct yaml_tree {
	struct arena *mem;
	struct diag *diag;
	const struct source *src;
	size_t base;			/* of the parser's positions in src; wraps for a list */
	struct ynode *stack[YAML_DEPTH];
	struct ynode *key[YAML_DEPTH];	/* map: the key whose value comes next */
	struct yaml_anchor *opened[YAML_DEPTH];
	size_t depth;
	struct ynode *root;
	struct yaml_anchor **anchor;
	size_t nanchor, nodes;
	bool done;			/* the document has ended */
};

/* One more event.  False: stop; what is wrong has been said. */
bool yaml_tree_event(struct yaml_tree *, struct fy_event *);
struct where yaml_tree_place(const struct yaml_tree *, struct fy_token *);
void yaml_append(struct arena *, struct ynode *to, struct ynode *key, struct ynode *value);

#endif
