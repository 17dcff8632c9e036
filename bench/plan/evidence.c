/* SPDX-License-Identifier: BSD-2-Clause */
#include "evidence.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include "durable.h"

struct class_words { char *text; size_t len; };

const struct evidence_row evidence_rows[] = {
#define ROW(...) { __VA_ARGS__ },
#include "evidence.inc"
#undef ROW
	{ 0 },
};

/* Options of a mount that do not change what is durable, or that stand in the class already. */
static const char *const harmless[] = {
	"rw", "relatime", "noatime", "nodiratime", "strictatime", "lazytime", "nosuid", "nodev", "noexec",
	"seclabel", "dax", "dax=", "commit=", "errors=", "stripe=", "sunit=", "swidth=", "attr2",
	"inode32", "inode64", "logbufs=", "logbsize=", "noquota", "user_xattr", "acl", "delalloc",
	"nodiscard", "data=ordered", "barrier", "barrier=", "nobarrier",
};

static void
say(struct class_words *w, bool yes, const char *word)
{
	if (yes && w->len < EVIDENCE_CLASS)
		w->len += (size_t)snprintf(w->text + w->len, EVIDENCE_CLASS - w->len, "%s%s", w->len ? " " : "", word);
}

static bool
is_harmless(const char *option, size_t len)
{
	for (size_t i = 0; i < sizeof harmless / sizeof *harmless; i++) {
		const size_t n = strlen(harmless[i]);

		if (strncmp(option, harmless[i], n) == 0 && (n == len || harmless[i][n - 1] == '=') && n <= len)
			return true;
	}
	return false;
}

/* What the kernel does. */
static void
say_does(struct class_words *w, const struct kernel *k, unsigned does)
{
	say(w, k->needs & CAP_MAP, "map");
	say(w, !(k->needs & CAP_MAP), "fd");
	say(w, k->files, "files");
	say(w, does & DOES_USER_FLUSH, "user-flush");
	say(w, does & DOES_NT, "nt");
	say(w, does & DOES_KERNEL_SYNC, "kernel-sync");
	say(w, does & DOES_FD_SYNC, "fd-sync");
	say(w, does & DOES_NAME_SYNC, "name-sync");
	say(w, does & DOES_ATOMIC_SECTOR, "atomic-sector");
	say(w, does & DOES_ATOMIC_WRITE, "atomic-write");
	say(w, true, "on");
}

static void
say_mount(struct class_words *w, const struct facts_target *t)
{
	char word[FACTS_TEXT + 8];

	snprintf(word, sizeof word, "fs=%s", t->fstype);
	say(w, t->fstype[0], word);
	for (const char *p = t->options; *p; p += strcspn(p, ","), p += *p == ',') {
		const size_t len = strcspn(p, ",");

		snprintf(word, sizeof word, "mount=%.*s", (int)len, p);
		say(w, !is_harmless(p, len), word);
	}
	say(w, strlen(t->options) == FACTS_TEXT - 1, "mount=...");
	say(w, strstr(t->inode, "sync"), "inode-sync");
}

/* What the target is: the facts that durability.c asks for. */
static void
say_target(struct class_words *w, const struct facts_target *t)
{
	const bool dax = t->caps & CAP_DAX && !t->page_cache;

	say(w, t->caps & CAP_DEVDAX, "devdax");
	say(w, t->caps & CAP_BLOCK, t->atomic_sector ? "btt" : "block");
	say(w, t->caps & CAP_DIR, dax ? "dax" : "page-cache");
	say(w, t->caps & CAP_DIR && dax && !(t->caps & CAP_MAP_SYNC), "no-map-sync");
	say(w, !(t->caps & CAP_SYNC), "no-sync");
	say_mount(w, t);
	say(w, t->memory_fs, "memory-fs");
	say(w, t->reflink, "reflink");
	say(w, t->region[0], "pmem");
	say(w, t->domain == DOMAIN_MEMORY_CONTROLLER, "adr");
	say(w, t->domain == DOMAIN_CPU_CACHE, "eadr");
	say(w, t->volatile_cache, "volatile-cache");
	say(w, t->flush_dropped, "flush-dropped");
	say(w, t->no_barrier, "no-barrier");
	say(w, t->async_flush, "async-flush");
	say(w, t->dax_write_cache == 0, "dax-write-cache=0");
}

/* Does it claim what a power cut could deny?  Not a yardstick, nor a strategy without its safety. */
static bool
testable(const struct kernel *k, unsigned does)
{
	return k->moves == MOVES_WRITES && !(k->control && does) && !(k->does && !does);
}

const char *
evidence_class(char *buf, const struct kernel *k, unsigned does, const struct facts_target *t, int preparation,
	       int map_sync, int o_sync)
{
	struct class_words w = { .text = buf };

	if (!testable(k, does) || !(t->caps & (CAP_DEVDAX | CAP_BLOCK | CAP_DIR)))
		return NULL;
	say_does(&w, k, does);
	say_target(&w, t);
	say(&w, preparation == PREP_HOLE, "hole");
	say(&w, preparation == PREP_UNWRITTEN, "unwritten");
	say(&w, preparation == PREP_WRITTEN, "written");
	say(&w, map_sync, "map-sync");
	say(&w, o_sync, "o-sync");
	return w.len < EVIDENCE_CLASS ? buf : NULL;
}

/* Lost of tested, by method. */
enum { CUTS, MODEL, METHODS };
struct evidence_sum { unsigned long long tests, rounds, lost; };

static void
add(struct evidence_sum sum[METHODS], const struct evidence_row *r)
{
	struct evidence_sum *s = &sum[strcmp(r->method, "model") == 0 ? MODEL : CUTS];

	/* What a method could not have lost it says nothing about. */
	if (strcmp(r->reason, "no-cache") == 0)
		return;
	s->tests += r->tests;
	s->rounds += r->rounds;
	s->lost += r->lost;
}

static const char *
sum_text(char *buf, const struct evidence_sum s[METHODS])
{
	static const char *const name[METHODS] = { "cuts", "model" };
	size_t n = 0;

	for (int m = 0; m < METHODS; m++)
		if (s[m].tests)
			n += (size_t)snprintf(buf + n, EVIDENCE_TEXT - n, "%s%s %llu/%llu", n ? "; " : "",
					      name[m], s[m].lost, s[m].tests);
	return n ? buf : "rule";
}

static void
add_class(struct evidence_sum sum[METHODS], const char *class, const char *series)
{
	for (const struct evidence_row *r = evidence_rows; class && r->class; r++)
		if (strcmp(r->class, class) == 0 && strcmp(r->series, series) == 0)
			add(sum, r);
}

const char *
evidence_tested(char *buf, const char *class, const char *series)
{
	struct evidence_sum sum[METHODS] = { 0 };

	add_class(sum, class, series);
	return sum_text(buf, sum);
}

double
evidence_bound(const char *class, const char *series)
{
	struct evidence_sum sum[METHODS] = { 0 };

	add_class(sum, class, series);
	return sum[CUTS].rounds > 3 && sum[CUTS].lost == 0 ? 3.0 / (double)sum[CUTS].rounds : NAN;
}

const char *
evidence_of_kernel(char *buf, const struct kernel *k)
{
	struct evidence_sum sum[METHODS] = { 0 };
	char does[EVIDENCE_CLASS];
	struct class_words w = { .text = does };

	say_does(&w, k, k->does);
	for (const struct evidence_row *r = evidence_rows; testable(k, k->does) && r->class; r++)
		if (strncmp(r->class, does, w.len) == 0 && strcmp(r->rule, durable_name[DURABLE_YES]) == 0)
			add(sum, r);
	return sum_text(buf, sum);
}
