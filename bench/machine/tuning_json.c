/* SPDX-License-Identifier: BSD-2-Clause */
/* What was read, as JSON: what could not be read is left out. */
#include <string.h>
#include "tuning.h"

static void
put_text(json_t *o, const char *key, const char *text)
{
	if (text[0])
		json_object_set_new(o, key, json_string(text));
}

static void
put_number(json_t *o, const char *key, int64_t n)
{
	if (n >= 0)
		json_object_set_new(o, key, json_integer(n));
}

static void
put_bool(json_t *o, const char *key, int n)
{
	if (n >= 0)
		json_object_set_new(o, key, json_boolean(n));
}

static void
put_real(json_t *o, const char *key, double x)
{
	if (x >= 0)
		json_object_set_new(o, key, json_real(x));
}

static json_t *
cpu_json(const struct tuning_cpu *c)
{
	json_t *o = json_object();

	put_text(o, "governor", c->governor);
	put_text(o, "driver", c->driver);
	put_text(o, "energy_preference", c->preference);
	put_number(o, "min_khz", c->min_khz);
	put_number(o, "max_khz", c->max_khz);
	put_bool(o, "turbo", c->turbo);
	put_bool(o, "smt", c->smt);
	put_text(o, "uncore", c->uncore);
	put_number(o, "prefetchers_off", c->prefetch_off);
	if (c->prefetch_off >= 0)
		json_object_set_new(o, "prefetch_control", json_sprintf("MSR 0x%x = 0x%llx%s", c->prefetch_msr,
				    (unsigned long long)c->prefetch_control, c->prefetch_mixed ? ", CPUs differ" : ""));
	put_bool(o, "pmu", c->pmu);
	put_text(o, "idle_driver", c->idle_driver);
	put_text(o, "idle_governor", c->idle_governor);
	put_text(o, "idle_deepest", c->idle_state);
	put_number(o, "idle_exit_us", c->idle_us);
	put_text(o, "isolated", c->isolated);
	put_text(o, "nohz_full", c->nohz_full);
	put_number(o, "packages", c->packages);
	if (c->packages > 0 && c->nodes > 0)
		put_real(o, "nodes_per_package", (double)c->nodes / c->packages);
	return o;
}

static json_t *
kernel_json(const struct tuning_kernel *k)
{
	json_t *o = json_object();

	put_text(o, "preemption", k->preempt);
	put_text(o, "clocksource", k->clocksource);
	put_text(o, "transparent_hugepage", k->thp);
	put_text(o, "transparent_hugepage_defrag", k->thp_defrag);
	put_text(o, "transparent_hugepage_shmem", k->thp_shmem);
	put_number(o, "numa_balancing", k->numa_balancing);
	put_bool(o, "numa_demotion", (int)k->demotion);
	if (k->paranoid != -9)
		json_object_set_new(o, "perf_event_paranoid", json_integer(k->paranoid));
	put_number(o, "nmi_watchdog", k->nmi_watchdog);
	put_number(o, "swappiness", k->swappiness);
	put_number(o, "ksm", k->ksm);
	put_number(o, "seccomp", k->seccomp);
	put_number(o, "tainted", k->tainted);
	put_number(o, "console_loglevel", k->console);
	put_text(o, "mitigations", k->mitigations);
	return o;
}

static json_t *
devices_json(const struct tuning *t)
{
	json_t *all = json_object();

	for (int k = 0; k < t->npmem; k++) {
		const struct tuning_pmem *p = &t->pmem[k];
		json_t *o = json_object();

		put_text(o, "region", p->region);
		put_text(o, "provider", p->provider);
		put_text(o, "persistence_domain", p->domain);
		put_text(o, "queue_write_cache", p->queue_cache);
		put_number(o, "dax_write_cache", p->dax_cache);
		put_number(o, "fua", p->fua);
		put_number(o, "deep_flush", p->deep_flush);
		put_number(o, "poisoned_sectors", p->poisoned);
		json_object_set_new(all, p->name, o);
	}
	return all;
}

/* What firmware flags; run.json has health and temperature in host.nvdimm. */
static void
put_nvdimms(json_t *o, const struct tuning *t)
{
	json_t *all = json_object();

	for (int k = 0; k < t->nnvdimm; k++)
		json_object_set_new(all, t->nvdimm[k].name, json_string(t->nvdimm[k].flags));
	if (t->nnvdimm)
		json_object_set(o, "nvdimm_flags", all);
	json_decref(all);
}

json_t *
tuning_json(const struct tuning *t)
{
	json_t *o = json_pack("{s:o, s:o, s:o}", "cpu", cpu_json(&t->cpu), "kernel", kernel_json(&t->kernel),
			      "pmem", devices_json(t)), *bus = json_object();

	for (int k = 0; k < t->nbus; k++)
		put_text(bus, t->bus[k].name, t->bus[k].scrub);
	json_object_set_new(o, "scrubs", bus);
	put_nvdimms(o, t);
	put_real(o, "cpu_quota", t->load.quota);
	put_number(o, "swap_kib", t->load.swap_kib);
	put_bool(o, "irqbalance", t->load.irqbalance);
	put_text(o, "tmpdir_on", t->tmpdir_fs);
	put_text(o, "preload", t->preload);
	return o;
}

json_t *
tuning_load_json(const struct tuning *t)
{
	const struct tuning_load *l = &t->load;
	json_t *o = json_object();

	put_real(o, "load1", l->load1);
	put_real(o, "cpu_pressure_percent", l->psi_cpu);
	put_real(o, "memory_pressure_percent", l->psi_memory);
	put_real(o, "io_pressure_percent", l->psi_io);
	put_real(o, l->sampled ? "steal_percent" : "steal_percent_since_boot", l->steal);
	put_text(o, "busy_cpus", l->busy);
	return o;
}
