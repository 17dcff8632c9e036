/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * anonymize.h -- names of people and machines, taken out of results.
 *
 * A name becomes KIND-XXXXXXXX, a keyed hash of it: the same in every file, and in every run
 * on one machine, so that runs can still be compared.  The key is the machine's own id, which is
 * never written: guessing a host name and hashing it proves nothing.  What tools print of a
 * machine (env/) and the kernel's command line name too much to be searched: they are left out.
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

/* From now on replace this name; kind is host, user, path, id.  Names that every machine has are
 * left. */
void anonymize_learn(struct anonymizer *, const char *kind, const char *name);
/* What a run.json says: host, boot, paths of targets and arguments; its target K that has its name
 * from a home becomes target-K: the same on every machine, so that roles still match. */
void anonymize_learn_run(struct anonymizer *, const json_t *run);

/* Malloced; NULL without memory.  Ids of 32 hexadecimal digits and more go without being learned.
 * */
char *anonymize_text(const struct anonymizer *, const char *text);
/* Every text in it but the keys, in place: a host may be called "host".  0 or -ENOMEM. */
int anonymize_json(const struct anonymizer *, json_t *);

/* A finished results directory, open as dirfd, before its report is drawn: run.json, config, the
 * tables with names and log.txt are rewritten, env/ and what was drawn go, the directory is
 * renamed and `latest` follows.  Its new path into to.  0; -ESTALE: its name dir leads elsewhere
 * by now, and stays; -errno.  It cannot be resumed any more. */
int anonymize_dir(int dirfd, const char *dir, char *to, size_t len);

/* The same to a copy below $TMPDIR; its path into to.  0 or -errno. */
int anonymize_copy(const char *dir, char *to, size_t len);
void anonymize_drop(const char *copy);

#endif
