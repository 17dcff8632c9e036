/* SPDX-License-Identifier: BSD-2-Clause */
/* openfiles.h -- how many files this process may have open. */
#ifndef OPENFILES_H
#define OPENFILES_H

/* As many as it can be given: a thread keeps some ten to see who disturbs it, and a counter of a
 * whole machine wants one for each CPU. */
void open_files_most(void);

#endif
