/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * doctor.h -- how this machine is set up, what of it disturbs measurements, and how to mend that.
 *
 * One table of rows (doctor_row.h); each reads one thing by rootfs.h and sysfs.h, keeps it for
 * run.json and judges it.  Reads only, changes nothing.
 */
#ifndef DOCTOR_H
#define DOCTOR_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include "timing.h"

enum severity { SEVERITY_OK, SEVERITY_INFO, SEVERITY_WARN, SEVERITY_BAD, SEVERITIES };
extern const char *const severity_name[SEVERITIES];

enum { DOCTOR_TEXT = 128, FINDINGS_MAX = 640 };

struct finding {
	const char *id, *want;		/* governor, dax-cache, ...; of the table */
	enum severity severity;
	bool alike;			/* machines that are compared should have the same */
	char what[64], now[DOCTOR_TEXT];
	char why[320], mend[768];	/* mend: a command for a root shell; "# ..." where there is none */
};

struct doctor {
	json_t *tuning;			/* settings: run.json `tuning`; what could not be read is left out */
	json_t *cpu, *kernel, *pmem;	/* parts of it, borrowed */
	json_t *load, *messages;	/* the moment, and since boot: parts of `doctor` */
	size_t n;
	unsigned count[SEVERITIES];
	struct finding v[FINDINGS_MAX];

	/* What several rows ask for.  "" and 0: could not be read. */
	const struct timing *timing;
	unsigned sample_ms;
	bool root, log_unreadable;
	char vendor[32], microcode[DOCTOR_TEXT], hypervisor[DOCTOR_TEXT];
	int online, packages, nodes;	/* nodes: those with CPUs (SNC, NPS: more than packages) */
	int busy;			/* CPUs above 10 % while they were watched; -1: they were not */
	char preemption[32];
	struct libmnt_table *mounts;
};

/* Look at everything.  timing: measured, or NULL; sample_ms: how long to watch the CPUs (0: not at
 * all).  NULL when out of memory. */
struct doctor *doctor_look(const struct timing *, unsigned sample_ms);
void doctor_free(struct doctor *);

/* What a run by this user goes without; NULL after the last, none for root. */
const char *doctor_lost(const struct doctor *, size_t k);

/* {bad, warn, info, ok, load, findings}; all: what is well, too.  New reference. */
json_t *doctor_json(const struct doctor *, bool all);
int doctor_print(FILE *, const struct doctor *, bool all);	/* 0 or -errno */

/* What can weaken a flush on a device (pmem0, nvme0n1; "") of a region (region0; ""): what
 * run.json keeps from before and after a run.  New reference. */
json_t *doctor_write_path(const char *device, const char *region);

#endif
