// links: recipe.o recipe_print.o config.o config_use.o load_target.o load_bench.o load_rule.o keys.o keyval.o yaml.o utf8.o diag.o text.o arena.o why.o -lfyaml
/* SPDX-License-Identifier: BSD-2-Clause */
/* Modes and regions in, the script out: each mode to the letter, and all that is refused. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "recipe.h"

#define M (1ull << 20)
#define HEAD "#!/bin/sh\n# Nothing has been done: read it, then run it as root.\nset -e\n"
#define DEV " | sed -nE 's/.*\"(block|char)dev\":\"([^\"]*)\".*/\\2/p')\ntest -b \"$dev\" || test -c \"$dev\"\n"
#define AS "\n# As targets of a config:\n"

/* Two NVDIMMs with labels, a memmap= region, one that is in use, and NVDIMMs that nobody has labelled. */
static const struct recipe_region all_regions[] = {
	{ .name = "region0", .labels = true, .free = 640 * M, .align = 16 * M, .node = 0 },
	{ .name = "region1", .labels = true, .free = 4096 * M, .align = 16 * M, .node = 1 },
	{ .name = "region2", .whole = "namespace2.0", .node = -1 },
	{ .name = "region3", .whole = "namespace3.0", .node = -1, .used = true },
	{ .name = "region4", .whole = "namespace4.0", .dimms = "nmem4 nmem5", .free = 640 * M, .align = 32 * M, .node = 4 },
};
enum { REGIONS = sizeof all_regions / sizeof *all_regions };

static char why[512];

/* The script for these modes, ended by NULL; malloced.  NULL: refused, with *rc. */
static char *
script(int *rc, size_t nregion, const char *const *text)
{
	struct recipe *mode = calloc(8, sizeof *mode);
	struct recipe_region regions[REGIONS];
	char *got = NULL;
	size_t n = 0, len;
	FILE *out;

	memcpy(regions, all_regions, sizeof regions);
	why[0] = 0;
	for (*rc = 0; *rc == 0 && text[n]; n++)
		*rc = recipe_parse(&mode[n], text[n], why, sizeof why);
	if (*rc == 0)
		*rc = recipe_place(mode, n, regions, nregion, why, sizeof why);
	if (*rc == 0) {
		out = open_memstream(&got, &len);
		*rc = recipe_print(mode, n, regions, nregion, out);
		fclose(out);
	}
	free(mode);
	return got;
}

#define prints(want, ...) prints_(want, (const char *const[]){ __VA_ARGS__, NULL })
static void
prints_(const char *want, const char *const *text)
{
	int rc;
	char *got = script(&rc, REGIONS, text);

	if (!got)
		fail_msg("%s", why);
	assert_string_equal(got, want);
	free(got);
}

#define refuses(err, want, ...) refuses_(err, want, (const char *const[]){ __VA_ARGS__, NULL })
static void
refuses_(int err, const char *want, const char *const *text)
{
	int rc;
	char *got = script(&rc, REGIONS, text);

	assert_null(got);
	assert_string_equal(why, want);
	assert_int_equal(rc, -err);
}

static void
fsdax(void **state)
{
	(void)state;
	prints(HEAD "\n# fsdax: 4G of region1, near NUMA node 1\n"
	       "dev=/dev/$(ndctl create-namespace -r region1 -s 4G -n fsdax -m fsdax -a 2M" DEV
	       "mkfs.ext4 -q -F -b 4096 -E stride=512,stripe_width=512 \"$dev\"\n"
	       "mkdir -p /mnt/fsdax\nmount -t ext4 -o dax=always \"$dev\" /mnt/fsdax\n"
	       AS "#   - {name: fsdax, fsdax: /mnt/fsdax}\n", "fsdax");
	prints(HEAD "\n# x: 384M of region0, near NUMA node 0\n"
	       "dev=/dev/$(ndctl create-namespace -r region0 -s 384M -n x -m fsdax -a 4K -M mem" DEV
	       "mkfs.xfs -q -f -m reflink=0 -d su=2m,sw=1,agcount=2 -l size=64m \"$dev\"\n"
	       "mkdir -p /mnt/x\nmount -t xfs -o dax=inode \"$dev\" /mnt/x\nxfs_io -c 'chattr +x' /mnt/x\n"
	       AS "#   - {name: x, fsdax: /mnt/x}\n", "fsdax,name=x,node=0,size=384M,fs=xfs,dax=inode,align=4K,map=mem");
	/* From a GiB on mkfs.xfs finds its own sizes. */
	prints(HEAD "\n# x: 1G of region1, near NUMA node 1\n"
	       "dev=/dev/$(ndctl create-namespace -r region1 -s 1G -n x -m fsdax -a 2M" DEV
	       "mkfs.xfs -q -f -m reflink=0 -d su=2m,sw=1 \"$dev\"\n"
	       "mkdir -p /mnt/x\nmount -t xfs -o dax=never \"$dev\" /mnt/x\n"
	       AS "#   - {name: x, file: /mnt/x}\n", "fsdax,name=x,size=1G,fs=xfs,dax=never");
}

static void
devices(void **state)
{
	(void)state;
	prints(HEAD "\n# devdax: 4G of region1, near NUMA node 1\n"
	       "dev=/dev/$(ndctl create-namespace -r region1 -s 4G -n devdax -m devdax -a 1G" DEV
	       AS "#   - {name: devdax, devdax: {namespace: devdax}}\n", "devdax,align=1G");
	prints(HEAD "\n# sector: 32M of region1, near NUMA node 1\n"
	       "dev=/dev/$(ndctl create-namespace -r region1 -s 32M -n sector -m sector -l 4096" DEV
	       AS "#   - {name: sector, sector: {namespace: sector}}\n", "sector,size=32M");
	prints(HEAD "\n# b: 32M of region1, near NUMA node 1\n"
	       "dev=/dev/$(ndctl create-namespace -r region1 -s 32M -n b -m sector -l 512" DEV
	       "mkfs.ext4 -q -F -b 4096 \"$dev\"\nmkdir -p /mnt/b\nmount -t ext4 \"$dev\" /mnt/b\n"
	       AS "#   - {name: b, file: /mnt/b}\n", "sector,size=32M,sector=512,fs=ext4,name=b");
	prints(HEAD "\n# raw: 32M of region1, near NUMA node 1\n"
	       "dev=/dev/$(ndctl create-namespace -r region1 -s 32M -n raw -m raw -l 512" DEV
	       AS "#   - {name: raw, raw: {namespace: raw}}\n", "raw,size=32M");
}

static void
whole_regions(void **state)
{
	(void)state;
	prints(HEAD "\n# fsdax: all of region2, which replaces namespace2.0 and what it holds\n"
	       "dev=/dev/$(ndctl create-namespace -f -e namespace2.0 -m fsdax -a 2M" DEV
	       "mkfs.ext4 -q -F -b 4096 -E stride=512,stripe_width=512 \"$dev\"\n"
	       "mkdir -p /mnt/fsdax\nmount -t ext4 -o dax=always \"$dev\" /mnt/fsdax\n"
	       AS "#   - {name: fsdax, fsdax: /mnt/fsdax}\n", "fsdax,region=region2");
	/* raw has no sector size to set there. */
	prints(HEAD "\n# raw: all of region2, which replaces namespace2.0 and what it holds\n"
	       "dev=/dev/$(ndctl create-namespace -f -e namespace2.0 -m raw" DEV
	       AS "#   - {name: raw, raw: {namespace: namespace2.0}}\n", "raw,region=region2");
	refuses(EINVAL, "raw: region2 has no room for labels: it can only be one namespace, without size=",
		"raw,region=region2,size=16M");
	refuses(EINVAL, "namespace3.0 of region3 is mounted; umount it first", "raw,region=region3");
	refuses(EINVAL, "region2 can only be one namespace", "raw,region=region2", "sector,region=region2");
}

#define LABELS "\n# region4 gets labels, so that it can be divided; what namespace4.0 holds is lost\n" \
	"ndctl disable-namespace namespace4.0\nndctl disable-region region4\nndctl init-labels nmem4 nmem5\n" \
	"ndctl enable-region region4\n"

/* Where nothing else will do they are made, once; by its name a region is divided only when a size says so. */
static void
labels(void **state)
{
	(void)state;
	prints(HEAD LABELS "\n# b: 64M of region4, near NUMA node 4\n"
	       "dev=/dev/$(ndctl create-namespace -r region4 -s 64M -n b -m raw -l 512" DEV
	       "\n# raw: 576M of region4, near NUMA node 4\n"
	       "dev=/dev/$(ndctl create-namespace -r region4 -s 576M -n raw -m raw -l 512" DEV
	       AS "#   - {name: b, raw: {namespace: b}}\n#   - {name: raw, raw: {namespace: raw}}\n",
	       "raw,node=4,size=64M,name=b", "raw,node=4");
	prints(HEAD LABELS "\n# raw: 64M of region4, near NUMA node 4\n"
	       "dev=/dev/$(ndctl create-namespace -r region4 -s 64M -n raw -m raw -l 512" DEV
	       AS "#   - {name: raw, raw: {namespace: raw}}\n", "raw,region=region4,size=64M");
	prints(HEAD "\n# raw: all of region4, which replaces namespace4.0 and what it holds, near NUMA node 4\n"
	       "dev=/dev/$(ndctl create-namespace -f -e namespace4.0 -m raw" DEV
	       AS "#   - {name: raw, raw: {namespace: namespace4.0}}\n", "raw,region=region4");
	refuses(EINVAL, "raw: size 48M: region4 wants multiples of 32M", "raw,node=4,size=48M");
}

/* Those of a size first, then the others alike; numbered when they are called the same. */
static void
several(void **state)
{
	int rc;
	char *got = script(&rc, REGIONS, (const char *const[]){ "raw", "raw,region=region1,size=1G", "raw,node=1", "raw,node=0",
								NULL });

	(void)state;
	assert_non_null(got);
	assert_non_null(strstr(got, "-r region1 -s 1536M -n raw -m"));
	assert_non_null(strstr(got, "-r region1 -s 1G -n raw-2 -m"));
	assert_non_null(strstr(got, "-r region1 -s 1536M -n raw-3 -m"));
	assert_non_null(strstr(got, "-r region0 -s 640M -n raw-4 -m"));
	free(got);
	/* Small ones spread as they come would leave no room for the large one. */
	got = script(&rc, 1, (const char *const[]){ "raw,size=320M", "raw,size=320M", NULL });
	assert_non_null(got);
	free(got);
	got = script(&rc, 2, (const char *const[]){ "raw,size=512M", "raw,size=3600M", "raw,size=496M", NULL });
	assert_non_null(got);
	assert_non_null(strstr(got, "-r region1 -s 3600M -n raw-2 -m"));
	assert_non_null(strstr(got, "-r region0 -s 512M -n raw -m"));
	free(got);
	got = script(&rc, REGIONS, (const char *const[]){ "raw,size=1G", "sector,region=region1", NULL });
	assert_non_null(strstr(got, "-r region1 -s 1G -n raw"));
	assert_non_null(strstr(got, "-r region1 -s 3G -n sector"));
	free(got);
}

static void
mistakes(void **state)
{
	char *got;
	int rc;

	(void)state;
	refuses(EINVAL, "unknown mode 'btt': fsdax, devdax, sector or raw", "btt");
	refuses(EINVAL, "unknown mode '': fsdax, devdax, sector or raw", "");
	refuses(EINVAL, "unknown key 'sectr'; did you mean 'sector'?", "sector,sectr=512");
	refuses(EINVAL, "sector=1024: 512, 520, 528, 4096, 4104, 4160 or 4224", "sector,sector=1024");
	refuses(EINVAL, "size=12k: a size from 2M to 1024T, such as 1M or 1G", "raw,size=12k");
	refuses(EINVAL, "size=0: a size from 2M to 1024T, such as 1M or 1G", "raw,size=0");
	refuses(EINVAL, "name=../x: a name: 1 to 64 of A-Z a-z 0-9 . _ -", "raw,name=../x");
	refuses(EINVAL, "name=-x: a name: 1 to 64 of A-Z a-z 0-9 . _ -", "raw,name=-x");
	refuses(EINVAL, "node=x: a whole number from 0 to 4095", "raw,node=x");
	refuses(EINVAL, "raw takes no align=", "raw,align=2M");
	refuses(EINVAL, "sector takes no dax=", "sector,dax=always");
	refuses(EINVAL, "raw: size 20M: region1 wants multiples of 16M", "raw,size=20M");
	refuses(EINVAL, "two are named a", "raw,name=a,size=16M", "fsdax,name=a,size=32M");
	refuses(ENOSPC, "raw: no region is called region9", "raw,region=region9");
	refuses(ENOSPC, "raw: no region with labels on that node", "raw,node=7");
	refuses(ENOSPC, "raw: region1 has 4G free in one piece, 8G wanted; ndctl destroy-namespace what is not needed",
		"raw,size=8G");
	got = script(&rc, 0, (const char *const[]){ "raw", NULL });
	assert_null(got);
	assert_string_equal(why, "raw: no region with labels here; name one with region=");
	assert_int_equal(rc, -ENOSPC);
}

static void
kinds(void **state)
{
	(void)state;
	assert_int_equal(recipe_kind("fsdax"), KIND_FSDAX);
	assert_int_equal(recipe_kind("sector,size=1"), KIND_SECTOR);
	assert_int_equal(recipe_kind("raw.yaml"), KINDS);
	assert_int_equal(recipe_kind("fs"), KINDS);
	assert_int_equal(recipe_kind(""), KINDS);
}

/* Run the script of one recipe, with functions for its tools: what they were told, the exit status. */
static int
run(const struct recipe *m, int ndctl, int blkid, char said[512])
{
	static const char tools[] =
		"ndctl() { test $NDCTL = 0 && echo '  \"chardev\":\"null\",'; }\n"
		"blkid() { return $BLKID; }\nmkdir() { :; }\nmount() { echo mount \"$@\"; }\n"
		"mkfs_ext4() { echo mkfs \"$@\"; }\nalias mkfs.ext4=mkfs_ext4\n";
	char text[4096] = "", number[16];
	FILE *f = fmemopen(text, sizeof text, "w");

	fputs(tools, f);
	assert_int_equal(recipe_print(m, 1, NULL, 0, f), 0);
	fclose(f);
	setenv("SCRIPT", text, 1);
	snprintf(number, sizeof number, "%d", ndctl);
	setenv("NDCTL", number, 1);
	snprintf(number, sizeof number, "%d", blkid);
	setenv("BLKID", number, 1);
	f = popen("exec 2>/dev/null; eval \"$SCRIPT\"", "r");
	said[fread(said, 1, 511, f)] = 0;
	return pclose(f);
}

static void
scripts(void **state)
{
	static struct recipe m;
	struct recipe_region r = all_regions[0];
	char said[512];

	(void)state;
	assert_int_equal(recipe_parse(&m, "fsdax,name=pm,size=64M", why, sizeof why), 0);
	assert_int_equal(recipe_place(&m, 1, &r, 1, why, sizeof why), 0);
	assert_int_equal(run(&m, 0, 2, said), 0);
	assert_string_equal(said, "mkfs -q -F -b 4096 -E stride=512,stripe_width=512 /dev/null\n"
			    "mount -t ext4 -o dax=always /dev/null /mnt/pm\n");
	/* Nothing is done where ndctl made nothing. */
	assert_int_not_equal(run(&m, 1, 2, said), 0);
	assert_string_equal(said, "");
	/* One that is there is made a file system on only when blkid sees that nothing is on it. */
	m.step = RECIPE_MOUNT;
	strcpy(m.device, "/dev/null");
	for (int blkid = 0; blkid <= 8; blkid += 2) {
		assert_int_equal(run(&m, 1, blkid, said), 0);
		assert_string_equal(said, blkid != 2 ? "mount -o dax=always /dev/null /mnt/pm\n" :
				    "mkfs -q -b 4096 -E stride=512,stripe_width=512 /dev/null\n"
				    "mount -o dax=always /dev/null /mnt/pm\n");
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fsdax), cmocka_unit_test(devices), cmocka_unit_test(whole_regions), cmocka_unit_test(labels),
		cmocka_unit_test(several),
		cmocka_unit_test(mistakes), cmocka_unit_test(kinds), cmocka_unit_test(scripts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
