/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "registry.h"
#include "side.h"
#include "worker.h"

#define HUNG_S 120	/* then SIGALRM ends us, and our death the children */
enum { WINDOWS_MAX = 1000, THREADS_MAX = 64 };

struct child { pid_t pid; int out; };

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int
by_value(const void *a, const void *b)
{
	const double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

double
side_median(double *v, size_t n)
{
	qsort(v, n, sizeof *v, by_value);
	return n == 0 ? NAN : (v[(n - 1) / 2] + v[n / 2]) / 2;
}

uint64_t
side_param(const struct job *j, const char *name, uint64_t none)
{
	const struct kernel *k = kernel_find(j->kernel);

	for (const struct param *p = k ? k->params : NULL; p && p->name; p++)
		if (strcmp(p->name, name) == 0)
			return *(const uint64_t *)(const void *)(j->opts + p->off);
	return none;
}

/* Descriptors above 9, so that those a child gets are free. */
static int
high(int fd)
{
	int up = fd < 0 ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, 10);

	if (fd >= 0)
		close(fd);
	return up;
}

/* Start argv with from[k] as descriptor to[k]. */
static pid_t
start(char *const argv[], const int from[2], const int to[2])
{
	const pid_t pid = fork();

	if (pid != 0)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (int k = 0; k < 2; k++)
		if (from[k] >= 0 && dup2(from[k], to[k]) < 0)
			_exit(126);
	execv(argv[0], argv);
	_exit(127);
}

/* Wait for a process and note what it used.  0 or -ECHILD. */
static int
finish(pid_t pid, const char *name, struct side *s, struct rusage *r)
{
	int status;

	if (wait4(pid, &status, 0, r) < 0 || !WIFEXITED(status) || WEXITSTATUS(status) != 0) {
		fprintf(stderr, "selfbench: %s: failed (wait status %#x)\n", name, (unsigned)status);
		return -ECHILD;
	}
	if (r->ru_maxrss * 1024 > s->max_rss)
		s->max_rss = r->ru_maxrss * 1024;
	return 0;
}

static void
worst(struct side *s, double wall, double cpu)
{
	const double ratio = cpu > 0 ? wall / cpu : INFINITY;

	if (ratio > s->wall_cpu)
		s->wall_cpu = ratio;
	if (wall > s->windows_s)
		s->windows_s = wall;
}

static void
digest(const struct job *j, const struct outcome *o, const struct sample *sample, struct side *s)
{
	double v[WINDOWS_MAX], c[WINDOWS_MAX];

	for (uint32_t t = 0; t < j->threads; t++) {
		double wall = 0, cpu = 0;
		size_t n = 0;

		for (uint32_t k = 0; k < o->nsample && n < WINDOWS_MAX; k++) {
			const struct sample *a = &sample[k];

			if (a->thread != t || a->ops == 0)
				continue;
			v[n] = (double)a->ticks * 1e9 / j->hz / (double)a->ops;
			c[n++] = (double)a->cpu_ns / (double)a->ops;
			wall += (double)a->ticks / j->hz;
			cpu += (double)a->cpu_ns * 1e-9;
		}
		s->ns += side_median(v, n) / j->threads;
		s->cpu_ns += side_median(c, n) / j->threads;
		worst(s, wall, cpu);
	}
	s->quantum = o->quantum * 1e9 / j->hz;
	for (int k = 0; k < SPENTS; k++)
		s->spent[k] = (double)o->spent_ns[k] / 1e6;
	for (int d = 0; d < 2; d++)
		s->floor[d] = o->floor[d] * 1e9 / j->hz;
}

static int
read_outcome(const struct job *j, int fd, struct side *s)
{
	struct outcome o;
	struct sample *sample;
	size_t len;
	int rc = -EIO;

	if (pread(fd, &o, sizeof o, 0) != sizeof o || o.self != sizeof o) {
		fprintf(stderr, "selfbench: no answer from run-bench: not of the same build?\n");
		return -EIO;
	}
	if (o.rc < 0) {
		fprintf(stderr, "selfbench: %s: %s\n", j->kernel, o.why);
		return o.rc;
	}
	len = o.nsample * sizeof *sample;
	sample = malloc(len ? len : 1);
	if (sample && pread(fd, sample, len, sizeof o) == (ssize_t)len) {
		digest(j, &o, sample, s);
		rc = 0;
	}
	free(sample);
	return rc;
}

int
side_ours(const char *run_bench, const struct job *j, struct side *s)
{
	char *const argv[] = { (char *)run_bench, NULL };
	const int fd[] = { high(memfd_create("job", 0)), high(memfd_create("outcome", 0)) };
	const int as[] = { WORKER_JOB_FD, WORKER_OUT_FD };
	struct rusage r;
	double began;
	int rc = -EIO;

	*s = (struct side){ .pages_ok = true };
	alarm(HUNG_S);
	if (fd[0] >= 0 && fd[1] >= 0 && write(fd[0], j, sizeof *j) == sizeof *j) {
		began = now();
		rc = finish(start(argv, fd, as), "run-bench", s, &r);
		s->life_s = now() - began;
	}
	if (rc == 0)
		rc = read_outcome(j, fd[1], s);
	close(fd[0]);
	close(fd[1]);
	alarm(0);
	return rc;
}

static int
start_bare(const char *bare, const struct job *j, uint32_t t, struct child *c)
{
	char size[24], wss[24], cpu[24], seed[72], windows[24], ms[24], fence[24];
	char *const argv[] = {
		(char *)bare, (char *)j->kernel, size, (char *)(j->slots.random ? "random" : "seq"),
		wss, cpu, seed, windows, ms, fence, NULL,
	};
	const int as[] = { STDOUT_FILENO, -1 };
	int p[2];

	snprintf(size, sizeof size, "%u", j->size);
	snprintf(wss, sizeof wss, "%llu", (unsigned long long)(j->slots.mask + 1) * j->size);
	snprintf(cpu, sizeof cpu, "%u", j->cpu[t]);
	snprintf(seed, sizeof seed, "%llu:%llu:%llu", (unsigned long long)j->slots.seed,
		 (unsigned long long)j->slots.mul[0], (unsigned long long)j->slots.mul[1]);
	snprintf(windows, sizeof windows, "%u", j->windows);
	snprintf(ms, sizeof ms, "%.0f", (double)j->window * 1e3 / j->hz);
	snprintf(fence, sizeof fence, "%llu", (unsigned long long)side_param(j, "fence", 1));
	if (pipe2(p, O_CLOEXEC) != 0)
		return -errno;
	p[0] = high(p[0]);
	p[1] = high(p[1]);
	c->pid = start(argv, (const int[]){ p[1], -1 }, as);
	c->out = p[0];
	close(p[1]);
	return c->pid < 0 ? -EAGAIN : 0;
}

/* The lines of one process: ns/op, wall and CPU seconds of a window. */
static int
read_bare(const struct job *j, int fd, struct side *s)
{
	FILE *f = fdopen(fd, "r");
	double v[WINDOWS_MAX], c[WINDOWS_MAX], a, b, wall = 0, cpu = 0;
	size_t n = 0;

	while (f && n < WINDOWS_MAX && fscanf(f, "%lf %lf %lf", &v[n], &a, &b) == 3) {
		c[n] = v[n] * b / a;
		n++;
		wall += a;
		cpu += b;
	}
	if (f)
		fclose(f);
	s->ns += side_median(v, n) / j->threads;
	s->cpu_ns += side_median(c, n) / j->threads;
	worst(s, wall, cpu);
	return n == j->windows ? 0 : -EIO;
}

/* Did memory come in pages of the size that the job asks for?  A program's own faults are
 * some hundred. */
static bool
pages_ok(const struct job *j, uint64_t faults)
{
	const uint64_t pages = (j->slots.mask + 1) * j->size / 4096;

	return j->open.page_size > 4096 ? faults < 512 + pages / 8 : faults >= pages;
}

int
side_bare(const char *bare, const struct job *j, struct side *s)
{
	const double began = now();
	struct child c[THREADS_MAX];
	struct rusage r;
	int rc = 0;

	*s = (struct side){ .pages_ok = true };
	if (j->threads > THREADS_MAX)
		return -EINVAL;
	alarm(HUNG_S);
	for (uint32_t t = 0; t < j->threads && rc == 0; t++)
		rc = start_bare(bare, j, t, &c[t]);
	for (uint32_t t = 0; t < j->threads && rc == 0; t++) {
		rc = read_bare(j, c[t].out, s);
		if (rc == 0)
			rc = finish(c[t].pid, "bare", s, &r);
		s->pages_ok &= pages_ok(j, (uint64_t)r.ru_minflt);
	}
	if (rc < 0)
		fprintf(stderr, "selfbench: bare %s %u: %s\n", j->kernel, j->size, strerror(-rc));
	s->life_s = now() - began;
	alarm(0);
	return rc;
}
