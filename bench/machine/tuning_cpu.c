/* SPDX-License-Identifier: BSD-2-Clause */
/* The processors: frequency, idling, threads, nodes, prefetchers. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "rootfs.h"
#include "tuning.h"

#define CPU "/sys/devices/system/cpu"

/* Add a value unless it is among them: "performance, powersave". */
static void
add_distinct(char *list, size_t len, const char *value)
{
	const size_t n = strlen(value);
	char *p = list;

	if (!n)
		return;
	while ((p = strstr(p, value))) {
		if ((p == list || p[-1] == ' ') && (p[n] == 0 || p[n] == ','))
			return;
		p += n;
	}
	p = list + strlen(list);
	snprintf(p, len - (size_t)(p - list), "%s%s", p == list ? "" : ", ", value);
}

static int
add_policy(const char *name, void *arg)
{
	struct tuning_cpu *c = arg;
	char line[TUNING_TEXT];
	int64_t khz;

	if (strncmp(name, "policy", 6) != 0)
		return 0;
	rootfs_line(line, sizeof line, CPU "/cpufreq/%s/scaling_governor", name);
	add_distinct(c->governor, sizeof c->governor, line);
	rootfs_line(line, sizeof line, CPU "/cpufreq/%s/scaling_driver", name);
	add_distinct(c->driver, sizeof c->driver, line);
	rootfs_line(line, sizeof line, CPU "/cpufreq/%s/energy_performance_preference", name);
	add_distinct(c->preference, sizeof c->preference, line);
	khz = rootfs_number(-1, CPU "/cpufreq/%s/scaling_min_freq", name);
	if (khz >= 0 && (c->min_khz < 0 || khz < c->min_khz))
		c->min_khz = khz;
	khz = rootfs_number(-1, CPU "/cpufreq/%s/scaling_max_freq", name);
	if (khz > c->max_khz)
		c->max_khz = khz;
	return 0;
}

/* What follows "key\t: " in a line of /proc/cpuinfo; NULL behind the last one. */
static const char *
cpuinfo_next(const char *at, const char *key, char *buf, size_t len)
{
	const size_t n = strlen(key);

	for (; at && *at; at = strchr(at, '\n') ? strchr(at, '\n') + 1 : NULL)
		if (strncmp(at, key, n) == 0 && (at[n] == '\t' || at[n] == ' ' || at[n] == ':')) {
			const char *value = at + strcspn(at, ":");

			value += strspn(value, ": ");
			snprintf(buf, len, "%.*s", (int)strcspn(value, "\n"), value);
			return value;
		}
	return NULL;
}

static void
read_cpuinfo(struct tuning_cpu *c)
{
	size_t len;
	char *text = rootfs_all(16u << 20, &len, "/proc/cpuinfo"), line[8192] = "", product[64] = "";
	const char *at = text;

	if (text) {
		cpuinfo_next(text, "vendor_id", c->vendor, sizeof c->vendor);
		while ((at = cpuinfo_next(at, "microcode", line, sizeof line)))
			add_distinct(c->microcode, sizeof c->microcode, line);
		line[0] = 0;
		cpuinfo_next(text, "flags", line, sizeof line);
	}
	rootfs_line(c->hypervisor, sizeof c->hypervisor, "/sys/hypervisor/type");
	if (!c->hypervisor[0] && strstr(line, " hypervisor")) {
		rootfs_line(product, sizeof product, "/sys/class/dmi/id/sys_vendor");
		snprintf(c->hypervisor, sizeof c->hypervisor, "%s", product[0] ? product : "yes");
	}
	free(text);
}

/* How many CPUs "0-3,8" are. */
static int
list_count(const char *list)
{
	int n = 0;

	while (*list) {
		char *end;
		long lo = strtol(list, &end, 10), hi = lo;

		if (end == list)
			break;
		if (*end == '-')
			hi = strtol(end + 1, &end, 10);
		n += (int)(hi - lo + 1);
		list = *end == ',' ? end + 1 : end;
	}
	return n;
}

static int
count_node(const char *name, void *arg)
{
	struct tuning_cpu *c = arg;
	char list[1024];

	if (strncmp(name, "node", 4) == 0 && name[4] >= '0' && name[4] <= '9')
		c->nodes += rootfs_line(list, sizeof list, "/sys/devices/system/node/%s/cpulist", name) == 0 && list[0];
	return 0;
}

static int
max_package(const char *name, void *arg)
{
	struct tuning_cpu *c = arg;
	int64_t id;

	if (strncmp(name, "cpu", 3) != 0 || name[3] < '0' || name[3] > '9')
		return 0;
	id = rootfs_number(-1, CPU "/%s/topology/physical_package_id", name);
	if (id < TUNING_CPUS && id + 1 > c->packages)
		c->packages = (int)id + 1;
	return 0;
}

static int
deepest(const char *name, void *arg)
{
	struct tuning_cpu *c = arg;
	int64_t us = rootfs_number(-1, CPU "/cpu0/cpuidle/%s/latency", name);

	if (rootfs_number(0, CPU "/cpu0/cpuidle/%s/disable", name) == 0 && us > c->idle_us) {
		c->idle_us = us;
		rootfs_line(c->idle_state, sizeof c->idle_state, CPU "/cpu0/cpuidle/%s/name", name);
	}
	return 0;
}

static int
add_uncore(const char *name, void *arg)
{
	struct tuning_cpu *c = arg;
	const int64_t lo = rootfs_number(-1, CPU "/intel_uncore_frequency/%s/min_freq_khz", name);
	const int64_t hi = rootfs_number(-1, CPU "/intel_uncore_frequency/%s/max_freq_khz", name);
	char text[64];

	snprintf(text, sizeof text, "%lld-%lld kHz", (long long)lo, (long long)hi);
	if (lo >= 0 && hi >= 0)
		add_distinct(c->uncore, sizeof c->uncore, text);
	return 0;
}

static void
read_turbo(struct tuning_cpu *c)
{
	static const struct { const char *file; int64_t on; } knob[] = {
		{ CPU "/intel_pstate/no_turbo", 0 }, { CPU "/cpufreq/boost", 1 },
	};

	for (size_t k = 0; c->turbo < 0 && k < sizeof knob / sizeof *knob; k++) {
		const int64_t now = rootfs_number(-1, "%s", knob[k].file);

		if (now < 0)
			continue;
		c->turbo = now == knob[k].on;
		snprintf(c->turbo_file, sizeof c->turbo_file, "%s", knob[k].file);
	}
}

void
tuning_cpu_read(struct tuning_cpu *c)
{
	char line[1024];

	*c = (struct tuning_cpu){ .min_khz = -1, .max_khz = -1, .turbo = -1, .prefetch_off = -1, .idle_us = -1 };
	read_cpuinfo(c);
	rootfs_line(line, sizeof line, CPU "/online");
	c->online = line[0] ? list_count(line) : -1;
	rootfs_each(max_package, c, CPU);
	rootfs_each(count_node, c, "/sys/devices/system/node");
	rootfs_each(add_policy, c, CPU "/cpufreq");
	read_turbo(c);
	tuning_msr_read(c);
	c->smt = (int)rootfs_number(-1, CPU "/smt/active");
	c->pmu = rootfs_has("/sys/bus/event_source/devices/cpu") ||
		 rootfs_has("/sys/bus/event_source/devices/cpu_core") ||
		 rootfs_has("/sys/bus/event_source/devices/armv8_pmuv3_0");
	rootfs_line(c->idle_driver, sizeof c->idle_driver, CPU "/cpuidle/current_driver");
	rootfs_line(c->idle_governor, sizeof c->idle_governor, CPU "/cpuidle/current_governor");
	rootfs_each(deepest, c, CPU "/cpu0/cpuidle");
	rootfs_line(c->isolated, sizeof c->isolated, CPU "/isolated");
	rootfs_line(c->nohz_full, sizeof c->nohz_full, CPU "/nohz_full");
	if (strcmp(c->nohz_full, "(null)") == 0)
		c->nohz_full[0] = 0;
	rootfs_each(add_uncore, c, CPU "/intel_uncore_frequency");
}
