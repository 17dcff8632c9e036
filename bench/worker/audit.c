/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>
#include "audit.h"
#include "marks.h"
#include "stamp.h"
#include "why.h"

enum { LINE_MAX_ = TARGET_PATH_MAX + 256, NONE = -1 };

static int
open_acks(const struct job *j)
{
	const int fd = strcmp(j->acks, AUDIT_MARKS) == 0 ? NONE : open(j->acks, O_WRONLY | O_APPEND | O_NOCTTY | O_CLOEXEC);

	return fd < 0 && strcmp(j->acks, AUDIT_MARKS) != 0 ? -errno : fd;
}

/* One line in one write: other threads write to the same file. */
static int put(int fd, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static int
put(int fd, const char *fmt, ...)
{
	char line[LINE_MAX_];
	va_list ap;
	int n;

	if (fd == NONE)
		return 0;
	va_start(ap, fmt);
	n = vsnprintf(line, sizeof line, fmt, ap);
	va_end(ap);
	if (n >= (int)sizeof line)
		return -ENAMETOOLONG;
	n = write(fd, line, (size_t)n) == n ? 0 : -errno;
	/* What leaves a serial port has arrived. */
	if (n == 0 && isatty(fd))
		tcdrain(fd);
	return n;
}

int
audit_prepares(const struct job *j, char *why, size_t whylen)
{
	int fd = open_acks(j), rc;

	if (fd < 0 && fd != NONE)
		return why_set(why, whylen, -fd, "--acks %s: %s", j->acks, strerror(-fd));
	rc = put(fd, "P %u %u %s\n", j->point, j->rep, j->target.path);
	if (fd != NONE)
		close(fd);
	return rc < 0 ? why_set(why, whylen, -rc, "--acks %s: %s", j->acks, strerror(-rc)) : 0;
}

static int
begin(const struct member *m, int fd)
{
	const struct job *j = m->crew->job;
	const int files = m->crew->kernel->files, of = files ? m->work.dir : m->work.fd;
	const bool block = j->target.kind == KIND_SECTOR || j->target.kind == KIND_RAW || j->target.kind == KIND_LOOP;
	char link[64], path[TARGET_PATH_MAX];
	ssize_t n;

	snprintf(link, sizeof link, "/proc/self/fd/%d", of);
	n = readlink(link, path, sizeof path - 1);
	if (n < 0)
		return -errno;
	path[n] = 0;
	return put(fd, "B %u %u %u %" PRIu64 " %zu %d %" PRIu64 " %" PRIu64 " %s\n", j->point, j->rep, m->index, j->open.seed,
		   m->work.size, files, m->work.off, block ? j->target.align : 0, path);
}

static int
one_op(struct member *m, int fd, uint64_t i)
{
	const struct job *j = m->crew->job;
	const uint64_t slot = slots_at(m->work.slots, i), block = slots_block(m->work.slots, i) & m->work.src_mask;
	int rc;

	stamp_fill((struct author){ j->open.seed, m->index, 0 }, (struct imprint){ i, slot },
		   (char *)m->ring + block * m->work.size, m->work.size);
	rc = m->crew->kernel->run(&m->work, i, i + 1);
	if (rc < 0)
		return rc;
	lab_mark(MARK_NOTE, (uint64_t)m->index << 48 | i);
	return put(fd, "A %u %u %u %" PRIu64 " %" PRIu64 "\n", j->point, j->rep, m->index, i, slot);
}

void
audit_ops(struct member *m)
{
	const struct job *j = m->crew->job;
	const struct kernel *k = m->crew->kernel;
	const uint64_t end = j->ops ? j->ops : m->work.slots.mask + 1;
	int fd = open_acks(j), rc = fd < 0 && fd != NONE ? fd : begin(m, fd);

	if (rc == 0 && k->reset)
		rc = k->reset(&m->work);
	for (uint64_t i = 0; i < end && i < j->limit && rc == 0; i++)
		rc = one_op(m, fd, i);
	if (rc == 0 || fd >= 0)
		put(fd, "E %u %u %u %d\n", j->point, j->rep, m->index, -rc);
	if (fd >= 0)
		close(fd);
	if (rc < 0)
		crew_fail(m->crew, m->index, rc, "audit");
}
