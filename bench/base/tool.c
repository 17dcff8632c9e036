/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>
#include "tool.h"

int
tool_run(char *const argv[], int dir, int in, int out, int err)
{
	const int fd[] = { in, out, err };
	posix_spawn_file_actions_t a;
	pid_t pid;
	int rc = posix_spawn_file_actions_init(&a), status = 0;

	if (rc != 0)
		return -rc;
	for (int k = 0; rc == 0 && k < 3; k++)
		rc = fd[k] < 0 ? posix_spawn_file_actions_addopen(&a, k, "/dev/null", O_RDWR, 0) :
		     posix_spawn_file_actions_adddup2(&a, fd[k], k);
	if (rc == 0 && dir != AT_FDCWD)
		rc = posix_spawn_file_actions_addfchdir_np(&a, dir);
	if (rc == 0)
		rc = posix_spawnp(&pid, argv[0], &a, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&a);
	if (rc != 0)
		return -rc;
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	return status == 0 ? 0 : -EIO;
}
