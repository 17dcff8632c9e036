// links: tuning.o tuning_cpu.o tuning_load.o tuning_pmem.o tuning_json.o tuning_msr.o tuning_nvdimm.o nvdimms.o kmsg.o rootfs.o sysfs.o -ljansson -lmount -lndctl -lm
/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The files of a made-up machine where nearly everything is set badly: two sockets with
 * sub-NUMA clustering, NFIT and e820 regions, mounts, a cgroup with a quota.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>
#include "rootfs.h"
#include "tuning.h"

#define TREE "tests/golden/sysfs-doctor"

static struct tuning *t;

static int
setup(void **state)
{
	(void)state;
	rootfs_set(TREE);
	return tuning_read(&t, 0);
}

static int
teardown(void **state)
{
	(void)state;
	rootfs_set(NULL);
	free(t);
	return 0;
}

static void
cpu(void **state)
{
	const struct tuning_cpu *c = &t->cpu;

	(void)state;
	assert_string_equal(c->vendor, "GenuineIntel");
	assert_string_equal(c->microcode, "0x5003302, 0x5003303");
	assert_string_equal(c->hypervisor, "");
	assert_int_equal(c->online, 4);
	assert_int_equal(c->packages, 2);
	assert_int_equal(c->nodes, 4);		/* node4 has memory alone */
	assert_string_equal(c->governor, "powersave, performance");
	assert_string_equal(c->driver, "intel_pstate");
	assert_int_equal(c->min_khz, 1000000);
	assert_int_equal(c->max_khz, 3900000);
	assert_int_equal(c->turbo, 1);
	assert_int_equal(c->smt, 1);
	assert_int_equal(c->prefetch_off, 5);
	assert_true(c->prefetch_msr == 0x1a4 && !c->prefetch_mixed);
	assert_string_equal(c->turbo_file, "/sys/devices/system/cpu/intel_pstate/no_turbo");
	assert_string_equal(c->idle_state, "C6");	/* C9 is disabled */
	assert_int_equal(c->idle_us, 133);
	assert_string_equal(c->uncore, "800000-2400000 kHz");
	assert_true(c->pmu && c->msr);
}

static void
kernel(void **state)
{
	const struct tuning_kernel *k = &t->kernel;

	(void)state;
	assert_true(k->major == 6 && k->minor == 1);
	assert_string_equal(k->preempt, "voluntary");
	assert_string_equal(k->clocksource, "hpet");
	assert_string_equal(k->thp, "always");
	assert_string_equal(k->thp_shmem, "within_size");
	assert_true(k->numa_balancing == 1 && k->demotion == 1 && k->ksm == 1 && k->nmi_watchdog == 1);
	assert_true(k->paranoid == 4 && k->swappiness == 60 && k->seccomp == 2);
	assert_true(k->console == 7 && k->serial_console);
	assert_int_equal(k->tainted, 528);
	assert_string_equal(k->mitigations,
			    "meltdown: PTI; spectre_v2: Retpolines; STIBP: disabled; BHI: Not affected");
}

static void
load(void **state)
{
	const struct tuning_load *l = &t->load;

	(void)state;
	assert_true(l->load1 == 7.5 && l->psi_cpu == 12.5 && l->psi_memory == 2 && l->psi_io == 0);
	assert_true(l->steal == 4 && !l->sampled);
	assert_true(l->quota == 1.5);		/* of the parent group: its own has none */
	assert_string_equal(l->quota_file, "/sys/fs/cgroup/box/cpu.max");
	assert_int_equal(l->swap_kib, 3145728);
	assert_int_equal(l->irqbalance, 1);
}

static void
pmem(void **state)
{
	static const struct tuning_pmem want[] = {
		{ "pmem0", "region0", "ACPI.NFIT", "memory_controller", "write through", 0, 1, 1, 17 },
		{ "pmem1", "region1", "ACPI.NFIT", "", "write back", 1, 1, 0, -1 },
		{ "pmem2", "region2", "ACPI.NFIT", "cpu_cache", "write back", 0, 1, 1, 0 },
		{ "pmem3", "region3", "e820", "", "write back", 1, 1, -1, -1 },
	};

	(void)state;
	assert_int_equal(t->npmem, 4);
	for (int k = 0; k < t->npmem; k++) {
		const struct tuning_pmem *p = &t->pmem[k], *w = &want[k];

		assert_string_equal(p->name, w->name);
		assert_string_equal(p->region, w->region);
		assert_string_equal(p->provider, w->provider);
		assert_string_equal(p->domain, w->domain);
		assert_string_equal(p->queue_cache, w->queue_cache);
		assert_true(p->dax_cache == w->dax_cache && p->fua == w->fua && p->deep_flush == w->deep_flush);
		assert_int_equal(p->poisoned, w->poisoned);
	}
	assert_int_equal(t->nbus, 1);
	assert_string_equal(t->bus[0].scrub, "3+");
	assert_int_equal(t->nnvdimm, 2);
	assert_string_equal(t->nvdimm[0].name, "nmem0");
	assert_string_equal(t->nvdimm[0].flags, "not_armed smart_event ");
	assert_int_equal(t->nvdimm[0].dirty, 3);
	assert_int_equal(t->nvdimm[1].dirty, -1);
	/* Not the root, not the BTT, not tmpfs without huge pages; a disk without barriers. */
	assert_int_equal(t->nmount, 5);
	assert_string_equal(t->mount[4].target, "/mnt/it's old");
	assert_string_equal(t->mount[0].target, "/mnt/pmem0");
	assert_int_equal(t->mount[0].reflink, 1);
	assert_int_equal(t->mount[1].reflink, -1);
	assert_string_equal(t->mount[3].target, "/huge");
}

static const char *
text_of(const json_t *o, const char *key)
{
	return json_string_value(json_object_get(o, key));
}

/* By device or partition, and region; what is not there is left out. */
static void
write_path(void **state)
{
	json_t *o = tuning_write_path("pmem0", "region0"), *same;

	(void)state;
	assert_string_equal(text_of(o, "queue_write_cache"), "write through");
	assert_string_equal(text_of(o, "persistence_domain"), "memory_controller");
	assert_int_equal(json_integer_value(json_object_get(o, "dax_write_cache")), 0);
	assert_int_equal(json_integer_value(json_object_get(o, "deep_flush")), 1);
	same = tuning_write_path("pmem0p1", "region0");
	assert_true(json_equal(o, same));
	json_decref(same);
	json_decref(o);
	o = tuning_write_path("", "");
	assert_int_equal(json_object_size(o), 0);
	json_decref(o);
	o = tuning_write_path("/dev/none", "region9");
	assert_int_equal(json_object_size(o), 0);
	json_decref(o);
}

static void
as_json(void **state)
{
	json_t *o = tuning_json(t), *l = tuning_load_json(t), *c = json_object_get(o, "cpu");

	(void)state;
	assert_string_equal(text_of(c, "governor"), "powersave, performance");
	assert_true(json_real_value(json_object_get(c, "nodes_per_package")) == 2);
	assert_string_equal(text_of(json_object_get(o, "scrubs"), "ndbus0"), "3+");
	assert_null(json_object_get(json_object_get(json_object_get(o, "pmem"), "pmem1"), "persistence_domain"));
	assert_string_equal(text_of(c, "prefetch_control"), "MSR 0x1a4 = 0x5");
	assert_int_equal(json_integer_value(json_object_get(json_object_get(json_object_get(o, "pmem"), "pmem0"), "poisoned_sectors")), 17);
	assert_string_equal(text_of(json_object_get(o, "nvdimm_flags"), "nmem0"), "not_armed smart_event ");
	assert_non_null(json_object_get(l, "steal_percent_since_boot"));
	json_decref(l);
	json_decref(o);
}

static void
put(const char *dir, const char *name, const void *bytes, size_t n, off_t at)
{
	char path[256];
	int fd;

	snprintf(path, sizeof path, "%s/%s", dir, name);
	for (char *p = path + strlen(dir) + 1; (p = strchr(p, '/')); p++) {
		*p = 0;
		assert_true(mkdir(path, 0700) == 0 || errno == EEXIST);
		*p = '/';
	}
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	assert_true(fd >= 0 && pwrite(fd, bytes, n, at) == (ssize_t)n);
	close(fd);
}

static void
put_msr(const char *dir, int cpu, uint32_t msr, uint64_t v)
{
	char name[32];

	snprintf(name, sizeof name, "dev/cpu/%d/msr", cpu);
	put(dir, name, &v, sizeof v, msr);
}

/* Zen: prefetch control where its bits are, boost from HWCR; registers that are not there; a guest.
 * The file of the registers is sparse. */
static void
amd(void **state)
{
	static const char cpuinfo[] = "vendor_id\t: AuthenticAMD\nflags\t\t: fpu\n";
	static const char guest[] = "vendor_id\t: AuthenticAMD\nflags\t\t: fpu hypervisor\n";
	char dir[] = "/tmp/daxmark-amd-XXXXXX", command[64];
	struct tuning_cpu c;

	(void)state;
	assert_non_null(mkdtemp(dir));
	put(dir, "proc/cpuinfo", cpuinfo, sizeof cpuinfo - 1, 0);
	put_msr(dir, 0, 0x10, 1);
	rootfs_set(dir);
	tuning_cpu_read(&c);
	assert_true(c.msr && c.prefetch_off == -1 && c.turbo == -1);
	put_msr(dir, 0, 0xc0000108, 0x3c9);
	put_msr(dir, 1, 0xc0000108, 0x3c9);
	put_msr(dir, 0, 0xc0010015, 1 << 25);
	put(dir, "dev/cpu/microcode", "", 0, 0);
	tuning_cpu_read(&c);
	assert_true(c.prefetch_off == 9 && c.prefetch_control == 0x3c9 && c.prefetch_msr == 0xc0000108 && !c.prefetch_mixed);
	assert_true(c.turbo == 0 && !c.turbo_file[0]);
	put_msr(dir, 1, 0xc0000108, 0x3c0);
	tuning_cpu_read(&c);
	assert_true(c.prefetch_off == 9 && c.prefetch_mixed);
	put(dir, "proc/cpuinfo", guest, sizeof guest - 1, 0);
	tuning_cpu_read(&c);
	assert_true(c.msr && c.prefetch_off == -1);
	snprintf(command, sizeof command, "rm -rf '%s'", dir);
	assert_int_equal(system(command), 0);
	rootfs_set(TREE);
}

/* A machine without any of these files: unknown everywhere, nothing made up. */
static void
nothing(void **state)
{
	struct tuning *none;
	json_t *o;

	(void)state;
	rootfs_set("/nonexistent");
	assert_int_equal(tuning_read(&none, 0), 0);
	assert_true(none->cpu.turbo == -1 && none->cpu.smt == -1 && none->cpu.prefetch_off == -1 && none->cpu.idle_us == -1);
	assert_true(none->kernel.paranoid == -9 && none->kernel.numa_balancing == -1 && none->kernel.demotion == -1);
	assert_true(none->load.load1 == -1 && none->load.steal == -1 && none->load.quota == -1 && none->load.swap_kib == -1);
	assert_true(none->npmem == 0 && none->nmount == 0 && none->nbus == 0 && none->nnvdimm == 0);
	assert_true(none->messages.err == ENOENT && none->kernel.tainted == -1);
	o = tuning_json(none);
	assert_null(json_object_get(json_object_get(o, "cpu"), "turbo"));
	json_decref(o);
	free(none);
	rootfs_set(TREE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cpu), cmocka_unit_test(kernel), cmocka_unit_test(load), cmocka_unit_test(pmem),
		cmocka_unit_test(write_path), cmocka_unit_test(as_json), cmocka_unit_test(amd), cmocka_unit_test(nothing),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
