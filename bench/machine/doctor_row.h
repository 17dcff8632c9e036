/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * doctor_row.h -- a row of doctor's table, and what its functions report with.
 *
 * A new check is one row in the table of its part (doctor_cpu.c, doctor_kernel.c, doctor_load.c,
 * doctor_pmem.c): of one file that says a word or a switch, declared; of anything else, with a
 * function of its own that may find nothing, or one thing a device.
 */
#ifndef DOCTOR_ROW_H
#define DOCTOR_ROW_H

#include "doctor.h"

struct pmem;
struct doctor_mount;

struct doctor_row {
	const char *id, *what, *want, *why, *mend;
	void (*look)(struct doctor *, const struct doctor_row *);
	void (*pmem)(struct doctor *, const struct doctor_row *, const struct pmem *);		/* each device's */
	void (*mount)(struct doctor *, const struct doctor_row *, const struct doctor_mount *);	/* each mount's */
	bool alike;			/* as in struct finding */
	/* For look_word and look_switch: the file, its key in d->kernel, the words that are
	 * well, and how bad the others are. */
	const char *path, *key, *fine;
	enum severity otherwise;
};

/* Vendor, hypervisor, how many CPUs: before any row. */
void doctor_know_cpus(struct doctor *);

/* The parts of the table, each ended by an id of NULL. */
extern const struct doctor_row doctor_pmem[], doctor_mounts[], doctor_clock[], doctor_load[], doctor_cpu[], doctor_kernel[];

/* The chosen word of "always [madvise] never", or the line; well when `fine` has it. */
void look_word(struct doctor *, const struct doctor_row *);
/* A number, or true and false: on is to be known, off is not worth a line. */
void look_switch(struct doctor *, const struct doctor_row *);

/* Report: everything but `now` is the row's until one of those below says it otherwise. */
struct finding *found(struct doctor *, const struct doctor_row *, enum severity, const char *now, ...)
	__attribute__((format(printf, 4, 5)));
void found_what(struct finding *, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void found_why(struct finding *, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void found_mend(struct finding *, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Mend it by options on the kernel's command line, as Debian adds them. */
void found_boot(struct finding *, const char *options, const char *remark);

/* Keep for run.json unless it is "" or below 0. */
void keep_text(json_t *, const char *key, const char *);
void keep_number(json_t *, const char *key, int64_t);
void keep_bool(json_t *, const char *key, int64_t);
void keep_real(json_t *, const char *key, double);
json_t *object_of(json_t *, const char *key);	/* borrowed; made when it is not there */

/* "always [madvise] never": the word in brackets, else the line; "" when there is none. */
void chosen_word(char *buf, size_t len, const char *path);
/* Is the word one of a list's, between blanks or commas? */
bool has_word(const char *list, const char *word);
/* Add a value unless it is among them: "performance, powersave". */
void add_distinct(char *list, size_t len, const char *value);
/* All that an attribute says in the entries of a directory whose names begin with the prefix. */
void values(char *buf, size_t len, const char *dir, const char *prefix, const char *attr);
/* A path as a shell takes it: in quotes where it must be; buf is returned. */
const char *shell_quoted(char *buf, size_t len, const char *path);

/* For tests: what is known of BTT's lanes in a kernel, x.y.z of kernel.org; *fix is the release
 * that mends its series, "" where none is known. */
enum lanes_state { LANES_UNKNOWN, LANES_FIXED, LANES_AFFECTED };
enum lanes_state btt_lanes(const int version[3], const char **fix);

#endif
