/* SPDX-License-Identifier: BSD-2-Clause */
/* plan_check.c -- what a point needs, whether it is there, and the sentence when it is not. */
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "planner.h"
#include "registry.h"
#include "text.h"

enum { INSTRUCTIONS = CAP_CLFLUSH | CAP_CLFLUSHOPT | CAP_CLWB | CAP_AVX | CAP_AVX512 |
		      CAP_MOVDIR64B | CAP_CRC32 };
enum { A_FILE = CAP_FD | CAP_SYNC | CAP_DIR, A_DEVICE = CAP_BLOCK | CAP_DEVDAX };

static const char *const cap_name[CAP_COUNT] = {
#define X(name, doc) #name,
	CAP_LIST(X)
#undef X
};

/* Why a target of this nature lacks what it lacks. */
static const char *
of_target(unsigned missing, const struct facts_target *t)
{
	if (missing & CAP_MAP_SYNC && t->no_map_sync[0])
		return t->no_map_sync;
	if (missing & A_FILE && t->caps & CAP_DEVDAX)
		return "device DAX knows neither files nor read, write, msync or fsync (EINVAL)";
	if (missing & CAP_DIR && t->caps & CAP_BLOCK)
		return "a block device holds no files";
	if (missing & CAP_BLOCK && t->caps & CAP_DIR)
		return "O_DIRECT sectors are those of a block device";
	if (missing & CAP_ATOMIC && t->caps & CAP_FD)
		return "statx offers no RWF_ATOMIC writes here";
	if (missing & (A_FILE | A_DEVICE | CAP_MAP_SYNC | CAP_DAX | CAP_ATOMIC) && t->caps == CAP_MAP)
		return "memory has no file or device behind it";
	if (missing & (CAP_DAX | CAP_MAP_SYNC))
		return "the target is mapped through the page cache";
	return "the target does not offer it";
}

/* "lacks CLWB: not an instruction of this CPU" */
static void
lacking_caps(char *buf, size_t size, unsigned missing, const struct facts_target *t)
{
	const char *why = missing & INSTRUCTIONS ? "not an instruction of this CPU" :
		missing & CAP_LIBPMEM ? "run-bench was built without libpmem" :
		missing & CAP_ROOT ? "run it as root" : of_target(missing, t);
	size_t used = (size_t)snprintf(buf, size, "lacks ");
	const size_t start = used;

	for (unsigned i = 0; i < CAP_COUNT && used < size; i++)
		if (missing & 1u << i)
			used += (size_t)snprintf(buf + used, size - used, "%s%s", used > start ? ", " : "", cap_name[i]);
	if (used < size)
		snprintf(buf + used, size - used, ": %s", why);
}

/* "page size 1G: a DAX file is mapped by 2M at most" */
static void
lacking_page(char *buf, size_t size, uint64_t page, const struct facts_target *t)
{
	char want[TEXT_NUM], is[TEXT_NUM];
	const char *why;

	text_put_size(want, page);
	if (t->caps & CAP_DEVDAX)
		snprintf(buf, size, "page size %s: the device's align is %s, and so are its pages", want,
			 text_put_size(is, t->align));
	else {
		why = t->page_cache ? "the page cache is mapped by 4K" :
			!(t->caps & CAP_DAX) ? "none are free; /sys/kernel/mm/hugepages/*/nr_hugepages reserves some" :
			page > 2 << 20 ? "a DAX file is mapped by 2M at most" :
			"this file system gave none; mkfs.ext4 -E stride=512,stripe_width=512 or mkfs.xfs -d su=2m,sw=1";
		snprintf(buf, size, "page size %s: %s", want, why);
	}
}

enum { SAY = 600, PAGE = 4096 };
static const uint64_t quick_size = 256ull << 20;

/* A sentence is kept once: a hundred thousand points may be skipped for one reason. */
static const char *
keep(struct planner *pl, const char *text)
{
	size_t hash = 5381, i;

	if (pl->nsaid * 2 >= pl->said_size) {
		const char **old = pl->said;
		const size_t n = pl->said_size;

		pl->said_size = n ? n * 2 : 64;
		pl->said = arena_alloc(pl->arena, pl->said_size, sizeof(*pl->said));
		pl->nsaid = 0;
		for (i = 0; i < n; i++)
			if (old[i])
				keep(pl, old[i]);
	}
	for (const char *s = text; *s; s++)
		hash = hash * 33 + (unsigned char)*s;
	for (i = hash % pl->said_size; pl->said[i]; i = (i + 1) % pl->said_size)
		if (!strcmp(pl->said[i], text))
			return pl->said[i];
	pl->nsaid++;
	return pl->said[i] = arena_strdup(pl->arena, text);
}

static bool skip(struct planner *, struct point *, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* The first reason stays.  False, for `return skip(...)`. */
static bool
skip(struct planner *pl, struct point *p, const char *fmt, ...)
{
	char text[SAY];
	va_list ap;

	if (p->skip)
		return false;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	p->skip = keep(pl, text);
	return false;
}

static uint64_t
num(const struct planner *pl, const struct point *p, enum axis_id id)
{
	return pl->bench->axis[id].v[p->at[id]].num;
}

static const char *
text(const struct planner *pl, const struct point *p, enum axis_id id)
{
	return pl->bench->axis[id].v[p->at[id]].text;
}

/* The kernel's needs against machine and target. */
static bool
check_caps(struct planner *pl, struct point *p, const struct facts_target *t)
{
	const unsigned missing = p->kernel->needs & ~(t->caps | pl->plan->machine.caps);
	char lacks[SAY];

	if (!t->present)
		return skip(pl, p, "%s", t->why[0] ? t->why : "the target is absent");
	if (!missing)
		return true;
	lacking_caps(lacks, sizeof(lacks), missing, t);
	return skip(pl, p, "%s", lacks);
}

static bool
check_param(struct planner *pl, struct point *p, const struct facts_target *t, const struct param *param,
	    const char *said)
{
	const unsigned caps = t->caps | pl->plan->machine.caps;
	char buf[KEY_CANON], expects[KEY_EXPECTS], lacks[SAY / 2];
	const char *canon;
	uint64_t n = plan_default(param, caps);

	if (said && param_value(param, said, &n, &canon, buf))
		return skip(pl, p, "%s %s: %s takes %s", param->name, said, p->kernel->name,
			    param_expects(param, expects));
	for (const struct choice *c = param->choices; c && c->name; c++) {
		if (c->value != n)
			continue;
		p->does &= ~c->drops;
		if (!(c->needs & ~caps))
			return true;
		lacking_caps(lacks, sizeof(lacks), c->needs & ~caps, t);
		return skip(pl, p, "%s %s %s", param->name, c->name, lacks);
	}
	return true;
}

static void
check_params(struct planner *pl, struct point *p, const struct facts_target *t)
{
	const int *at = pl->param_at[p->at[AXIS_KERNEL]];

	p->does = p->kernel->does;
	for (size_t i = 0; p->kernel->params && i < KERNEL_PARAMS_MAX && p->kernel->params[i].name; i++)
		check_param(pl, p, t, &p->kernel->params[i], p->param[i] ?
			    pl->bench->param[at[i]].axis.v[p->param[i] - 1].text : NULL);
}

/* The size is not a multiple of unit: the next one is offered. */
static bool
skip_size(struct planner *pl, struct point *p, uint64_t size, uint64_t unit, const char *what)
{
	char is[TEXT_NUM], of[TEXT_NUM], next[TEXT_NUM];

	return skip(pl, p, "size %s is not a multiple of %s%s%s; try -s %s", text_put_size(is, size),
		    text_put_size(of, unit), what ? ", " : "", what ? what : "",
		    text_put_size(next, (size + unit - 1) / unit * unit));
}

static bool
check_size(struct planner *pl, struct point *p, const struct facts_target *t)
{
	const uint64_t size = num(pl, p, AXIS_SIZE), granule = p->kernel->granule;
	const char *s = text(pl, p, AXIS_SIZE);

	if (p->kernel->oflags & O_DIRECT && t->sector && size % t->sector)
		return skip_size(pl, p, size, t->sector, "the device's logical blocks");
	if (granule >= PAGE && p->page_size && size % p->page_size)
		return skip_size(pl, p, size, p->page_size, "the pages of the mapping");
	if (size % (granule ? granule : size < 64 ? 8 : 64))
		return skip_size(pl, p, size, granule ? granule : size < 64 ? 8 : 64, NULL);
	if (p->kernel->does & DOES_ATOMIC_WRITE && t->atomic_max && (size < t->atomic_min || size > t->atomic_max))
		return skip(pl, p, "size %s: RWF_ATOMIC writes here are of %u to %u bytes", s, t->atomic_min,
			    t->atomic_max);
	if (p->kernel->does & DOES_ATOMIC_WRITE && size & (size - 1))
		return skip(pl, p, "size %s: RWF_ATOMIC writes are of a power of two bytes", s);
	return true;
}

/* A first touch is of a page, as ops of whole pages are: of the smallest there are, unless others
 * were asked for. */
static uint64_t
usual_page(const struct planner *pl, const struct point *p, const struct facts_target *t)
{
	if ((p->kernel->consumes || p->kernel->granule >= PAGE) && !pl->plan->config->target[p->target].page_size)
		return t->page_sizes & -t->page_sizes;
	return t->page_size;
}

static void
resolve_mapping(struct planner *pl, struct point *p, const struct facts_target *t)
{
	const uint64_t page = num(pl, p, AXIS_PAGE_SIZE), sync = num(pl, p, AXIS_MAP_SYNC);
	const bool can_sync = t->caps & CAP_MAP_SYNC;
	char lacks[SAY / 2];

	if (!(p->empty & 1u << AXIS_MAP_SYNC)) {
		p->map_sync = sync == TRI_ON || (sync == TRI_AUTO && can_sync);
		if (sync == TRI_ON && !can_sync)
			skip(pl, p, "map_sync on: %s", t->no_map_sync[0] ? t->no_map_sync : "MAP_SYNC is refused here");
		if (sync == TRI_OFF && p->kernel->needs & CAP_MAP_SYNC)
			skip(pl, p, "needs MAP_SYNC, and map_sync is off");
	}
	if (!(p->empty & 1u << AXIS_O_SYNC))
		p->o_sync = num(pl, p, AXIS_O_SYNC) == TRI_ON;
	if (!(p->empty & 1u << AXIS_PAGE_SIZE)) {
		p->page_size = page ? page : usual_page(pl, p, t);
		if (page && !(t->page_sizes & page)) {
			lacking_page(lacks, sizeof(lacks), page, t);
			skip(pl, p, "%s", lacks);
		}
	}
}

static void
resolve_preparation(struct planner *pl, struct point *p)
{
	const uint64_t prep = num(pl, p, AXIS_PREPARATION);

	p->once = p->kernel->consumes;
	if (p->empty & 1u << AXIS_PREPARATION)
		return;
	p->preparation = (uint8_t)(prep != PREP_AUTO ? prep : p->kernel->consumes ? PREP_HOLE : PREP_WRITTEN);
	/* The first touch of a mapping can be of written blocks; an allocating write can not. */
	if (p->kernel->consumes && p->preparation == PREP_WRITTEN && !(p->kernel->needs & CAP_MAP))
		skip(pl, p, "%s uses each slot once: in a written file there is none left", p->kernel->name);
	/* What is written to a hole is written, and the next pass would find it so. */
	p->once |= p->kernel->moves == MOVES_WRITES && p->preparation != PREP_WRITTEN;
}

/* How many CPUs placement and list offer: asked of the topology once. */
static unsigned
cpus_for(struct planner *pl, const struct point *p)
{
	const struct machine *m = &pl->plan->machine;
	const struct axis *place = &pl->bench->axis[AXIS_PLACEMENT], *list = &pl->bench->axis[AXIS_CPUS];
	const struct placement where = point_placement(pl->plan, p);
	unsigned *known = &pl->cpus[(p->target * place->n + p->at[AXIS_PLACEMENT]) * list->n + p->at[AXIS_CPUS]];

	if (*known == CPUS_UNKNOWN)
		*known = m->cpus_at ? m->cpus_at(m->topo, &where) : m->cpus;
	return *known;
}

/* Those of the package that the target belongs to. */
static unsigned
socket_for(const struct planner *pl, const struct point *p)
{
	const struct machine *m = &pl->plan->machine;
	struct placement where = point_placement(pl->plan, p);

	where.place = PLACE_SOCKET;
	where.cpus = NULL;
	return m->cpus_at ? m->cpus_at(m->topo, &where) : m->cpus;
}

static bool
resolve_threads(struct planner *pl, struct point *p)
{
	const uint64_t want = num(pl, p, AXIS_THREADS), listed = num(pl, p, AXIS_CPUS);
	const unsigned have = cpus_for(pl, p);
	const char *cpus = text(pl, p, AXIS_CPUS), *place = text(pl, p, AXIS_PLACEMENT);
	uint64_t n = want;

	if (want & THREADS_PERCENT)
		n = have * (want & ~THREADS_PERCENT) / 100 ? have * (want & ~THREADS_PERCENT) / 100 : 1;
	else if (want == THREADS_SOCKET)
		n = socket_for(pl, p);
	else if (!want)
		n = listed ? listed : 1;
	p->threads = (uint16_t)(n <= 4096 ? n : 0);
	if (listed && have < listed)
		return skip(pl, p, "of the CPUs %s only %u may be used", cpus, have);
	if (!have && num(pl, p, AXIS_PLACEMENT) == PLACE_NODES)
		return skip(pl, p, "placement %s: a node that is not there, or has no CPUs", place);
	if (!have)
		return skip(pl, p, "placement %s: this machine has no such CPUs", place);
	if (n > have && listed)
		return skip(pl, p, "%llu threads, but cpus %s names %u", (unsigned long long)n, cpus, have);
	if (n > have || !p->threads)
		return skip(pl, p, "%llu threads, but placement %s offers %u CPU%s", (unsigned long long)n, place, have,
			    have == 1 ? "" : "s");
	return true;
}

static uint8_t
log2_floor(uint64_t n)
{
	return (uint8_t)(63 - __builtin_clzll(n));
}

/* Slots of a thread: as many, a power of two, as the working set and the target hold. */
/* Bytes that a thread with 2^bits slots has in the target. */
static uint64_t
share_of(struct planner *pl, const struct point *p, const struct facts_target *t, uint8_t bits,
	 const void *opts)
{
	const struct facts f = {
		.caps = t->caps | pl->plan->machine.caps, .page = p->page_size,
		.size = num(pl, p, AXIS_SIZE), .unit = p->unit, .slots = 1ull << bits,
	};

	return p->kernel->pm_size ? p->kernel->pm_size(&f, opts) : f.size << bits;
}

static bool
resolve_slots(struct planner *pl, struct point *p, const struct facts_target *t, const void *opts)
{
	const uint64_t size = num(pl, p, AXIS_SIZE), asked = num(pl, p, AXIS_WORKING_SET);
	const uint64_t all = pl->plan->config->quick && t->size > quick_size ? quick_size : t->size;
	const uint64_t total = asked ? asked : all;
	const struct target_spec *spec = &pl->plan->config->target[p->target];
	char a[TEXT_NUM], b[TEXT_NUM];
	uint8_t bits;

	if (asked > t->size)
		return skip(pl, p, "working set %s is over the target's %s", text_put_size(a, asked),
			    text_put_size(b, t->size));
	if (!p->threads)
		return false;
	if (total / p->threads < size)
		return skip(pl, p, "the %s of %s over %u thread%s is less than one op of %s",
			    asked ? "working set" : "target", text_put_size(a, total), p->threads,
			    p->threads == 1 ? "" : "s", text(pl, p, AXIS_SIZE));
	bits = log2_floor(total / p->threads / size);
	if (bits > 48)
		bits = 48;
	/* Rather smaller pages of memory than a smaller working set. */
	if (spec->kind == KIND_DRAM && !spec->page_size && !num(pl, p, AXIS_PAGE_SIZE) &&
	    p->threads * target_stride(share_of(pl, p, t, bits, opts), p->page_size) > t->size)
		p->page_size = PAGE;
	while (bits && p->threads * target_stride(share_of(pl, p, t, bits, opts), p->page_size) >
		       t->size)
		bits--;
	p->share = share_of(pl, p, t, bits, opts);
	if (p->threads * target_stride(p->share, p->page_size) > t->size && p->kernel->pm_size)
		return skip(pl, p, "%s lays out %s a thread: the target's %s are too small",
			    p->kernel->name, text_put_size(a, p->share), text_put_size(b, t->size));
	if (p->threads * target_stride(p->share, p->page_size) > t->size)
		return skip(pl, p, "%u threads need a page of %s each: the target's %s are too small", p->threads,
			    text_put_size(a, p->page_size > PAGE ? p->page_size : PAGE), text_put_size(b, t->size));
	if (p->once && p->unit > 1ull << bits)
		return skip(pl, p, "one durable unit is %llu ops, and there are %llu slots",
			    (unsigned long long)p->unit, 1ull << bits);
	p->slot_bits = bits;
	p->working_set = size << bits;
	return true;
}

static bool
resolve_stride(struct planner *pl, struct point *p)
{
	const uint64_t size = num(pl, p, AXIS_SIZE), stride = num(pl, p, AXIS_STRIDE), ratio = stride / size;
	const char *s = text(pl, p, AXIS_STRIDE);

	if (p->empty & 1u << AXIS_STRIDE)
		return true;
	if (stride % size || ratio & (ratio - 1) || !ratio)
		return skip(pl, p, "stride %s is not size %s times a power of two", s, text(pl, p, AXIS_SIZE));
	if (p->working_set && stride > p->working_set)
		return skip(pl, p, "stride %s is over the working set of a thread", s);
	p->slot_rot = log2_floor(ratio);
	return true;
}

static bool
same_place(const struct placement *a, const struct placement *b)
{
	return a->place == b->place && a->nodes == b->nodes && a->cpus == b->cpus && a->node == b->node &&
	       a->smt == b->smt;
}

/* Below three times their last-level caches much of a mapping is never written back by the caches
 * on their own (METHOD 5). */
static bool
fits_cache(struct planner *pl, const struct point *p)
{
	const struct machine *m = &pl->plan->machine;
	const struct placement where = point_placement(pl->plan, p);
	struct llc_known *known = &pl->llc;

	if (p->skip || !(p->kernel->needs & CAP_MAP) || !m->llc_at)
		return false;
	/* Points that differ in this come one after another. */
	if (known->threads != p->threads || !same_place(&known->where, &where))
		*known = (struct llc_known){ where, p->threads, m->llc_at(m->topo, &where, p->threads) };
	return p->working_set * p->threads < 3 * known->bytes;
}

/* A device's memory, placed by its node; a copy in the page cache and memory of no node are where
 * the thread is. */
static bool
lacks_node(const struct planner *pl, const struct point *p, const struct facts_target *t)
{
	const struct machine *m = &pl->plan->machine;
	const struct placement where = point_placement(pl->plan, p);

	return !p->skip && t->caps & CAP_DAX && !where.cpus && where.place != PLACE_NODES && m->knows_node &&
	       !m->knows_node(m->topo, where.node);
}

/* A second-level TLB has up to 3072 entries: behind so many other pages a translation is gone. */
enum { TLB_AHEAD = 8192, BATCH_MOST = 512 };

/* Lines are made cold by an instruction that loads their translation (METHOD 1). */
static void
resolve_tlb(struct planner *pl, struct point *p)
{
	const uint64_t size = num(pl, p, AXIS_SIZE), page = p->page_size ? p->page_size : PAGE;
	const uint64_t pages = (p->working_set + page - 1) / page, slots = 1ull << p->slot_bits;
	const uint64_t ahead = size > page ? TLB_AHEAD * page / size + 1 : TLB_AHEAD;
	/* Small ops share lines: whoever comes to one in between warms it. */
	const bool shared = size < 64 && (num(pl, p, AXIS_PATTERN) != ADDRESSES_RANDOM || slots < 64 * ahead);

	if (p->empty & 1u << AXIS_LINE || !p->working_set)
		return;
	p->tlb_resident = pages <= pl->plan->machine.tlb[page > PAGE];
	if (p->empty & 1u << AXIS_TLB)
		return;
	p->tlb = (uint8_t)num(pl, p, AXIS_TLB);
	if (shared || slots < ahead + BATCH_MOST)
		p->tlb = TLB_WARM;
	p->ahead = p->tlb == TLB_COLD ? ahead : 0;
}

void
plan_resolve(struct planner *pl, struct point *p)
{
	const struct facts_target *t = &pl->plan->fact[p->target];
	_Alignas(16) char opts[KERNEL_OPTS_MAX];

	check_caps(pl, p, t);
	check_params(pl, p, t);
	point_opts(pl->plan, p, opts);
	p->unit = p->skip ? 1 : kernel_unit(p->kernel, opts);
	resolve_preparation(pl, p);
	resolve_mapping(pl, p, t);
	check_size(pl, p, t);
	if (p->kernel->pm_size && num(pl, p, AXIS_MODE) == MODE_AUDIT)
		skip(pl, p, "verify does not know where %s puts its bytes", p->kernel->name);
	resolve_threads(pl, p);
	if (t->present)
		resolve_slots(pl, p, t, opts);
	resolve_stride(pl, p);
	resolve_tlb(pl, p);
	p->cache_resident = fits_cache(pl, p);
	p->node_unknown = lacks_node(pl, p, t);
	p->durable = durability(p->kernel, p->does, t, p->preparation, p->map_sync, p->o_sync);
}
