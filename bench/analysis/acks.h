/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * acks.h -- what an audit acknowledged (audit.h), and whether it is there.
 *
 * The file may end anywhere: the power was cut.  What its last line lacks was not acknowledged.
 */
#ifndef ACKS_H
#define ACKS_H

#include <stddef.h>
#include <stdint.h>

#define ACK_LIST(X) \
	X(OK,      "ok",      "the op's bytes, or those of the op that was under way") \
	X(MISSING, "missing", "no such file, or nothing can be read there") \
	X(SHORT,   "short",   "the file ends before them") \
	X(ZEROS,   "zeros",   "nothing but zeros") \
	X(OLDER,   "older",   "an earlier op's of the same slot") \
	X(TORN,    "torn",    "some words are the op's, some are not") \
	X(FOREIGN, "foreign", "another slot's, whole") \
	X(OTHER,   "other",   "none of these")
enum ack_state {
#define X(id, name, doc) ACK_##id,
	ACK_LIST(X)
#undef X
	ACK_STATES
};
extern const struct ack_row { const char *name, *doc; } ack_rows[ACK_STATES];

struct ack { uint64_t op, slot; };

/* What one thread did in one repeat, as far as it still holds. */
struct ack_share {
	unsigned point, rep, thread;
	uint64_t seed, size, offset, sector;
	int files;			/* a slot is a file of its own in path */
	char *path;
	struct ack *ack;
	size_t n;
	int ended;			/* it said so; rc is an errno or 0 */
	int rc;
	uint64_t state[ACK_STATES];	/* acks_verify: of the slots, each by its last op */
};
struct acks { struct ack_share *share; size_t n; };

/* 0; -errno, with the file and line in why. */
int  acks_read(struct acks *, const char *file, char *why, size_t whylen);
void acks_free(struct acks *);
/* One more line, without its end, for who follows an audit as it goes.  0, -EINVAL, -ENOMEM. */
int  acks_take(struct acks *, const char *line);

/* How the bytes of a slot are found: `size` of them into buf.  How many there are; -errno. */
typedef int64_t ack_reader(void *arg, const struct ack_share *, uint64_t slot, void *buf);

/* Fills in share.state.  `lost` (may be NULL) hears of each slot that is not ok.  0 or -ENOMEM. */
int  acks_verify(struct ack_share *, ack_reader *, void *arg,
		 void (*lost)(void *, const struct ack_share *, const struct ack *, enum ack_state), void *lost_arg);
uint64_t acks_lost(const struct ack_share *);

#endif
