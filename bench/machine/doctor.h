/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * doctor.h -- what is found wrong with a machine for measuring, and how to mend it.
 *
 * Pure: judges the facts of tuning.h and timing.h, reads and changes nothing.
 */
#ifndef DOCTOR_H
#define DOCTOR_H

#include <jansson.h>
#include <stdio.h>
#include "timing.h"
#include "tuning.h"

enum severity { SEVERITY_OK, SEVERITY_INFO, SEVERITY_WARN, SEVERITY_BAD, SEVERITIES };
extern const char *const severity_name[SEVERITIES];

struct finding {
	const char *id;			/* governor, dax-cache, ... */
	enum severity severity;
	char what[64], now[TUNING_TEXT], want[64];
	char why[320], mend[512];	/* mend: a command for a root shell; "# ..." where there is none */
};

enum { FINDINGS_MAX = 320 };

struct doctor {
	const struct tuning *t;
	const struct timing *timing;
	size_t n;
	unsigned count[SEVERITIES];
	struct finding v[FINDINGS_MAX];
};

/* Judge.  *d is large: malloc it.  The facts are kept, not copied. */
void doctor_look(struct doctor *d, const struct tuning *, const struct timing *);

/* The checks of each part, and what they report with. */
void doctor_cpu(struct doctor *);
void doctor_kernel(struct doctor *);
void doctor_load(struct doctor *);
void doctor_messages(struct doctor *);
void doctor_mounts(struct doctor *);
void doctor_pmem(struct doctor *);
void doctor_timer(struct doctor *);
struct finding *doctor_find(struct doctor *, const char *id, enum severity, const char *what, const char *now,
			    const char *want);
void doctor_why(struct finding *, const char *why, const char *mend_fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* A path as a shell takes it: in quotes where it must be; buf is returned. */
const char *doctor_quoted(char *buf, size_t len, const char *path);
/* The command that adds options to the kernel's command line on Debian. */
void doctor_boot(struct finding *, const char *why, const char *options, const char *remark);

/* What a run by this user goes without; NULL after the last, none for root. */
const char *doctor_lost(const struct tuning *, size_t k);

/* {bad, warn, info, ok, load, findings}; all: what is well, too.  New reference. */
json_t *doctor_json(const struct doctor *, int all);
int doctor_print(FILE *, const struct doctor *, int all);	/* 0 or -errno */

#endif
