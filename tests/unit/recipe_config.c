// links: recipe_config.o recipe.o recipe_print.o config.o config_use.o load_target.o load_bench.o load_rule.o keys.o keyval.o yaml.o utf8.o diag.o text.o arena.o why.o -lfyaml
/* SPDX-License-Identifier: BSD-2-Clause */
/* A config and what the machine has, in; the script that makes the rest, out. */
#include <errno.h>
#include <stdio.h>
#include "fake.h"
#include "recipe.h"

#define M (1ull << 20)
#define DEV " | sed -nE 's/.*\"(block|char)dev\":\"([^\"]*)\".*/\\2/p')\ntest -b \"$dev\" || test -c \"$dev\"\n"
#define EXT4 "mkfs.ext4 -q -F -b 4096 -E stride=512,stripe_width=512 \"$dev\"\n"
#define BLANK "blkid -p \"$dev\" >/dev/null || test $? -ne 2 || "
#define BENCH "benches: [{name: b, kernel: clwb}]\n"

static const struct recipe_region all_regions[] = {
	{ .name = "region0", .labels = true, .free = 640 * M, .align = 16 * M, .node = 0 },
	{ .name = "region1", .labels = true, .free = 4096 * M, .align = 16 * M, .node = 1 },
	{ .name = "region2", .whole = "namespace2.0", .node = -1 },
};

static char why[512];
static struct recipe_found found[8];

static int
clean(void **state)
{
	(void)state;
	memset(found, 0, sizeof found);
	return 0;
}

static struct config *
load(const char *targets, const char *benches)
{
	struct config *c;
	char text[4096];

	snprintf(text, sizeof text, "version: 1\ntargets:\n%s%s", targets, benches);
	assert_int_equal(config_load(&c, "test.yaml", text, strlen(text), NULL, 0, fake_kernels, stderr), 0);
	return c;
}

/* What would be printed, without its head; malloced.  NULL: refused, with why. */
static char *
script(const struct config *c, const char *const *own)
{
	struct recipe *mode = calloc(8, sizeof *mode), *mine = calloc(8, sizeof *mine);
	struct recipe_region regions[sizeof all_regions / sizeof *all_regions];
	char *got = NULL, *body;
	size_t n = 0, len;
	int rc = 0;
	FILE *out;

	memcpy(regions, all_regions, sizeof regions);
	why[0] = 0;
	for (; own && own[n]; n++)
		assert_int_equal(recipe_parse(&mine[n], own[n], why, sizeof why), 0);
	rc = recipe_config(mode, c, found, mine, n, why, sizeof why);
	if (rc == 0)
		rc = recipe_place(mode, c->ntarget, regions, sizeof regions / sizeof *regions, why, sizeof why);
	if (rc == 0) {
		out = open_memstream(&got, &len);
		assert_int_equal(recipe_print(mode, c->ntarget, regions, sizeof regions / sizeof *regions, out), 0);
		fclose(out);
		body = strstr(got, "set -e\n");
		assert_non_null(body);
		memmove(got, body + 7, strlen(body + 7) + 1);
	}
	free(mode);
	free(mine);
	return got;
}

#define MODES(...) ((const char *const[]){ __VA_ARGS__, NULL })
static void
prints(const char *targets, const char *benches, const char *const *own, const char *want)
{
	struct config *c = load(targets, benches);
	char *got = script(c, own);

	if (!got)
		fail_msg("%s", why);
	assert_string_equal(got, want);
	free(got);
	config_free(c);
}

static void
refuses(const char *targets, const char *const *own, const char *want)
{
	struct config *c = load(targets, BENCH);

	assert_null(script(c, own));
	assert_string_equal(why, want);
	config_free(c);
}

static void
nothing_needed(void **state)
{
	(void)state;
	prints("  - {name: ram, dram: 1G}\n  - {name: here, file: .}\n  - {name: l, loop: 1M}\n", BENCH, NULL,
	       "\n# ram, dram: nothing is needed\n\n# here, file: any directory will do: .\n\n# l, loop: the run makes it\n");
	found[0].ready = found[1].ready = true;
	prints("  - {name: a, fsdax: /mnt/a}\n  - {name: b, raw: {namespace: n}}\n", BENCH, NULL,
	       "\n# a, fsdax: is there: /mnt/a\n\n# b, raw: is there: n\n");
}

/* Room for the files of its benches and for the file system; mounted where the config looks for it. */
static void
directories(void **state)
{
	(void)state;
	prints("  - {name: pm, fsdax: /mnt/pmem0/bench/a, size: 64M, optional: true}\n", BENCH, NULL,
	       "\n# pm, fsdax: 208M of region1, near NUMA node 1\n"
	       "dev=/dev/$(ndctl create-namespace -r region1 -s 208M -n pm -m fsdax -a 2M" DEV EXT4
	       "mkdir -p /mnt/pmem0\nmount -t ext4 -o dax=always \"$dev\" /mnt/pmem0\nmkdir -p /mnt/pmem0/bench/a\n");
	/* A file for each preparation and page size. */
	prints("  - {name: pm, fsdax: '/it''s/$x', size: 64M}\n",
	       "benches: [{name: b, kernel: clwb, preparation: [hole, written], page_size: [4K, 2M]}]\n", NULL,
	       "\n# pm, fsdax: 432M of region1, near NUMA node 1\n"
	       "dev=/dev/$(ndctl create-namespace -r region1 -s 432M -n pm -m fsdax -a 2M" DEV EXT4
	       "mkdir -p '/it'\\''s/$x'\nmount -t ext4 -o dax=always \"$dev\" '/it'\\''s/$x'\n");
	prints("  - {name: t, fsdax: {namespace: pm, dir: bench}, size: 64M}\n", BENCH, NULL,
	       "\n# t, fsdax: 208M of region1, near NUMA node 1\n"
	       "dev=/dev/$(ndctl create-namespace -r region1 -s 208M -n pm -m fsdax -a 2M" DEV EXT4
	       "mkdir -p /mnt/pm\nmount -t ext4 -o dax=always \"$dev\" /mnt/pm\nmkdir -p /mnt/pm/bench\n");
}

static void
devices(void **state)
{
	(void)state;
	/* Sectors as its benches write them, pages as they map them. */
	prints("  - {name: s, sector: {namespace: btt}}\n", "benches: [{name: b, kernel: sector, size: [512, 4K]}]\n", NULL,
	       "\n# s, sector: 4G of region1, near NUMA node 1\n"
	       "dev=/dev/$(ndctl create-namespace -r region1 -s 4G -n btt -m sector -l 512" DEV);
	prints("  - {name: s, sector: {namespace: btt}, offset: 4K, length: 16M}\n",
	       "benches: [{name: b, kernel: sector, size: [4K, 8K]}, {name: c, kernel: store, size: 8}]\n", NULL,
	       "\n# s, sector: 48M of region1, near NUMA node 1\n"
	       "dev=/dev/$(ndctl create-namespace -r region1 -s 48M -n btt -m sector -l 4096" DEV);
	prints("  - {name: d, devdax: {namespace: d}}\n", "benches: [{name: b, kernel: clwb, page_size: 1G}]\n", NULL,
	       "\n# d, devdax: 4G of region1, near NUMA node 1\n"
	       "dev=/dev/$(ndctl create-namespace -r region1 -s 4G -n d -m devdax -a 1G" DEV);
	prints("  - {name: d, devdax: {namespace: d}, length: 16M}\n",
	       "benches: [{name: b, kernel: clwb, page_size: [4K, 1G]}]\n", NULL,
	       "\n# d, devdax: 48M of region1, near NUMA node 1\n"
	       "dev=/dev/$(ndctl create-namespace -r region1 -s 48M -n d -m devdax -a 2M" DEV);
	prints("  - {name: r, raw: {namespace: r}, offset: 1M, length: 31M}\n", BENCH, NULL,
	       "\n# r, raw: 32M of region1, near NUMA node 1\n"
	       "dev=/dev/$(ndctl create-namespace -r region1 -s 32M -n r -m raw -l 512" DEV);
}

/* By the kernel's name: in its region, and before the others of it. */
static void
numbered(void **state)
{
	(void)state;
	prints("  - {name: pm, fsdax: /mnt/pm, size: 3G}\n  - {name: dax, devdax: /dev/dax1.0, length: 2M}\n",
	       "benches: [{name: b, kernel: clwb, target: dax}, {name: c, kernel: null, target: pm, working_set: 4K}]\n",
	       MODES("fsdax,size=1G,name=pm"),
	       "\n# dax, devdax: 32M of region1, near NUMA node 1\n"
	       "dev=/dev/$(ndctl create-namespace -r region1 -s 32M -n dax -m devdax -a 2M" DEV
	       "test \"$dev\" = /dev/dax1.0 || echo \"dax: the kernel calls it $dev: so must the config, which says "
	       "/dev/dax1.0\" >&2\n"
	       "\n# pm, fsdax: 1G of region1, near NUMA node 1\n"
	       "dev=/dev/$(ndctl create-namespace -r region1 -s 1G -n pm -m fsdax -a 2M" DEV EXT4
	       "mkdir -p /mnt/pm\nmount -t ext4 -o dax=always \"$dev\" /mnt/pm\n");
	prints("  - {name: b, sector: /dev/pmem0.1s, length: 4M}\n", BENCH, NULL,
	       "\n# b, sector: 32M of region0, near NUMA node 0\n"
	       "dev=/dev/$(ndctl create-namespace -r region0 -s 32M -n b -m sector -l 4096" DEV
	       "test \"$dev\" = /dev/pmem0.1s || echo \"b: the kernel calls it $dev: so must the config, which says "
	       "/dev/pmem0.1s\" >&2\n");
	refuses("  - {name: b, sector: /dev/pmem0}\n", NULL, "target b: /dev/pmem0 is not there, and no sector namespace is "
		"called so; write {namespace: NAME}");
	refuses("  - {name: b, raw: /dev/pmem0s}\n", NULL, "target b: /dev/pmem0s is not there, and no raw namespace is "
		"called so; write {namespace: NAME}");
	refuses("  - {name: b, raw: /dev/sdx}\n", NULL, "target b: /dev/sdx is not there, and no raw namespace is "
		"called so; write {namespace: NAME}");
	refuses("  - {name: b, devdax: /dev/pmem0}\n", NULL, "target b: /dev/pmem0 is not there, and no devdax namespace is "
		"called so; write {namespace: NAME}");
}

/* Targets on one namespace: made once, with room for all. */
static void
shared(void **state)
{
	(void)state;
	prints("  - {name: a, fsdax: /mnt/pm/a, size: 64M}\n  - {name: b, fsdax: /mnt/pm/b, size: 64M}\n", BENCH, NULL,
	       "\n# a, fsdax: 416M of region1, near NUMA node 1\n"
	       "dev=/dev/$(ndctl create-namespace -r region1 -s 416M -n a -m fsdax -a 2M" DEV EXT4
	       "mkdir -p /mnt/pm\nmount -t ext4 -o dax=always \"$dev\" /mnt/pm\nmkdir -p /mnt/pm/a\n"
	       "\n# b, fsdax: lies on the namespace of a\nmkdir -p /mnt/pm/b\n");
	prints("  - {name: a, raw: {namespace: n}, length: 16M}\n  - {name: b, raw: {namespace: n}, offset: 16M, length: 16M}\n",
	       BENCH, NULL,
	       "\n# a, raw: 32M of region1, near NUMA node 1\n"
	       "dev=/dev/$(ndctl create-namespace -r region1 -s 32M -n n -m raw -l 512" DEV
	       "\n# b, raw: lies on the namespace of a\n");
	prints("  - {name: a, raw: {namespace: n}, length: 16M}\n  - {name: b, raw: {namespace: n}}\n", BENCH, NULL,
	       "\n# a, raw: 4G of region1, near NUMA node 1\n"
	       "dev=/dev/$(ndctl create-namespace -r region1 -s 4G -n n -m raw -l 512" DEV
	       "\n# b, raw: lies on the namespace of a\n");
}

/* Half of it is there. */
static void
there(void **state)
{
	(void)state;
	found[0] = (struct recipe_found){ .device = "/dev/pmem1", .size = 512 * M };
	prints("  - {name: t, fsdax: {namespace: pm}}\n", BENCH, MODES("fsdax,fs=xfs,name=t"),
	       "\n# t, fsdax: /dev/pmem1 is there, but not mounted\n"
	       "dev=/dev/pmem1\n" BLANK "mkfs.xfs -q -m reflink=0 -d su=2m,sw=1,agcount=2 -l size=64m \"$dev\"\n"
	       "mkdir -p /mnt/pm\nmount -o dax=always \"$dev\" /mnt/pm\n");
	prints("  - {name: pm, fsdax: /mnt/pm/a}\n  - {name: q, fsdax: /mnt/pm/b}\n", BENCH, NULL,
	       "\n# pm, fsdax: /dev/pmem1 is there, but not mounted\n"
	       "dev=/dev/pmem1\n" BLANK "mkfs.ext4 -q -b 4096 -E stride=512,stripe_width=512 \"$dev\"\n"
	       "mkdir -p /mnt/pm\nmount -o dax=always \"$dev\" /mnt/pm\n"
	       "mkdir -p /mnt/pm/a\n\n# q, fsdax: lies on the namespace of pm\nmkdir -p /mnt/pm/b\n");
	found[0] = (struct recipe_found){ .dir = "/data/a b" };
	prints("  - {name: t, fsdax: {namespace: pm, dir: a b}}\n", BENCH, NULL,
	       "\n# t, fsdax: lacks but its directory\nmkdir -p '/data/a b'\n");
	found[0] = (struct recipe_found){ .why = "in the way" };
	refuses("  - {name: t, fsdax: /data/x}\n", NULL, "target t: in the way");
	found[0] = (struct recipe_found){ 0 };
	refuses("  - {name: t, fsdax: {namespace: 0e6a3b1c-1111-2222-3333-444455556666}}\n", NULL, "target t: no namespace has "
		"the uuid 0e6a3b1c-1111-2222-3333-444455556666, and a new one gets one of its own; write {namespace: NAME}");
}

/* MODEs beside the config. */
static void
own_modes(void **state)
{
	(void)state;
	prints("  - {name: x, fsdax: /mnt/xfs, size: 16M}\n  - {name: b, file: /mnt/btt/a, size: 16M}\n", BENCH,
	       MODES("sector,sector=512,fs=ext4,name=b,region=region0", "fsdax,fs=xfs,name=x,dax=inode"),
	       "\n# x, fsdax: 384M of region1, near NUMA node 1\n"
	       "dev=/dev/$(ndctl create-namespace -r region1 -s 384M -n x -m fsdax -a 2M" DEV
	       "mkfs.xfs -q -f -m reflink=0 -d su=2m,sw=1,agcount=2 -l size=64m \"$dev\"\n"
	       "mkdir -p /mnt/xfs\nmount -t xfs -o dax=inode \"$dev\" /mnt/xfs\nxfs_io -c 'chattr +x' /mnt/xfs\n"
	       "\n# b, file: 112M of region0, near NUMA node 0\n"
	       "dev=/dev/$(ndctl create-namespace -r region0 -s 112M -n b -m sector -l 512" DEV
	       "mkfs.ext4 -q -F -b 4096 \"$dev\"\nmkdir -p /mnt/btt\nmount -t ext4 \"$dev\" /mnt/btt\nmkdir -p /mnt/btt/a\n");
	/* A region without labels is one namespace, of its own size. */
	prints("  - {name: x, fsdax: /mnt/x, size: 16M}\n", BENCH, MODES("fsdax,name=x,region=region2"),
	       "\n# x, fsdax: all of region2, which replaces namespace2.0 and what it holds\n"
	       "dev=/dev/$(ndctl create-namespace -f -e namespace2.0 -m fsdax -a 2M" DEV EXT4
	       "mkdir -p /mnt/x\nmount -t ext4 -o dax=always \"$dev\" /mnt/x\n");
	refuses("  - {name: x, fsdax: /mnt/x}\n", MODES("fsdax,name=y"), "fsdax: after a config a mode says name=TARGET; "
		"none is called y");
	refuses("  - {name: x, fsdax: /mnt/x}\n", MODES("raw"), "raw: after a config a mode says name=TARGET");
	refuses("  - {name: x, fsdax: /mnt/x}\n", MODES("fsdax,name=x", "fsdax,fs=xfs,name=x"), "two modes are for x");
	refuses("  - {name: x, fsdax: /mnt/x}\n", MODES("fsdax,dax=never,name=x"), "target x is fsdax: the mode "
		"fsdax, as it says, makes none");
	refuses("  - {name: x, raw: {namespace: x}}\n", MODES("devdax,name=x"), "target x is raw: the mode devdax makes none");
	refuses("  - {name: x, dram: 1M}\n", MODES("raw,name=x"), "target x is dram: the mode raw makes none");
}

static void
mount_points(void **state)
{
	static const struct { const char *ns, *path, *mount, *dir; } cases[] = {
		{ "", "/mnt/pm", "/mnt/pm", "" }, { "", "/mnt/pm/", "/mnt/pm", "" }, { "", "/mnt/pm/a/b", "/mnt/pm", "/mnt/pm/a/b" },
		{ "", "/data/pm/a", "/data/pm/a", "" }, { "", "/", "/", "" }, { "", "/mnt/", "/mnt", "" }, { "", "pm", "pm", "" },
		{ "pm", "", "/mnt/pm", "" }, { "pm", "a/b", "/mnt/pm", "/mnt/pm/a/b" },
		{ "0e6a3b1c-1111-2222-3333-444455556666", "", "/mnt/t", "" },
	};
	char mount[RECIPE_PATH], dir[RECIPE_PATH];

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct target_spec t = { .name = "t", .kind = KIND_FSDAX };

		strcpy(t.namespace_, cases[i].ns);
		strcpy(t.path, cases[i].path);
		recipe_mount_point(&t, mount, dir);
		assert_string_equal(mount, cases[i].mount);
		assert_string_equal(dir, cases[i].dir);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(nothing_needed, clean), cmocka_unit_test_setup(directories, clean),
		cmocka_unit_test_setup(devices, clean), cmocka_unit_test_setup(numbered, clean),
		cmocka_unit_test_setup(shared, clean), cmocka_unit_test_setup(there, clean),
		cmocka_unit_test_setup(own_modes, clean), cmocka_unit_test(mount_points),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
