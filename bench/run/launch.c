/* SPDX-License-Identifier: BSD-2-Clause */
/* The parent's side of a worker process: worker_run of worker.h. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include "spawn.h"
#include "worker.h"

/* The second request to stop ends the worker. */
#define STOPS 2

static int
memory_file(const char *name)
{
	int fd = memfd_create(name, MFD_CLOEXEC);

	/* 3 and 4 are where the worker looks; keep ours out of dup2's way. */
	if (fd >= 0 && fd <= WORKER_OUT_FD) {
		int high = fcntl(fd, F_DUPFD_CLOEXEC, WORKER_OUT_FD + 1);

		close(fd);
		fd = high;
	}
	return fd < 0 ? -errno : fd;
}

/* What a kernel does is said by its name, not by the PMEM_* variables of whoever started us:
 * PMDK's libraries take those as they are loaded, and would not flush.  PMEM_NO_FLUSH=0: flush on
 * eADR as well. */
static void
own_environment(void)
{
	char name[64];

	for (char **e = environ; e && *e;) {
		const size_t n = strcspn(*e, "=");

		snprintf(name, sizeof name, "%.*s", (int)n, *e);
		/* What is unset gives its place to the next. */
		if (n >= sizeof name || strncmp(name, "PMEM_", 5) != 0 || unsetenv(name))
			e++;
	}
	setenv("PMEM_NO_FLUSH", "0", 1);
}

/* The lean program beside this one (lean.c), as it was when the first worker was wanted; without
 * it, as where somebody copied run-bench alone, this one, which can the same. */
static int
program(void)
{
	static int fd = -1;
	char path[4096 + 16];
	ssize_t n;

	if (fd >= 0)
		return fd;
	n = readlink("/proc/self/exe", path, 4096);
	snprintf(path + (n > 0 ? n : 0), 16, "-worker");
	fd = open(path, O_PATH | O_CLOEXEC);
	if (fd < 0)
		fd = open("/proc/self/exe", O_PATH | O_CLOEXEC);
	if (fd >= 0 && fd <= WORKER_OUT_FD) {
		const int low = fd;

		fd = fcntl(low, F_DUPFD_CLOEXEC, WORKER_OUT_FD + 1);
		close(low);
	}
	return fd;
}

static pid_t
start(int job, int out)
{
	static char name[] = "run-bench", arg[] = WORKER_ARG, *const argv[] = { name, arg, NULL };
	const int exe = program();
	pid_t parent = getpid(), pid = fork();

	if (pid != 0)
		return pid;
	/* These outlive exec: no instant in which Ctrl-C ends the worker, or in which it outlives
	 * us. */
	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent || dup2(job, WORKER_JOB_FD) < 0 || dup2(out, WORKER_OUT_FD) < 0)
		_exit(126);
	own_environment();
	execveat(exe, "", argv, environ, AT_EMPTY_PATH);
	_exit(127);
}

/* A malloced copy of n bytes of the answer, behind *at. */
static void *
read_array(int fd, size_t n, off_t *at)
{
	void *p = malloc(n ? n : 1);

	if (p && pread(fd, p, n, *at) != (ssize_t)n) {
		free(p);
		return NULL;
	}
	*at += (off_t)n;
	return p;
}

static int
read_answer(int fd, struct answer *a)
{
	struct outcome *o = &a->out;
	off_t at = sizeof *o;

	if (pread(fd, o, sizeof *o, 0) != sizeof *o || o->self != sizeof *o)
		return -EIO;
	a->sample = read_array(fd, o->nsample * sizeof *a->sample, &at);
	a->bin[0] = read_array(fd, o->nbin[0] * sizeof *a->bin[0], &at);
	a->bin[1] = read_array(fd, o->nbin[1] * sizeof *a->bin[1], &at);
	a->count = read_array(fd, o->nevent * sizeof *a->count, &at);
	a->pace = read_array(fd, o->npace * sizeof *a->pace, &at);
	a->placed = read_array(fd, o->nplaced * sizeof *a->placed, &at);
	return a->sample && a->bin[0] && a->bin[1] && a->count && a->pace && a->placed ? 0 : -EIO;
}

/* How many windows have a tainted sample, or any.  Samples of a window lie together. */
static uint32_t
windows(const struct answer *a, bool any)
{
	uint32_t n = 0, last = UINT32_MAX;

	for (uint32_t k = 0; k < a->out.nsample; k++)
		if ((any || a->sample[k].taint) && a->sample[k].window != last) {
			last = a->sample[k].window;
			n++;
		}
	return n;
}

uint32_t
answer_tainted(const struct answer *a)
{
	return windows(a, false);
}

uint32_t
answer_windows(const struct answer *a)
{
	return windows(a, true);
}

void
answer_free(struct answer *a)
{
	free(a->sample);
	free(a->bin[0]);
	free(a->bin[1]);
	free(a->count);
	free(a->pace);
	free(a->placed);
	memset(a, 0, sizeof *a);
}

static void
say(struct outcome *o, int status, uint64_t limit_ns)
{
	if (status == -ETIMEDOUT)
		snprintf(o->why, sizeof o->why, "the worker hung: killed after %.0f s", (double)limit_ns / 1e9);
	else if (status == -EINTR)
		snprintf(o->why, sizeof o->why, "interrupted");
	else if (WIFSIGNALED(status))
		snprintf(o->why, sizeof o->why, "the worker was killed by signal %d (%s)",
			 WTERMSIG(status), strsignal(WTERMSIG(status)));
	else
		snprintf(o->why, sizeof o->why, "the worker ended with exit code %d and no answer",
			 WEXITSTATUS(status));
	o->rc = status < 0 ? status : -ECHILD;
}

int
worker_run(const struct job *job, uint64_t limit_ns, struct answer *a)
{
	int in = memory_file("daxmark-job"), out = memory_file("daxmark-outcome"), status, rc = 0;
	pid_t pid;

	memset(a, 0, sizeof *a);
	if (in < 0 || out < 0 || write(in, job, sizeof *job) != sizeof *job)
		rc = in < 0 ? in : out < 0 ? out : -ENOSPC;
	if (rc == 0 && (pid = start(in, out)) < 0)
		rc = -errno;
	if (rc == 0) {
		status = spawn_wait(pid, limit_ns, STOPS);
		if (status < 0 || !WIFEXITED(status) || WEXITSTATUS(status) != 0 || read_answer(out, a) < 0) {
			answer_free(a);
			say(&a->out, status, limit_ns);
		}
	}
	if (in >= 0)
		close(in);
	if (out >= 0)
		close(out);
	return rc;
}
