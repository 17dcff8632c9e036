/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "datadir.h"
#include "version.inc"

const char *
data_dir(void)
{
	static char dir[4096];
	const char *env = getenv("DAXMARK_DATADIR");
	ssize_t n;

	if (env && *env)
		return env;
	if (!*dir) {
		n = readlink("/proc/self/exe", dir, sizeof dir - 32);
		dir[n > 0 ? n : 0] = 0;
		/* build/run-bench, build/asan/run-bench: the tree is one or more folders up; PREFIX/bin:
		 * share/daxmark is beside it, wherever PREFIX was moved to. */
		for (char *p; (p = strrchr(dir, '/')); *p = 0) {
			static const char *const below[] = { "", "/share/daxmark" };

			for (size_t k = 0; k < 2; k++) {
				sprintf(p, "%s/plots/common.gp", below[k]);
				if (access(dir, R_OK) == 0) {
					p[strlen(below[k])] = 0;
					return dir;
				}
			}
		}
		strcpy(dir, DATADIR);
	}
	return dir;
}
