/* SPDX-License-Identifier: BSD-2-Clause */
/* cut.c -- kernels that lay out their share, when the power fails: at each fence, in several ways. */
#include <errno.h>
#include <string.h>
#include "case.h"
#include "machine.h"

enum { SEEDS = 4, OPS = 2 };

static struct { struct test_case *c; uint64_t op; } under_way;
static char found[1 << 15], kept[4096];

/* Is that the block of op `op`, as a reader of the slot gets it? */
static int
holds(const struct test_case *c, int64_t op)
{
	return op >= 0 && !memcmp(found, case_block(c, op), c->size);
}

/* Each sector of it is all old or all new: of kernels of sectors one each, else all of the op. */
static int
untorn(const struct test_case *c, int64_t before, int64_t after)
{
	const size_t sector = c->k->granule != 512 ? c->size : c->size % 4096 ? 512 : 4096;
	const char *const old = case_block(c, before), *const new = case_block(c, after);

	for (size_t at = 0; at < c->size; at += sector)
		if (memcmp(found + at, old + at, sector) && memcmp(found + at, new + at, sector))
			return 0;
	return 1;
}

/* What ops [0, end) acknowledged is found.  The slot of op `torn` (-1: none) is all old or all
 * new, or known to be neither, where the kernel says so. */
static void
check_found(const struct test_case *c, uint64_t end, int64_t torn, const char *check)
{
	const uint64_t its = torn < 0 ? UINT64_MAX : slots_at(c->w.slots, (uint64_t)torn);

	for (uint64_t slot = 0; slot <= c->w.slots.mask; slot++) {
		const int64_t op = case_last_op(c, slot, end);
		int rc;

		if (slot == its && !(c->does & DOES_ATOMIC_SECTOR))
			continue;
		rc = c->k->find(&c->w, slot, found);
		if (slot == its && rc != -ENODATA && op >= 0 && (rc || !untorn(c, op, torn)))
			fail(check, "op %d, cut short, left slot %d torn (%d)", (int)torn, (int)slot, rc);
		if (slot != its && op >= 0 && (rc || !holds(c, op)))
			fail(check, "op %d of slot %d is not found (%d)", (int)op, (int)slot, rc);
	}
}

static void
fail_power(struct test_case *c, uint64_t seed, const char *check)
{
	int rc;

	machine_power_cut(seed);
	memset(c->w.state, 0, c->k->state_size);
	rc = c->k->recover ? c->k->recover(&c->w) : 0;
	if (rc)
		fail(check, "recovery says %d", rc);
}

static void
save(const struct test_case *c)
{
	machine_save();
	memcpy(kept, c->w.state, c->k->state_size);
}

static void
restore(const struct test_case *c)
{
	machine_restore();
	memcpy(c->w.state, kept, c->k->state_size);
}

void
cut_check(struct test_case *c, uint64_t end)
{
	check_found(c, end, -1, "bytes");
	if (!(c->does & DOES_DURABLE))
		return;
	save(c);
	fail_power(c, 0, "durable");
	check_found(c, end, -1, "durable");
	restore(c);
}

/* The op at work is cut short; then the kernel recovers, does it again, and is cut off for good. */
static void
at_fence(void)
{
	struct test_case *c = under_way.c;
	const uint64_t op = under_way.op;

	for (uint64_t seed = 0; seed < SEEDS; seed++) {
		save(c);
		m.cut = NULL;
		fail_power(c, seed, "crash");
		check_found(c, op, (int64_t)op, "crash");
		if (c->k->run(&c->w, op, op + 1))
			fail("crash", "op %d, done again, fails", (int)op);
		fail_power(c, 0, "crash");
		check_found(c, op + 1, -1, "crash");
		restore(c);
	}
}

void
cut_run(struct test_case *c)
{
	const uint64_t again = c->ops;

	under_way.c = c;
	for (uint64_t i = 0; i < again + OPS && c->does & DOES_DURABLE; i++) {
		under_way.op = i;
		m.cut = i < OPS || i >= again ? at_fence : NULL;
		c->k->run(&c->w, i, i + 1);
		m.cut = NULL;
	}
}
