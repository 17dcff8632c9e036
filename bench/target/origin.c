/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "origin.h"

static bool
begins(const char *s, const char *with)
{
	return strncmp(s, with, strlen(with)) == 0;
}

/* An emulator's NVDIMM cannot be told by its looks alone; the machine's maker helps. */
static bool
machine_is_emulated(void)
{
	static const char *const maker[] = { "QEMU", "Bochs", "BOCHS", "VMware", "innotek", "Xen", NULL };
	struct sysdir dmi;
	char vendor[64], product[64];

	if (sysfs_dir(&dmi, "class/dmi/id"))
		return false;
	sysfs_text(&dmi, "sys_vendor", vendor, sizeof vendor);
	sysfs_text(&dmi, "product_name", product, sizeof product);
	for (size_t i = 0; maker[i]; i++)
		if (begins(vendor, maker[i]))
			return true;
	return strstr(product, "Virtual Machine") || strstr(product, "KVM");
}

/* A DIMM of the NFIT: by vendor, then by its interface (FIC 0x0101: energy-backed DRAM). */
static enum medium
nfit_medium(const struct sysdir *bus, const struct sysdir *region)
{
	struct sysdir dimm;
	char mapping[64], name[96];
	int64_t vendor, format;

	/* "nmem0,0,68719476736,0" */
	if (sysfs_text(region, "mapping0", mapping, sizeof mapping))
		return machine_is_emulated() ? MEDIUM_EMULATED : MEDIUM_PMEM;
	mapping[strcspn(mapping, ",")] = 0;
	snprintf(name, sizeof name, "%s/nfit", mapping);
	if (sysfs_below(&dimm, bus, name))
		return machine_is_emulated() ? MEDIUM_EMULATED : MEDIUM_PMEM;
	vendor = sysfs_number(&dimm, "vendor", -1);
	format = sysfs_number(&dimm, "format", -1);
	/* QEMU says 0x8086 in PCI's byte order; Intel's own DIMMs bear JEDEC's 0x8089. */
	if (vendor == 0x8680 || vendor == 0x8086 || machine_is_emulated())
		return MEDIUM_EMULATED;
	if (vendor == 0x8980 || vendor == 0x8089)
		return MEDIUM_OPTANE;
	return format == 0x0101 ? MEDIUM_NVDIMM_N : MEDIUM_PMEM;
}

static enum medium
region_medium(const char *provider, const struct sysdir *bus, const struct sysdir *region)
{
	if (begins(provider, "e820") || begins(provider, "ramdax"))
		return MEDIUM_VOLATILE;
	if (begins(provider, "virtio"))
		return MEDIUM_EMULATED;
	if (begins(provider, "CXL") || begins(provider, "cxl"))
		return machine_is_emulated() ? MEDIUM_EMULATED : MEDIUM_CXL_PMEM;
	if (begins(provider, "ACPI") || provider[0] == 0)
		return nfit_medium(bus, region);
	return machine_is_emulated() ? MEDIUM_EMULATED : MEDIUM_PMEM;
}

static void
from_region(struct origin *o, const struct sysdir *region)
{
	struct sysdir bus = *region, ns;
	char domain[32], name[48];

	/* CXL calls its regions of RAM so too; those of nvdimm hang on a bus. */
	while (!begins(sysfs_name(&bus), "ndbus"))
		if (!sysfs_up(&bus))
			return;
	snprintf(o->region, sizeof o->region, "%.31s", sysfs_name(region));
	sysfs_text(region, "persistence_domain", domain, sizeof domain);
	o->domain = strcmp(domain, "cpu_cache") == 0 ? DOMAIN_CPU_CACHE :
		    strcmp(domain, "memory_controller") == 0 ? DOMAIN_MEMORY_CONTROLLER : DOMAIN_UNKNOWN;
	sysfs_text(&bus, "provider", o->provider, sizeof o->provider);
	o->async = begins(o->provider, "virtio");
	o->medium = region_medium(o->provider, &bus, region);
	snprintf(name, sizeof name, "%s", o->namespace_);
	if (name[0] && sysfs_below(&ns, region, name) == 0)
		sysfs_text(&ns, "uuid", o->uuid, sizeof o->uuid);
}

/* One step of the walk from the device to its region. */
static void
look_at(struct origin *o, const struct sysdir *d)
{
	const char *name = sysfs_name(d);
	char text[64];

	if (o->node < 0)
		o->node = (int)sysfs_number(d, "numa_node", -1);
	if (begins(name, "btt"))
		o->btt = true;
	if (!o->map[0] && (begins(name, "pfn") || begins(name, "dax")) && sysfs_text(d, "mode", text, sizeof text) == 0)
		snprintf(o->map, sizeof o->map, "%s", strcmp(text, "pmem") == 0 ? "dev" : strcmp(text, "ram") == 0 ? "mem" : "");
	if (begins(name, "namespace"))
		snprintf(o->namespace_, sizeof o->namespace_, "%.31s", name);
	else if (!o->namespace_[0] && sysfs_text(d, "namespace", text, sizeof text) == 0 && text[0]) {
		snprintf(o->namespace_, sizeof o->namespace_, "%.31s", text);
		sysfs_text(d, "uuid", o->holder_uuid, sizeof o->holder_uuid);
	}
	if (begins(name, "region") && !o->region[0] && name[6] >= '0' && name[6] <= '9')
		from_region(o, d);
}

static int
first_name(const struct sysdir *d, const char *name, void *arg)
{
	return sysfs_below(arg, d, name) == 0;
}

/* A dm or md device is what its first part is. */
static bool
to_first_slave(struct sysdir *d)
{
	struct sysdir slaves, part;

	if (sysfs_below(&slaves, d, "slaves") || sysfs_each(&slaves, first_name, &part) != 1)
		return false;
	*d = part;
	return true;
}

void
origin_from(struct origin *o, const struct sysdir *device)
{
	struct sysdir d = *device;

	*o = (struct origin){ .medium = MEDIUM_DISK, .node = -1 };
	for (int depth = 0; depth < 8 && to_first_slave(&d); depth++)
		o->composed = true;
	if (begins(sysfs_name(&d), "loop"))
		o->medium = MEDIUM_LOOP;
	else if (begins(sysfs_name(&d), "ram") || begins(sysfs_name(&d), "zram"))
		o->medium = MEDIUM_DRAM;
	else if (begins(sysfs_name(&d), "dax"))
		o->medium = MEDIUM_VOLATILE;	/* without a region: a CXL or HMEM RAM range */
	do
		look_at(o, &d);
	while (sysfs_up(&d));
	/* RAM that is no node yet has no numa_node, but says which one it would be. */
	if (o->node < 0)
		o->node = (int)sysfs_number(device, "target_node", -1);
}

int
origin_of(struct origin *o, bool block, dev_t dev)
{
	struct sysdir d;
	int rc = sysfs_dev(&d, block, dev);

	if (rc == 0)
		origin_from(o, &d);
	return rc;
}

int
origin_disk(struct sysdir *d, dev_t dev)
{
	int rc = sysfs_dev(d, true, dev);

	if (rc == 0 && sysfs_number(d, "partition", 0) > 0 && !sysfs_up(d))
		rc = -ENOENT;
	return rc;
}
