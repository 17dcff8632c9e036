/* SPDX-License-Identifier: BSD-2-Clause */
#include <ndctl/libndctl.h>
#include <stdio.h>
#include <string.h>
#include "hardware.h"
#include "rootfs.h"
#include "sysfs.h"

#define TEXT 256

static void
put_line(json_t *o, const char *key, const char *path)
{
	char line[4096];

	if (rootfs_line(line, sizeof line, "%s", path) == 0 && line[0])
		json_object_set_new(o, key, json_string(line));
}

static void
put_object(json_t *o, const char *key, json_t *value)
{
	if (json_object_size(value))
		json_object_set_new(o, key, value);
	else
		json_decref(value);
}

/* Everybody may read these; the modules are in env/dmidecode.txt. */
static json_t *
bios_json(void)
{
	json_t *o = json_object();

	put_line(o, "vendor", "/sys/class/dmi/id/bios_vendor");
	put_line(o, "version", "/sys/class/dmi/id/bios_version");
	put_line(o, "date", "/sys/class/dmi/id/bios_date");
	return o;
}

static int
add_vulnerability(const char *name, void *arg)
{
	char path[320];

	snprintf(path, sizeof path, "/sys/devices/system/cpu/vulnerabilities/%s", name);
	put_line(arg, name, path);
	return 0;
}

/* HMAT, where firmware has one: what the nearest initiator gets. */
static int
add_node(const char *name, void *arg)
{
	static const char *const attr[] = { "read_latency", "write_latency", "read_bandwidth", "write_bandwidth" };
	json_t *o;
	char path[320];

	if (strncmp(name, "node", 4) != 0 || name[4] < '0' || name[4] > '9')
		return 0;
	o = json_object();
	snprintf(path, sizeof path, "/sys/devices/system/node/%s/distance", name);
	put_line(o, "distance", path);
	for (size_t k = 0; k < sizeof attr / sizeof *attr; k++) {
		snprintf(path, sizeof path, "/sys/devices/system/node/%s/access0/initiators/%s", name, attr[k]);
		put_line(o, attr[k], path);
	}
	/* DRAM before this node's memory: Optane's memory mode. */
	snprintf(path, sizeof path, "/sys/devices/system/node/%s/memory_side_cache/index1/size", name);
	put_line(o, "memory_side_cache", path);
	put_object(arg, name, o);
	return 0;
}

/* The memory device, and the PCI function below which it lies. */
static int
add_cxl(const char *name, void *arg)
{
	static const char *const attr[] = { "ram/size", "pmem/size", "numa_node", "firmware_version" };
	static const char *const link[] = { "current_link_speed", "current_link_width", "max_link_speed", "max_link_width" };
	struct sysdir d;
	char text[TEXT];
	json_t *o;

	if (strncmp(name, "mem", 3) != 0 || sysfs_dir(&d, "bus/cxl/devices/%s", name) < 0)
		return 0;
	o = json_object();
	for (size_t k = 0; k < sizeof attr / sizeof *attr; k++)
		if (sysfs_text(&d, attr[k], text, sizeof text) == 0 && text[0])
			json_object_set_new(o, attr[k], json_string(text));
	do {
		for (size_t k = 0; k < sizeof link / sizeof *link; k++)
			if (sysfs_text(&d, link[k], text, sizeof text) == 0 && text[0])
				json_object_set_new(o, link[k], json_string(text));
	} while (!json_object_get(o, link[0]) && sysfs_up(&d));
	put_object(arg, name, o);
	return 0;
}

void
hardware_add(json_t *host)
{
	json_t *list[] = { json_object(), json_object(), json_object() };

	put_object(host, "bios", bios_json());
	put_line(host, "vendor", "/sys/class/dmi/id/sys_vendor");
	put_line(host, "product", "/sys/class/dmi/id/product_name");
	put_line(host, "cmdline", "/proc/cmdline");
	put_object(host, "nvdimm", nvdimms_json());
	rootfs_each(add_vulnerability, list[0], "/sys/devices/system/cpu/vulnerabilities");
	rootfs_each(add_node, list[1], "/sys/devices/system/node");
	rootfs_each(add_cxl, list[2], "/sys/bus/cxl/devices");
	put_object(host, "vulnerabilities", list[0]);
	put_object(host, "nodes_memory", list[1]);
	put_object(host, "cxl", list[2]);
}

/* The modules behind regions, by libndctl: what `ndctl list -DH` says. */
static const char *
health_name(unsigned health)
{
	return health & ND_SMART_FATAL_HEALTH ? "fatal" : health & ND_SMART_CRITICAL_HEALTH ? "critical" :
	       health & ND_SMART_NON_CRITICAL_HEALTH ? "non-critical" : "ok";
}

static void
put_smart(json_t *o, struct ndctl_cmd *c)
{
	const unsigned valid = ndctl_cmd_smart_get_flags(c);

	if (valid & ND_SMART_HEALTH_VALID)
		json_object_set_new(o, "health", json_string(health_name(ndctl_cmd_smart_get_health(c))));
	if (valid & ND_SMART_MTEMP_VALID)
		json_object_set_new(o, "media_celsius",
			json_real(ndctl_decode_smart_temperature(ndctl_cmd_smart_get_media_temperature(c))));
	if (valid & ND_SMART_CTEMP_VALID)
		json_object_set_new(o, "controller_celsius",
			json_real(ndctl_decode_smart_temperature(ndctl_cmd_smart_get_ctrl_temperature(c))));
	if (valid & ND_SMART_SPARES_VALID)
		json_object_set_new(o, "spares_percent", json_integer(ndctl_cmd_smart_get_spares(c)));
	if (valid & ND_SMART_USED_VALID)
		json_object_set_new(o, "life_used_percent", json_integer(ndctl_cmd_smart_get_life_used(c)));
	if (valid & ND_SMART_ALARM_VALID)
		json_object_set_new(o, "alarms", json_integer(ndctl_cmd_smart_get_alarm_flags(c)));
	if (valid & ND_SMART_SHUTDOWN_VALID)
		json_object_set_new(o, "last_shutdown", json_string(ndctl_cmd_smart_get_shutdown_state(c) ? "dirty" : "clean"));
	if (valid & ND_SMART_SHUTDOWN_COUNT_VALID)
		json_object_set_new(o, "dirty_shutdowns", json_integer(ndctl_cmd_smart_get_shutdown_count(c)));
}

static json_t *
dimm_json(struct ndctl_dimm *dimm)
{
	json_t *o = json_object();
	struct ndctl_cmd *c = ndctl_dimm_cmd_new_smart(dimm);
	const long long dirty = ndctl_dimm_get_dirty_shutdown(dimm);

	json_object_set_new(o, "handle", json_sprintf("0x%x", ndctl_dimm_get_handle(dimm)));
	if (dirty >= 0)
		json_object_set_new(o, "dirty_shutdowns", json_integer(dirty));
	if (ndctl_dimm_failed_map(dimm) || ndctl_dimm_failed_flush(dimm) || ndctl_dimm_failed_save(dimm) ||
	    ndctl_dimm_failed_restore(dimm) || ndctl_dimm_failed_arm(dimm))
		json_object_set_new(o, "failed", json_true());
	if (c && ndctl_cmd_submit(c) >= 0)
		put_smart(o, c);
	else
		json_object_set_new(o, "smart", json_string(c ? "refused" : "none"));
	ndctl_cmd_unref(c);
	return o;
}

json_t *
nvdimms_json(void)
{
	json_t *all = json_object();
	struct ndctl_ctx *ctx;
	struct ndctl_bus *bus;
	struct ndctl_dimm *dimm;

	if (!rootfs_real() || ndctl_new(&ctx) < 0)
		return all;
	ndctl_bus_foreach(ctx, bus)
		ndctl_dimm_foreach(bus, dimm)
			json_object_set_new(all, ndctl_dimm_get_devname(dimm), dimm_json(dimm));
	ndctl_unref(ctx);
	return all;
}
