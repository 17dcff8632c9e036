// links: evidence.o durability.o durable.o medium.o -lm
/* SPDX-License-Identifier: BSD-2-Clause */
/* What the laboratory has seen (powercut/evidence.tsv) and what the rule says: do they agree? */
#include <math.h>
#include "fake.h"
#include "evidence.h"

/* What the words of a class stand for: read here apart from evidence.c, which writes them. */
struct read_class {
	struct kernel k;
	struct facts_target t;
	int preparation, map_sync, o_sync;
};

static bool
word_of_op(struct read_class *c, const char *w)
{
	static const struct { const char *word; unsigned does; } does[] = {
		{ "user-flush", DOES_USER_FLUSH }, { "nt", DOES_NT }, { "kernel-sync", DOES_KERNEL_SYNC },
		{ "fd-sync", DOES_FD_SYNC }, { "name-sync", DOES_NAME_SYNC }, { "atomic-sector", DOES_ATOMIC_SECTOR },
		{ "atomic-write", DOES_ATOMIC_WRITE },
	};

	for (size_t i = 0; i < sizeof does / sizeof *does; i++)
		if (strcmp(w, does[i].word) == 0)
			return c->k.does |= does[i].does, true;
	if (strcmp(w, "map") == 0)
		c->k.needs = CAP_MAP;
	else if (strcmp(w, "files") == 0)
		c->k.files = 1;
	else
		return strcmp(w, "fd") == 0 || strcmp(w, "on") == 0;
	return true;
}

/* The facts behind a word that names a kind of target. */
static bool
word_of_kind(struct read_class *c, const char *w)
{
	static const struct { const char *word; enum target_kind kind; } kinds[] = {
		{ "devdax", KIND_DEVDAX }, { "btt", KIND_SECTOR }, { "block", KIND_RAW }, { "dax", KIND_FSDAX }, { "page-cache", KIND_FILE },
	};

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (strcmp(w, kinds[i].word) == 0) {
			c->t = fake_facts(kinds[i].kind, 1 << 30);
			c->t.domain = DOMAIN_UNKNOWN;
			c->t.volatile_cache = false;
			return true;
		}
	return false;
}

static bool
word_of_fact(struct read_class *c, const char *w)
{
	const struct { const char *word; bool *fact; } facts[] = {
		{ "memory-fs", &c->t.memory_fs }, { "reflink", &c->t.reflink }, { "volatile-cache", &c->t.volatile_cache },
		{ "flush-dropped", &c->t.flush_dropped }, { "no-barrier", &c->t.no_barrier }, { "async-flush", &c->t.async_flush },
	};

	for (size_t i = 0; i < sizeof facts / sizeof *facts; i++)
		if (strcmp(w, facts[i].word) == 0)
			return *facts[i].fact = true;
	if (strcmp(w, "no-map-sync") == 0)
		c->t.caps &= ~(unsigned)CAP_MAP_SYNC;
	else if (strcmp(w, "no-sync") == 0)
		c->t.caps &= ~(unsigned)CAP_SYNC;
	else if (strcmp(w, "pmem") == 0)
		strcpy(c->t.region, "region0");
	else if (strcmp(w, "adr") == 0)
		c->t.domain = DOMAIN_MEMORY_CONTROLLER;
	else if (strcmp(w, "eadr") == 0)
		c->t.domain = DOMAIN_CPU_CACHE;
	else if (strcmp(w, "dax-write-cache=0") == 0)
		c->t.dax_write_cache = 0;
	else if (strcmp(w, "inode-sync") == 0)
		strcpy(c->t.inode, "sync");
	else if (strncmp(w, "fs=", 3) == 0)
		snprintf(c->t.fstype, sizeof c->t.fstype, "%s", w + 3);
	else if (strncmp(w, "mount=", 6) == 0)
		snprintf(c->t.options + strlen(c->t.options), sizeof c->t.options - strlen(c->t.options), "%s%s",
			 *c->t.options ? "," : "", w + 6);
	else
		return false;
	return true;
}

static bool
word_of_mapping(struct read_class *c, const char *w)
{
	if (strcmp(w, "hole") == 0)
		c->preparation = PREP_HOLE;
	else if (strcmp(w, "unwritten") == 0)
		c->preparation = PREP_UNWRITTEN;
	else if (strcmp(w, "written") == 0)
		c->preparation = PREP_WRITTEN;
	else if (strcmp(w, "map-sync") == 0)
		c->map_sync = 1;
	else if (strcmp(w, "o-sync") == 0)
		c->o_sync = 1;
	else
		return false;
	return true;
}

static void
read_class(struct read_class *c, const char *class)
{
	char text[EVIDENCE_CLASS], *at, *w;

	*c = (struct read_class){ .k = { .name = "any", .moves = MOVES_WRITES } };
	snprintf(text, sizeof text, "%s", class);
	for (w = strtok_r(text, " ", &at); w; w = strtok_r(NULL, " ", &at))
		if (!word_of_op(c, w) && !word_of_kind(c, w) && !word_of_fact(c, w) && !word_of_mapping(c, w))
			fail_msg("'%s' of \"%s\" is no word of a class", w, class);
}

/* The class is what was read of it, and the rule says of it what the row has. */
static void
the_rule(void **state)
{
	char again[EVIDENCE_CLASS];

	(void)state;
	for (const struct evidence_row *r = evidence_rows; r->class; r++) {
		struct read_class c;
		struct durable d;

		read_class(&c, r->class);
		assert_string_equal(evidence_class(again, &c.k, c.k.does, &c.t, c.preparation, c.map_sync, c.o_sync), r->class);
		d = durability(&c.k, c.k.does, &c.t, c.preparation, c.map_sync, c.o_sync);
		if (strcmp(durable_name[d.class], r->rule) != 0)
			fail_msg("%s: the rule says %s (%s); when it was tested it said %s", r->class, durable_name[d.class], d.why, r->rule);
	}
}

/* What is promised was never lost; what was kept without a promise has a reason that is known. */
static const char *
disagrees(const struct evidence_row *r)
{
	static const char *const reasons[] = { "no-cache", "contract", "chance" };
	const bool promised = strcmp(r->rule, "yes") == 0, eadr = strcmp(r->rule, "eadr-only") == 0;

	if (promised && r->lost)
		return "the rule says yes, and the laboratory lost it";
	if (r->lost > r->tests || r->tests == 0)
		return "more was lost than was tested, or nothing was";
	if (promised || eadr || r->lost)
		return *r->reason ? "needs no reason" : NULL;
	for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
		if (strcmp(r->reason, reasons[i]) == 0)
			return NULL;
	return "kept, though nobody promises it, and no reason why";
}

static void
the_laboratory(void **state)
{
	const struct evidence_row yes = { "a", "yes", "6.1", "cuts", "alone", "", 20, 20, 1 };
	const struct evidence_row no = { "a", "no", "6.1", "cuts", "alone", "", 20, 20, 0 };

	(void)state;
	for (const struct evidence_row *r = evidence_rows; r->class; r++)
		if (disagrees(r))
			fail_msg("%s, Linux %s, %s %llu/%llu: %s", r->class, r->series, r->method, r->lost, r->tests, disagrees(r));
	assert_non_null(disagrees(&yes));	/* it can say so */
	assert_non_null(disagrees(&no));
}

/* What is said of a row's class on its Linux, and on another. */
static void
said(void **state)
{
	char text[EVIDENCE_TEXT];

	(void)state;
	assert_non_null(evidence_rows[0].class);
	for (const struct evidence_row *r = evidence_rows; r->class; r++) {
		const char *tested = evidence_tested(text, r->class, r->series);

		if (strcmp(r->reason, "no-cache") != 0)
			assert_non_null(strstr(tested, r->method));
		assert_string_equal(evidence_tested(text, r->class, "2.6"), "rule");
		assert_true(isnan(evidence_bound(r->class, "2.6")));
	}
	assert_string_equal(evidence_tested(text, NULL, evidence_rows[0].series), "rule");
	assert_string_equal(evidence_tested(text, "map on the moon", evidence_rows[0].series), "rule");
}

/* What no cut can say anything about has no class; a fact more makes it another. */
static void
classes(void **state)
{
	char text[EVIDENCE_CLASS];
	struct facts_target t = fake_facts(KIND_FSDAX, 1 << 30);

	(void)state;
	strcpy(t.fstype, "xfs");
	strcpy(t.region, "region0");
	strcpy(t.options, "rw,noatime,attr2,dax=always,inode64,logbufs=8,logbsize=32k,noquota");
	assert_string_equal(evidence_class(text, &fake_clwb, fake_clwb.does, &t, PREP_AUTO, 1, 0),
			    "map user-flush on dax fs=xfs pmem adr map-sync");
	strcpy(t.options, "rw,wsync,dax=always");
	assert_string_equal(evidence_class(text, &fake_touch, fake_touch.does, &t, PREP_HOLE, 0, 1),
			    "map user-flush on dax fs=xfs mount=wsync pmem adr hole o-sync");
	memset(t.options, 'x', sizeof t.options - 1);	/* cut off: who knows what follows? */
	assert_non_null(strstr(evidence_class(text, &fake_clwb, fake_clwb.does, &t, PREP_AUTO, 1, 0), "mount=..."));
	assert_null(evidence_class(text, &fake_load, 0, &t, PREP_AUTO, 0, 0));
	assert_null(evidence_class(text, &fake_flushed, fake_flushed.does, &t, PREP_AUTO, 0, 0));
	t = fake_facts(KIND_DRAM, 1 << 30);
	assert_null(evidence_class(text, &fake_clwb, fake_clwb.does, &t, PREP_AUTO, 0, 0));
	assert_null(evidence_class(text, &fake_clwb, fake_clwb.does, &(struct facts_target){ .why = "absent" }, PREP_AUTO, 0, 0));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_rule), cmocka_unit_test(the_laboratory), cmocka_unit_test(said), cmocka_unit_test(classes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
