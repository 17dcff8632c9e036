/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * loader.h -- what the files that make a config share; nobody else includes it.
 */
#ifndef LOADER_H
#define LOADER_H

#include "arena.h"
#include "config.h"
#include "diag.h"
#include "yaml.h"

/* A target's name that only config_set_targets can look up; --set: with a key that is given it. */
struct late { const char *name; struct where at; struct ynode *key, *value; };

/* What stands behind a config; the config is its first member. */
struct config_mem {
	struct config config;
	struct arena arena;
	struct source *src;		/* [0] the file, then the settings */
	size_t nsrc;
	struct bench *bench;		/* as in config, to be written */
	struct target_spec *target;
	struct where *target_at, *event_at;	/* of each: its value in the file, or in an option */
	struct where auto_at;
	struct late *late;
	size_t nlate;
};

struct loader {
	struct config_mem *mem;
	struct arena *arena;
	struct diag *diag;
	struct kernels kernels;
	const struct ynode *defaults;	/* a map or NULL */
};

/* Say that a value of `name` is not what it expects; guess may be NULL. */
void load_bad_value(struct loader *, const struct ynode *, const char *name, int rc, const char *expects,
		    const char *guess);
/* A scalar of a key, checked; false after a message.  *canon lives as long as the config. */
bool load_scalar(struct loader *, const struct ynode *, const struct key *, uint64_t *num, const char **canon);
/* One more event, unless it is there. */
void config_take_event(struct config_mem *, const char *text, size_t len, struct where);
void config_quick_target(struct target_spec *);
/* Is it a map (of what)?  A message when not. */
bool load_is_map(struct loader *, const struct ynode *, const char *what);

bool load_settings(struct loader *, struct ynode *root);
void load_targets(struct loader *, const struct ynode *);
/* One more of them: there is room. */
void load_target(struct loader *, const struct ynode *);
/* A name to look up when the targets of `auto` are known; key NULL: of a bench. */
void load_late(struct loader *, const char *name, struct where, struct ynode *key, struct ynode *value);
void load_benches(struct loader *, const struct ynode *);

/* What load_bench.c and load_rule.c lend each other. */
struct bench_load {
	struct loader *l;
	const struct ynode *map;
	struct bench *b;
	struct param_axis *param;	/* = b->param */
};
/* The parameter `name` of the i-th kernel of the bench, NULL when that one lacks it. */
const struct param *bench_param(const struct loader *, const struct bench *, size_t i, const char *name);
/* One value of an axis or, with id AXES, of the parameter `name`; false after a message. */
bool load_axis_value(struct bench_load *, const struct ynode *, enum axis_id, const char *name, struct value *);
void load_exclude(struct bench_load *, const struct ynode *);
void load_zip(struct bench_load *, const struct ynode *);
/* A target by name into v->num; unknown names wait for config_set_targets when `auto` stands. */
bool load_target_name(struct loader *, const struct ynode *, struct value *);

#endif
