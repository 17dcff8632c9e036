/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * anonymize.h -- names of people and machines, taken out of results.
 *
 * A name becomes KIND-XXXXXXXX, a keyed hash of it: the same in every file, and in every run
 * on one machine, so that runs can still be compared; uuids and MAC addresses keep
 * their form.  The key is the machine's own id, which is never written: guessing a
 * host name and hashing it proves nothing.
 */
#ifndef ANONYMIZE_H
#define ANONYMIZE_H

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

struct anonymizer;

/* key: 16 bytes; NULL: this machine's.  NULL without memory. */
struct anonymizer *anonymize_open(const uint8_t *key);
void anonymize_close(struct anonymizer *);

/* From now on replace this name; kind is host, user, path, serial, id.  Generic names are left. */
void anonymize_learn(struct anonymizer *, const char *kind, const char *name);
/* What this process knows of its machine: host, user, home, boot, serial numbers. */
void anonymize_learn_machine(struct anonymizer *);
/* What a run.json says: host, boot, paths of targets and arguments. */
void anonymize_learn_run(struct anonymizer *, const json_t *run);
/* The k-th target's name becomes target-K: the same on every machine, so that roles still match. */
void anonymize_learn_target(struct anonymizer *, const char *name, size_t k);
void anonymize_learn_host(struct anonymizer *, const char *name);	/* and its part before the dot */
/* Serial numbers and labels in JSON and XML of the usual tools, servers in a mount table and on the
 * kernel's command line, homes, ids of containers. */
void anonymize_learn_text(struct anonymizer *, const char *text);

char *anonymize_text(const struct anonymizer *, const char *text);	/* malloced; NULL without memory */
/* The same to JSON as it stands, but for its keys: a host may be called "host". */
char *anonymize_values(const struct anonymizer *, const char *json);
int anonymize_json(const struct anonymizer *, json_t *);	/* every text in it, in place; 0 or -ENOMEM */

/* A finished results directory, before its report is drawn: run.json, config, points.csv, log.txt
 * and env/ are rewritten, the directory is renamed and `latest` follows.  Its new path into to.
 * 0 or -errno.  It cannot be resumed any more. */
int anonymize_dir(const char *dir, char *to, size_t len);

/* The same to a copy below $TMPDIR, without report.html and plots/; its path into to.  0 or -errno. */
int anonymize_copy(const char *dir, char *to, size_t len);
void anonymize_drop(const char *copy);

#endif
