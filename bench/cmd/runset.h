/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * runset.h -- results directories that are drawn together.
 */
#ifndef RUNSET_H
#define RUNSET_H

#include "cli.h"
#include "pick.h"

struct runset {
	size_t n;
	struct run *run;
	struct summary *summary;
	struct input *input;		/* with what each is called */
};

/* cli->arg are the directories, --label names them; else host, kernel, name or a directory that a
 * person called something does, whichever tells them apart; else a letter.  Runs that are not
 * finished are named.  0 or -errno, said; close in every case. */
int  runset_open(struct runset *, const struct cli *);
void runset_close(struct runset *);

#endif
