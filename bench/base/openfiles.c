/* SPDX-License-Identifier: BSD-2-Clause */
#include "openfiles.h"

#include <sys/resource.h>

void
open_files_most(void)
{
	struct rlimit l;

	if (getrlimit(RLIMIT_NOFILE, &l) == 0 && l.rlim_cur < l.rlim_max) {
		l.rlim_cur = l.rlim_max;
		setrlimit(RLIMIT_NOFILE, &l);
	}
}
