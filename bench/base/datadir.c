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
		/* build/run-bench, build/asan/run-bench: the tree is one or more folders up;
		 * PREFIX/bin: share/daxmark is beside it, wherever PREFIX was moved to. */
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

/* What follows a folder and its slash in path; NULL: it lies elsewhere. */
static const char *
below(const char *folder, const char *path)
{
	const size_t len = strlen(folder);
	const size_t n = len && folder[len - 1] == '/' ? len - 1 : len;		/* "/" */

	return len && strncmp(path, folder, n) == 0 && path[n] == '/' ? path + n + 1 : NULL;
}

const char *
data_typed(const char *path, char *buf, size_t len)
{
	const char *in_cwd, *in_data = below(data_dir(), path), *deeper;
	char cwd[4096];
	size_t n = 0;

	if (!getcwd(cwd, sizeof cwd))
		cwd[0] = 0;
	in_cwd = below(cwd, path);
	deeper = below(data_dir(), cwd);
	if (in_cwd || !in_data || !deeper) {
		snprintf(buf, len, "%s", in_cwd ? in_cwd : path);
		return buf;
	}
	for (; deeper && n < len; deeper = strchr(deeper, '/') ? strchr(deeper, '/') + 1 : NULL)
		n += (size_t)snprintf(buf + n, len - n, "../");
	if (n < len)
		snprintf(buf + n, len - n, "%s", in_data);
	return buf;
}
