// links: plan.o point.o medium.o durable.o plan_check.o schedule.o durability.o evidence.o filter.o config.o config_use.o load_target.o load_bench.o load_rule.o keys.o keyval.o yaml.o utf8.o diag.o text.o arena.o -lfyaml
/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdio.h>
#include <sys/resource.h>
#include <time.h>
#include "config.h"
#include "fake.h"
#include "rng.h"

/* CPUs 0-3 on node 0, 4-7 on node 1. */
static unsigned
cpus_at(const void *topo, const struct placement *p)
{
	(void)topo;
	if (p->cpus)
		return strcmp(p->cpus, "0-9") ? 2 : 8;
	if (p->place == PLACE_NODES)
		return !strcmp(p->nodes, "0,1") ? 8 : !strcmp(p->nodes, "7") ? 0 : 4;
	return p->place == PLACE_REMOTE && p->node < 0 ? 0 : 4;
}

/* Two CPUs share a cache of 1M. */
static uint64_t
llc_at(const void *topo, const struct placement *p, unsigned threads)
{
	(void)topo;
	(void)p;
	return ((uint64_t)threads + 1) / 2 << 20;
}

static bool
knows_node(const void *topo, int node)
{
	(void)topo;
	return node >= 0;
}

/* Beside those of fake.h: a first touch, whose flush instruction is the best there is. */
static const struct choice instr[] = {
	{ .name = "clwb", .value = 0, .needs = CAP_CLWB }, { .name = "clflushopt", .value = 1, .needs = CAP_CLFLUSHOPT },
	{ .name = "clflush", .value = 2, .needs = CAP_CLFLUSH }, { 0 },
};
static const struct param first_params[] = {
	{ .name = "instr", .doc = "instr", .off = offsetof(struct fake_opts, order), .def = 0, .choices = instr }, { 0 },
};
FAKE(first, "first", .needs = CAP_MAP, .does = DOES_USER_FLUSH, .moves = MOVES_WRITES, .consumes = 1, .granule = 4096,
     .params = first_params);

static struct kernels
all_kernels(void)
{
	static const struct kernel *all[40];

	memcpy(all, fake_table, sizeof(fake_table));
	all[fake_kernels.n] = &fake_first;
	return (struct kernels){ all, fake_kernels.n + 1 };
}

static struct machine here;		/* fake_machine, and what a test takes away */

struct made { struct config *config; struct plan plan; struct facts_target fact[8]; };

static int
make_rc(struct made *m, const char *benches, const char *filter, void (*tweak)(struct facts_target *))
{
	static const char targets[] = "version: 1\nseed: 42\ntargets:\n- {name: ram, dram: 1G}\n- {name: pm, fsdax: /mnt, size: 1G}\n"
		"- {name: here, file: /tmp, size: 64M}\n- {name: btt, sector: /dev/pmem1s}\n- {name: dev, devdax: /dev/dax0.0}\n"
		"benches:\n";
	struct machine machine = here.cpus ? here : fake_machine;
	struct filter *f = NULL;
	char text[8192];
	int rc;

	machine.cpus_at = cpus_at;
	machine.llc_at = llc_at;
	machine.knows_node = knows_node;
	snprintf(text, sizeof(text), "%s%s", targets, benches);
	assert_int_equal(config_load(&m->config, "t.yaml", text, strlen(text), NULL, 0, all_kernels(), stderr), 0);
	for (size_t i = 0; i < m->config->ntarget; i++) {
		const struct target_spec *t = &m->config->target[i];

		m->fact[i] = fake_facts(t->kind, t->size ? t->size : 1 << 30);
		m->fact[i].node = 0;
		if (tweak)
			tweak(&m->fact[i]);
	}
	if (filter)
		assert_int_equal(filter_parse(&f, filter, config_known_name, m->config, stderr), 0);
	rc = plan_make(&m->plan, m->config, m->fact, &machine, f);
	filter_free(f);
	return rc;
}

static void
make(struct made *m, const char *benches)
{
	assert_int_equal(make_rc(m, benches, NULL, NULL), 0);
}

static void
unmake(struct made *m)
{
	plan_free(&m->plan);
	config_free(m->config);
}

static const char *
axis(const struct made *m, size_t i, enum axis_id id)
{
	static char buf[4][POINT_TEXT];
	static int turn;

	return point_axis(&m->plan, &m->plan.point[i], id, buf[turn++ & 3]);
}

static const char *
param(const struct made *m, size_t i, const char *name)
{
	static char buf[POINT_TEXT];

	return point_param(&m->plan, &m->plan.point[i], name, buf);
}

/* The only point of a bench; its skip. */
static void
skips(const char *bench, const char *why)
{
	struct made m;

	make(&m, bench);
	assert_int_equal(m.plan.n, 1);
	if (!why) {
		if (m.plan.point[0].skip)
			fail_msg("%s: %s", bench, m.plan.point[0].skip);
	} else if (!m.plan.point[0].skip) {
		fail_msg("%s: not skipped", bench);
	} else {
		assert_string_equal(m.plan.point[0].skip, why);
		assert_int_equal(m.plan.nskip, 1);
	}
	assert_non_null(m.plan.point[0].durable.why);
	unmake(&m);
}

static void
product(void **state)
{
	struct made m;

	(void)state;
	make(&m, "- {name: a, kernel: [store, clwb], target: [ram, pm], size: [64, 4K], threads: [1, 2]}\n"
		 "- {name: b, kernel: clwb, target: ram, fence: [1, 8], order: [line, op]}\n");
	assert_int_equal(m.plan.n, 16 + 4);
	assert_int_equal(m.plan.nskip, 0);
	/* The first axis is the slowest. */
	assert_string_equal(axis(&m, 0, AXIS_KERNEL), "store");
	assert_string_equal(axis(&m, 1, AXIS_THREADS), "2");
	assert_string_equal(axis(&m, 2, AXIS_SIZE), "4096");
	assert_string_equal(axis(&m, 4, AXIS_TARGET), "pm");
	assert_string_equal(axis(&m, 8, AXIS_KERNEL), "clwb");
	assert_string_equal(param(&m, 0, "fence"), "");
	assert_string_equal(param(&m, 8, "fence"), "1");
	assert_string_equal(param(&m, 8, "order"), "line");
	assert_string_equal(param(&m, 19, "fence"), "8");
	assert_string_equal(param(&m, 19, "order"), "op");
	assert_int_equal(m.plan.nparam, 2);
	assert_string_equal(m.plan.param_name[0], "fence");
	assert_string_equal(m.plan.param_name[1], "order");
	unmake(&m);
}

static void
opts(void **state)
{
	struct fake_opts o;
	struct made m;

	(void)state;
	make(&m, "- {name: b, kernel: [clwb, ntstore], target: ram, fence: 8, width: 8}\n");
	point_opts(&m.plan, &m.plan.point[0], &o);
	assert_true(o.fence == 8 && o.order == 0 && o.width == 0);
	point_opts(&m.plan, &m.plan.point[1], &o);
	assert_true(o.fence == 8 && o.width == 8);
	unmake(&m);
}

static void
zipped(void **state)
{
	struct made m;

	(void)state;
	make(&m, "- {name: a, kernel: [store, clwb], target: ram, size: [64, 256, 4K], threads: [1, 2, 4], zip: [size, threads]}\n");
	assert_int_equal(m.plan.n, 6);
	assert_string_equal(axis(&m, 2, AXIS_SIZE), "4096");
	assert_string_equal(axis(&m, 2, AXIS_THREADS), "4");
	unmake(&m);
	/* A value may come again in a zip, a pair only once. */
	make(&m, "- {name: a, kernel: clwb, target: ram, size: [64, 64, 4K, 64], fence: [1, 8, 1, 8], zip: [[size, fence]]}\n");
	assert_int_equal(m.plan.n, 3);
	unmake(&m);
	make(&m, "- {name: a, kernel: [store, clwb], target: [ram, pm], zip: [[kernel, target]]}\n");
	assert_int_equal(m.plan.n, 2);
	assert_string_equal(axis(&m, 1, AXIS_TARGET), "pm");
	unmake(&m);
}

static void
excluded(void **state)
{
	struct made m;

	(void)state;
	make(&m, "- {name: a, kernel: [store, clwb], target: ram, size: [64, 256, 4K], fence: [1, 8],\n"
		 "   exclude: [{kernel: clwb, size: [64, 4K]}, {fence: 8, size: 256}]}\n");
	/* store 64, 256, 4K; clwb 256 fence 1. */
	assert_int_equal(m.plan.n, 4);
	unmake(&m);
	/* What does not apply to a point cannot exclude it. */
	make(&m, "- {name: a, kernel: [store, osync], target: here, mode: latency, line: [cold, hot], exclude: [{line: cold}]}\n");
	assert_int_equal(m.plan.n, 2);
	assert_string_equal(axis(&m, 0, AXIS_LINE), "hot");
	assert_string_equal(axis(&m, 1, AXIS_LINE), "");
	unmake(&m);
	make(&m, "- {name: a, kernel: clwb, target: ram, exclude: [{order: line}]}\n");	/* a default as well */
	assert_int_equal(m.plan.n, 0);
	unmake(&m);
}

static void
filtered(void **state)
{
	struct made m;

	(void)state;
	assert_int_equal(make_rc(&m, "- {name: a, kernel: [store, clwb], target: [ram, here], size: [64, 4K, 64K], fence: [1, 8]}\n",
				 "kernel=clwb && size>=4K && durable=yes && fence>1 && medium=dram && role=ram && bench=a", NULL), 0);
	assert_int_equal(m.plan.n, 2);
	assert_string_equal(axis(&m, 0, AXIS_SIZE), "4096");
	unmake(&m);
}

/* Axes that say nothing about a kernel or a target make one point, with an empty column. */
static void
collapsed(void **state)
{
	static const enum axis_id gone[] = {
		AXIS_STRIDE, AXIS_GAP, AXIS_LINE, AXIS_MAP_SYNC, AXIS_O_SYNC, AXIS_PAGE_SIZE, AXIS_CPUS,
	};
	struct made m;

	(void)state;
	make(&m, "- {name: a, kernel: [osync, null], target: here, line: [cold, hot], map_sync: [on, off], o_sync: [on, off],\n"
		 "   page_size: [4K, 2M], stride: [4K, 64K], gap: [drained, back-to-back], preparation: [hole, written]}\n");
	assert_int_equal(m.plan.n, 3);
	for (size_t i = 0; i < sizeof(gone) / sizeof(gone[0]); i++)
		assert_string_equal(axis(&m, 0, gone[i]), "");
	assert_string_equal(axis(&m, 0, AXIS_PREPARATION), "hole");
	assert_string_equal(axis(&m, 1, AXIS_PREPARATION), "written");
	assert_string_equal(axis(&m, 2, AXIS_PREPARATION), "");		/* null touches nothing */
	unmake(&m);
	/* A prefaulted mapping is of written blocks, whatever they were; and it is no hole to the rule. */
	make(&m, "- {name: a, kernel: [store, clwb, msync], target: [pm, here], preparation: [hole, unwritten, written]}\n");
	assert_int_equal(m.plan.n, 6);
	for (size_t i = 0; i < m.plan.n; i++)
		assert_string_equal(axis(&m, i, AXIS_PREPARATION), "");
	unmake(&m);
	make(&m, "- {name: a, kernel: store, target: [ram, dev], map_sync: [on, off], preparation: [hole, written],\n"
		 "   cpus: [0-1], placement: [local, remote], smt: [last, first]}\n");
	assert_int_equal(m.plan.n, 2);
	assert_string_equal(axis(&m, 0, AXIS_PLACEMENT), "");
	assert_string_equal(axis(&m, 0, AXIS_CPUS), "0-1");
	assert_string_equal(axis(&m, 0, AXIS_THREADS), "2");
	assert_string_equal(axis(&m, 1, AXIS_O_SYNC), "off");
	unmake(&m);
	make(&m, "- {name: a, kernel: create, target: pm, preparation: [hole, written]}\n");
	assert_int_equal(m.plan.n, 1);
	unmake(&m);
	/* Two spellings of one thing. */
	make(&m, "- {name: a, kernel: clwb, target: pm, map_sync: [auto, on], threads: [2, 50%], working_set: [auto, 1G],\n"
		 "   preparation: [auto, written], page_size: [auto, 4K]}\n");
	assert_int_equal(m.plan.n, 1);
	unmake(&m);
	/* A label tells them apart. */
	make(&m, "- {name: a, kernel: clwb, target: pm, label: [x, y]}\n");
	assert_int_equal(m.plan.n, 2);
	unmake(&m);
}

static void
reasons(void **state)
{
	(void)state;
	skips("- {name: a, kernel: store, target: ram}\n", NULL);
	skips("- {name: a, kernel: msync, target: ram}\n", "lacks SYNC: memory has no file or device behind it");
	skips("- {name: a, kernel: append, target: ram}\n", "lacks FD, SYNC, DIR: memory has no file or device behind it");
	skips("- {name: a, kernel: wide, target: ram}\n", "lacks MOVDIR64B: not an instruction of this CPU");
	skips("- {name: a, kernel: strict, target: here}\n", "lacks MAP_SYNC: not a DAX file");
	skips("- {name: a, kernel: strict, target: ram}\n", "lacks MAP_SYNC: memory has no file or device behind it");
	skips("- {name: a, kernel: sector, target: ram, size: 4K}\n", "lacks FD, BLOCK: memory has no file or device behind it");
	skips("- {name: a, kernel: sector, target: here, size: 4K}\n", "lacks BLOCK: O_DIRECT sectors are those of a block device");
	skips("- {name: a, kernel: append, target: btt, size: 4K}\n", "lacks DIR: a block device holds no files");
	skips("- {name: a, kernel: msync, target: dev}\n",
	      "lacks SYNC: device DAX knows neither files nor read, write, msync or fsync (EINVAL)");
	skips("- {name: a, kernel: atomic, target: btt, size: 4K}\n", "lacks ATOMIC: statx offers no RWF_ATOMIC writes here");
	skips("- {name: a, kernel: strict, target: pm, map_sync: off}\n", "needs MAP_SYNC, and map_sync is off");
	skips("- {name: a, kernel: store, target: here, map_sync: on}\n", "map_sync on: not a DAX file");
	skips("- {name: a, kernel: store, target: ram, size: 100}\n", "size 100 is not a multiple of 64; try -s 128");
	skips("- {name: a, kernel: store, target: ram, size: 12}\n", "size 12 is not a multiple of 8; try -s 16");
	skips("- {name: a, kernel: store, target: ram, size: 8}\n", NULL);
	skips("- {name: a, kernel: pwrite, target: here, size: 100}\n", NULL);
	skips("- {name: a, kernel: sector, target: btt, size: 512}\n",
	      "size 512 is not a multiple of 4K, the device's logical blocks; try -s 4K");
	skips("- {name: a, kernel: sector, target: btt, size: 4608}\n",
	      "size 4608 is not a multiple of 4K, the device's logical blocks; try -s 8K");
	skips("- {name: a, kernel: sector, target: btt}\n", "size 64 is not a multiple of 4K, the device's logical blocks; try -s 4K");
	skips("- {name: a, kernel: sector, target: btt, size: 8K}\n", NULL);
	skips("- {name: a, kernel: append, target: pm, preparation: written}\n",
	      "append uses each slot once: in a written file there is none left");
	skips("- {name: a, kernel: append, target: pm}\n", NULL);
	skips("- {name: a, kernel: touch, target: pm, preparation: written}\n", NULL);
	skips("- {name: a, kernel: store, target: here, page_size: 2M}\n", "page size 2M: the page cache is mapped by 4K");
	skips("- {name: a, kernel: store, target: pm, page_size: 1G}\n", "page size 1G: a DAX file is mapped by 2M at most");
	skips("- {name: a, kernel: store, target: dev, page_size: 4K}\n",
	      "page size 4K: the device's align is 2M, and so are its pages");
	skips("- {name: a, kernel: store, target: ram, page_size: 1G}\n",
	      "page size 1G: none are free; /sys/kernel/mm/hugepages/*/nr_hugepages reserves some");
	skips("- {name: a, kernel: store, target: ram, page_size: 2M}\n", NULL);
	skips("- {name: a, kernel: ntstore, target: ram, width: 64}\n", "width 64 lacks AVX512: not an instruction of this CPU");
	skips("- {name: a, kernel: ntstore, target: ram, fence: 64}\n", NULL);
	skips("- {name: a, kernel: store, target: ram, threads: 5}\n", "5 threads, but placement local offers 4 CPUs");
	skips("- {name: a, kernel: store, target: ram, placement: 7}\n", "placement 7: a node that is not there, or has no CPUs");
	skips("- {name: a, kernel: store, target: ram, placement: '0,1', threads: 8}\n", NULL);
	skips("- {name: a, kernel: store, target: ram, cpus: 0-9}\n", "of the CPUs 0-9 only 8 may be used");
	skips("- {name: a, kernel: store, target: ram, cpus: 0-1, threads: 3}\n", "3 threads, but cpus 0-1 names 2");
	skips("- {name: a, kernel: store, target: ram, working_set: 2G}\n", "working set 2G is over the target's 1G");
	skips("- {name: a, kernel: store, target: ram, working_set: 4K, threads: 4, size: 2K}\n",
	      "the working set of 4K over 4 threads is less than one op of 2K");
	skips("- {name: a, kernel: store, target: here, threads: 2, size: 64M}\n",
	      "the target of 64M over 2 threads is less than one op of 64M");
	skips("- {name: a, kernel: store, target: ram, pattern: strided, stride: 192}\n",
	      "stride 192 is not size 64 times a power of two");
	skips("- {name: a, kernel: store, target: ram, pattern: strided, size: 4K, stride: 64}\n",
	      "stride 64 is not size 4K times a power of two");
	skips("- {name: a, kernel: store, target: ram, pattern: strided, stride: 64K, working_set: 4K}\n",
	      "stride 64K is over the working set of a thread");
	skips("- {name: a, kernel: store, target: ram, pattern: strided, stride: 64K}\n", NULL);
}

/* How many slots have the same one behind them in both orders: all, where one is the other begun elsewhere. */
static uint64_t
same_steps(struct slots a, struct slots b, uint64_t *next)
{
	uint64_t same = 0;

	for (uint64_t i = 0; i <= a.mask; i++)
		next[slots_at(a, i)] = slots_at(a, i + 1);
	for (uint64_t i = 0; i <= b.mask; i++)
		same += next[slots_at(b, i)] == slots_at(b, i + 1);
	return same;
}

/* Neighbours in time are far apart in a random order, whatever the seed, and seeds differ in more than
 * where they begin. */
static void
orders(void **state)
{
	static uint64_t next[1 << 16];
	struct slots last = { 0 };
	struct made m;

	(void)state;
	make(&m, "- {name: a, kernel: store, target: ram, pattern: random, working_set: 4M}\n");
	assert_int_equal(m.plan.point[0].slot_bits, 16);
	for (uint32_t rep = 0; rep < 200; rep++) {
		const struct slots s = point_slots(&m.plan, &m.plan.point[0], plan_seed(&m.plan, 0, rep));
		uint64_t near = 0;

		for (uint64_t i = 0; i < s.mask; i++) {
			const uint64_t x = slots_at(s, i), y = slots_at(s, i + 1);

			near += (x > y ? x - y : y - x) < 64;
		}
		assert_in_range(near, 0, 65536 / 64);
		if (rep && same_steps(last, s, next) > 65536 / 64)
			fail_msg("repeat %u: %llu of 65536 steps are those of the one before", rep,
				 (unsigned long long)same_steps(last, s, next));
		last = s;
	}
	/* There are such for any number of slots. */
	for (m.plan.point[0].slot_bits = 0; m.plan.point[0].slot_bits <= 48; m.plan.point[0].slot_bits++)
		for (uint64_t seed = 0; seed < 20; seed++)
			assert_true(point_slots(&m.plan, &m.plan.point[0], seed).mul[0] & 1);
	unmake(&m);
}

/* Four threads on two caches have 2M of them: 4M are not three times that, though of one they are. */
static void
cached(void **state)
{
	struct made m;

	(void)state;
	make(&m, "- {name: a, kernel: store, target: ram, working_set: 4M, threads: [1, 2, 4]}\n"
		 "- {name: b, kernel: [store, pwrite], target: here, working_set: 2M}\n");
	assert_int_equal(m.plan.n, 5);
	assert_false(m.plan.point[0].cache_resident);
	assert_false(m.plan.point[1].cache_resident);
	assert_true(m.plan.point[2].cache_resident);
	assert_true(m.plan.point[3].cache_resident);
	assert_false(m.plan.point[4].cache_resident);	/* no mapping */
	unmake(&m);
}

static void
nowhere(struct facts_target *t)
{
	t->node = -1;
}

/* `local` to a device of no node is anywhere, and says so; of memory it is where the thread is. */
static void
unknown_node(void **state)
{
	struct made m;

	(void)state;
	assert_int_equal(make_rc(&m, "- {name: a, kernel: store, target: [pm, dev, ram, here]}\n"
				 "- {name: b, kernel: store, target: pm, cpus: 0-1}\n", NULL, nowhere), 0);
	assert_int_equal(m.plan.n, 5);
	for (size_t i = 0; i < 5; i++)
		assert_int_equal(m.plan.point[i].node_unknown, i < 2);
	unmake(&m);
	make(&m, "- {name: a, kernel: store, target: pm}\n");
	assert_false(m.plan.point[0].node_unknown);
	unmake(&m);
}

/* A value that one kernel takes is an error for no other: its points are skipped. */
static void
choosy(void **state)
{
	struct made m;

	(void)state;
	make(&m, "- {name: a, kernel: [clwb, ntstore], target: ram, fence: [64, 128]}\n");
	assert_int_equal(m.plan.n, 4);
	assert_null(m.plan.point[1].skip);
	assert_null(m.plan.point[2].skip);
	assert_string_equal(m.plan.point[3].skip, "fence 128: ntstore takes a power of two from 1 to 64");
	assert_string_equal(param(&m, 3, "fence"), "128");
	unmake(&m);
}

static void
make_absent(struct facts_target *t)
{
	t->present = false;
	strcpy(t->why, "/mnt: No such file or directory");
}

static void
make_unknown(struct facts_target *t)
{
	*t = (struct facts_target){ .why = "/mnt: No such file or directory" };
}

static void
prefers_2m(struct facts_target *t)
{
	t->page_size = 2 << 20;
}

static void
absent(void **state)
{
	struct made m;

	(void)state;
	assert_int_equal(make_rc(&m, "- {name: a, kernel: clwb, target: pm}\n", NULL, make_absent), 0);
	assert_string_equal(m.plan.point[0].skip, "/mnt: No such file or directory");
	assert_int_equal(m.plan.point[0].durable.class, DURABLE_YES);	/* a page size, or root: it was looked at */
	unmake(&m);
	assert_int_equal(make_rc(&m, "- {name: a, kernel: clwb, target: pm}\n", NULL, make_unknown), 0);
	assert_int_equal(m.plan.point[0].durable.class, DURABLE_UNKNOWN);
	unmake(&m);
}

static void
fs_without_2m(struct facts_target *t)
{
	t->page_sizes = 1 << 12;
}

/* The kernel that a mapping is not prefaulted for: what was there before is an axis, and an op is whole pages. */
/* Cold translations want 8192 ops, or pages, between the flush and the op; the row says what is had. */
static void
translations(void **state)
{
	static const struct { const char *axes, *tlb; uint64_t ahead; } row[] = {
		{ "size: 64, mode: latency", "cold", 8192 },
		{ "size: 64, mode: latency, tlb: warm", "warm", 0 },
		{ "size: 64, mode: latency, working_set: 256K", "warm", 0 },	/* 4096 slots */
		{ "size: 64K, mode: latency", "cold", 513 },			/* sixteen pages an op */
		{ "size: 24, mode: latency, pattern: seq", "warm", 0 },	/* neighbours share lines */
		{ "size: 24, mode: latency, pattern: random", "cold", 8192 },
		{ "size: 64, mode: latency, line: hot", "", 0 },
		{ "size: 64", "", 0 },
	};
	char text[200];
	struct made m;

	(void)state;
	for (size_t k = 0; k < sizeof row / sizeof *row; k++) {
		snprintf(text, sizeof text, "- {name: a, kernel: clwb, target: ram, page_size: 4K, %s}\n", row[k].axes);
		make(&m, text);
		assert_int_equal(m.plan.n, 1);
		assert_string_equal(axis(&m, 0, AXIS_TLB), row[k].tlb);
		assert_int_equal(m.plan.point[0].ahead, row[k].ahead);
		unmake(&m);
	}
}

static void
first_touch(void **state)
{
	struct made m;

	(void)state;
	make(&m, "- {name: a, kernel: first, target: [pm, here, ram], size: 4K, preparation: [hole, unwritten, written],\n"
		 "   map_sync: [on, off], mode: latency, line: [cold, hot]}\n");
	assert_int_equal(m.plan.n, 6 + 6 + 1);
	assert_int_equal(m.plan.nskip, 3);			/* MAP_SYNC of `here` */
	assert_string_equal(axis(&m, 0, AXIS_PREPARATION), "hole");
	assert_string_equal(axis(&m, 0, AXIS_MAP_SYNC), "on");
	assert_string_equal(axis(&m, 0, AXIS_LINE), "");	/* to make a line cold is to touch it */
	assert_string_equal(axis(&m, 5, AXIS_PREPARATION), "written");
	assert_string_equal(axis(&m, 12, AXIS_PREPARATION), "");
	assert_int_equal(m.plan.point[0].durable.class, DURABLE_YES);
	assert_int_equal(m.plan.point[1].durable.class, DURABLE_METADATA_UNSAFE);
	assert_true(plan_estimate(&m.plan).max_ns > 0);
	unmake(&m);
	skips("- {name: a, kernel: first, target: pm}\n", "size 64 is not a multiple of 4K, the pages of the mapping; try -s 4K");
	skips("- {name: a, kernel: first, target: pm, size: 4K}\n", NULL);
	skips("- {name: a, kernel: first, target: pm, size: 4K, page_size: 2M}\n",
	      "size 4K is not a multiple of 2M, the pages of the mapping; try -s 2M");
	skips("- {name: a, kernel: first, target: dev, size: 4K}\n",
	      "size 4K is not a multiple of 2M, the pages of the mapping; try -s 2M");
	skips("- {name: a, kernel: first, target: dev, size: 2M}\n", NULL);
	assert_int_equal(make_rc(&m, "- {name: a, kernel: clwb, target: pm, page_size: 2M}\n", NULL, fs_without_2m), 0);
	assert_string_equal(m.plan.point[0].skip, "page size 2M: this file system gave none; mkfs.ext4 -E stride=512,"
			    "stripe_width=512 or mkfs.xfs -d su=2m,sw=1");
	unmake(&m);
	/* Prefaulted memory comes in the largest pages there are by themselves, first touches are of the smallest. */
	assert_int_equal(make_rc(&m, "- {name: a, kernel: [clwb, first], target: pm, size: 4K}\n", NULL, prefers_2m), 0);
	assert_string_equal(axis(&m, 0, AXIS_PAGE_SIZE), "2097152");
	assert_string_equal(axis(&m, 1, AXIS_PAGE_SIZE), "4096");
	unmake(&m);
}

/* The default of a parameter is the best that this CPU has, and that is what the point says and runs. */
static void
defaults(void **state)
{
	static const struct { unsigned without; const char *runs, *skip; } cpu[] = {
		{ 0, "clwb", NULL }, { CAP_CLWB, "clflushopt", NULL }, { CAP_CLWB | CAP_CLFLUSHOPT, "clflush", NULL },
		{ CAP_CLWB | CAP_CLFLUSHOPT | CAP_CLFLUSH, "clwb", "instr clwb lacks CLWB: not an instruction of this CPU" },
	};
	struct fake_opts o;
	struct made m;

	(void)state;
	for (size_t i = 0; i < sizeof(cpu) / sizeof(cpu[0]); i++) {
		here = fake_machine;
		here.caps &= ~cpu[i].without;
		make(&m, "- {name: a, kernel: first, target: ram, size: 4K}\n"
			 "- {name: b, kernel: first, target: ram, size: 4K, instr: clwb, exclude: [{instr: clflush}]}\n"
			 "- {name: c, kernel: first, target: ram, size: 4K, exclude: [{instr: clflush}]}\n");
		assert_string_equal(param(&m, 0, "instr"), cpu[i].runs);
		point_opts(&m.plan, &m.plan.point[0], &o);
		assert_string_equal(instr[o.order].name, cpu[i].runs);
		if (cpu[i].skip)
			assert_string_equal(m.plan.point[0].skip, cpu[i].skip);
		else
			assert_null(m.plan.point[0].skip);
		/* A value that was asked for stays. */
		assert_string_equal(param(&m, 1, "instr"), "clwb");
		assert_int_equal(m.plan.point[1].skip != NULL, cpu[i].without != 0);
		assert_int_equal(m.plan.n, strcmp(cpu[i].runs, "clflush") ? 3 : 2);
		unmake(&m);
	}
	here = (struct machine){ 0 };
}

static void
two_large_pages(struct facts_target *t)
{
	t->page_size = 2 << 20;
	t->size = 4 << 20;
}

/* Memory comes in 2M pages by itself, but where they would cost working set. */
static void
pages_of_memory(void **state)
{
	static const struct { const char *axes, *page, *size; } row[] = {
		{ "threads: 1", "2097152", "4194304" },
		{ "threads: 2", "2097152", "4194304" },
		{ "threads: 2, working_set: 4K", "2097152", "4096" },
		{ "threads: 3", "4096", "3145728" },
		{ "threads: 1, page_size: 4K", "4096", "4194304" },
		{ "threads: 1, page_size: 2M", "2097152", "4194304" },
	};
	char text[200];
	struct made m;

	(void)state;
	for (size_t k = 0; k < sizeof row / sizeof *row; k++) {
		snprintf(text, sizeof text, "- {name: a, kernel: clwb, target: ram, %s}\n", row[k].axes);
		assert_int_equal(make_rc(&m, text, NULL, two_large_pages), 0);
		assert_null(m.plan.point[0].skip);
		assert_string_equal(axis(&m, 0, AXIS_PAGE_SIZE), row[k].page);
		assert_string_equal(axis(&m, 0, AXIS_WORKING_SET), row[k].size);
		unmake(&m);
	}
}

/* Shares are powers of two of slots, and fit with their distance. */
static void
shares(void **state)
{
	struct made m;

	(void)state;
	make(&m, "- {name: a, kernel: [clwb, pwrite], target: [ram, here, dev], size: [64, 192, 4K, 3K], threads: [1, 2, 3, 4],\n"
		 "   working_set: [auto, 4K, 100K, 3M, 48M], page_size: [auto, 2M]}\n");
	for (size_t i = 0; i < m.plan.n; i++) {
		const struct point *p = &m.plan.point[i];
		const uint64_t size = point_num(&m.plan, p, AXIS_SIZE), asked = point_num(&m.plan, p, AXIS_WORKING_SET);

		if (p->skip)
			continue;
		assert_true(p->working_set == size << p->slot_bits);
		assert_true(!asked || p->working_set * p->threads <= asked);
		assert_true(p->threads * target_stride(p->working_set, p->page_size) <= m.fact[p->target].size);
	}
	unmake(&m);
	make(&m, "- {name: a, kernel: clwb, target: ram, size: 64, pattern: strided, stride: 64K}\n");
	assert_int_equal(m.plan.point[0].slot_bits, 24);
	assert_int_equal(m.plan.point[0].slot_rot, 10);
	assert_string_equal(axis(&m, 0, AXIS_WORKING_SET), "1073741824");
	unmake(&m);
	make(&m, "- {name: a, kernel: clwb, target: ram, size: 64, threads: 3}\n");
	assert_string_equal(axis(&m, 0, AXIS_WORKING_SET), "805306368");
	unmake(&m);
}

static void
resolved(void **state)
{
	struct made m;

	(void)state;
	make(&m, "- {name: a, kernel: [clwb, append], target: [pm, here], threads: [1%, 100%]}\n");
	assert_int_equal(m.plan.n, 8);
	assert_string_equal(axis(&m, 0, AXIS_THREADS), "1");
	assert_string_equal(axis(&m, 1, AXIS_THREADS), "4");
	assert_string_equal(axis(&m, 0, AXIS_MAP_SYNC), "on");
	assert_string_equal(axis(&m, 2, AXIS_MAP_SYNC), "off");
	assert_string_equal(axis(&m, 0, AXIS_PREPARATION), "");
	assert_string_equal(axis(&m, 4, AXIS_PREPARATION), "hole");
	assert_string_equal(axis(&m, 4, AXIS_PAGE_SIZE), "");
	assert_int_equal(m.plan.point[0].durable.class, DURABLE_YES);
	assert_int_equal(m.plan.point[2].durable.class, DURABLE_NO);
	unmake(&m);
	/* A kernel that lays out its share takes what that needs, and nobody knows its lines. */
	make(&m, "- {name: a, kernel: laidout, target: ram, size: 4K, working_set: 4M, mode: [latency, audit]}\n");
	assert_int_equal(m.plan.point[0].working_set, 4 << 20);
	assert_int_equal(m.plan.point[0].share, (8 << 20) + 4096);
	assert_string_equal(axis(&m, 0, AXIS_LINE), "");
	assert_null(m.plan.point[0].skip);
	assert_non_null(strstr(m.plan.point[1].skip, "verify does not know where laidout"));
	unmake(&m);
	make(&m, "- {name: a, kernel: laidout, target: ram, size: 4K}\n");
	assert_int_equal(m.plan.point[0].working_set, 256 << 20);
	assert_int_equal(m.plan.point[0].share, (512 << 20) + 4096);
	unmake(&m);
	make(&m, "- {name: a, kernel: sector, target: btt, size: 4K, sync: [on, off]}\n");
	assert_int_equal(m.plan.point[0].does, DOES_FD_SYNC | DOES_ATOMIC_SECTOR);
	assert_int_equal(m.plan.point[1].does, DOES_ATOMIC_SECTOR);
	unmake(&m);
}

static void
blocks(void **state)
{
	uint32_t a[64], b[64];
	uint64_t first[33] = { 0 };
	struct made m;

	(void)state;
	make(&m, "- {name: a, kernel: [store, clwb], target: [ram, pm], size: [64, 128, 256, 512, 1K, 2K, 4K, 100]}\n");
	assert_int_equal(m.plan.n, 32);
	assert_int_equal(plan_block(&m.plan, 0, a), 28);
	assert_int_equal(plan_block(&m.plan, 0, b), 28);
	assert_memory_equal(a, b, 28 * sizeof(a[0]));
	plan_block(&m.plan, 1, b);
	assert_memory_not_equal(a, b, 28 * sizeof(a[0]));
	for (uint32_t rep = 0; rep < 2800; rep++) {
		uint64_t seen = 0;

		for (size_t i = plan_block(&m.plan, rep, a); i-- > 0; )
			seen |= 1ull << a[i];
		assert_int_equal(__builtin_popcountll(seen), 28);
		first[a[0]]++;
	}
	for (size_t i = 0; i < m.plan.n; i++)	/* 100 each, were it even */
		assert_true(m.plan.point[i].skip ? !first[i] : first[i] > 55 && first[i] < 150);
	assert_true(plan_seed(&m.plan, 1, 2) == plan_seed(&m.plan, 1, 2));
	assert_true(plan_seed(&m.plan, 1, 2) != plan_seed(&m.plan, 2, 1));
	m.plan.seed++;
	plan_block(&m.plan, 0, a);
	plan_block(&m.plan, 1, b);
	assert_memory_not_equal(a, b, 28 * sizeof(a[0]));
	unmake(&m);
}

static void
estimates(void **state)
{
	struct estimate e;
	struct made m;

	(void)state;
	make(&m, "- {name: a, kernel: clwb, target: ram, settle: fixed, repeats: 6, windows: 5, window: 10ms, warmup: 20ms}\n");
	e = plan_estimate(&m.plan);
	assert_true(e.min_ns == e.max_ns);
	assert_true(e.min_ns > 6 * 70000000ull && e.min_ns < 60000000000ull);
	unmake(&m);
	make(&m, "- {name: a, kernel: clwb, target: ram}\n");
	e = plan_estimate(&m.plan);
	assert_true(e.min_ns >= 10 * 200000000ull);
	assert_true(e.max_ns >= 30 * 2100000000ull);
	unmake(&m);
	make(&m, "- {name: a, kernel: msync, target: ram}\n");	/* skipped */
	e = plan_estimate(&m.plan);
	assert_true(e.max_ns == 0);
	unmake(&m);
}

/* 100,000 points in under 2 s and 200 MiB; a sanitizer may take longer. */
static void
big(void **state)
{
	struct timespec from, to;
	struct rusage ru;
	struct made m;
	double seconds;

	(void)state;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
	make(&m, "- {name: a, kernel: [store, clwb, ntstore, msync, osync], target: [ram, pm],\n"
		 "   size: [64, 128, 192, 256, 320, 384, 448, 512, 576, 640, 704, 768, 832, 896, 960, 1K, 2K, 4K, 8K, 16K],\n"
		 "   threads: [1, 2, 3, 4, 5], fence: [1, 2, 4, 8, 16, 32, 64], working_set: [64M, 128M, 256M, 512M, 1G],\n"
		 "   pattern: [seq, random], gap: [drained, back-to-back], line: [cold, hot], mode: [throughput, latency]}\n");
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
	seconds = (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) / 1e9;
	getrusage(RUSAGE_SELF, &ru);
	print_message("%zu points, %.2f s, %ld MiB\n", m.plan.n, seconds, ru.ru_maxrss >> 10);
	assert_true(m.plan.n > 100000);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
	assert_true(seconds < 2);
	assert_true(ru.ru_maxrss < 200 << 10);
#endif
	unmake(&m);
}

static void
too_big(void **state)
{
	const char *axes = "size: [64, 128, 192, 256, 320, 384, 448, 512, 576, 640], threads: [1, 2, 3, 4],\n"
		"   fence: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512], label: [a, b, c, d, e, f, g, h, i, j],\n"
		"   working_set: [1M, 2M, 4M, 8M, 16M, 32M, 64M, 128M, 256M, 512M], pattern: [seq, random, strided], stride: [4K, 8K, 16K],\n"
		"   mode: [throughput, latency], gap: [drained, back-to-back], line: [cold, hot]";
	char text[1024];
	struct made m;

	(void)state;
	snprintf(text, sizeof(text), "- {name: a, kernel: clwb, target: [ram, pm], %s}\n", axes);
	assert_int_equal(make_rc(&m, text, NULL, NULL), -E2BIG);
	config_free(m.config);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(product), cmocka_unit_test(opts), cmocka_unit_test(zipped), cmocka_unit_test(excluded),
		cmocka_unit_test(filtered), cmocka_unit_test(collapsed), cmocka_unit_test(reasons), cmocka_unit_test(choosy),
		cmocka_unit_test(absent), cmocka_unit_test(translations), cmocka_unit_test(first_touch), cmocka_unit_test(defaults), cmocka_unit_test(shares), cmocka_unit_test(pages_of_memory), cmocka_unit_test(resolved), cmocka_unit_test(blocks),
		cmocka_unit_test(estimates), cmocka_unit_test(big), cmocka_unit_test(too_big),
		cmocka_unit_test(orders), cmocka_unit_test(cached), cmocka_unit_test(unknown_node),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
