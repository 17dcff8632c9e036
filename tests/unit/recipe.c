// links: recipe.o recipe_config.o config.o config_use.o load_target.o load_bench.o load_rule.o keys.o keyval.o yaml.o utf8.o diag.o text.o arena.o why.o -lfyaml
/* SPDX-License-Identifier: BSD-2-Clause */
/* Modes, a config and regions in, the script out: each mode to the letter, and all that is refused. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include "fake.h"
#include "recipe.h"

#define AS "\n# As targets of a config:\n"
#define BENCH "benches: [{name: b, kernel: clwb}]\n"
#define EXT4 "mkfs.ext4 -q -F -b 4096 -E stride=512,stripe_width=512\n"
#define MODES(...) ((const char *const[]){ __VA_ARGS__, NULL })

/* Two NVDIMMs with labels; a memmap= region, one in use, and modules that could have labels. */
static struct recipe_region regions[] = {
	{ .name = "region0", .labels = true, .node = 0 },
	{ .name = "region1", .labels = true, .node = 1 },
	{ .name = "region2", .whole = "namespace2.0", .node = -1 },
	{ .name = "region3", .whole = "namespace3.0", .node = -1, .used = true },
	{ .name = "region4", .whole = "namespace4.0", .node = 4, .dimms = "nmem4 nmem5" },
	{ .name = "region5", .whole = "namespace5.0", .node = -1, .used = true },
	{ .name = "region6", .whole = "namespace6.0", .node = -1 },
	{ .name = "region7", .whole = "namespace7.0", .node = -1 },
};
enum { REGIONS = sizeof regions / sizeof *regions };

static char why[512];
static bool there;

static bool
ready(const struct target_spec *t)
{
	(void)t;
	return there;
}

/* The blocks of the script for these modes, or for this config and them; malloced.  NULL: refused, with *rc. */
static char *
script(int *rc, size_t from, size_t nregion, const struct config *c, const char *const *text)
{
	struct recipe *own = calloc(8, sizeof *own), *all = calloc(8, sizeof *all);
	char *got = NULL, *body;
	size_t n = 0, len;
	FILE *out;

	why[0] = 0;
	for (size_t k = 0; k < REGIONS; k++)
		regions[k].recipes = 0;
	for (*rc = 0; *rc == 0 && text && text[n]; n++)
		*rc = recipe_parse(&own[n], text[n], why, sizeof why);
	if (*rc == 0 && c)
		*rc = recipe_config(all, c, ready, own, n, why, sizeof why);
	if (*rc == 0)
		*rc = recipe_place(c ? all : own, c ? c->ntarget : n, regions + from, nregion, why, sizeof why);
	if (*rc == 0) {
		out = open_memstream(&got, &len);
		*rc = recipe_print(c ? all : own, c ? c->ntarget : n, regions + from, nregion, out);
		fclose(out);
		body = strstr(got, "\n\nmounted() {");
		assert_non_null(body);
		body = strstr(body, "; }\n");
		assert_non_null(body);
		memmove(got, body + 4, strlen(body + 4) + 1);
	}
	free(own);
	free(all);
	return got;
}

static void
check(const char *want, const struct config *c, size_t from, size_t n, const char *const *text)
{
	int rc;
	char *got = script(&rc, from, n, c, text);

	if (!got)
		fail_msg("%s", why);
	assert_string_equal(got, want);
	free(got);
}

#define prints(want, ...) check(want, NULL, 0, REGIONS, MODES(__VA_ARGS__))
#define refuses(err, want, ...) refuses_(err, want, 0, REGIONS, MODES(__VA_ARGS__))
static void
refuses_(int err, const char *want, size_t from, size_t n, const char *const *text)
{
	int rc;

	assert_null(script(&rc, from, n, NULL, text));
	assert_string_equal(why, want);
	assert_int_equal(rc, -err);
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

static void
config_prints(const char *targets, const char *benches, const char *const *own, const char *want)
{
	struct config *c = load(targets, benches);

	check(want, c, 0, REGIONS, own);
	config_free(c);
}

static void
config_refuses(const char *targets, const char *const *own, const char *want)
{
	struct config *c = load(targets, BENCH);
	int rc;

	assert_null(script(&rc, 0, REGIONS, c, own));
	assert_string_equal(why, want);
	config_free(c);
}

static void
fsdax(void **state)
{
	(void)state;
	prints("\n# fsdax\nmounted /mnt/fsdax || {\nnamespace fsdax fsdax -a 2M\n"
	       "file_system ext4 /mnt/fsdax 'dax=always' " EXT4 "}\n" AS "#   - {name: fsdax, fsdax: /mnt/fsdax}\n", "fsdax");
	prints("\n# x\nmounted /mnt/x || {\nnamespace x fsdax -r region0 -s 384M -a 4K -M mem\n"
	       "file_system xfs /mnt/x 'dax=inode' mkfs.xfs -q -f -m reflink=0 -d su=2m,sw=1,agcount=2 -l size=64m\n"
	       "xfs_io -c 'chattr +x' /mnt/x\n}\n" AS "#   - {name: x, fsdax: /mnt/x}\n",
	       "fsdax,name=x,node=0,size=384M,fs=xfs,dax=inode,align=4K,map=mem");
	/* From a GiB on mkfs.xfs finds its own sizes. */
	prints("\n# x\nmounted /mnt/x || {\nnamespace x fsdax -s 1G -a 2M\n"
	       "file_system xfs /mnt/x 'dax=never' mkfs.xfs -q -f -m reflink=0 -d su=2m,sw=1\n}\n" AS "#   - {name: x, file: /mnt/x}\n",
	       "fsdax,name=x,size=1G,fs=xfs,dax=never");
}

static void
devices(void **state)
{
	(void)state;
	prints("\n# devdax\nnamespace devdax devdax -a 1G\n" AS "#   - {name: devdax, devdax: {namespace: devdax}}\n",
	       "devdax,align=1G");
	prints("\n# b\nmounted /mnt/b || {\nnamespace b sector -s 32M -l 512\n"
	       "file_system ext4 /mnt/b '' mkfs.ext4 -q -F -b 4096\n}\n" AS "#   - {name: b, file: /mnt/b}\n",
	       "sector,size=32M,sector=512,fs=ext4,name=b");
	/* Those of a size first, the others take what is left; numbered when they are called the same. */
	prints("\n# raw-2\nnamespace raw-2 raw -r region1 -s 32M -l 512\n\n# raw\nnamespace raw raw -l 512\n" AS
	       "#   - {name: raw, raw: {namespace: raw}}\n#   - {name: raw-2, raw: {namespace: raw-2}}\n",
	       "raw", "raw,region=region1,size=32M");
}

static void
without_labels(void **state)
{
	(void)state;
	prints("\n# fsdax: all of region2, which replaces namespace2.0 and what it holds\nmounted /mnt/fsdax || {\n"
	       "namespace '' fsdax -f -e namespace2.0 -a 2M\nfile_system ext4 /mnt/fsdax 'dax=always' " EXT4 "}\n"
	       AS "#   - {name: fsdax, fsdax: /mnt/fsdax}\n", "fsdax,region=region2");
	/* raw has no sector size to set there. */
	prints("\n# raw: all of region2, which replaces namespace2.0 and what it holds\nnamespace '' raw -f -e namespace2.0\n"
	       AS "#   - {name: raw, raw: {namespace: namespace2.0}}\n", "raw,region=region2");
	refuses(EINVAL, "raw: region2 has no room for labels: it can only be one namespace, without size=",
		"raw,region=region2,size=16M");
	refuses(EINVAL, "sector: region2 has no room for labels: it can only be one namespace, without size=",
		"raw,region=region2", "sector,region=region2");
	refuses(EINVAL, "namespace3.0 of region3 is mounted; umount it first", "raw,region=region3");
	/* Where labels can be made they are: of a named one, or when there is no other. */
#define LABELS "\n# region4 has no labels: with them it can be divided, and what namespace4.0 holds is lost\n" \
	"ndctl disable-region region4\nndctl init-labels nmem4 nmem5\nndctl enable-region region4\n"
	prints(LABELS "\n# raw\nnamespace raw raw -r region4 -s 32M -l 512\n\n# devdax\nnamespace devdax devdax -r region4 -a 2M\n"
	       AS "#   - {name: raw, raw: {namespace: raw}}\n#   - {name: devdax, devdax: {namespace: devdax}}\n",
	       "raw,node=4,size=32M", "devdax,region=region4");
	check(LABELS "\n# raw\nnamespace raw raw -r region4 -l 512\n" AS "#   - {name: raw, raw: {namespace: raw}}\n", NULL,
	      2, 3, MODES("raw"));
}

static void
mistakes(void **state)
{
	(void)state;
	refuses(EINVAL, "unknown mode 'btt': fsdax, devdax, sector or raw", "btt");
	refuses(EINVAL, "unknown mode 'dram': fsdax, devdax, sector or raw", "dram");
	refuses(EINVAL, "unknown mode '': fsdax, devdax, sector or raw", "");
	refuses(EINVAL, "unknown key 'sectr'; did you mean 'sector'?", "sector,sectr=512");
	refuses(EINVAL, "sector=1024: one of 4096 512 520 528 4104 4160 4224", "sector,sector=1024");
	refuses(EINVAL, "fs=: one of ext4 xfs", "fsdax,fs");
	refuses(EINVAL, "size=12k: not a size", "raw,size=12k");
	refuses(EINVAL, "size=0: not a size", "raw,size=0");
	refuses(EINVAL, "name=../x: not a name", "raw,name=../x");
	refuses(EINVAL, "name=-x: not a name", "raw,name=-x");
	refuses(EINVAL, "node=x: not a node", "raw,node=x");
	refuses(EINVAL, "raw takes no align=", "raw,align=2M");
	refuses(EINVAL, "sector takes no dax=", "sector,dax=always");
	refuses(EINVAL, "two are named a", "raw,name=a,size=16M", "fsdax,name=a,size=32M");
	refuses(ENOSPC, "raw: no region is called region9", "raw,region=region9");
	refuses(ENOSPC, "raw: no region on that node", "raw,node=7");
	refuses_(ENOSPC, "raw: no region here", 0, 0, MODES("raw"));
}

static void
nothing_needed(void **state)
{
	(void)state;
	config_prints("  - {name: ram, dram: 1G}\n  - {name: here, file: .}\n  - {name: l, loop: 1M}\n", BENCH, NULL,
		      "\n# ram, dram: nothing is needed\n\n# here, file: any directory will do: .\n\n# l, loop: the run makes it\n");
	there = true;
	config_prints("  - {name: a, fsdax: /mnt/a}\n  - {name: b, raw: {namespace: n}}\n", BENCH, NULL,
		      "\n# a, fsdax: is there: /mnt/a\n\n# b, raw: is there: n\n");
	there = false;
}

/* Room for the files of its benches and for the file system; mounted where the config looks for it. */
static void
directories(void **state)
{
	(void)state;
	config_prints("  - {name: t, fsdax: /mnt/pmem0/bench/a, size: 64M, optional: true}\n", BENCH, NULL,
		      "\n# t, fsdax\nmounted /mnt/pmem0 || {\nnamespace t fsdax -s 256M -a 2M\n"
		      "file_system ext4 /mnt/pmem0 'dax=always' " EXT4 "}\nmkdir -p /mnt/pmem0/bench/a\n");
	/* A file for each preparation and page size; a path that is no name. */
	config_prints("  - {name: pm, fsdax: '/it''s/$x', size: 64M}\n",
		      "benches: [{name: b, kernel: clwb, preparation: [hole, written], page_size: [4K, 2M]}]\n", NULL,
		      "\n# pm, fsdax\nmounted '/it'\\''s/$x' || {\nnamespace pm fsdax -s 448M -a 2M\n"
		      "file_system ext4 '/it'\\''s/$x' 'dax=always' " EXT4 "}\n");
	config_prints("  - {name: t, fsdax: {namespace: pm, dir: bench}, size: 64M}\n", BENCH, NULL,
		      "\n# t, fsdax\nmounted /mnt/pm || {\nnamespace pm fsdax -s 256M -a 2M\n"
		      "file_system ext4 /mnt/pm 'dax=always' " EXT4 "}\nmkdir -p /mnt/pm/bench\n");
	config_prints("  - {name: t, fsdax: pm/, size: 64M}\n", BENCH, NULL,
		      "\n# t, fsdax\nmounted pm || {\nnamespace t fsdax -s 256M -a 2M\n"
		      "file_system ext4 pm 'dax=always' " EXT4 "}\n");
	/* Targets on one namespace: made once, with room for all. */
	config_prints("  - {name: a, fsdax: /mnt/pm/a, size: 64M}\n  - {name: b, fsdax: /mnt/pm/b, size: 64M}\n", BENCH, NULL,
		      "\n# b, fsdax: lies on the namespace of a\n"
		      "\n# a, fsdax\nmounted /mnt/pm || {\nnamespace a fsdax -s 512M -a 2M\n"
		      "file_system ext4 /mnt/pm 'dax=always' " EXT4 "}\nmkdir -p /mnt/pm/a\nmkdir -p /mnt/pm/b\n");
	config_refuses("  - {name: t, fsdax: {namespace: 0e6a3b1c-1111-2222-3333-444455556666}}\n", NULL, "target t: "
		"0e6a3b1c-1111-2222-3333-444455556666 cannot be made, for a new namespace gets a uuid of its own, or is not "
		"mounted; write {namespace: NAME}");
}

static void
config_devices(void **state)
{
	(void)state;
	/* Sectors as its benches write them. */
	config_prints("  - {name: s, sector: {namespace: btt}}\n", "benches: [{name: b, kernel: sector, size: [512, 4K]}]\n", NULL,
		      "\n# s, sector\nnamespace btt sector -l 512\n");
	config_prints("  - {name: s, sector: {namespace: btt}, offset: 4K, length: 16M}\n",
		      "benches: [{name: b, kernel: sector, size: [4K, 8K]}, {name: c, kernel: store, size: 8}]\n", NULL,
		      "\n# s, sector\nnamespace btt sector -s 64M -l 4096\n");
	config_prints("  - {name: a, raw: {namespace: n}, length: 16M}\n  - {name: b, raw: {namespace: n}}\n", BENCH, NULL,
		      "\n# b, raw: lies on the namespace of a\n\n# a, raw\nnamespace n raw -l 512\n");
	/* By the kernel's name: in its region, and before the others. */
	config_prints("  - {name: pm, fsdax: /mnt/pm, size: 3G}\n  - {name: dax, devdax: /dev/dax1.0, length: 2M}\n",
		      "benches: [{name: b, kernel: clwb, target: dax}, {name: c, kernel: null, target: pm, working_set: 4K}]\n",
		      MODES("fsdax,size=1G,name=pm"),
		      "\n# dax, devdax\nnamespace dax devdax -r region1 -s 64M -a 2M\n"
		      "test \"$dev\" = /dev/dax1.0 || echo \"dax: the kernel calls it $dev: so must the config, which says "
		      "/dev/dax1.0\" >&2\n"
		      "\n# pm, fsdax\nmounted /mnt/pm || {\nnamespace pm fsdax -s 1G -a 2M\n"
		      "file_system ext4 /mnt/pm 'dax=always' " EXT4 "}\n");
	config_refuses("  - {name: b, sector: /dev/pmem0}\n", NULL, "target b: /dev/pmem0 is not there, and no sector namespace "
		       "is called so; write {namespace: NAME}");
	config_refuses("  - {name: b, raw: /dev/sdx}\n", NULL, "target b: /dev/sdx is not there, and no raw namespace is "
		       "called so; write {namespace: NAME}");
	config_refuses("  - {name: b, devdax: /dev/pmem0}\n", NULL, "target b: /dev/pmem0 is not there, and no devdax namespace "
		       "is called so; write {namespace: NAME}");
}

/* Nothing but memmap= regions: each is one namespace, of its own size. */
static void
of_ram(void **state)
{
	struct config *c = load("  - {name: a, fsdax: /mnt/a, size: 16M}\n  - {name: r, raw: {namespace: n}, length: 1M}\n", BENCH);

	(void)state;
	check("\n# a, fsdax: all of region6, which replaces namespace6.0 and what it holds\nmounted /mnt/a || {\n"
	      "namespace '' fsdax -f -e namespace6.0 -a 2M\nfile_system ext4 /mnt/a 'dax=always' " EXT4 "}\n"
	      "\n# r, raw: all of region7, which replaces namespace7.0 and what it holds\nnamespace '' raw -f -e namespace7.0\n",
	      c, 5, 3, NULL);
	config_free(c);
	refuses_(EINVAL, "raw: region6 has no room for labels: it can only be one namespace, without size=", 5, 2,
		 MODES("raw,size=16M"));
	refuses_(EINVAL, "namespace5.0 of region5 is mounted; umount it first", 5, 1, MODES("raw"));
}

/* Helpers that note what they were called with; a namespace stays in the file spaces. */
static const char stubs[] =
	"cd \"$1\" && mkdir -p bin && cat >bin/ndctl <<'E'\n"
	"#!/bin/sh\n"
	"echo \"ndctl $*\" >>calls\n"
	"case $1 in\n"
	"list) cat spaces 2>/dev/null ;;\n"
	"create-namespace)\n"
	"	case $* in *4G*) echo 'failed to create namespace' >&2; exit 1 ;; esac\n"
	"	printf '{\\n  \"dev\":\"namespace0.0\",\\n  \"mode\":\"%s\",\\n  \"chardev\":\"null\",\\n  \"name\":\"%s\"\\n}\\n' \"$5\" \"$3\" |\n"
	"		tee -a spaces ;;\n"
	"esac\n"
	"E\n"
	"printf '#!/bin/sh\\necho \"${0##*/} $*\" >>calls\\n' | tee bin/mkfs.ext4 >bin/mount && chmod +x bin/ndctl bin/mkfs.ext4 bin/mount\n"
	"PATH=$PWD/bin:$PATH sh script >said 2>&1\n";

static void
write_script(const char *dir, const char *mode)
{
	struct recipe *m = calloc(1, sizeof *m);
	char path[128];
	FILE *out;

	assert_int_equal(recipe_parse(m, mode, why, sizeof why), 0);
	assert_int_equal(recipe_place(m, 1, regions, 2, why, sizeof why), 0);
	snprintf(m->mount, sizeof m->mount, "%s/m", dir);
	snprintf(path, sizeof path, "%s/script", dir);
	out = fopen(path, "we");
	assert_non_null(out);
	assert_int_equal(recipe_print(m, 1, regions, 2, out), 0);
	fclose(out);
	free(m);
}

static int
run_script(const char *dir, const char *calls)
{
	char command[4096], want[512];
	int rc;

	snprintf(command, sizeof command, "sh -c '%s' - %s", "exec sh \"$1/stubs\" \"$1\"", dir);
	rc = system(command);
	snprintf(want, sizeof want, "cd %s && printf '%s' | diff - calls && rm calls", dir, calls);
	assert_int_equal(system(want), 0);
	return rc;
}

/* It makes what is not there, and that alone; a second time it mounts. */
static void
may_be_run_again(void **state)
{
	char dir[] = "/tmp/daxmark-recipe-XXXXXX", path[128], calls[512];
	FILE *f;

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof path, "%s/stubs", dir);
	f = fopen(path, "we");
	fputs(stubs, f);
	fclose(f);
	write_script(dir, "fsdax,name=pm,size=64M");
	snprintf(calls, sizeof calls, "ndctl list -N\\nndctl create-namespace -n pm -m fsdax -s 64M -a 2M\\n"
		 "mkfs.ext4 -q -F -b 4096 -E stride=512,stripe_width=512 /dev/null\\n"
		 "mount -t ext4 -o dax=always /dev/null %s/m\\n", dir);
	assert_int_equal(run_script(dir, calls), 0);
	snprintf(calls, sizeof calls, "ndctl list -N\\nmount -t ext4 -o dax=always /dev/null %s/m\\n", dir);
	assert_int_equal(run_script(dir, calls), 0);
	/* What fails is said by who fails, and nothing is done after it. */
	write_script(dir, "fsdax,name=big,size=4G");
	assert_int_not_equal(run_script(dir, "ndctl list -N\\nndctl create-namespace -n big -m fsdax -s 4G -a 2M\\n"), 0);
	snprintf(calls, sizeof calls, "[ \"$(cat %s/said)\" = 'failed to create namespace' ]", dir);
	assert_int_equal(system(calls), 0);
	write_script(dir, "sector,name=pm");
	assert_int_not_equal(run_script(dir, "ndctl list -N\\n"), 0);
	snprintf(calls, sizeof calls, "grep -q '/dev/null is there, but not sector' %s/said && rm -r %s", dir, dir);
	assert_int_equal(system(calls), 0);
}

/* MODEs beside the config. */
static void
own_modes(void **state)
{
	(void)state;
	config_prints("  - {name: x, fsdax: /mnt/xfs, size: 16M}\n  - {name: b, file: /mnt/btt/a, size: 16M}\n", BENCH,
		      MODES("sector,sector=512,fs=ext4,name=b,region=region0", "fsdax,fs=xfs,name=x,dax=inode"),
		      "\n# x, fsdax\nmounted /mnt/xfs || {\nnamespace x fsdax -s 384M -a 2M\n"
		      "file_system xfs /mnt/xfs 'dax=inode' mkfs.xfs -q -f -m reflink=0 -d su=2m,sw=1,agcount=2 -l size=64m\n"
		      "xfs_io -c 'chattr +x' /mnt/xfs\n}\n"
		      "\n# b, file\nmounted /mnt/btt || {\nnamespace b sector -r region0 -s 128M -l 512\n"
		      "file_system ext4 /mnt/btt '' mkfs.ext4 -q -F -b 4096\n}\nmkdir -p /mnt/btt/a\n");
	config_refuses("  - {name: x, fsdax: /mnt/x}\n", MODES("fsdax,name=y"), "fsdax: after a config a mode says name=TARGET; "
		       "none is called y");
	config_refuses("  - {name: x, fsdax: /mnt/x}\n", MODES("raw"), "raw: after a config a mode says name=TARGET");
	config_refuses("  - {name: x, fsdax: /mnt/x}\n", MODES("fsdax,name=x", "fsdax,fs=xfs,name=x"), "two modes are for x");
	config_refuses("  - {name: x, fsdax: /mnt/x}\n", MODES("fsdax,dax=never,name=x"), "target x is fsdax: the mode "
		       "fsdax,dax=never makes none");
	config_refuses("  - {name: x, raw: {namespace: x}}\n", MODES("devdax,name=x"), "target x is raw: the mode devdax makes none");
	config_refuses("  - {name: x, dram: 1M}\n", MODES("raw,name=x"), "target x is dram: the mode raw makes none");
}

static void
kinds(void **state)
{
	(void)state;
	assert_int_equal(recipe_kind("fsdax"), KIND_FSDAX);
	assert_int_equal(recipe_kind("sector,size=1"), KIND_SECTOR);
	assert_int_equal(recipe_kind("raw.yaml"), KINDS);
	assert_int_equal(recipe_kind("dram"), KINDS);
	assert_int_equal(recipe_kind(""), KINDS);
}

static void
words(void **state)
{
	static const struct { const char *word, *as; } cases[] = {
		{ "/mnt/pm-0_1.x", "/mnt/pm-0_1.x" }, { "", "''" }, { "a b", "'a b'" }, { "it's", "'it'\\''s'" },
		{ "$(rm -rf x)", "'$(rm -rf x)'" }, { "`x`", "'`x`'" }, { "~", "'~'" }, { "\xc3\xa9", "'\xc3\xa9'" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char *got;
		size_t len;
		FILE *out = open_memstream(&got, &len);

		recipe_word(cases[i].word, out);
		fclose(out);
		assert_string_equal(got, cases[i].as);
		free(got);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fsdax), cmocka_unit_test(devices), cmocka_unit_test(without_labels),
		cmocka_unit_test(mistakes), cmocka_unit_test(nothing_needed), cmocka_unit_test(directories),
		cmocka_unit_test(config_devices), cmocka_unit_test(of_ram), cmocka_unit_test(may_be_run_again), cmocka_unit_test(own_modes), cmocka_unit_test(kinds), cmocka_unit_test(words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
