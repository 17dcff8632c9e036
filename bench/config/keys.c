/* SPDX-License-Identifier: BSD-2-Clause */
#include "keys.h"

#define K * 1024ull
#define M * 1048576ull
#define G * 1073741824ull
#define MS * 1000000ull

#define RANGE(lo, hi) .min = (lo), .max = (hi)
#define C(text, num) { .name = (text), .value = (num) }
static const struct choice smts[] = { C("last", SMT_LAST), C("first", SMT_FIRST), { 0 } };
static const struct choice patterns[] = {
	C("seq", ADDRESSES_SEQ), C("random", ADDRESSES_RANDOM), C("strided", ADDRESSES_STRIDED), { 0 },
};
static const struct choice modes[] = {
	C("throughput", MODE_THROUGHPUT), C("latency", MODE_LATENCY), C("audit", MODE_AUDIT), { 0 },
};
static const struct choice gaps[] = {
	C("drained", GAP_DRAINED), C("back-to-back", GAP_BACK_TO_BACK), { 0 },
};
static const struct choice lines[] = { C("cold", LINE_COLD), C("hot", LINE_HOT), { 0 } };
static const struct choice tlbs[] = { C("cold", TLB_COLD), C("warm", TLB_WARM), { 0 } };
static const struct choice preparations[] = {
	C("auto", PREP_AUTO), C("hole", PREP_HOLE), C("unwritten", PREP_UNWRITTEN),
	C("written", PREP_WRITTEN), { 0 },
};
static const struct choice tri[] = { C("auto", TRI_AUTO), C("on", TRI_ON), C("off", TRI_OFF), { 0 } };
static const struct choice on_off[] = { C("off", TRI_OFF), C("on", TRI_ON), { 0 } };
static const struct choice pages[] = {
	C("auto", 0), C("4K", 4 K), C("2M", 2 M), C("1G", 1 G), { 0 },
};
static const struct choice settles[] = { C("steady", SETTLE_STEADY), C("fixed", SETTLE_FIXED), { 0 } };

const struct key axis_keys[AXES] = {
	[AXIS_KERNEL] = { .name = "kernel",
		.doc = "how bytes are made durable (run-bench list kernels); all: each of them",
		.type = KEY_NAME },
	[AXIS_TARGET] = { .name = "target",
		.doc = "where: names from `targets`; default all of them",
		.type = KEY_NAME },
	[AXIS_SIZE] = { .name = "size",
		.doc = "bytes of one op",
		.type = KEY_SIZE, RANGE(1, 64 M), .def = "64" },
	[AXIS_THREADS] = { .name = "threads",
		.doc = "a number, a share of the CPUs (50%) or those of the target's socket; auto: one, or one a CPU of `cpus`",
		.type = KEY_THREADS, RANGE(1, 4096), .def = "auto", .automatic = true },
	[AXIS_CPUS] = { .name = "cpus",
		.doc = "these CPUs, in this order, instead of a placement: \"0-3,8\"; \"0-3*4\": four threads on each",
		.type = KEY_CPUS, .def = "auto", .automatic = true },
	[AXIS_PLACEMENT] = { .name = "placement",
		.doc = "CPUs near the target, far from it (the farthest first), or those of NUMA nodes (0,2)",
		.type = KEY_PLACEMENT, .def = "local" },
	[AXIS_SMT] = { .name = "smt",
		.doc = "SMT siblings after all cores, or beside their core",
		.type = KEY_CHOICE, .def = "last", .choices = smts },
	[AXIS_PATTERN] = { .name = "pattern",
		.doc = "order of the slots",
		.type = KEY_CHOICE, .def = "seq", .choices = patterns },
	[AXIS_STRIDE] = { .name = "stride",
		.doc = "strided pattern: bytes from op to op, the size times a power of two",
		.type = KEY_SIZE, RANGE(1, 1 G), .def = "4K" },
	[AXIS_MODE] = { .name = "mode",
		.doc = "many ops between two clock reads, every op stamped, or every op acknowledged (--acks) and not timed",
		.type = KEY_CHOICE, .def = "throughput", .choices = modes },
	[AXIS_GAP] = { .name = "gap",
		.doc = "latency: stores drained before an op starts, or not",
		.type = KEY_CHOICE, .def = "drained", .choices = gaps },
	[AXIS_LINE] = { .name = "line",
		.doc = "latency of mapped kernels: an op's lines are out of the cache before it, or in it",
		.type = KEY_CHOICE, .def = "cold", .choices = lines },
	[AXIS_TLB] = { .name = "tlb",
		.doc = "latency, line cold: an op's lines are flushed so long before it that its translation has left the "
		       "TLB again, or just before",
		.type = KEY_CHOICE, .def = "cold", .choices = tlbs },
	[AXIS_WORKING_SET] = { .name = "working_set",
		.doc = "bytes that all threads use together; auto: the whole target",
		.type = KEY_SIZE, RANGE(4 K, 1024 G), .def = "auto", .automatic = true },
	[AXIS_PREPARATION] = { .name = "preparation",
		.doc = "blocks of a file before the op: none, allocated, or allocated and written; auto: written, hole "
		       "for kernels that use a slot once",
		.type = KEY_CHOICE, .def = "auto", .choices = preparations },
	[AXIS_MAP_SYNC] = { .name = "map_sync",
		.doc = "map with MAP_SYNC; auto: on where it can be",
		.type = KEY_CHOICE, .def = "auto", .choices = tri },
	[AXIS_O_SYNC] = { .name = "o_sync",
		.doc = "map a descriptor that was opened with O_SYNC",
		.type = KEY_CHOICE, .def = "off", .choices = on_off },
	[AXIS_PAGE_SIZE] = { .name = "page_size",
		.doc = "of the mapping, verified; auto: what the target gives, dram 2M where it can",
		.type = KEY_CHOICE, .def = "auto", .choices = pages },
	[AXIS_LABEL] = { .name = "label",
		.doc = "does nothing: tells points of one kind apart",
		.type = KEY_NAME, .def = "" },
};

const struct key sched_keys[SCHEDS] = {
	[SCHED_REPEATS] = { .name = "repeats",
		.doc = "worker processes a point, at least",
		.type = KEY_COUNT, RANGE(1, 1000), .def = "10" },
	[SCHED_MAX_REPEATS] = { .name = "max_repeats",
		.doc = "at most; `settle: fixed` makes no more than repeats",
		.type = KEY_COUNT, RANGE(1, 1000), .def = "30" },
	[SCHED_WINDOWS] = { .name = "windows",
		.doc = "measured windows a repeat",
		.type = KEY_COUNT, RANGE(1, 1000), .def = "5" },
	[SCHED_WINDOW] = { .name = "window",
		.doc = "length of one; at least 100 ops, at most 2s",
		.type = KEY_TIME, RANGE(1 MS, 2000 MS), .def = "20ms" },
	[SCHED_WARMUP] = { .name = "warmup",
		.doc = "before the windows; `settle: steady` goes on, at most 2s, until it is steady",
		.type = KEY_TIME, RANGE(0, 60000 MS), .def = "100ms" },
	[SCHED_OPS] = { .name = "ops",
		.doc = "this many ops a repeat instead of windows; 0: windows",
		.type = KEY_COUNT, RANGE(0, 10000000000), .def = "0" },
	[SCHED_PRECISION] = { .name = "precision",
		.doc = "repeat until the interval is within this of the median",
		.type = KEY_PERCENT, RANGE(100, 50000), .def = "5%" },
	[SCHED_SETTLE] = { .name = "settle",
		.doc = "warm up until steady and repeat until precise, or a fixed schedule, which makes up for no disturbed repeat",
		.type = KEY_CHOICE, .def = "steady", .choices = settles },
};

#define ALL     ((1u << KINDS) - 1)
#define BIT(k)  (1u << (k))
#define DEVICE  (BIT(KIND_DEVDAX) | BIT(KIND_SECTOR) | BIT(KIND_RAW))
#define DIRS    (BIT(KIND_FILE) | BIT(KIND_FSDAX))

const struct key kind_keys[KINDS] = {
	[KIND_DRAM] = { .name = "dram",
		.doc = "anonymous memory of this size",
		.type = KEY_SIZE, RANGE(64 K, 1024 * 1024 G), .kinds = ALL },
	[KIND_FILE] = { .name = "file",
		.doc = "a directory on any file system",
		.type = KEY_TEXT, .kinds = ALL },
	[KIND_FSDAX] = { .name = "fsdax",
		.doc = "a directory on a file system whose files are DAX, or {namespace: UUID|NAME, dir: BELOW}: where "
		       "that one is mounted",
		.type = KEY_TEXT, .kinds = ALL },
	[KIND_DEVDAX] = { .name = "devdax",
		.doc = "a device-DAX device, or {namespace: UUID|NAME}",
		.type = KEY_TEXT, .kinds = ALL },
	[KIND_SECTOR] = { .name = "sector",
		.doc = "a BTT device, or {namespace: UUID|NAME}",
		.type = KEY_TEXT, .kinds = ALL },
	[KIND_RAW] = { .name = "raw",
		.doc = "a block device, or {namespace: UUID|NAME}",
		.type = KEY_TEXT, .kinds = ALL },
	[KIND_LOOP] = { .name = "loop",
		.doc = "a loop device of this size over a file of the run's own (root)",
		.type = KEY_SIZE, RANGE(64 K, 1024 * 1024 G), .kinds = ALL },
};

const struct key target_keys[TARGET_KEYS] = {
	[TARGET_NAME] = { .name = "name",
		.doc = "what benches, rows and figures call it",
		.type = KEY_NAME, .kinds = ALL },
	[TARGET_ROLE] = { .name = "role",
		.doc = "what `compare` matches; default the name",
		.type = KEY_NAME, .kinds = ALL },
	[TARGET_SIZE] = { .name = "size",
		.doc = "bytes of the files made there",
		.type = KEY_SIZE, RANGE(64 K, 1024 * 1024 G), .def = "256M", .kinds = DIRS },
	[TARGET_OFFSET] = { .name = "offset",
		.doc = "where the part of the device to use begins",
		.type = KEY_SIZE, RANGE(0, 1024 * 1024 G), .def = "0", .kinds = DEVICE },
	[TARGET_LENGTH] = { .name = "length",
		.doc = "and how long it is; 0: to the end",
		.type = KEY_SIZE, RANGE(0, 1024 * 1024 G), .def = "0", .kinds = DEVICE },
	[TARGET_PAGE_SIZE] = { .name = "page_size",
		.doc = "of its mappings, where a bench does not say",
		.type = KEY_CHOICE, .def = "auto", .choices = pages, .kinds = ALL },
	[TARGET_NODE] = { .name = "node",
		.doc = "NUMA node of the memory; auto: that of the CPUs",
		.type = KEY_COUNT, RANGE(0, 1023), .def = "auto", .automatic = true, .kinds = BIT(KIND_DRAM) },
	[TARGET_OPTIONAL] = { .name = "optional",
		.doc = "absent is a skip, not an error",
		.type = KEY_BOOL, .def = "false", .kinds = ALL },
};

const struct key top_keys[TOP_KEYS] = {
	[TOP_VERSION] = { .name = "version",
		.doc = "of this format: 1",
		.type = KEY_COUNT, RANGE(1, 1) },
	[TOP_NAME] = { .name = "name",
		.doc = "of the run; default the file's",
		.type = KEY_NAME },
	[TOP_SEED] = { .name = "seed",
		.doc = "of every random choice; 0: draw one",
		.type = KEY_COUNT, RANGE(0, INT64_MAX), .def = "0" },
	[TOP_QUICK] = { .name = "quick",
		.doc = "as if --quick were given",
		.type = KEY_BOOL, .def = "false" },
	[TOP_EVENTS] = { .name = "events",
		.doc = "events to count, or names of event sets (run-bench list events); quote \"PMU/A=1,B=2/\"",
		.type = KEY_TEXT },
	[TOP_COUNTING] = { .name = "counting",
		.doc = "repeats of a point in which events are counted; their times do not count",
		.type = KEY_COUNT, RANGE(1, 30), .def = "2" },
	[TOP_TARGETS] = { .name = "targets",
		.doc = "list of targets, or `auto: true` among them",
		.type = KEY_TREE },
	[TOP_DEFAULTS] = { .name = "defaults",
		.doc = "bench keys for all benches that do not have them",
		.type = KEY_TREE },
	[TOP_BENCHES] = { .name = "benches",
		.doc = "list of benches: each is the cross product of its lists",
		.type = KEY_TREE },
};

const struct key bench_keys[BENCH_KEYS] = {
	[BENCH_NAME] = { .name = "name",
		.doc = "of the bench",
		.type = KEY_NAME },
	[BENCH_EXCLUDE] = { .name = "exclude",
		.doc = "leave out points: [{kernel: osync, size: [64, 256]}, ...]",
		.type = KEY_TREE },
	[BENCH_ZIP] = { .name = "zip",
		.doc = "lists that walk together: [[size, threads], ...]",
		.type = KEY_TREE },
};

static void
help_keys(FILE *f, const char *title, const struct key *k, size_t n)
{
	char buf[KEY_EXPECTS];

	fprintf(f, "%s\n", title);
	for (size_t i = 0; i < n; i++) {
		fprintf(f, "  %-12s %s\n", k[i].name, k[i].doc);
		if (k[i].type != KEY_TREE)
			fprintf(f, "  %-12s   %s%s%s\n", "", key_expects(&k[i], buf),
				k[i].def && k[i].def[0] ? "; default " : "", k[i].def ? k[i].def : "");
	}
}

void
keys_help(FILE *f)
{
	help_keys(f, "A config:", top_keys, TOP_KEYS);
	help_keys(f, "\nA target has one of these kinds:", kind_keys, KINDS);
	help_keys(f, "and may have:", target_keys, TARGET_KEYS);
	help_keys(f, "\nA bench; a list of values makes an axis:", axis_keys, AXES);
	fputs("  and the parameters of its kernels (run-bench list kernels), lists as well\n", f);
	help_keys(f, "Its schedule; one value each:", sched_keys, SCHEDS);
	help_keys(f, "And:", bench_keys, BENCH_KEYS);
}
