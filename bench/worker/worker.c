/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>
#include "audit.h"
#include "clock.h"
#include "keys.h"
#include "openfiles.h"
#include "registry.h"
#include "version.inc"
#include "worker.h"

static int
write_all(int fd, const void *p, size_t n, off_t at)
{
	while (n > 0) {
		ssize_t k = pwrite(fd, p, n, at);

		if (k < 0 && errno == EINTR)
			continue;
		if (k <= 0)
			return k < 0 ? -errno : -EIO;
		p = (const char *)p + k;
		n -= (size_t)k;
		at += k;
	}
	return 0;
}

/* Samples and bins first, the header last: a header means the answer is whole. */
static int
answer(struct crew_result *r)
{
	struct outcome *o = &r->out;
	off_t at = sizeof *o;
	struct hist_bin b;
	int rc = 0;

	if (o->nsample)
		rc = write_all(WORKER_OUT_FD, r->sample, o->nsample * sizeof *r->sample, at);
	at += (off_t)(o->nsample * sizeof *r->sample);
	for (int d = 0; d < 2; d++)
		for (size_t k = 0; rc == 0 && o->rc == 0 && hist_next(&r->hist[d], &k, &b);) {
			rc = write_all(WORKER_OUT_FD, &b, sizeof b, at);
			at += sizeof b;
			o->nbin[d]++;
		}
	if (rc == 0 && o->nevent)
		rc = write_all(WORKER_OUT_FD, r->count, o->nevent * sizeof *r->count, at);
	at += (off_t)(o->nevent * sizeof *r->count);
	if (rc == 0 && o->npace)
		rc = write_all(WORKER_OUT_FD, r->pace, o->npace * sizeof *r->pace, at);
	at += (off_t)(o->npace * sizeof *r->pace);
	if (rc == 0 && o->nplaced)
		rc = write_all(WORKER_OUT_FD, r->placed, o->nplaced * sizeof *r->placed, at);
	o->self = sizeof *o;
	return rc == 0 ? write_all(WORKER_OUT_FD, o, sizeof *o, 0) : rc;
}

/* A SIGBUS is an answer too (FACTS: poison, no space behind a hole, device gone). */
static void
on_sigbus(int sig, siginfo_t *si, void *context)
{
	static struct outcome o;
	const char *what = si->si_code == BUS_MCEERR_AR ? "BUS_MCEERR_AR: poisoned memory was read"
			 : si->si_code == BUS_MCEERR_AO ? "BUS_MCEERR_AO: memory failure elsewhere"
			 : si->si_code == BUS_ADRERR ? "BUS_ADRERR: no space for a page of the file, or the file or device shrank"
			 : "bus error";
	size_t n = 0;

	(void)sig;
	(void)context;
	/* Async-signal-safe: no stdio here. */
	for (const char *s = "SIGBUS "; *s; s++)
		o.why[n++] = *s;
	for (const char *s = what; *s && n < sizeof o.why - 1; s++)
		o.why[n++] = *s;
	o.self = sizeof o;
	o.rc = -EFAULT;
	if (write_all(WORKER_OUT_FD, &o, sizeof o, 0) == 0)
		_exit(0);
	_exit(1);
}

static void
catch_sigbus(void)
{
	static char stack[65536];
	stack_t ss = { .ss_sp = stack, .ss_size = sizeof stack };
	struct sigaction sa = { .sa_sigaction = on_sigbus, .sa_flags = SA_SIGINFO | SA_ONSTACK };

	sigaltstack(&ss, NULL);
	sigaction(SIGBUS, &sa, NULL);
}

static void
work(struct job *j, struct crew_result *r)
{
	struct outcome *o = &r->out;
	const struct kernel *k;
	struct opened open = { 0 };
	uint64_t began;

	if (strncmp(j->build, VERSION, sizeof j->build - 1) != 0) {
		o->rc = -ESTALE;
		snprintf(o->why, sizeof o->why, "run-bench is of %s, run-bench-worker beside it of " VERSION, j->build);
		return;
	}
	if (j->kernel_path[0]) {
		o->rc = kernel_load_dir(j->kernel_path, o->why, sizeof o->why);
		if (o->rc < 0)
			return;
	}
	k = kernel_find(j->kernel);
	if (!k) {
		o->rc = -ENOENT;
		snprintf(o->why, sizeof o->why, "no kernel named %s", j->kernel);
		return;
	}
	j->open.kernel = k;
	j->open.node = j->node;
	if (j->mode == MODE_AUDIT) {
		o->rc = audit_prepares(j, o->why, sizeof o->why);
		if (o->rc < 0)
			return;
	}
	began = clock_raw_ns();
	o->rc = target_open(&j->target, &j->open, &open, o->why, sizeof o->why);
	o->spent_ns[SPENT_OPEN] = clock_raw_ns() - began;
	if (o->rc < 0)
		return;
	o->offset = open.offset;
	o->page_seen = open.page_seen;
	crew_run(j, k, &open, r);
	/* What is not durable now shall not become so by being tidied up. */
	began = clock_raw_ns();
	if (j->mode != MODE_AUDIT)
		target_close(&open);
	o->spent_ns[SPENT_CLOSE] = clock_raw_ns() - began;
}

int
worker_main(void)
{
	struct crew_result *r = calloc(1, sizeof *r);
	struct job *j;
	struct stat st;

	/* The parent decides about Ctrl-C; without a parent there is nobody to work for. */
	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (!r || fstat(WORKER_JOB_FD, &st) != 0 || st.st_size != sizeof *j)
		return 1;
	j = mmap(NULL, sizeof *j, PROT_READ | PROT_WRITE, MAP_PRIVATE, WORKER_JOB_FD, 0);
	if (j == MAP_FAILED || j->self != sizeof *j)
		return 1;
	catch_sigbus();
	open_files_most();
	work(j, r);
	return answer(r) == 0 ? 0 : 1;
}
