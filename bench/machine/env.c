/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>
#include "env.h"
#include "hardware.h"
#include "keys.h"
#include "version.inc"

const char version_text[] = "daxmark " VERSION " (" COMPILER ")";

const char *
env_line(const char *path, char *buf, size_t len)
{
	FILE *f = fopen(path, "re");

	buf[0] = 0;
	if (f) {
		if (fgets(buf, (int)len, f))
			buf[strcspn(buf, "\n")] = 0;
		else
			buf[0] = 0;
		fclose(f);
	}
	return buf;
}

json_t *
env_host(const struct topo *t, const struct doctor *d)
{
	struct utsname u;
	char boot[64], clock[64], thp[128];
	long pages = sysconf(_SC_PHYS_PAGES);
	uint16_t first = 0;
	json_t *host;

	uname(&u);
	topo_place(t, &(struct placement){ .place = PLACE_LOCAL, .node = -1 }, 1, &first);
	host = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:i, s:i, s:i, s:I, s:I, s:s, s:s, s:s, s:s, s:s, s:b}",
		"name", u.nodename,
		"boot_id", env_line("/proc/sys/kernel/random/boot_id", boot, sizeof boot),
		"kernel", u.release, "kernel_version", u.version, "arch", u.machine,
		"cpu", topo_cpu_model(t),
		"cpus", (int)topo_cpus(t), "cores", (int)topo_cores(t), "nodes", (int)topo_nodes(t),
		"llc_bytes", (json_int_t)topo_llc(t, &first, 1),
		"memory_bytes", (json_int_t)pages * (json_int_t)sysconf(_SC_PAGESIZE),
		"clocksource", env_line("/sys/devices/system/clocksource/clocksource0/current_clocksource",
					clock, sizeof clock),
		"transparent_hugepage", env_line("/sys/kernel/mm/transparent_hugepage/enabled", thp, sizeof thp),
		"hypervisor", d->hypervisor, "microcode", d->microcode,
		"preemption", d->preemption, "root", geteuid() == 0);
	if (host)
		hardware_add(host);
	return host;
}

json_t *
env_tool(void)
{
	return json_pack("{s:s, s:s, s:s, s:s}", "name", "daxmark", "version", VERSION,
			 "compiler", COMPILER, "flags", BUILD_FLAGS);
}
