/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * nvcache -- a QEMU plugin: a volatile CPU cache in front of the NVDIMMs, which QEMU lacks.
 *
 * A store is live at once, as QEMU has it, and durable when its line was flushed and a fence
 * followed on the same CPU.  So nothing need be done for a store: CLWB and CLFLUSHOPT capture the
 * line as it is, non-temporal stores what they stored, a fence commits what its CPU captured.
 * When the model is armed, the durable image is the live one.
 *
 *   -plugin nvcache.so,ram=FILE:GPA:SIZE,dimm=FILE:GPA:SIZE:DURABLE,log=FILE
 *
 * ram      guest memory as a shared file, for the page tables; repeat it
 * dimm     an NVDIMM's file, without its label area; DURABLE is made when the model is armed, and
 *          DURABLE.base, the same at that moment, with a log
 * log      what became durable when, and the marks (marks.h)
 * forget   sfence, lock or all: such fences commit nothing (a control: the laboratory must notice)
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "decode.h"
#include "guest.h"
#include "marks.h"
#include "qemu-plugin.h"

__attribute__((visibility("default"))) int qemu_plugin_version = 4;

enum { CPUS_MAX = 256, PAGE = 4096 };

struct line {				/* captured, not committed */
	struct area *dimm;
	uint64_t off, mask;
	uint8_t byte[LINE_BYTES];
};
static struct cpu { void *id; struct line *line; size_t n, room; } cpu[CPUS_MAX];
static unsigned cpus;
static size_t under_way;		/* lines, of all CPUs */

static bool armed, forgets[INSN_KINDS];
static struct lab_counts counts[2];		/* of user space, of the kernel */
static FILE *trace;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static struct lab_counts *
counts_of(uint64_t pc)
{
	return &counts[pc >> 63];
}

static void
put(enum log_kind kind, uint64_t a, uint64_t b, uint64_t c, const void *data, size_t len)
{
	const struct log_record r = { kind, a, b, c };

	if (trace && (fwrite(&r, sizeof r, 1, trace) != 1 || (len && fwrite(data, len, 1, trace) != 1)))
		guest_die("cannot write", "log");
}

/* ---- the cache ---- */

static struct cpu *
this_cpu(unsigned vcpu)
{
	void *id = &current_cpu ? current_cpu : (void *)(uintptr_t)(vcpu + 1);

	for (unsigned k = 0; k < cpus; k++)
		if (cpu[k].id == id)
			return &cpu[k];
	if (cpus == CPUS_MAX)
		guest_die("too many", "CPUs");
	cpu[cpus].id = id;
	return &cpu[cpus++];
}

static void
copy_line(uint8_t *to, const uint8_t *from)
{
	for (size_t i = 0; i < LINE_BYTES; i += 8) {	/* other CPUs may store meanwhile: words are whole */
		const uint64_t w = __atomic_load_n((const uint64_t *)(const void *)(from + i), __ATOMIC_RELAXED);

		memcpy(to + i, &w, sizeof w);
	}
}

static struct line *
capture(struct cpu *c, struct area *d, uint64_t off)
{
	struct line *l = c->n ? &c->line[c->n - 1] : NULL;

	if (l && l->dimm == d && l->off == off)		/* the next store to it */
		return l;
	if (c->n == c->room) {
		c->room = c->room ? 2 * c->room : 64;
		c->line = realloc(c->line, c->room * sizeof *c->line);
		if (!c->line)
			guest_die("no memory", "lines");
	}
	l = &c->line[c->n++];
	*l = (struct line){ .dimm = d, .off = off };
	__atomic_add_fetch(&under_way, 1, __ATOMIC_RELAXED);
	return l;
}

static void
commit(struct cpu *c, uint64_t pc, enum insn_kind by)
{
	struct lab_counts *n = counts_of(pc);

	put(LOG_FENCE, pc, by, c->n, NULL, 0);
	n->fences++;
	for (const struct line *l = c->line; l < c->line + c->n; l++) {
		uint8_t *to = l->dimm->durable + l->off;

		for (unsigned i = 0; i < LINE_BYTES; i++)
			if (l->mask >> i & 1)
				to[i] = l->byte[i];
		n->lines++;
		n->bytes += (uint64_t)__builtin_popcountll(l->mask);
		put(LOG_LINE, l->dimm->number, l->off, l->mask, l->byte, LINE_BYTES);
	}
	__atomic_sub_fetch(&under_way, c->n, __ATOMIC_RELAXED);
	c->n = 0;
}

/* An instruction of the guest's that was translated. */
struct site { struct insn insn; uint64_t pc; uint8_t len; };

static uint64_t
address(const struct site *s)
{
	const struct insn *i = &s->insn;
	uint64_t va = (uint64_t)(int64_t)i->disp;

	if (i->base == INSN_RIP)
		va += s->pc + s->len;
	else if (i->base != INSN_NO_REG)
		va += guest_register(i->base);
	if (i->index != INSN_NO_REG)
		va += guest_register(i->index) << i->scale;
	if (i->addr32)
		va = (uint32_t)va;
	if (i->segment)
		va += guest_register(i->segment == 'f' ? GUEST_FS_BASE : GUEST_GS_BASE);
	return va;
}

static void
on_flush(unsigned vcpu, void *data)
{
	const struct site *s = data;
	const uint64_t pa = armed ? guest_walk(address(s)) : GUEST_NOWHERE, off_mask = ~(uint64_t)(LINE_BYTES - 1);
	struct area *d = guest_dimm(pa);
	struct lab_counts *n = counts_of(s->pc);
	struct cpu at_once = { 0 }, *c;
	struct line *l;

	if (!d)
		return;
	pthread_mutex_lock(&lock);
	/* CLFLUSH commits alone: what else its CPU has under way goes on waiting for a fence. */
	c = s->insn.kind == INSN_CLFLUSH ? &at_once : this_cpu(vcpu);
	l = capture(c, d, (pa - d->gpa) & off_mask);
	l->mask = UINT64_MAX;
	copy_line(l->byte, d->live + l->off);
	*(s->insn.kind == INSN_CLWB ? &n->clwb : s->insn.kind == INSN_CLFLUSH ? &n->clflush : &n->clflushopt) += 1;
	n->clean += memcmp(l->byte, d->durable + l->off, LINE_BYTES) == 0;
	if (c == &at_once)
		commit(c, s->pc, INSN_CLFLUSH);
	free(at_once.line);
	pthread_mutex_unlock(&lock);
}

static void
stored(struct cpu *c, struct lab_counts *n, uint64_t pa, size_t len)
{
	struct area *d = guest_dimm(pa);
	uint64_t off = d ? pa - d->gpa : 0;

	if (!d)
		return;
	n->nt++;
	n->nt_bytes += len;
	while (len) {
		const unsigned at = off % LINE_BYTES, here = len < LINE_BYTES - at ? (unsigned)len : LINE_BYTES - at;
		struct line *l = capture(c, d, off - at);

		memcpy(l->byte + at, d->live + off, here);
		l->mask |= (here == LINE_BYTES ? UINT64_MAX : (1ull << here) - 1) << at;
		off += here;
		len -= here;
	}
}

static void
on_non_temporal(unsigned vcpu, uint32_t info, uint64_t va, void *data)
{
	const struct site *s = data;
	const size_t len = (size_t)1 << qemu_plugin_mem_size_shift(info), first = PAGE - va % PAGE;
	struct qemu_plugin_hwaddr *h;

	if (!armed)
		return;
	h = qemu_plugin_get_hwaddr(info, va);
	pthread_mutex_lock(&lock);
	stored(this_cpu(vcpu), counts_of(s->pc), h ? qemu_plugin_hwaddr_phys_addr(h) : guest_walk(va),
	       len < first ? len : first);
	if (len > first)
		stored(this_cpu(vcpu), counts_of(s->pc), guest_walk(va + first), len - first);
	pthread_mutex_unlock(&lock);
}

static void
on_fence(unsigned vcpu, void *data)
{
	const struct site *s = data;
	struct lab_counts *n = counts_of(s->pc);
	struct cpu *c;

	if (!armed)
		return;
	pthread_mutex_lock(&lock);
	*(s->insn.kind == INSN_SFENCE ? &n->sfence : s->insn.kind == INSN_MFENCE ? &n->mfence :
	  s->insn.kind == INSN_LOCK ? &n->lock : &n->serial) += 1;
	if (!forgets[s->insn.kind] && __atomic_load_n(&under_way, __ATOMIC_RELAXED)) {
		c = this_cpu(vcpu);
		if (c->n)
			commit(c, s->pc, s->insn.kind);
	}
	pthread_mutex_unlock(&lock);
}

/* ---- images and marks ---- */

/* The NVDIMMs' live files as DURABLE and this suffix. */
static void
clone_dimms(const char *suffix)
{
	char to[PAGE];

	for (const struct area *d = guest_area; d < guest_area + guest_areas; d++) {
		if (!d->durable_path)
			continue;
		if (snprintf(to, sizeof to, "%s%s", d->durable_path, suffix) >= (int)sizeof to)
			guest_die("its name is too long", d->durable_path);
		guest_copy_file(d->live_path, to);
	}
}

static void
arm(void)
{
	clone_dimms("");
	if (trace)
		clone_dimms(".base");
	for (struct area *d = guest_area; d < guest_area + guest_areas; d++) {
		if (d->durable)
			munmap(d->durable, d->size);
		if (d->durable_path)
			d->durable = guest_map_file(d->durable_path, d->size, PROT_READ | PROT_WRITE, 0);
	}
	for (struct cpu *c = cpu; c < cpu + cpus; c++)
		c->n = 0;
	under_way = 0;
	memset(counts, 0, sizeof counts);
	armed = true;
}

static void
close_log(void)
{
	if (trace && fflush(trace) != 0)
		guest_die("cannot write", "log");
}

static void
on_mark(unsigned vcpu, void *data)
{
	const struct site *s = data;
	const uint64_t value = guest_register(0);
	char suffix[32];

	(void)vcpu;
	pthread_mutex_lock(&lock);
	switch (s->insn.magic) {
	case MARK_ARM:
		arm();
		break;
	case MARK_CUT:
		close_log();
		_exit(0);
	case MARK_NOTE:
		put(LOG_NOTE, value, 0, 0, counts, sizeof counts);
		break;
	case MARK_LIVE:
		snprintf(suffix, sizeof suffix, ".live.%llu", (unsigned long long)value);
		clone_dimms(suffix);
		break;
	}
	pthread_mutex_unlock(&lock);
}

static void
on_exit_(uint64_t id, void *data)
{
	(void)id, (void)data;
	close_log();
}

static void
watch(struct qemu_plugin_insn *q, struct site *s)
{
	switch ((enum insn_kind)s->insn.kind) {
	case INSN_CLWB: case INSN_CLFLUSHOPT: case INSN_CLFLUSH:
		qemu_plugin_register_vcpu_insn_exec_cb(q, on_flush, QEMU_PLUGIN_CB_R_REGS, s);
		break;
	case INSN_NT:
		qemu_plugin_register_vcpu_mem_cb(q, on_non_temporal, QEMU_PLUGIN_CB_R_REGS, QEMU_PLUGIN_MEM_W, s);
		break;
	case INSN_MAGIC:
		qemu_plugin_register_vcpu_insn_exec_cb(q, on_mark, QEMU_PLUGIN_CB_R_REGS, s);
		break;
	default:
		qemu_plugin_register_vcpu_insn_exec_cb(q, on_fence, QEMU_PLUGIN_CB_NO_REGS, s);
	}
}

/* Sites live as long as QEMU may run what it translated: for ever. */
static void
translate(uint64_t id, struct qemu_plugin_tb *tb)
{
	(void)id;
	for (size_t k = 0; k < qemu_plugin_tb_n_insns(tb); k++) {
		struct qemu_plugin_insn *q = qemu_plugin_tb_get_insn(tb, k);
		uint8_t code[16];
		struct site s = { .pc = qemu_plugin_insn_vaddr(q) }, *kept;

		s.len = (uint8_t)qemu_plugin_insn_data(q, code, sizeof code);
		insn_decode(&s.insn, code, s.len);
		if (s.insn.kind == INSN_OTHER)
			continue;
		kept = malloc(sizeof *kept);
		if (!kept)
			guest_die("no memory", "instructions");
		*kept = s;
		watch(q, kept);
	}
}

/* ---- arguments ---- */

static bool
read_forget(const char *what)
{
	static const struct { const char *name; enum insn_kind from, to; } names[] = {
		{ "sfence", INSN_SFENCE, INSN_SFENCE }, { "lock", INSN_LOCK, INSN_LOCK },
		{ "all", INSN_SFENCE, INSN_SERIAL },
	};

	for (size_t k = 0; k < sizeof names / sizeof *names; k++)
		if (strcmp(what, names[k].name) == 0) {
			for (int i = names[k].from; i <= (int)names[k].to; i++)
				forgets[i] = true;
			return true;
		}
	return false;
}

static bool
read_argument(char *a)
{
	char *value = strchr(a, '=');

	if (!value)
		return false;
	*value++ = 0;
	if (strcmp(a, "dimm") == 0)
		return guest_add_area(value, true);
	if (strcmp(a, "ram") == 0)
		return guest_add_area(value, false);
	if (strcmp(a, "log") == 0)
		return (trace = fopen(value, "we")) != NULL;
	return strcmp(a, "forget") == 0 && read_forget(value);
}

int
qemu_plugin_install(uint64_t id, const struct qemu_info *info, int argc, char **argv)
{
	(void)info;
	for (int k = 0; k < argc; k++) {
		char *text = strdup(argv[k]);

		if (!text || !read_argument(text)) {
			fprintf(stderr, "nvcache: %s: ram=FILE:GPA:SIZE, dimm=FILE:GPA:SIZE:DURABLE, log=FILE "
				"or forget=sfence|lock|all\n", argv[k]);
			return -1;
		}
	}
	qemu_plugin_register_vcpu_init_cb(id, guest_find_registers);
	qemu_plugin_register_vcpu_tb_trans_cb(id, translate);
	qemu_plugin_register_atexit_cb(id, on_exit_, NULL);
	return 0;
}
