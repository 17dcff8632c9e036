/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * config.h -- a run, as its YAML file says it: targets, benches, their axes.
 *
 * Pure: bytes in, struct out; knows no device and no clock.  Every wrong input
 * gives one `FILE:LINE:COL: error: ...` with a caret, the allowed values and
 * "did you mean"; nothing is repaired.
 */
#ifndef CONFIG_H
#define CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include "keys.h"

/* One value of an axis: what it means and its canonical spelling ("4K", "clwb"). */
struct value { uint64_t num; const char *text; };
struct axis  { size_t n; const struct value *v; };

/* A kernel parameter as an axis.  Kernels may differ in what a text means: param_value()
 * of the kernel at hand says; num is that of the first that takes it. */
struct param_axis { const char *name; struct axis axis; };
/* The kernels that a config may name; `kernel: all` means each of them. */
struct kernels { const struct kernel *const *v; size_t n; };

/* `exclude:` -- a point is left out when every condition of a rule holds: its
 * value of `name` (an axis or a parameter) is one of `any`, compared by text. */
struct cond { const char *name; struct axis any; };
struct rule { size_t n; const struct cond *cond; };

/* `zip:` -- these axes walk together; all have the same length. */
struct zip { size_t n; const char *const *name; };

struct bench {
	const char *name;
	struct axis axis[AXES];			/* never empty: defaults are filled in */
	size_t nparam, nexclude, nzip;
	const struct param_axis *param;		/* only those the config names */
	const struct rule *exclude;
	const struct zip *zip;
	uint64_t sched[SCHEDS];			/* by sched_id, units of its key */
};

extern const char *const target_kind_name[];	/* indexed by target_kind, ended by NULL */

#define NAME_MAX_ 65
#define TARGET_PATH_MAX 4096
/* A target as the config names it.  Plain data: it travels to the worker as is. */
struct target_spec {
	char name[NAME_MAX_], role[NAME_MAX_];	/* role defaults to name */
	enum target_kind kind;
	char path[TARGET_PATH_MAX];		/* directory or device; "" for dram and loop; with namespace_ "",
						 * or fsdax: a directory below its mount point */
	char namespace_[NAME_MAX_];		/* uuid or name; "" when named by path */
	uint64_t size;				/* dram, loop, file, fsdax; 0: default 256M for file/fsdax */
	uint64_t offset, length;		/* part of a device; length 0: to its end */
	uint64_t page_size;			/* 0: what the target gives */
	int node;				/* dram: NUMA node, -1: that of the CPUs */
	bool optional;				/* absent is a skip, not an error */
};

struct config {
	const char *name;
	uint64_t seed;				/* 0: draw one; main writes the drawn one here */
	bool quick;				/* `quick: true` or config_quick() */
	size_t nbench, ntarget, nevent;
	const char *const *event;		/* as written: event.h, or the name of a set */
	uint64_t counting;			/* repeats with events open */
	const struct bench *bench;
	const struct target_spec *target;
	bool want_auto;				/* `auto: true` stands among them, not yet expanded */
	struct kernels kernels;			/* value.num of AXIS_KERNEL is an index into it */
	const char *file;			/* for messages */
	const char *text;			/* the bytes that were read, NUL-terminated */
	struct config_mem *mem;			/* everything above lives here */
};

/* One `--set key=value`: a dotted path.  `size=64,4K` sets the key in every bench,
 * `BENCH.size=64` in one, `targets.pm.size=1G` in a target, `seed=7`, `name=x` in the run.
 * The value is YAML; commas make a list; quote what contains one: cpus="0-3,8". */
struct setting { const char *text; };

/* Parse and check; messages go to err.  0 or -EINVAL (message printed), -ENOMEM.
 * On success *out must be given to config_free.  The kernels must outlive it. */
int  config_load(struct config **out, const char *file, const char *text, size_t len,
		 const struct setting *set, size_t nset, struct kernels, FILE *err);
void config_free(struct config *);

/* --quick (DESIGN 5): 6 repeats, short windows, fixed schedule, numeric axes thinned to
 * their ends and middle, target sizes at most 256M.  Twice is the same as once. */
int  config_quick(struct config *);

/* Replace `auto` by these targets (a copy is taken; one whose name is taken already is
 * left out), changed as --set targets.NAME says; benches without a target list use all.
 * 0; -EINVAL when a bench or --set names a target that there is not (message printed); -ENOMEM. */
int  config_set_targets(struct config *, const struct target_spec *, size_t n, FILE *err);

/* Change one key of a bench's schedule. */
void config_set_sched(struct config *, size_t bench, enum sched_id, uint64_t);

/* Add events (a comma list, as --events has it) to those of the config.  0 or -ENOMEM. */
int  config_add_events(struct config *, const char *list);

/* Say what is wrong with a target, or with an event, that only this machine could find out: with
 * its place, as config_load does. */
void config_wrong_target(const struct config *, size_t target, const char *why, FILE *err);
void config_wrong_event(const struct config *, size_t event, const char *why, FILE *err);

/* Is this a name that points have: an axis, a parameter of one of the benches' kernels,
 * bench, role, medium or durable?  For filter_parse. */
bool config_known_name(void *config, const char *name);

/* Write the config with every default and choice spelled out, as JSON (which is
 * YAML: config_load reads it back to the same struct).  0 or -errno. */
int  config_write_resolved(const struct config *, FILE *);
int  config_write_yaml(const struct config *, FILE *);	/* --print-config: what differs from the defaults */

/*
 * The text of a config for options without a file: -k KERNELS -s SIZES -t TARGETS ...
 * (comma lists; NULL: not given).  A target is a path, dram[:SIZE], loop[:SIZE] or auto.
 * kind_of says what a path is, or -1: then a path under /dev/ is what its name says
 * (dax*, pmemNs, others raw) and any other one a directory.  Malloced; NULL without memory.
 */
struct options {
	const char *kernels, *sizes, *targets, *threads, *mode;
	int (*kind_of)(const char *path);	/* target_kind; may be NULL */
	char *(*real_path)(const char *path, char *buf);	/* as realpath(3): what `.` is called; may be NULL */
};
char *config_from_options(const struct options *);
extern const char config_of_options[];		/* the file of such a text: messages name the option instead */

#endif
