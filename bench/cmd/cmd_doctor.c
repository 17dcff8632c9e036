/* SPDX-License-Identifier: BSD-2-Clause */
/* run-bench doctor: what disturbs measurements here, and how to mend it. */
#include <errno.h>
#include <stdlib.h>
#include "commands.h"
#include "doctor.h"
#include "log.h"
#include "rootfs.h"

#define SAMPLE_MS 250
#define SKEW_MS   200

static int
show(const struct doctor *d, const struct cli *cli)
{
	json_t *json;
	int rc;

	if (!cli->json)
		return doctor_print(stdout, d, cli->verbose);
	json = doctor_json(d, true);
	if (json) {
		json_object_set_new(json, "schema", json_string("daxmark.doctor/1.0"));
		json_object_set(json, "tuning", d->tuning);
		json_object_set_new(json, "timer", d->timing ? timing_json(d->timing) : json_null());
	}
	rc = json && json_dumpf(json, stdout, JSON_INDENT(2)) == 0 && putchar('\n') != EOF ? 0 : -EIO;
	json_decref(json);
	return rc;
}

static int
measure_timing(struct timing *timing)
{
	struct timer clock;
	struct topo *topo = NULL;
	int rc = topo_load_cpus(&topo);

	if (rc == 0) {
		timer_begin(&clock);
		timer_end(&clock);
		timing_measure(timing, &clock, topo, SKEW_MS);
	}
	topo_free(topo);
	return rc;
}

int
cmd_doctor(struct cli *cli)
{
	struct doctor *d = NULL;
	struct timing timing;
	int rc = 0, code;

	if (cli->narg) {
		warn("doctor takes no arguments");
		return EXIT_USAGE;
	}
	/* Tests: the files of another machine. */
	rootfs_set(getenv("DAXMARK_ROOT"));
	if (rootfs_real())
		rc = measure_timing(&timing);
	if (rc == 0)
		d = rootfs_real() ? doctor_look(&timing, SAMPLE_MS) : doctor_look(NULL, 0);
	if (rc == 0)
		rc = d ? show(d, cli) : -ENOMEM;
	if (rc < 0)
		fail_at(rc, "doctor:");
	code = rc < 0 ? EXIT_POINT_FAILED : cli->strict && d->count[SEVERITY_BAD] ? EXIT_STRICT : EXIT_OK;
	rootfs_set(NULL);
	doctor_free(d);
	return code;
}
