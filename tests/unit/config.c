// links: config.o config_use.o load_target.o load_bench.o load_rule.o resolve.o keys.o keyval.o yaml.o utf8.o diag.o text.o arena.o -lfyaml -ljansson
/* SPDX-License-Identifier: BSD-2-Clause */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include "config.h"
#include "fake.h"

#define GOLDEN "tests/golden/config"

static struct config *
load(const char *text, const struct setting *set, size_t nset)
{
	struct config *c;

	assert_int_equal(config_load(&c, "dir/test.yaml", text, strlen(text), set, nset, fake_kernels, stderr), 0);
	return c;
}

/* The messages of a text that is wrong; malloced. */
static char *
wrong(const char *name, const char *text, size_t len, const struct setting *set, size_t nset)
{
	struct config *c;
	char *got;
	size_t n;
	FILE *err = open_memstream(&got, &n);
	const int rc = config_load(&c, name, text, len, set, nset, fake_kernels, err);

	fclose(err);
	if (rc != -EINVAL)
		fail_msg("%s is accepted", name);
	assert_null(c);
	return got;
}

static void
same_axis(const struct axis *a, const struct axis *b)
{
	assert_int_equal(a->n, b->n);
	for (size_t i = 0; i < a->n; i++) {
		assert_true(a->v[i].num == b->v[i].num);
		assert_string_equal(a->v[i].text, b->v[i].text);
	}
}

static void
same_bench(const struct bench *a, const struct bench *b)
{
	assert_string_equal(a->name, b->name);
	for (int i = 0; i < AXES; i++)
		same_axis(&a->axis[i], &b->axis[i]);
	assert_memory_equal(a->sched, b->sched, sizeof(a->sched));
	assert_int_equal(a->nparam, b->nparam);
	for (size_t i = 0; i < a->nparam; i++) {
		assert_string_equal(a->param[i].name, b->param[i].name);
		same_axis(&a->param[i].axis, &b->param[i].axis);
	}
	assert_int_equal(a->nexclude, b->nexclude);
	for (size_t i = 0; i < a->nexclude; i++) {
		assert_int_equal(a->exclude[i].n, b->exclude[i].n);
		for (size_t k = 0; k < a->exclude[i].n; k++) {
			assert_string_equal(a->exclude[i].cond[k].name, b->exclude[i].cond[k].name);
			same_axis(&a->exclude[i].cond[k].any, &b->exclude[i].cond[k].any);
		}
	}
	assert_int_equal(a->nzip, b->nzip);
	for (size_t i = 0; i < a->nzip; i++) {
		assert_int_equal(a->zip[i].n, b->zip[i].n);
		for (size_t k = 0; k < a->zip[i].n; k++)
			assert_string_equal(a->zip[i].name[k], b->zip[i].name[k]);
	}
}

static void
same_config(const struct config *a, const struct config *b)
{
	assert_string_equal(a->name, b->name);
	assert_true(a->seed == b->seed);
	assert_int_equal(a->quick, b->quick);
	assert_int_equal(a->want_auto, b->want_auto);
	assert_int_equal(a->ntarget, b->ntarget);
	for (size_t i = 0; i < a->ntarget; i++)
		assert_memory_equal(&a->target[i], &b->target[i], sizeof(a->target[i]));
	assert_int_equal(a->nbench, b->nbench);
	for (size_t i = 0; i < a->nbench; i++)
		same_bench(&a->bench[i], &b->bench[i]);
}

static char *
written(const struct config *c, int (*write)(const struct config *, FILE *))
{
	char *text;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	assert_int_equal(write(c, f), 0);
	fclose(f);
	return text;
}

/* What is written is read back as the same, and written again as the same. */
static void
check_round_trip(const struct config *c)
{
	int (*const write[])(const struct config *, FILE *) = { config_write_resolved, config_write_yaml };

	for (int i = 0; i < 2; i++) {
		char *text = written(c, write[i]), *again;
		struct config *back = load(text, NULL, 0);

		same_config(c, back);
		again = written(back, write[i]);
		assert_string_equal(text, again);
		free(again);
		free(text);
		config_free(back);
	}
}

static const char full[] =
	"version: 1\nname: full\nseed: 9223372036854775807\n"
	"targets:\n"
	"  - {name: pm, fsdax: '/mnt/p m/\"x\"/\xc3\xa9', size: 3G, role: fast, optional: true}\n"
	"  - {name: ram, dram: 1G, node: 2, page_size: 2M}\n"
	"  - {name: ram2, dram: 64M}\n"
	"  - {name: here, file: 123}\n"
	"  - {name: d, devdax: /dev/dax0.0, offset: 2M, length: 1G}\n"
	"  - {name: s, sector: {namespace: 0e6a3b1c-1111-2222-3333-444455556666}}\n"
	"  - {name: r, raw: /dev/pmem1}\n"
	"  - {name: l, loop: 512M}\n"
	"  - {name: n, fsdax: {namespace: pm0}, size: 1G}\n"
	"  - {name: m, fsdax: {namespace: pm0, dir: 'a b/c'}}\n"
	"defaults: {repeats: 12, fence: [1, 8], label: [x, '007']}\n"
	"benches:\n"
	"  - name: one\n"
	"    kernel: [clwb, ntstore, pwrite]\n"
	"    target: [ram, pm]\n"
	"    size: [64, 4096, 1M]\n"
	"    threads: [1, 50%, socket]\n"
	"    cpus: ['0-3,8', auto]\n"
	"    placement: [local, remote, '0,2']\n"
	"    pattern: strided\n"
	"    stride: [4K, 64K]\n"
	"    page_size: [auto, 2M]\n"
	"    working_set: [auto, 1G]\n"
	"    width: [8, 64]\n"
	"    order: op\n"
	"    window: 5ms\n"
	"    precision: 2.5%\n"
	"    zip: [[size, threads], [width, fence]]\n"
	"    exclude: [{kernel: clwb, size: [64, 4K]}, {fence: 8, label: x}]\n"
	"  - {name: two, kernel: all, settle: fixed, ops: 1000, max_repeats: 40}\n";

static void
reads(void **state)
{
	struct config *c = load(full, NULL, 0);
	const struct bench *b = &c->bench[0];

	(void)state;
	assert_int_equal(c->ntarget, 10);
	assert_int_equal(c->nbench, 2);
	assert_true(c->seed == INT64_MAX);
	assert_string_equal(c->target[0].role, "fast");
	assert_true(c->target[0].optional);
	assert_string_equal(c->target[0].path, "/mnt/p m/\"x\"/\xc3\xa9");
	assert_true(c->target[0].size == 3ull << 30);
	assert_int_equal(c->target[0].node, -1);
	assert_int_equal(c->target[1].node, 2);
	assert_true(c->target[1].page_size == 2 << 20);
	assert_true(c->target[3].size == 256 << 20);
	assert_string_equal(c->target[3].role, "here");
	assert_true(c->target[4].offset == 2 << 20 && c->target[4].length == 1 << 30);
	assert_string_equal(c->target[5].namespace_, "0e6a3b1c-1111-2222-3333-444455556666");
	assert_int_equal(c->target[8].kind, KIND_FSDAX);
	assert_string_equal(c->target[8].namespace_, "pm0");
	assert_string_equal(c->target[8].path, "");
	assert_string_equal(c->target[9].namespace_, "pm0");
	assert_string_equal(c->target[9].path, "a b/c");
	assert_string_equal(b->axis[AXIS_SIZE].v[1].text, "4K");
	assert_true(b->axis[AXIS_SIZE].v[1].num == 4096);
	assert_true(b->axis[AXIS_THREADS].v[1].num == THREADS_PERCENT + 50);
	assert_true(b->axis[AXIS_THREADS].v[2].num == THREADS_SOCKET);
	assert_true(b->axis[AXIS_CPUS].v[0].num == 5 && b->axis[AXIS_CPUS].v[1].num == 0);
	assert_true(b->axis[AXIS_PLACEMENT].v[2].num == PLACE_NODES);
	assert_true(b->axis[AXIS_TARGET].v[0].num == 1 && b->axis[AXIS_TARGET].v[1].num == 0);
	assert_true(b->axis[AXIS_PATTERN].v[0].num == ADDRESSES_STRIDED);
	assert_true(b->axis[AXIS_MODE].n == 1 && b->axis[AXIS_MODE].v[0].num == MODE_THROUGHPUT);
	assert_int_equal(b->nparam, 3);
	assert_true(b->sched[SCHED_REPEATS] == 12 && b->sched[SCHED_MAX_REPEATS] == 30);
	assert_true(b->sched[SCHED_PRECISION] == 2500 && b->sched[SCHED_WINDOW] == 5000000);
	assert_int_equal(c->bench[1].axis[AXIS_KERNEL].n, fake_kernels.n);
	assert_int_equal(c->bench[1].axis[AXIS_TARGET].n, 10);
	assert_true(c->bench[1].sched[SCHED_SETTLE] == SETTLE_FIXED);
	assert_true(config_known_name(c, "fence") && config_known_name(c, "medium") && config_known_name(c, "smt"));
	assert_false(config_known_name(c, "fences"));
	config_free(c);
}

static void
round_trip(void **state)
{
	struct config *c = load(full, NULL, 0);

	(void)state;
	check_round_trip(c);
	assert_int_equal(config_quick(c), 0);
	check_round_trip(c);
	config_free(c);
	c = load("version: 1\ntargets: [{auto: true}]\nbenches: [{name: b, kernel: store}]\n", NULL, 0);
	assert_string_equal(c->name, "test");
	check_round_trip(c);
	config_free(c);
}

static void
quick(void **state)
{
	struct config *c = load("version: 1\ntargets: [{name: r, dram: 1G}]\nbenches:\n"
				"- {name: a, kernel: [store, clwb, ntstore, msync], size: [8, 16, 32, 64, 128], fence: [1, 2, 4, 8],\n"
				"   threads: [1, 2, 3, 4, 5], zip: [size, threads], label: [a, b, c, d]}\n"
				"- {name: b, kernel: store, size: [8, 16, 32, 64], pattern: [seq, random, strided, seq],\n"
				"   zip: [size, pattern]}\n", NULL, 0);
	char *once, *twice;

	(void)state;
	assert_int_equal(config_quick(c), 0);
	assert_int_equal(c->bench[0].axis[AXIS_KERNEL].n, 4);
	assert_int_equal(c->bench[0].axis[AXIS_LABEL].n, 4);
	assert_int_equal(c->bench[0].axis[AXIS_SIZE].n, 3);
	assert_string_equal(c->bench[0].axis[AXIS_SIZE].v[1].text, "32");
	assert_string_equal(c->bench[0].axis[AXIS_THREADS].v[2].text, "5");
	assert_int_equal(c->bench[0].param[0].axis.n, 3);
	assert_int_equal(c->bench[1].axis[AXIS_SIZE].n, 4);	/* zipped with one that is no line */
	assert_true(c->target[0].size == 256 << 20);
	assert_true(c->bench[0].sched[SCHED_REPEATS] == 6 && c->bench[0].sched[SCHED_MAX_REPEATS] == 6);
	assert_true(c->bench[0].sched[SCHED_SETTLE] == SETTLE_FIXED);
	once = written(c, config_write_resolved);
	assert_int_equal(config_quick(c), 0);
	twice = written(c, config_write_resolved);
	assert_string_equal(once, twice);
	free(once);
	free(twice);
	config_free(c);
}

static void
settings(void **state)
{
	const struct setting set[] = {
		{ "size=64,4K" }, { "seed=7" }, { "name=other" }, { "two.threads=2" }, { "targets.ram.dram=2G" },
		{ "cpus=[\"0-3,8\", \"0-3*4\"]" }, { "exclude=[{size: 64}, {size: 4K, threads: 2}]" }, { "fence=[1, 2]" },
	};
	struct config *c = load("version: 1\nname: n\ntargets: [{name: ram, dram: 1G}]\ndefaults: {size: 8}\nbenches:\n"
				"- {name: one, kernel: clwb, size: [64, 128]}\n- {name: two, kernel: ntstore}\n",
				set, sizeof(set) / sizeof(set[0]));

	(void)state;
	assert_int_equal(c->bench[0].axis[AXIS_SIZE].n, 2);
	assert_string_equal(c->bench[1].axis[AXIS_SIZE].v[1].text, "4K");
	assert_true(c->seed == 7);
	assert_string_equal(c->name, "other");
	assert_string_equal(c->bench[0].axis[AXIS_THREADS].v[0].text, "auto");
	assert_string_equal(c->bench[1].axis[AXIS_THREADS].v[0].text, "2");
	assert_true(c->target[0].size == 2ull << 30);
	assert_int_equal(c->bench[0].axis[AXIS_CPUS].n, 2);
	assert_int_equal(c->bench[0].axis[AXIS_CPUS].v[1].num, 16);
	assert_string_equal(c->bench[0].axis[AXIS_CPUS].v[0].text, "0-3,8");
	assert_int_equal(c->bench[1].nexclude, 2);
	assert_int_equal(c->bench[0].param[0].axis.n, 2);
	check_round_trip(c);
	config_free(c);
}

static void
bad_settings(void **state)
{
	static const struct { const char *set, *err; } cases[] = {
		{ "size", "--set:1:1: error: expected KEY=VALUE\n  size\n  ^~~~\n" },
		{ "=4", "--set:1:1: error: expected KEY=VALUE\n  =4\n  ^~\n" },
		{ "size=", "--set:1:6: error: expected a value after '='\n  size=\n       ^\n" },
		{ "sise=4", "--set:1:1: error: unknown key 'sise'; did you mean 'size'?\n  sise=4\n  ^~~~\n" },
		{ "size=64,4k", "--set:1:9: error: size: '4k' is not valid; expected a size from 1 to 64M, such as 64 or 4K; "
				"did you mean '4K'?\n  size=64,4k\n          ^~\n" },
		{ "b.size=0", "--set:1:8: error: size: '0' is out of range; expected a size from 1 to 64M, such as 64 or 4K\n"
			      "  b.size=0\n         ^\n" },
		{ "b.cpus=\"1*65\"", "--set:1:9: error: cpus: '1*65' is not valid; expected a CPU list such as \"0-3,8\" or "
				    "\"0-3*4\" or auto\n  b.cpus=\"1*65\"\n          ^~~~\n" },
		{ "c.size=8", "--set:1:1: error: no bench is called 'c'\n  c.size=8\n  ^\n" },
		{ "targets.x.size=8", "--set:1:9: error: no target is called 'x'\n  targets.x.size=8\n          ^\n" },
		{ "targets.x=8", "--set:1:1: error: expected targets.NAME.KEY=VALUE\n  targets.x=8\n  ^~~~~~~~~\n" },
		{ "size=[64", "--set:1:9: error: YAML: flow sequence without a closing bracket\n  size=[64\n          ^\n" },
		{ "b.name=b,c", "--set:1:8: error: name: a list where one value belongs: a name: 1 to 64 of A-Z a-z 0-9 . _ -\n"
				"  b.name=b,c\n         ^~~\n" },
	};
	static const char text[] = "version: 1\ntargets: [{name: ram, dram: 1G}]\nbenches: [{name: b, kernel: store}]\n";

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct setting set = { cases[i].set };
		char *got = wrong("test.yaml", text, strlen(text), &set, 1);

		assert_string_equal(got, cases[i].err);
		free(got);
	}
}

static void
automatic(void **state)
{
	static const struct target_spec found[] = {
		{ .name = "dram", .role = "dram", .kind = KIND_DRAM, .size = 1 << 30, .node = -1 },
		{ .name = "mine", .role = "mine", .kind = KIND_LOOP, .size = 1 << 20, .node = -1 },
	};
	const char *text = "version: 1\ntargets: [{name: mine, dram: 1G}, {auto: true}]\nbenches:\n"
		"- {name: a, kernel: store}\n- {name: b, kernel: store, target: dram, exclude: [{target: [dram, mine]}]}\n";
	struct config *c = load(text, NULL, 0);
	char *got;
	size_t len;
	FILE *err;

	(void)state;
	assert_true(c->want_auto);
	assert_int_equal(config_quick(c), 0);
	assert_int_equal(config_set_targets(c, found, 2, stderr), 0);
	assert_false(c->want_auto);
	assert_int_equal(c->ntarget, 2);
	assert_int_equal(c->target[0].kind, KIND_DRAM);
	assert_true(c->target[1].size == 256 << 20);
	assert_int_equal(c->bench[0].axis[AXIS_TARGET].n, 2);
	assert_true(c->bench[1].axis[AXIS_TARGET].n == 1 && c->bench[1].axis[AXIS_TARGET].v[0].num == 1);
	check_round_trip(c);
	config_free(c);

	c = load(text, NULL, 0);
	err = open_memstream(&got, &len);
	assert_int_equal(config_set_targets(c, found + 1, 1, err), -EINVAL);
	fclose(err);
	assert_non_null(strstr(got, "dir/test.yaml:5:36: error: no target is called 'dram'; this machine has mine\n"));
	free(got);
	config_free(c);
}

/* --set reaches what `auto` will add: as if it stood in the file. */
static void
automatic_settings(void **state)
{
	static const struct target_spec found[] = {
		{ .name = "ram", .role = "ram", .kind = KIND_DRAM, .size = 256 << 20, .node = -1, .optional = true },
		{ .name = "file", .role = "file", .path = "/tmp", .kind = KIND_FILE, .size = 1 << 20, .node = -1, .optional = true },
	};
	static const struct { const char *set, *err; } bad[] = {
		{ "targets.rma.role=x", "--set:1:9: error: no target is called 'rma'; this machine has ram, file\n" },
		{ "targets.ram.size=1G", "--set:1:13: error: 'size' is not for dram targets" },
		{ "targets.ram.file=/x", "--set:1:13: error: a target is of one kind; this one is 'dram' already" },
		{ "targets.file.size=x", "--set:1:19: error: size: 'x' is not valid" },
		{ "targets.file.name=ram", "--set:1:19: error: another target is called 'ram'" },
	};
	const struct setting set[] = { { "targets.ram.dram=2G" }, { "targets.file.role=here" }, { "targets.ram.node=0" } };
	const char *text = "version: 1\ntargets: [{auto: true}]\nbenches: [{name: a, kernel: store}]\n";
	struct config *c = load(text, set, 3);

	(void)state;
	assert_int_equal(config_set_targets(c, found, 2, stderr), 0);
	assert_true(c->target[0].size == 2ull << 30 && c->target[0].node == 0 && c->target[0].optional);
	assert_string_equal(c->target[0].role, "ram");
	assert_string_equal(c->target[1].role, "here");
	assert_string_equal(c->target[1].path, "/tmp");
	assert_true(c->target[1].size == 1 << 20);
	check_round_trip(c);
	config_free(c);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		char *got;
		size_t len;
		FILE *err = open_memstream(&got, &len);

		c = load(text, &(struct setting){ bad[i].set }, 1);
		assert_int_equal(config_set_targets(c, found, 2, err), -EINVAL);
		fclose(err);
		if (strncmp(got, bad[i].err, strlen(bad[i].err)))
			fail_msg("%s: %s", bad[i].set, got);
		free(got);
		config_free(c);
	}
}

/* What only the machine finds out has its place all the same. */
static void
places(void **state)
{
	const struct options o = { .kernels = "store", .targets = "dram:1M,/nowhere" };
	const struct setting set[] = { { "targets.c.file=/c" } };
	struct config *c = load("version: 1\ntargets:\n- {name: a, raw: /dev/a}\n- name: b\n  devdax: {namespace: foo}\n"
				"- {name: c, file: x}\n- auto: true\nevents: [one, two]\nbenches: [{name: a, kernel: store}]\n", set, 1);
	const struct target_spec found = { .name = "ram", .kind = KIND_DRAM, .size = 1 << 20, .node = -1 };
	char *got, *text = config_from_options(&o);
	size_t len;
	FILE *err = open_memstream(&got, &len);

	(void)state;
	assert_int_equal(config_add_events(c, "two,three/a,b/"), 0);
	assert_int_equal(config_set_targets(c, &found, 1, err), 0);
	for (size_t i = 0; i < 4; i++)
		config_wrong_target(c, i, "is bad", err);
	config_wrong_event(c, 1, "no", err);
	config_wrong_event(c, 2, "no", err);
	config_free(c);
	assert_int_equal(config_load(&c, config_of_options, text, strlen(text), NULL, 0, fake_kernels, stderr), 0);
	config_wrong_target(c, 1, "is bad", err);
	config_free(c);
	fclose(err);
	assert_string_equal(got,
		"dir/test.yaml:3:18: error: target a: is bad\n  - {name: a, raw: /dev/a}\n                   ^~~~~~\n"
		"dir/test.yaml:5:23: error: target b: is bad\n    devdax: {namespace: foo}\n                        ^~~\n"
		"--set:1:16: error: target c: is bad\n  targets.c.file=/c\n                 ^~\n"
		"dir/test.yaml:7:9: error: target ram: is bad\n  - auto: true\n          ^~~~\n"
		"dir/test.yaml:8:15: error: no\n  events: [one, two]\n                ^~~\n"
		"--events:1:5: error: no\n  two,three/a,b/\n      ^~~~~~~~~~\n"
		"run-bench: -t /nowhere: target nowhere: is bad\n");
	free(got);
	free(text);
}

static int
kind_of(const char *path)
{
	return !strcmp(path, "/mnt/pmem0") ? KIND_FSDAX : -1;
}

static char *
real_path(const char *path, char *buf)
{
	return strcpy(buf, !strcmp(path, ".") ? "/home/me/work" : !strcmp(path, "..") ? "/home/me" : "/");
}

static void
options(void **state)
{
	const struct options o = { .kernels = "clwb,msync", .sizes = "64,4K", .mode = "latency", .kind_of = kind_of,
		.targets = "/mnt/pmem0,/dev/dax0.0,/dev/pmem0s,/dev/pmem1,dram:1G,loop,/a/b c/,other/b c,auto" };
	const struct options bad = { .kernels = "clwb,,x\"y\t#", .sizes = "64,12Q", .targets = "dram,dram:x", .threads = "\xc3\xa9" };
	const struct options dots = { .kernels = "store", .targets = ".,..,/mnt/..,/,/.hidden", .real_path = real_path };
	static const char *const named[] = { "work", "me", "root", "root-2", ".hidden" };
	char *text = config_from_options(&o), *got;
	struct config *c = load(text, NULL, 0);
	static const struct { const char *name; enum target_kind kind; } expected[] = {
		{ "pmem0", KIND_FSDAX }, { "dax0.0", KIND_DEVDAX }, { "pmem0s", KIND_SECTOR }, { "pmem1", KIND_RAW },
		{ "dram", KIND_DRAM }, { "loop", KIND_LOOP }, { "b_c", KIND_FILE }, { "b_c-2", KIND_FILE },
	};

	(void)state;
	assert_int_equal(c->ntarget, 8);
	for (size_t i = 0; i < 8; i++) {
		assert_string_equal(c->target[i].name, expected[i].name);
		assert_int_equal(c->target[i].kind, expected[i].kind);
	}
	assert_true(c->want_auto);
	assert_string_equal(c->target[6].path, "/a/b c");
	assert_int_equal(c->bench[0].axis[AXIS_SIZE].n, 2);
	assert_int_equal(c->bench[0].axis[AXIS_KERNEL].n, 2);
	config_free(c);
	free(text);
	text = config_from_options(&(struct options){ 0 });
	c = load(text, NULL, 0);
	assert_int_equal(c->bench[0].axis[AXIS_KERNEL].n, fake_kernels.n);
	config_free(c);
	free(text);
	text = config_from_options(&dots);
	c = load(text, NULL, 0);
	for (size_t i = 0; i < 5; i++)
		assert_string_equal(c->target[i].name, named[i]);
	assert_string_equal(c->target[0].path, ".");
	config_free(c);
	free(text);
	/* Nobody has seen that text: the option is named. */
	text = config_from_options(&bad);
	got = wrong(config_of_options, text, strlen(text), NULL, 0);
	assert_string_equal(got,
		"run-bench: -t dram:x: dram: 'x' is not valid; expected a size from 64K to 1024T, such as 1M or 1G\n"
		"run-bench: -k clwb,,x\"y?#: kernel has no value; expected a name: 1 to 64 of A-Z a-z 0-9 . _ -\n"
		"run-bench: -k clwb,,x\"y?#: kernel: 'x\"y\t#' is not valid; expected a name: 1 to 64 of A-Z a-z 0-9 . _ -\n"
		"run-bench: -s 64,12Q: size: '12Q' is not valid; expected a size from 1 to 64M, such as 64 or 4K\n"
		"run-bench: -T \xc3\xa9: threads: '\xc3\xa9' is not valid; expected a number from 1 to 4096, 1% to 100%, socket or auto\n");
	free(got);
	free(text);
}

/* A key may be repeated in no form; what is too large for the file is refused at once. */
static void
limits(void **state)
{
	const size_t big = (1 << 20) + 1;
	char *text = malloc(big), *got;

	(void)state;
	memset(text, '#', big);
	got = wrong("big.yaml", text, big, NULL, 0);
	assert_non_null(strstr(got, "big.yaml:1:1: error: the file is larger than 1 MiB"));
	free(got);
	memset(text, '[', big);
	free(wrong("deep.yaml", text, big - 1, NULL, 0));
	for (size_t i = 0; i < big - 1; i++)
		text[i] = "a,"[i & 1];
	text[0] = '[';
	free(wrong("long.yaml", text, big - 1, NULL, 0));
	free(text);
}

static char *
slurp(const char *path, size_t *len)
{
	FILE *f = fopen(path, "r");
	char *text = calloc(1, 1 << 16);

	*len = f ? fread(text, 1, (1 << 16) - 1, f) : 0;
	if (f)
		fclose(f);
	return text;
}

/* GOLDEN_UPDATE=1 writes what is printed now. */
static void
golden(void **state)
{
	DIR *dir = opendir(GOLDEN);
	size_t cases = 0;

	(void)state;
	assert_non_null(dir);
	for (const struct dirent *e; (e = readdir(dir)); ) {
		const size_t n = strlen(e->d_name);
		char path[512], *text, *got, *expected;
		size_t len;

		if (n < 6 || strcmp(e->d_name + n - 5, ".yaml"))
			continue;
		snprintf(path, sizeof(path), GOLDEN "/%s", e->d_name);
		text = slurp(path, &len);
		got = wrong(e->d_name, text, len, NULL, 0);
		snprintf(path, sizeof(path), GOLDEN "/%.*s.err", (int)(n - 5), e->d_name);
		if (getenv("GOLDEN_UPDATE")) {
			FILE *f = fopen(path, "w");

			fputs(got, f);
			fclose(f);
		}
		expected = slurp(path, &len);
		if (strcmp(got, expected))
			fail_msg("%s:\n%s\nexpected:\n%s", path, got, expected);
		free(expected);
		free(got);
		free(text);
		cases++;
	}
	closedir(dir);
	assert_true(cases > 40);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads), cmocka_unit_test(round_trip), cmocka_unit_test(quick), cmocka_unit_test(settings),
		cmocka_unit_test(bad_settings), cmocka_unit_test(automatic), cmocka_unit_test(automatic_settings),
		cmocka_unit_test(places), cmocka_unit_test(options),
		cmocka_unit_test(limits), cmocka_unit_test(golden),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
