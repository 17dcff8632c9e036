/* SPDX-License-Identifier: BSD-2-Clause */
/* check.c -- what must hold on the shadow machine after run() has returned. */
#include <fcntl.h>
#include <string.h>
#include "case.h"
#include "machine.h"

static int
one_of(uint64_t v, const struct choice *c)
{
	for (; c->name; c++)
		if (c->value == v)
			return 1;
	return 0;
}

static void
check_param(const struct kernel *k, const struct param *p)
{
	if (!p->name[0] || !p->doc || !p->doc[0] || strchr(p->doc, '\n'))
		fail("declaration", "parameter '%s' wants a name and one line of doc", p->name);
	if (p->off % 8 || p->off + 8 > k->opts_size || k->opts_size > KERNEL_OPTS_MAX)
		fail("declaration", "parameter %s does not lie in the opts", p->name);
	if (p->choices ? !one_of(p->def, p->choices) : p->def < p->min || p->def > p->max)
		fail("declaration", "default of %s is none of its values", p->name);
	if (!p->choices && p->pow2 && (p->def & (p->def - 1) || p->min & (p->min - 1) ||
				       p->max & (p->max - 1) || !p->min))
		fail("declaration", "%s is not a power of two throughout", p->name);
	for (const struct param *q = k->params; q != p; q++)
		if (!strcmp(q->name, p->name))
			fail("declaration", "two parameters %s", p->name);
}

void
check_declaration(const struct kernel *k, const char *symbol)
{
	char name[64];

	if (k->abi != KERNEL_ABI || k->kernel_size != sizeof(*k) ||
	    k->work_size != sizeof(struct work))
		fail("declaration", "no KERNEL_HEADER");
	strncpy(name, k->name, sizeof(name) - 1);
	name[sizeof(name) - 1] = 0;
	for (char *p = name; *p; p++)
		if (*p == '-')
			*p = '_';
	if (strcmp(name, symbol))
		fail("declaration", "kernel_%s calls itself %s", symbol, k->name);
	if (!k->doc || !k->doc[0] || strlen(k->doc) > 100 || strchr(k->doc, '\n'))
		fail("declaration", "doc is not one line of at most 100");
	if (!k->run || !k->moves)
		fail("declaration", "run or moves is missing");
	if (k->control && k->does)
		fail("declaration", "a control that claims durability");
	if (!k->control && k->moves == MOVES_WRITES && !(k->does & DOES_DURABLE))
		fail("declaration", "writes, is no control and claims nothing");
	if (k->does & DOES_NAME_SYNC && (!k->files || !(k->does & DOES_FD_SYNC)))
		fail("declaration", "the name of a file that is not made, or not synced");
	for (const struct param *p = k->params; p && p->name; p++)
		check_param(k, p);
}

void
check_files_closed(void)
{
	for (int k = 0; k < m.nfiles; k++)
		if (m.files[k].open)
			fail("leak", "a descriptor is left open");
}

static void
check_file(const struct test_case *c, uint64_t slot, int64_t op)
{
	const int promised = (c->does & DOES_DURABLE) != 0, its_name = (c->does & DOES_NAME_SYNC) != 0;
	char name[SLOT_FILE_MAX];
	const struct file *f = NULL;

	slot_file(name, c->w.off, slot);
	for (int k = 0; k < m.nfiles; k++)
		if (!strcmp(m.files[k].name, name))
			f = &m.files[k];
	if (op < 0 || !f) {
		if ((op < 0) != !f)
			fail("bytes", "slot %d: a file too many or too few", (int)slot);
		return;
	}
	if (f->len != c->size || memcmp(f->mem, case_block(c, op), c->size))
		fail("bytes", "op %d: its file holds something else", (int)op);
	else if (promised && (!f->media || f->media_len != c->size ||
			      memcmp(f->media, case_block(c, op), c->size)))
		fail("durable", "op %d: the file is not on the media", (int)op);
	else if (!promised && f->media)
		fail("control", "op %d: the file is durable without a claim", (int)op);
	else if (its_name && !f->named)
		fail("durable", "op %d: the name of the file is not on the media", (int)op);
	else if (!its_name && f->named)
		fail("control", "op %d: the name of the file is durable without a claim", (int)op);
}

static void
check_slot(const struct test_case *c, uint64_t slot, int64_t op)
{
	const size_t at = SHARE_OFF + slot * c->size;
	const int promised = (c->does & DOES_DURABLE) != 0;

	if (op < 0 || c->k->moves != MOVES_WRITES)
		return;
	if (memcmp(m.mem + at, case_block(c, op), c->size))
		fail("bytes", "op %d of slot %d is not in place", (int)op, (int)slot);
	for (size_t k = 0; promised && k < c->size; k++)
		if (m.media[at + k] != case_block(c, op)[k]) {
			fail("durable", "op %d: byte %zu of %zu is not on the media",
			     (int)op, k, c->size);
			break;
		}
}

/* Everything that no slot covers is as it was; controls leave the media alone. */
static void
check_rest(const struct test_case *c)
{
	const size_t lo = SHARE_OFF, hi = lo + c->w.len;
	const int writes = c->k->moves == MOVES_WRITES && !c->k->files;
	const int promised = (c->does & DOES_DURABLE) != 0;

	if (memcmp(m.mem, m.blank, lo) || memcmp(m.mem + hi, m.blank + hi, MEM_LEN - hi) ||
	    memcmp(m.media, m.blank, lo) || memcmp(m.media + hi, m.blank + hi, MEM_LEN - hi))
		fail("outside", "a byte that belongs to no slot changed");
	if (!writes && memcmp(m.mem + lo, m.blank + lo, hi - lo))
		fail("outside", "the target changed");
	if (!(writes && promised) && !c->k->pm_size && memcmp(m.media + lo, m.blank + lo, hi - lo))
		fail("control", "on the media without a claim");
}

/* Every word of every slot used; `load` takes one word of a whole line. */
static void
check_loads(const struct test_case *c, uint64_t slot)
{
	const int sparse = !strcmp(c->k->name, "load") && c->size >= LINE;
	const size_t at = SHARE_OFF + slot * c->size;

	for (size_t k = at; k < at + c->size; k += sparse ? LINE : 8)
		if (!(m.loaded[k / LINE] >> k / 8 % 8 & 1))
			fail("reads", "byte %zu of slot %d was not loaded", k - at, (int)slot);
}

static void
check_read(const struct test_case *c, uint64_t end)
{
	const size_t at = SHARE_OFF + slots_at(c->w.slots, end - 1) * c->size;

	for (uint64_t s = 0; c->k->needs & CAP_MAP && s <= c->w.slots.mask; s++)
		if (case_last_op(c, s, end) >= 0)
			check_loads(c, s);
	if (c->k->needs & CAP_FD && memcmp(c->w.buf, m.mem + at, c->size))
		fail("reads", "the buffer does not hold op %d", (int)end - 1);
}

void
check_contents(struct test_case *c, uint64_t end)
{
	if (c->k->pm_size)
		cut_check(c, end);
	for (uint64_t slot = 0; slot <= c->w.slots.mask && !c->k->pm_size; slot++) {
		int64_t op = case_last_op(c, slot, end);

		if (c->k->files)
			check_file(c, slot, op);
		else
			check_slot(c, slot, op);
	}
	check_rest(c);
	if (c->k->moves == MOVES_READS)
		check_read(c, end);
	check_files_closed();
}

static int
is_flush(enum event e)
{
	return e == EV_CLFLUSH || e == EV_CLFLUSHOPT || e == EV_CLWB;
}

/* A kernel, or the choice of a parameter, named like an event: no other of its kind. */
static void
check_kind(const char *name)
{
	int named = -1;

	for (int e = 0; e < EV_COUNT; e++)
		if (!strcmp(name, event_names[e]))
			named = e;
	if (named < 0)
		return;
	if (!m.events[named])
		fail("kind", "no %s at all", name);
	for (int e = 0; is_flush((enum event)named) && e < EV_COUNT; e++)
		if (is_flush((enum event)e) && e != named && m.events[e])
			fail("kind", "%s in place of %s", event_names[e], name);
}

static void
check_kinds(const struct test_case *c)
{
	static const struct { uint64_t width; enum event e; } nt[] = {
		{ 8, EV_NT8 }, { 16, EV_NT16 }, { 32, EV_NT32 }, { 64, EV_NT64 } };
	const uint64_t width = case_param(c, "width", 0);

	check_kind(c->k->name);
	for (const struct param *p = c->k->params; p && p->name; p++)
		for (const struct choice *ch = p->choices; ch && ch->name; ch++)
			if (ch->value == case_param(c, p->name, 0))
				check_kind(ch->name);
	for (int k = 0; width && c->size >= LINE && k < 4; k++)
		if ((nt[k].width == width) != !!m.events[nt[k].e])
			fail("kind", "width %d: %d stores of %d", (int)width,
			     (int)m.events[nt[k].e], (int)nt[k].width);
}

static uint64_t
lines_of(const struct test_case *c, uint64_t op)
{
	const size_t at = slots_at(c->w.slots, op) * c->size;

	return (at + c->size - 1) / LINE - at / LINE + 1;
}

void
check_counts(const struct test_case *c, uint64_t begin, uint64_t end)
{
	const uint64_t fence = case_param(c, "fence", 0), order = case_param(c, "order", 2);
	const uint64_t times = !strcmp(c->k->name, "flush-twice") ? 2 : 1;
	uint64_t fences = 0, lines = 0, most = 0, flushes;

	for (uint64_t i = begin; i < end; i++) {
		fences += fence && ((i + 1) % fence == 0 || i + 1 == end);
		lines += lines_of(c, i);
		most = most > lines_of(c, i) ? most : lines_of(c, i);
	}
	if (fence && fence != (c->k->unit ? c->k->unit(c->opts) : 1))
		fail("declaration", "the unit is not the fence interval");
	if (fence && m.events[EV_SFENCE] != fences)
		fail("fences", "%d fences, not %d", (int)m.events[EV_SFENCE], (int)fences);
	flushes = m.events[EV_CLWB] + m.events[EV_CLFLUSH] + m.events[EV_CLFLUSHOPT];
	if (flushes && !c->k->pm_size && flushes != lines * times)
		fail("flushes", "%d flushes, not %d", (int)flushes, (int)(lines * times));
	if (order != 2 && c->size >= LINE && m.max_dirty != (order ? most : 1))
		fail("order", "%d lines were dirty when a flush came", (int)m.max_dirty);
	if (m.stored != (c->k->moves == MOVES_WRITES ? (end - begin) * c->size : 0) &&
	    !(c->k->pm_size && m.stored > (end - begin) * c->size))
		fail("stores", "%d bytes stored by ops [%d, %d)", (int)m.stored, (int)begin, (int)end);
	check_kinds(c);
}

void
check_expect(const struct test_case *c, int fresh, uint64_t ops)
{
	const uint64_t unit = c->k->unit ? c->k->unit(c->opts) : 1;
	const struct facts f = { .caps = c->needs | CAP_DAX, .page = c->page, .size = c->size,
				 .unit = unit, .slots = c->w.slots.mask + 1, .fresh = fresh };
	/* What a run begins of a unit it ends. */
	const double whole = (double)(ops / unit), begun = (double)((ops + unit - 1) / unit);
	struct expect e;

	c->k->expect(&f, c->opts, &e);
	if ((double)m.syscalls < e.syscalls_min * whole || (double)m.syscalls > e.syscalls_max * begun)
		fail("expect", "%d syscalls in %d ops", (int)m.syscalls, (int)ops);
	if ((double)m.faults < e.faults_min * whole - 1e-6 || (double)m.faults > e.faults_max * begun + 1e-6)
		fail("expect", "%d faults in %d ops", (int)m.faults, (int)ops);
}
