/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * journal.h -- the repeats of a run, written so that they are readable after kill -9 at any moment,
 * and what is older than a few seconds also after a crash of the machine; and taken up again.
 *
 * A repeat's rows go to hist.csv, samples.csv and counters.csv first, then one line to
 * repeats.csv with the lengths of those files: the journal.  What lies behind the
 * last line's lengths does not exist; resume cuts it off, and so does whoever fails to
 * write.  Lines of the journal whose data are not there do not count.
 */
#ifndef JOURNAL_H
#define JOURNAL_H

#include "points.h"
#include "worker.h"

/* One repeat, all of it or nothing.  0 or -errno. */
int journal_append(struct results *, const struct job *, const struct answer *);

/* An old run that was opened: cut the tables back to the journal and fill in the progress of its
 * points (one per plan->n, headline allocated).  0; -errno with a message in why. */
int journal_resume(struct results *, const struct plan *, struct progress_point *,
		   char *why, size_t whylen);

#endif
