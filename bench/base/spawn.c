/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "spawn.h"
#include "stop.h"

#define POLL_MS 200

static uint64_t
now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

int
spawn_wait(pid_t pid, uint64_t limit_ns, int stops)
{
	const uint64_t end = now_ns() + limit_ns;
	int status, why = 0, fd = (int)syscall(SYS_pidfd_open, pid, 0);

	while (waitpid(pid, &status, WNOHANG) == 0) {
		struct pollfd p = { .fd = fd, .events = POLLIN };

		poll(&p, fd >= 0, POLL_MS);
		if (stop_asked() >= stops)
			why = -EINTR;
		else if (now_ns() > end)
			why = -ETIMEDOUT;
		if (why)
			kill(getpgid(pid) == pid ? -pid : pid, SIGKILL);
	}
	if (fd >= 0)
		close(fd);
	return why ? why : status;
}

static uint64_t
limit_ns(const struct spawn *s)
{
	const char *env = getenv("DAXMARK_HELPER_SECONDS");
	unsigned long more = env ? strtoul(env, NULL, 10) : 0;

	return (more && more < 1000000 ? more : s->seconds) * 1000000000u;
}

/* The helper's side; tell: where the errno goes when it cannot be run. */
static void
become(const struct spawn *s, pid_t parent, int tell)
{
	const int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	int err;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	setpgid(0, 0);
	signal(SIGPIPE, SIG_DFL);
	if (getppid() == parent && null >= 0 && dup2(s->in ? s->in : null, 0) == 0 &&
	    dup2(s->out ? s->out : null, 1) == 1 && dup2(s->err ? s->err : null, 2) == 2 &&
	    (!s->dir || fchdir(s->dir) == 0) && (!s->env || putenv((char *)s->env) == 0))
		execvp(s->argv[0], s->argv);
	err = errno;
	if (write(tell, &err, sizeof err) < 0)
		_exit(126);
	_exit(127);
}

/* Running, that is past its exec: its pid, or -errno. */
static pid_t
begin(const struct spawn *s)
{
	const pid_t parent = getpid();
	int tell[2], err = 0;
	ssize_t n = 0;
	pid_t pid;

	if (pipe2(tell, O_CLOEXEC) != 0)
		return -errno;
	pid = fork();
	if (pid == 0)
		become(s, parent, tell[1]);
	if (pid < 0)
		err = errno;
	close(tell[1]);
	while (pid > 0 && (n = read(tell[0], &err, sizeof err)) < 0 && errno == EINTR)
		;
	if (n == sizeof err)
		waitpid(pid, NULL, 0);
	close(tell[0]);
	return err ? -err : pid;
}

int
spawn_run(const struct spawn *s)
{
	const int stops = stop_asked() + 1;
	const pid_t pid = begin(s);
	int status;

	if (pid < 0)
		return pid;
	status = spawn_wait(pid, limit_ns(s), stops);
	if (status < 0)
		return status;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -ECHILD;
}
