/* SPDX-License-Identifier: BSD-2-Clause */
/* case.c -- puts a kernel on the shadow machine: ops in ragged pieces, then faults. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include "case.h"
#include "machine.h"

static _Alignas(4096) char ring[RING << 15], buffer[1 << 15], state[4096];

uint64_t
case_param(const struct test_case *c, const char *name, uint64_t absent)
{
	uint64_t v = absent;

	for (const struct param *p = c->k->params; p && p->name; p++)
		if (!strcmp(p->name, name))
			memcpy(&v, c->opts + p->off, sizeof(v));
	return v;
}

int64_t
case_last_op(const struct test_case *c, uint64_t slot, uint64_t end)
{
	for (uint64_t i = end; i-- > 0;)
		if (slots_at(c->w.slots, i) == slot)
			return (int64_t)i;
	return -1;
}

const char *
case_block(const struct test_case *c, int64_t op)
{
	return c->w.src + (slots_block(c->w.slots, (uint64_t)op) & (RING - 1)) * c->size;
}

static size_t
share_of(const struct test_case *c, unsigned bits)
{
	const struct facts f = { .caps = c->needs | CAP_DAX, .page = c->page, .size = c->size, .unit = 1,
				 .slots = 1ull << bits };

	return c->k->pm_size ? c->k->pm_size(&f, c->opts) : c->size << bits;
}

/* A machine and a struct work with what the kernel needs and nothing else. */
static void
prepare(struct test_case *c)
{
	const unsigned bits = c->size <= 256 ? 6 : 4;
	uint64_t x = c->size;

	machine_reset();
	for (size_t k = 0; k < RING * c->size; k++) {
		x = x * 0x5851f42d4c957f2du + 0x14057b7ef767814fu;
		ring[k] = (char)(x >> 56);
	}
	memset(state, 0, sizeof(state));
	m.src = ring;
	m.src_len = RING * c->size;
	m.page = c->page;
	m.oflags = c->k->oflags;
	m.needs = c->needs;
	memset(m.mapped, 1, sizeof(m.mapped));
	c->w = (struct work){
		.base = c->needs & CAP_MAP ? m.mem + SHARE_OFF : NULL,
		.src = ring, .src_mask = RING - 1, .buf = buffer,
		.slots = { .mask = (1u << bits) - 1, .bits = (uint8_t)bits,
			   .rot = c->pattern == STRIDED ? 2 : 0,
			   .random = c->pattern == RANDOM, .seed = 0x1234567,
			   .mul = { 0x9e3779b97f4a7c15u, 0xd6e8feb86659fd93u } },
		.off = SHARE_OFF, .size = c->size, .len = share_of(c, bits), .page = c->page,
		.map_flags = MAP_SHARED, .deep = -1,
		.fd = c->needs & CAP_FD ? TARGET_FD : -1,
		.dir = c->needs & CAP_DIR ? DIR_FD : -1,
		.opts = c->opts, .state = state,
	};
	c->ops = c->w.slots.mask + 1;
	if (c->k->pm_size) {
		c->w.pm = c->w.base;
		c->w.pm_len = c->w.len;
		m.own_words = 1;
	}
}

static int
begin(struct test_case *c)
{
	int rc = 0;

	prepare(c);
	if (c->k->state_size > sizeof(state))
		fail("declaration", "more state than the shadow machine has");
	if (c->k->format)
		rc = c->k->format(&c->w);
	if (!rc && c->k->setup)
		rc = c->k->setup(&c->w);
	if (!rc && c->k->reset)
		rc = c->k->reset(&c->w);
	if (rc)
		fail("run", "format, setup or reset: %s", strerror(-rc));
	machine_count_anew();
	return rc;
}

static void
finish(struct test_case *c)
{
	if (c->k->teardown)
		c->k->teardown(&c->w);
}

/* One piece of the run, after which all before it must hold. */
static uint64_t
piece(struct test_case *c, uint64_t i, uint64_t end)
{
	int rc;

	machine_count_anew();
	rc = c->k->run(&c->w, i, end);
	if (rc)
		fail("run", "ops [%d, %d): %s", (int)i, (int)end, strerror(rc < 0 ? -rc : rc));
	check_contents(c, end);
	check_counts(c, i, end);
	return end;
}

/* Ops in pieces: one, three, and the rest past a wrap where slots may be used again. */
static void
run_pieces(struct test_case *c)
{
	uint64_t at = 0, end;

	if (begin(c))
		return;
	end = c->k->consumes ? c->ops : c->ops + c->ops / 2 + 3;
	at = piece(c, at, 1);
	/* What was loaded is counted by the piece: readers begin again. */
	at = piece(c, c->k->moves == MOVES_READS ? 0 : at, 4);
	at = piece(c, c->k->moves == MOVES_READS ? 0 : at, end);
	if (c->k->run(&c->w, at, at))
		fail("run", "no op at all fails");
	finish(c);
}

/* One pass over all slots, on pages never touched or on pages all touched before. */
static void
run_expect(struct test_case *c, int fresh)
{
	uint64_t ops;

	if (begin(c))
		return;
	ops = c->ops;
	if (fresh)
		memset(m.mapped, 0, sizeof(m.mapped));
	else
		c->k->run(&c->w, 0, ops);
	machine_count_anew();
	c->k->run(&c->w, fresh ? 0 : ops, fresh ? ops : 2 * ops);
	if (c->k->expect)
		check_expect(c, fresh, ops);
	finish(c);
}

static void
run_cut(struct test_case *c)
{
	if (begin(c))
		return;
	cut_run(c);
	finish(c);
}

void
case_run(struct test_case *c)
{
	prepare(c);
	if (c->w.len > SHARE_LEN)
		return;
	c->ran++;
	run_pieces(c);
	if (!c->k->pm_size)
		run_expect(c, 1);
	/* Nothing of it depends on the page. */
	else if (c->page == 4096 && c->pattern != STRIDED)
		run_cut(c);
	if (!c->k->consumes)
		run_expect(c, 0);
}

static int
run_failing(struct test_case *c, uint64_t at, int error, int short_by)
{
	int rc;

	if (begin(c))
		return 0;
	m.fail_at = at;
	m.fail_errno = error;
	m.short_by = short_by;
	rc = c->k->run(&c->w, 0, 3);
	check_files_closed();
	if (rc && m.after_fail)
		fail("errno", "went on after a failed syscall");
	finish(c);
	return rc;
}

void
case_faults(struct test_case *c)
{
	static const int errors[] = { EIO, ENOSPC, EDQUOT };
	uint64_t syscalls;

	prepare(c);
	if (c->w.len > SHARE_LEN)
		return;
	run_failing(c, 0, 0, 0);
	syscalls = m.syscalls;
	for (uint64_t at = 1; at <= syscalls; at++)
		for (size_t e = 0; e < sizeof(errors) / sizeof(errors[0]); e++) {
			int rc = run_failing(c, at, errors[e], 0);

			if (rc != -errors[e])
				fail("errno", "syscall %d fails with %d, run says %d",
				     (int)at, -errors[e], rc);
		}
	for (uint64_t at = 1; at <= syscalls; at++)
		for (size_t by = 1; by <= c->size; by += c->size - 1) {
			int rc = run_failing(c, at, 0, (int)by);

			if (m.was_short && rc != -EIO)
				fail("short", "a short transfer is %d", rc);
		}
}
