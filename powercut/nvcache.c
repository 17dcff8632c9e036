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
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include "decode.h"
#include "marks.h"
#include "qemu-plugin.h"

__attribute__((visibility("default"))) int qemu_plugin_version = 4;

enum { AREAS_MAX = 16, CPUS_MAX = 256, PAGE = 4096 };

struct area {				/* guest-physical memory as a file of the host */
	uint64_t gpa, size;
	uint8_t *live, *durable;
	char *live_path, *durable_path;
};
static struct area dimm[AREAS_MAX], ram[AREAS_MAX];
static unsigned dimms, rams;

struct line {				/* captured, not committed */
	unsigned dimm;
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

static struct qemu_plugin_register *reg[INSN_RIP], *cr3, *cr4, *fs_base, *gs_base;

static void
die(const char *what, const char *of)
{
	fprintf(stderr, "nvcache: %s: %s: %m\n", of, what);
	_exit(125);
}

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
		die("cannot write", "log");
}

/* ---- registers and addresses ---- */

static uint64_t
read_reg(struct qemu_plugin_register *r)
{
	static __thread struct g_byte_array *buf;
	uint64_t v = 0;

	if (!buf)
		buf = g_byte_array_new();
	g_byte_array_set_size(buf, 0);
	qemu_plugin_read_register(r, buf);
	memcpy(&v, buf->data, buf->len < sizeof v ? buf->len : sizeof v);
	return v;
}

static void
find_registers(uint64_t id, unsigned vcpu)
{
	static const char *const name[INSN_RIP] = {
		"rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi",
		"r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15",
	};
	struct g_array *a = qemu_plugin_get_registers();
	const struct qemu_plugin_reg_descriptor *d = (const void *)a->data;

	(void)id, (void)vcpu;
	for (unsigned k = 0; k < a->len; k++) {
		for (unsigned i = 0; i < INSN_RIP; i++)
			if (strcmp(d[k].name, name[i]) == 0)
				reg[i] = d[k].handle;
		if (strcmp(d[k].name, "cr3") == 0)
			cr3 = d[k].handle;
		else if (strcmp(d[k].name, "cr4") == 0)
			cr4 = d[k].handle;
		else if (strcmp(d[k].name, "fs_base") == 0)
			fs_base = d[k].handle;
		else if (strcmp(d[k].name, "gs_base") == 0)
			gs_base = d[k].handle;
	}
	g_array_free(a, 1);
	if (!reg[0] || !cr3 || !cr4)
		die("QEMU does not tell them", "registers");
}

static const uint8_t *
physical(const struct area *v, unsigned n, uint64_t pa)
{
	for (unsigned k = 0; k < n; k++)
		if (pa - v[k].gpa < v[k].size)
			return v[k].live + (pa - v[k].gpa);
	return NULL;
}

enum { NOWHERE = -1 };

/* As the CPU walks its page tables, of four levels or five.  NOWHERE: not mapped. */
static uint64_t
walk(uint64_t va)
{
	const uint64_t address = 0x000ffffffffff000;
	uint64_t table = read_reg(cr3) & address;

	for (int level = read_reg(cr4) >> 12 & 1 ? 4 : 3; level >= 0; level--) {
		const int shift = 12 + 9 * level;
		const uint64_t at = table + (va >> shift & 511) * 8, within = (1ull << shift) - 1;
		const uint8_t *p = physical(ram, rams, at);
		uint64_t entry;

		if (!p)
			p = physical(dimm, dimms, at);
		if (!p)
			return (uint64_t)NOWHERE;
		entry = *(const volatile uint64_t *)p;
		if (!(entry & 1))
			return (uint64_t)NOWHERE;
		if (level == 0 || (level <= 2 && entry & 0x80))
			return (entry & address & ~within) | (va & within);
		table = entry & address;
	}
	return (uint64_t)NOWHERE;
}

static int
dimm_of(uint64_t pa)
{
	for (unsigned k = 0; k < dimms; k++)
		if (pa - dimm[k].gpa < dimm[k].size)
			return (int)k;
	return NOWHERE;
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
		die("too many", "CPUs");
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
capture(struct cpu *c, unsigned d, uint64_t off)
{
	struct line *l = c->n ? &c->line[c->n - 1] : NULL;

	if (l && l->dimm == d && l->off == off)		/* the next store to it */
		return l;
	if (c->n == c->room) {
		c->room = c->room ? 2 * c->room : 64;
		c->line = realloc(c->line, c->room * sizeof *c->line);
		if (!c->line)
			die("no memory", "lines");
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
		uint8_t *to = dimm[l->dimm].durable + l->off;

		for (unsigned i = 0; i < LINE_BYTES; i++)
			if (l->mask >> i & 1)
				to[i] = l->byte[i];
		n->lines++;
		n->bytes += (uint64_t)__builtin_popcountll(l->mask);
		put(LOG_LINE, l->dimm, l->off, l->mask, l->byte, LINE_BYTES);
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
		va += read_reg(reg[i->base]);
	if (i->index != INSN_NO_REG)
		va += read_reg(reg[i->index]) << i->scale;
	if (i->addr32)
		va = (uint32_t)va;
	if (i->segment)
		va += read_reg(i->segment == 'f' ? fs_base : gs_base);
	return va;
}

static void
on_flush(unsigned vcpu, void *data)
{
	const struct site *s = data;
	uint64_t pa, off;
	struct lab_counts *n = counts_of(s->pc);
	struct line *l;
	int d;

	if (!armed || (d = dimm_of(pa = walk(address(s)))) < 0)
		return;
	pthread_mutex_lock(&lock);
	off = (pa - dimm[d].gpa) & ~(uint64_t)(LINE_BYTES - 1);
	*(s->insn.kind == INSN_CLWB ? &n->clwb : s->insn.kind == INSN_CLFLUSH ? &n->clflush : &n->clflushopt) += 1;
	n->clean += memcmp(dimm[d].live + off, dimm[d].durable + off, LINE_BYTES) == 0;
	if (s->insn.kind == INSN_CLFLUSH) {
		/* Alone: what else its CPU has under way goes on waiting for a fence. */
		struct cpu at_once = { 0 };

		l = capture(&at_once, (unsigned)d, off);
		l->mask = UINT64_MAX;
		copy_line(l->byte, dimm[d].live + off);
		commit(&at_once, s->pc, INSN_CLFLUSH);
		free(at_once.line);
	} else {
		l = capture(this_cpu(vcpu), (unsigned)d, off);
		l->mask = UINT64_MAX;
		copy_line(l->byte, dimm[d].live + off);
	}
	pthread_mutex_unlock(&lock);
}

static void
stored(struct cpu *c, struct lab_counts *n, uint64_t pa, size_t len)
{
	const int d = dimm_of(pa);
	uint64_t off = d < 0 ? 0 : pa - dimm[d].gpa;

	if (d < 0)
		return;
	n->nt++;
	n->nt_bytes += len;
	while (len) {
		const unsigned at = off % LINE_BYTES, here = len < LINE_BYTES - at ? (unsigned)len : LINE_BYTES - at;
		struct line *l = capture(c, (unsigned)d, off - at);

		memcpy(l->byte + at, dimm[d].live + off, here);
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
	stored(this_cpu(vcpu), counts_of(s->pc), h ? qemu_plugin_hwaddr_phys_addr(h) : walk(va),
	       len < first ? len : first);
	if (len > first)
		stored(this_cpu(vcpu), counts_of(s->pc), walk(va + first), len - first);
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

/* A copy that has its holes where the original has them. */
static void
clone_file(const char *from, const char *to)
{
	const int in = open(from, O_RDONLY | O_CLOEXEC), out = open(to, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	struct stat st;
	off_t at = 0, end;

	if (in < 0 || out < 0 || fstat(in, &st) < 0 || ftruncate(out, st.st_size) < 0)
		die("cannot copy to it", to);
	while ((at = lseek(in, at, SEEK_DATA)) >= 0) {
		end = lseek(in, at, SEEK_HOLE);
		while (at < end) {
			off_t o = at;
			const ssize_t n = copy_file_range(in, &at, out, &o, (size_t)(end - at), 0);

			if (n <= 0)
				die("cannot copy to it", to);
		}
	}
	close(in);
	close(out);
}

static void
clone_area(const struct area *d, const char *from, const char *suffix)
{
	char to[PAGE];

	if (snprintf(to, sizeof to, "%s%s", d->durable_path, suffix) >= (int)sizeof to)
		die("its name is too long", d->durable_path);
	clone_file(from, to);
}

static uint8_t *
map_file(const char *path, uint64_t size, int prot, off_t at)
{
	const int fd = open(path, (prot & PROT_WRITE ? O_RDWR : O_RDONLY) | O_CLOEXEC);
	uint8_t *p = fd < 0 ? MAP_FAILED : mmap(NULL, size, prot, MAP_SHARED, fd, at);

	if (p == MAP_FAILED)
		die("cannot map it", path);
	close(fd);
	return p;
}

static void
arm(void)
{
	for (struct area *d = dimm; d < dimm + dimms; d++) {
		clone_area(d, d->live_path, "");
		if (trace)
			clone_area(d, d->live_path, ".base");
		if (d->durable)
			munmap(d->durable, d->size);
		d->durable = map_file(d->durable_path, d->size, PROT_READ | PROT_WRITE, 0);
	}
	for (struct cpu *c = cpu; c < cpu + cpus; c++)
		c->n = 0;
	under_way = 0;
	memset(counts, 0, sizeof counts);
	armed = true;
}

/* Pages that are holes of the live file differ in nothing. */
static void
put_lost(unsigned k)
{
	const struct area *d = &dimm[k];
	const int fd = open(d->live_path, O_RDONLY | O_CLOEXEC);
	uint64_t lost = 0, first = 0;
	off_t at = 0, end;

	while (armed && (at = lseek(fd, at, SEEK_DATA)) >= 0 && (uint64_t)at < d->size) {
		end = lseek(fd, at, SEEK_HOLE);
		for (; at < end && (uint64_t)at < d->size; at += LINE_BYTES)
			if (memcmp(d->live + at, d->durable + at, LINE_BYTES) != 0 && lost++ == 0)
				first = (uint64_t)at;
	}
	close(fd);
	put(LOG_LOST, k, lost, first, NULL, 0);
}

static void
close_log(void)
{
	if (trace && fflush(trace) != 0)
		die("cannot write", "log");
}

static void
on_mark(unsigned vcpu, void *data)
{
	const struct site *s = data;
	const uint64_t value = read_reg(reg[0]);
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
		for (unsigned k = 0; k < dimms; k++)
			clone_area(&dimm[k], dimm[k].live_path, suffix);
		break;
	case MARK_LOST:
		for (unsigned k = 0; k < dimms; k++)
			put_lost(k);
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
			die("no memory", "instructions");
		*kept = s;
		watch(q, kept);
	}
}

/* ---- arguments ---- */

/* FILE:GPA:SIZE and for a DIMM :DURABLE, for memory perhaps :OFFSET of the file. */
static bool
read_area(struct area *v, unsigned *n, char *text, bool is_dimm)
{
	char *at = NULL, *path = strtok_r(text, ":", &at), *gpa = strtok_r(NULL, ":", &at);
	char *size = strtok_r(NULL, ":", &at), *more = strtok_r(NULL, ":", &at);
	struct area *a = &v[*n];

	if (*n == AREAS_MAX || !path || !gpa || !size || (is_dimm && !more))
		return false;
	*a = (struct area){ strtoull(gpa, NULL, 0), strtoull(size, NULL, 0), .live_path = path,
			    .durable_path = is_dimm ? more : NULL };
	a->live = map_file(path, a->size, PROT_READ, is_dimm || !more ? 0 : (off_t)strtoull(more, NULL, 0));
	++*n;
	return true;
}

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
		return read_area(dimm, &dimms, value, true);
	if (strcmp(a, "ram") == 0)
		return read_area(ram, &rams, value, false);
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
	qemu_plugin_register_vcpu_init_cb(id, find_registers);
	qemu_plugin_register_vcpu_tb_trans_cb(id, translate);
	qemu_plugin_register_atexit_cb(id, on_exit_, NULL);
	return 0;
}
