// links: origin.o medium.o held.o mounts.o sysfs.o text.o why.o -lmount
/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reading sysfs: a tree like the ones that real machines have, made under /tmp.
 * No machine has all of these at once.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>
#include "held.h"
#include "origin.h"

static char root[] = "/tmp/daxmark-sysfs-XXXXXX";

static void
dirs(char *path)
{
	for (char *p = path + strlen(root) + 1; (p = strchr(p, '/')); p++) {
		*p = 0;
		mkdir(path, 0700);
		*p = '/';
	}
}

static void
put(const char *name, const char *text)
{
	char path[512];
	FILE *f;

	snprintf(path, sizeof path, "%s/%s", root, name);
	dirs(path);
	f = fopen(path, "w");
	assert_non_null(f);
	fprintf(f, "%s\n", text);
	fclose(f);
}

/* name -> target, both below the root. */
static void
link_to(const char *name, const char *target)
{
	char path[512], to[512];

	snprintf(path, sizeof path, "%s/%s", root, name);
	snprintf(to, sizeof to, "%s/%s", root, target);
	dirs(path);
	assert_int_equal(symlink(to, path), 0);
}

#define BUS "devices/LNXSYSTM:00/ACPI0012:00/ndbus0/"

static void
make_dimm(const char *dimm, const char *vendor, const char *format)
{
	char path[128];

	snprintf(path, sizeof path, BUS "%s/nfit/vendor", dimm);
	put(path, vendor);
	snprintf(path, sizeof path, BUS "%s/nfit/format", dimm);
	put(path, format);
}

/* A disk on a region: through a btt or pfn, or on the namespace itself. */
static void
make_disk(const char *where, const char *disk, const char *dev)
{
	char path[256], link[320];

	snprintf(path, sizeof path, "%s/block/%s/dev", where, disk);
	put(path, dev);
	snprintf(path, sizeof path, "%s/block/%s", where, disk);
	snprintf(link, sizeof link, "dev/block/%s", dev);
	link_to(link, path);
	snprintf(link, sizeof link, "block/%s", disk);
	link_to(link, path);
	snprintf(link, sizeof link, "%s/device", path);
	link_to(link, where);
}

static void
make_nfit(void)
{
	put(BUS "provider", "ACPI.NFIT");
	put(BUS "region0/persistence_domain", "memory_controller");
	put(BUS "region0/numa_node", "1");
	put(BUS "region0/mapping0", "nmem0,0,68719476736,0");
	put(BUS "region0/namespace0.0/uuid", "11111111-1111-4111-8111-111111111111");
	put(BUS "region0/namespace0.0/holder", "");
	put(BUS "region0/btt0.0/namespace", "namespace0.0");
	put(BUS "region0/btt0.0/uuid", "22222222-2222-4222-8222-222222222222");
	make_dimm("nmem0", "0x8980", "0x0301");
	make_disk(BUS "region0/btt0.0", "pmem0s", "259:0");
	/* eADR, NVDIMM-N, fsdax with partitions. */
	put(BUS "region1/persistence_domain", "cpu_cache");
	put(BUS "region1/mapping0", "nmem1,0,68719476736,0");
	put(BUS "region1/pfn1.0/namespace", "namespace1.0");
	put(BUS "region1/pfn1.0/mode", "pmem");
	put(BUS "region1/pfn1.0/uuid", "33333333-3333-4333-8333-333333333333");
	make_dimm("nmem1", "0xce01", "0x0101");
	make_disk(BUS "region1/pfn1.0", "pmem1", "259:1");
	put(BUS "region1/pfn1.0/block/pmem1/pmem1p1/partition", "1");
	put(BUS "region1/pfn1.0/block/pmem1/pmem1p1/dev", "259:2");
	link_to("dev/block/259:2", BUS "region1/pfn1.0/block/pmem1/pmem1p1");
	put(BUS "region1/pfn1.0/block/pmem1/pmem1p2/partition", "2");
	put(BUS "region1/pfn1.0/block/pmem1/pmem1p2/dev", "259:3");
	/* QEMU's DIMM; no persistence_domain at all. */
	put(BUS "region2/mapping0", "nmem2,0,68719476736,0");
	make_dimm("nmem2", "0x8680", "0x0301");
	put(BUS "region2/dax2.0/namespace", "namespace2.0");
	put(BUS "region2/dax2.0/mode", "ram");
	put(BUS "region2/dax2.0/dax2.0/dev", "252:0");
	put(BUS "region2/dax2.0/dax2.0/numa_node", "0");
	link_to("dev/char/252:0", BUS "region2/dax2.0/dax2.0");
	/* Raw, and a BTT that claims the same namespace. */
	put(BUS "region3/mapping0", "nmem0,0,68719476736,0");
	put(BUS "region3/namespace3.0/holder", "btt3.0");
	make_disk(BUS "region3/namespace3.0", "pmem3", "259:4");
	put(BUS "region4/mapping0", "nmem0,0,68719476736,0");
	put(BUS "region4/btt4.0/namespace", "namespace4.0");
	make_disk(BUS "region4/namespace4.0", "pmem4", "259:5");
	make_disk(BUS "region4/btt4.0", "pmem4s", "259:6");
}

static void
make_others(void)
{
	put("devices/platform/e820_pmem/ndbus1/provider", "e820");
	put("devices/platform/e820_pmem/ndbus1/region5/type", "pmem");
	make_disk("devices/platform/e820_pmem/ndbus1/region5/namespace5.0", "pmem5", "259:7");
	put("devices/virtio1/ndbus2/provider", "virtio-pmem");
	put("devices/virtio1/ndbus2/region6/type", "pmem");
	make_disk("devices/virtio1/ndbus2/region6/namespace6.0", "pmem6", "259:8");
	put("devices/cxl/ndbus3/provider", "CXL");
	put("devices/cxl/ndbus3/region7/persistence_domain", "memory_controller");
	make_disk("devices/cxl/ndbus3/region7/namespace7.0", "pmem7", "259:9");
	put("devices/platform/hmem.0/dax9.0/target_node", "2");
	link_to("dev/char/252:9", "devices/platform/hmem.0/dax9.0");
	/* A CXL expander's RAM: its region is none of nvdimm's. */
	put("devices/platform/ACPI0017:00/root0/decoder0.0/region0/dax_region0/dax8.0/target_node", "2");
	put("devices/platform/ACPI0017:00/root0/decoder0.0/region0/dax_region0/dax8.0/numa_node", "-1");
	link_to("dev/char/252:8", "devices/platform/ACPI0017:00/root0/decoder0.0/region0/dax_region0/dax8.0");
	put("devices/pci/nvme0/numa_node", "1");
	make_disk("devices/pci/nvme0/nvme0n1", "nvme0n1", "259:20");
	/* dm over pmem5 and the disk, md holding the disk. */
	put("devices/virtual/block/dm-0/dev", "253:0");
	link_to("dev/block/253:0", "devices/virtual/block/dm-0");
	link_to("block/dm-0", "devices/virtual/block/dm-0");
	link_to("devices/platform/e820_pmem/ndbus1/region5/namespace5.0/block/pmem5/holders/dm-0",
		"devices/virtual/block/dm-0");
	link_to("devices/virtual/block/dm-0/slaves/pmem5", "block/pmem5");
	link_to("devices/pci/nvme0/nvme0n1/block/nvme0n1/holders/md127", "devices/virtual/block/dm-0");
	put("devices/virtual/block/loop0/dev", "7:0");
	link_to("dev/block/7:0", "devices/virtual/block/loop0");
	put("devices/virtual/block/zram0/dev", "251:0");
	link_to("dev/block/251:0", "devices/virtual/block/zram0");
}

static int
setup(void **state)
{
	(void)state;
	assert_non_null(mkdtemp(root));
	sysfs_set_root(root);
	make_nfit();
	make_others();
	return 0;
}

static int
teardown(void **state)
{
	char cmd[80];

	(void)state;
	sysfs_set_root(NULL);
	snprintf(cmd, sizeof cmd, "rm -rf %s", root);
	return system(cmd);
}

static struct origin
of(bool block, unsigned major, unsigned minor)
{
	struct origin o;

	assert_int_equal(origin_of(&o, block, makedev(major, minor)), 0);
	return o;
}

static void
test_text_and_numbers(void **state)
{
	struct sysdir d;
	char text[8];

	(void)state;
	put("x/hex", "0x1f");
	put("x/minus", "-1");
	put("x/empty", "");
	put("x/junk", "12k");
	put("x/long", "0123456789");
	assert_int_equal(sysfs_dir(&d, "x"), 0);
	assert_int_equal(sysfs_number(&d, "hex", 0), 31);
	assert_int_equal(sysfs_number(&d, "minus", 0), -1);
	assert_int_equal(sysfs_number(&d, "empty", 7), 7);
	assert_int_equal(sysfs_number(&d, "junk", 7), 7);
	assert_int_equal(sysfs_number(&d, "absent", 7), 7);
	assert_int_equal(sysfs_text(&d, "absent", text, sizeof text), -ENOENT);
	assert_int_equal(sysfs_text(&d, "long", text, sizeof text), 0);
	assert_string_equal(text, "0123456");
	assert_string_equal(sysfs_name(&d), "x");
	assert_false(sysfs_up(&d) && sysfs_up(&d));
	assert_int_equal(sysfs_dir(&d, "nowhere"), -ENOENT);
}

static void
test_media(void **state)
{
	(void)state;
	assert_int_equal(of(true, 259, 0).medium, MEDIUM_OPTANE);
	assert_int_equal(of(true, 259, 1).medium, MEDIUM_NVDIMM_N);
	assert_int_equal(of(false, 252, 0).medium, MEDIUM_EMULATED);
	assert_int_equal(of(true, 259, 7).medium, MEDIUM_VOLATILE);
	assert_int_equal(of(true, 259, 8).medium, MEDIUM_EMULATED);
	assert_int_equal(of(true, 259, 9).medium, MEDIUM_CXL_PMEM);
	assert_int_equal(of(false, 252, 9).medium, MEDIUM_VOLATILE);
	assert_int_equal(of(false, 252, 8).medium, MEDIUM_VOLATILE);
	assert_int_equal(of(true, 259, 20).medium, MEDIUM_DISK);
	assert_int_equal(of(true, 253, 0).medium, MEDIUM_VOLATILE);
	assert_int_equal(of(true, 7, 0).medium, MEDIUM_LOOP);
	assert_int_equal(of(true, 251, 0).medium, MEDIUM_DRAM);
}

static void
test_an_emulated_machine(void **state)
{
	(void)state;
	put("class/dmi/id/sys_vendor", "QEMU");
	assert_int_equal(of(true, 259, 0).medium, MEDIUM_EMULATED);
	assert_int_equal(of(true, 259, 9).medium, MEDIUM_EMULATED);
	assert_int_equal(of(true, 259, 7).medium, MEDIUM_VOLATILE);
	put("class/dmi/id/sys_vendor", "Dell Inc.");
	assert_int_equal(of(true, 259, 0).medium, MEDIUM_OPTANE);
}

static void
test_region_and_namespace(void **state)
{
	struct origin o = of(true, 259, 0);

	(void)state;
	assert_string_equal(o.region, "region0");
	assert_string_equal(o.namespace_, "namespace0.0");
	assert_string_equal(o.uuid, "11111111-1111-4111-8111-111111111111");
	assert_string_equal(o.holder_uuid, "22222222-2222-4222-8222-222222222222");
	assert_string_equal(o.provider, "ACPI.NFIT");
	assert_int_equal(o.domain, DOMAIN_MEMORY_CONTROLLER);
	assert_int_equal(o.node, 1);
	assert_true(o.btt);
	o = of(true, 259, 2);
	assert_string_equal(o.namespace_, "namespace1.0");
	assert_int_equal(o.domain, DOMAIN_CPU_CACHE);
	assert_false(o.btt);
	o = of(false, 252, 0);
	assert_string_equal(o.region, "region2");
	assert_int_equal(o.domain, DOMAIN_UNKNOWN);
	assert_int_equal(o.node, 0);
	assert_true(of(true, 259, 8).async);
	assert_string_equal(of(true, 259, 2).map, "dev");
	assert_string_equal(of(false, 252, 0).map, "mem");
	assert_string_equal(of(true, 259, 4).map, "");
	assert_int_equal(of(true, 259, 20).node, 1);
	assert_int_equal(of(false, 252, 8).node, 2);
	assert_string_equal(of(false, 252, 8).region, "");
	assert_int_equal(of(true, 7, 0).node, -1);
}

static bool
has(const struct family *f, unsigned minor)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->dev[i] == makedev(259, minor))
			return true;
	return false;
}

static void
test_family(void **state)
{
	struct family f;

	(void)state;
	assert_int_equal(family_of(&f, true, makedev(259, 1)), 0);
	assert_int_equal(f.n, 3);
	assert_true(has(&f, 1) && has(&f, 2) && has(&f, 3));
	assert_string_equal(f.sibling, "");
	/* A partition: its disk, not its sisters. */
	assert_int_equal(family_of(&f, true, makedev(259, 2)), 0);
	assert_int_equal(f.n, 2);
	assert_true(has(&f, 1) && has(&f, 2));
	/* Two faces of a namespace. */
	assert_int_equal(family_of(&f, true, makedev(259, 5)), 0);
	assert_true(has(&f, 5) && has(&f, 6));
	assert_string_equal(f.sibling, "pmem4s");
	assert_int_equal(family_of(&f, true, makedev(259, 99)), -ENOENT);
}

static int
held(unsigned major, unsigned minor, char *why)
{
	struct family f;

	why[0] = 0;
	assert_int_equal(family_of(&f, true, makedev(major, minor)), 0);
	return family_held(&f, why, WHY_MAX);
}

static void
test_held(void **state)
{
	char why[WHY_MAX];

	(void)state;
	assert_int_equal(held(259, 0, why), 0);
	assert_int_equal(held(259, 1, why), 0);
	assert_int_equal(held(259, 20, why), 1);
	assert_non_null(strstr(why, "md127"));
	/* What holds it is no sibling, and what it holds neither. */
	assert_int_equal(held(259, 7, why), 1);
	assert_non_null(strstr(why, "held by dm-0"));
	assert_int_equal(held(253, 0, why), 0);
	assert_true(of(true, 253, 0).composed);
	assert_int_equal(held(259, 4, why), 1);
	assert_non_null(strstr(why, "btt3.0"));
	assert_int_equal(held(259, 5, why), 1);
	assert_non_null(strstr(why, "pmem4s"));
	assert_int_equal(held(259, 6, why), 1);
	assert_non_null(strstr(why, "/dev/pmem4;"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text_and_numbers), cmocka_unit_test(test_media),
		cmocka_unit_test(test_an_emulated_machine), cmocka_unit_test(test_region_and_namespace),
		cmocka_unit_test(test_family), cmocka_unit_test(test_held),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
