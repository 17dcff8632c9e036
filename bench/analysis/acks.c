/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "acks.h"
#include "stamp.h"
#include "why.h"

const struct ack_row ack_rows[ACK_STATES] = {
#define X(id, name, doc) { name, doc },
	ACK_LIST(X)
#undef X
};

static void
drop(struct acks *a, size_t k)
{
	free(a->share[k].path);
	free(a->share[k].ack);
	a->share[k] = a->share[--a->n];
}

static bool
lies_in(const char *path, const char *dir)
{
	const size_t n = strlen(dir);

	return strncmp(path, dir, n) == 0 && (!path[n] || path[n] == '/');
}

/* The path is all that is left of the line. */
static int
prepares(struct acks *a, const char *line)
{
	int at = 0;

	if (sscanf(line, "P %*u %*u %n", &at) < 0 || !at)
		return -EINVAL;
	for (size_t k = a->n; k-- > 0;)
		if (lies_in(a->share[k].path, line + at))
			drop(a, k);
	return 0;
}

static struct ack_share *
find(const struct acks *a, unsigned point, unsigned rep, unsigned thread)
{
	for (size_t k = a->n; k-- > 0;)
		if (a->share[k].point == point && a->share[k].rep == rep && a->share[k].thread == thread)
			return &a->share[k];
	return NULL;
}

static int
begins(struct acks *a, const char *line)
{
	struct ack_share s = { 0 }, *more;
	int at = 0;

	if (sscanf(line, "B %u %u %u %" SCNu64 " %" SCNu64 " %d %" SCNu64 " %" SCNu64 " %n", &s.point, &s.rep, &s.thread, &s.seed,
		   &s.size, &s.files, &s.offset, &s.sector, &at) != 8 || !at || !s.size || s.size % 8 || s.size > 64 << 20)
		return -EINVAL;
	s.path = strdup(line + at);
	more = s.path ? realloc(a->share, (a->n + 1) * sizeof *more) : NULL;
	if (!more) {
		free(s.path);
		return -ENOMEM;
	}
	a->share = more;
	a->share[a->n++] = s;
	return 0;
}

static int
acknowledged(struct acks *a, const char *line)
{
	unsigned point, rep, thread;
	struct ack ack;
	struct ack_share *s;

	if (sscanf(line, "A %u %u %u %" SCNu64 " %" SCNu64, &point, &rep, &thread, &ack.op, &ack.slot) != 5 ||
	    !(s = find(a, point, rep, thread)))
		return -EINVAL;
	if ((s->n & (s->n - 1)) == 0) {
		struct ack *more = realloc(s->ack, (s->n ? 2 * s->n : 1) * sizeof *more);

		if (!more)
			return -ENOMEM;
		s->ack = more;
	}
	s->ack[s->n++] = ack;
	return 0;
}

static int
ends(struct acks *a, const char *line)
{
	unsigned point, rep, thread;
	struct ack_share *s;
	int rc;

	if (sscanf(line, "E %u %u %u %d", &point, &rep, &thread, &rc) != 4 || !(s = find(a, point, rep, thread)))
		return -EINVAL;
	s->ended = 1;
	s->rc = rc;
	return 0;
}

int
acks_take(struct acks *a, const char *line)
{
	return *line == 'P' ? prepares(a, line) : *line == 'B' ? begins(a, line) :
	       *line == 'A' ? acknowledged(a, line) : *line == 'E' ? ends(a, line) : -EINVAL;
}

int
acks_read(struct acks *a, const char *file, char *why, size_t whylen)
{
	FILE *f = fopen(file, "re");
	char *line = NULL;
	size_t room = 0, number = 0;
	ssize_t n;
	int rc = 0;

	*a = (struct acks){ 0 };
	if (!f)
		return why_set(why, whylen, errno, "%s: %s", file, strerror(errno));
	while (rc == 0 && (n = getline(&line, &room, f)) > 0 && line[n - 1] == '\n') {
		line[n - 1] = 0;
		/* A serial port's line ends are two bytes. */
		line[strcspn(line, "\r")] = 0;
		number++;
		rc = acks_take(a, line);
	}
	if (rc == 0 && ferror(f))
		rc = -EIO;
	if (rc < 0)
		why_set(why, whylen, -rc, rc == -EINVAL ? "%s:%zu: no acknowledgement of an audit: %.60s" : "%s:%zu: %.60s", file,
			number, rc == -EINVAL ? line : strerror(-rc));
	free(line);
	fclose(f);
	if (rc < 0)
		acks_free(a);
	return rc;
}

void
acks_free(struct acks *a)
{
	while (a->n)
		drop(a, a->n - 1);
	free(a->share);
	*a = (struct acks){ 0 };
}

static bool
holds(const struct ack_share *s, uint64_t op, uint64_t slot, const void *p)
{
	return stamp_check((struct author){ s->seed, s->thread, 0 }, (struct imprint){ op, slot }, p, s->size) == 0;
}

static bool
all_zero(const uint8_t *p, size_t n)
{
	return !p[0] && memcmp(p, p + 1, n - 1) == 0;
}

/* Some of the words are the op's, where they belong. */
static bool
torn(const struct ack_share *s, const struct ack *a, const uint64_t *got, uint64_t *want)
{
	stamp_fill((struct author){ s->seed, s->thread, 0 }, (struct imprint){ a->op, a->slot }, want, s->size);
	for (size_t k = 0; k < s->size / sizeof *got; k++)
		if (got[k] == want[k])
			return true;
	return false;
}

static enum ack_state
judge(const struct ack_share *s, const struct ack *a, const void *got, void *want)
{
	if (holds(s, a->op, a->slot, got) || holds(s, s->ack[s->n - 1].op + 1, a->slot, got))
		return ACK_OK;
	if (all_zero(got, s->size))
		return ACK_ZEROS;
	for (const struct ack *b = s->ack; b < a; b++)
		if (b->slot == a->slot && holds(s, b->op, b->slot, got))
			return ACK_OLDER;
	if (torn(s, a, got, want))
		return ACK_TORN;
	for (const struct ack *b = s->ack; b < s->ack + s->n; b++)
		if (b->slot != a->slot && holds(s, b->op, b->slot, got))
			return ACK_FOREIGN;
	return ACK_OTHER;
}

static int
by_slot(const void *x, const void *y)
{
	const struct ack *a = *(const struct ack *const *)x, *b = *(const struct ack *const *)y;

	return a->slot != b->slot ? (a->slot > b->slot) - (a->slot < b->slot) : (a > b) - (a < b);
}

int
acks_verify(struct ack_share *s, ack_reader *read, void *arg,
	    void (*lost)(void *, const struct ack_share *, const struct ack *, enum ack_state), void *lost_arg)
{
	const struct ack **order = malloc((s->n + 1) * sizeof *order);
	void *got = malloc(s->size), *want = malloc(s->size);
	const int rc = order && got && want ? 0 : -ENOMEM;

	memset(s->state, 0, sizeof s->state);
	for (size_t k = 0; rc == 0 && k < s->n; k++)
		order[k] = &s->ack[k];
	if (rc == 0)
		qsort(order, s->n, sizeof *order, by_slot);
	for (size_t k = 0; rc == 0 && k < s->n; k++) {
		enum ack_state is;
		int64_t n;

		if (k + 1 < s->n && order[k + 1]->slot == order[k]->slot)
			continue;			/* a later op is this slot's last */
		n = read(arg, s, order[k]->slot, got);
		is = n < 0 ? ACK_MISSING : (uint64_t)n < s->size ? ACK_SHORT : judge(s, order[k], got, want);
		s->state[is]++;
		if (is != ACK_OK && lost)
			lost(lost_arg, s, order[k], is);
	}
	free(order);
	free(got);
	free(want);
	return rc;
}

uint64_t
acks_lost(const struct ack_share *s)
{
	uint64_t n = 0;

	for (int k = ACK_OK + 1; k < ACK_STATES; k++)
		n += s->state[k];
	return n;
}
