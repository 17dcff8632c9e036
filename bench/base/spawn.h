/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * spawn.h -- running a helper, such as gnuplot, lscpu or tar: by argv, without a shell, and never
 * for ever.
 *
 * It has a process group of its own and dies with us.  It is killed when it takes longer than it
 * may, and when somebody asks to stop meanwhile (stop.h).
 */
#ifndef SPAWN_H
#define SPAWN_H

#include <stdint.h>
#include <sys/types.h>

struct spawn {
	char *const *argv;		/* ended by NULL; argv[0] is looked for in PATH */
	const char *env;		/* "NAME=value", set for it; NULL: none */
	int dir;			/* it starts there; 0: here */
	int in, out, err;		/* its standard streams; 0: /dev/null */
	unsigned seconds;		/* it may take; $DAXMARK_HELPER_SECONDS is for those who know better */
};

/* Its exit code; -ENOENT or another -errno: it cannot be run; -ETIMEDOUT, -EINTR: it was killed for
 * the time or by a request to stop; -ECHILD: a signal ended it. */
int spawn_run(const struct spawn *);

/* Wait for the end of a child, at most so long, and until there were `stops` requests to stop: then
 * it is killed, with its process group if it leads one.  Its wait status, -ETIMEDOUT or -EINTR. */
int spawn_wait(pid_t, uint64_t limit_ns, int stops);

#endif
