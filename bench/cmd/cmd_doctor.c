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
	json = doctor_json(d, 1);
	if (json) {
		json_object_set_new(json, "schema", json_string("daxmark.doctor/1.0"));
		json_object_set_new(json, "tuning", tuning_json(d->t));
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
		timer_calibrate(&clock);
		timing_measure(timing, &clock, topo, SKEW_MS);
	}
	topo_free(topo);
	return rc;
}

int
cmd_doctor(struct cli *cli)
{
	struct doctor *d = malloc(sizeof *d);
	struct tuning *t = NULL;
	struct timing timing;
	int rc = d ? 0 : -ENOMEM, code;

	if (cli->narg) {
		warn("doctor takes no arguments");
		free(d);
		return EXIT_USAGE;
	}
	/* Tests: the files of another machine. */
	rootfs_set(getenv("DAXMARK_ROOT"));
	if (rc == 0)
		rc = tuning_read(&t, SAMPLE_MS);
	if (rc == 0 && rootfs_real())
		rc = measure_timing(&timing);
	if (rc == 0) {
		doctor_look(d, t, rootfs_real() ? &timing : NULL);
		rc = show(d, cli);
	}
	if (rc < 0)
		fail_at(rc, "doctor:");
	code = rc < 0 ? EXIT_POINT_FAILED : cli->strict && d->count[SEVERITY_BAD] ? EXIT_STRICT : EXIT_OK;
	rootfs_set(NULL);
	free(t);
	free(d);
	return code;
}
