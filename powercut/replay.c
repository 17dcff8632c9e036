/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * replay -- an audit (audit.h) under the model, looked at again: every fence of its log is a moment
 * at which the power may fail.  After each, is what was acknowledged until then durable?
 *
 *   replay [OPTION...] LOG ACKS
 *     -d BASE:DURABLE	an NVDIMM as it was when the log began, and as the model left it; in their
 *			order, at least one.  Played to its end the log has to give the second
 *     -r DEVICE=DIMM@OFFSET	a block device: its sectors lie there
 *     -b DEVICE=DIMM@OFFSET	a BTT lies there, read as after its recovery
 *     -t N		before each fence N cuts more within it: some of its lines, some of those in
 *			pieces of eight bytes
 *     -m		a control: one fence an op alone, at its end
 *     -f		a control: the flog of a BTT never becomes durable
 *     -i DIR -n N	N of the moments as images: DIR/K/dimms/dimmN, and DIR/K/acks, what was acknowledged by then
 *
 * Where a file's slot lies is seen by what was written to it: every word of it names the op.  A slot
 * none of whose words has become durable is missing.  Of each thread's share in each repeat a line on
 * stdout: how many moments, at how many something was lost, torn, or the BTT at fault; by what state;
 * and the median of what an op executed (marks.h), the first one's left out.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "acks.h"
#include "bttimage.h"
#include "log.h"
#include "rng.h"
#include "stamp.h"

enum { DIMMS_MAX = 16, DEVICES_MAX = 64, COUNTS = sizeof(struct lab_counts) / sizeof(uint64_t), SEED = 1 };

struct dimm { struct image now; const char *durable; };
static struct dimm dimm[DIMMS_MAX];
static unsigned dimms;

static struct device { const char *path; unsigned dimm; uint64_t offset; bool btt; } device[DEVICES_MAX];
static struct area { unsigned dimm; uint64_t from, to; } *flog;	/* of the BTTs, an arena each */
static size_t flogs;
static unsigned devices, tears, cuts;
static bool merge, no_flog;
static const char *cut_dir;
static uint64_t rng = SEED;

static void die(const char *fmt, ...) __attribute__((format(printf, 1, 2), noreturn));
static void
die(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fputs("replay: ", stderr);
	vfprintf(stderr, fmt, ap);
	fputc('\n', stderr);
	va_end(ap);
	exit(2);
}

static void *
grown(void *p, size_t n, size_t each)
{
	if ((n & (n - 1)) == 0 && !(p = realloc(p, (n ? 2 * n : 1) * each)))
		die("no memory");
	return p;
}

/* ---- what was acknowledged, as far as the log has come ---- */

static FILE *acks_file;
static struct acks acks;
static char *held;			/* the next op's line, without its end */
static long held_at;			/* in the file */

/* All lines up to that of the next op, which is held back. */
static void
take_lines(void)
{
	static size_t room;
	ssize_t n;

	while (held_at = ftell(acks_file), (n = getline(&held, &room, acks_file)) > 0 && held[n - 1] == '\n') {
		held[n - 1] = 0;
		held[strcspn(held, "\r")] = 0;
		if (*held == 'A')
			return;
		if (acks_take(&acks, held) < 0)
			die("no acknowledgement: %s", held);
	}
	held[0] = 0;
}

/* The share that the held op is of, and the op. */
static struct ack_share *
next_op(struct ack *a)
{
	unsigned point, rep, thread;

	if (sscanf(held, "A %u %u %u %" SCNu64 " %" SCNu64, &point, &rep, &thread, &a->op, &a->slot) != 5)
		return NULL;
	for (struct ack_share *s = acks.share + acks.n; s-- > acks.share;)
		if (s->point == point && s->rep == rep && s->thread == thread)
			return s;
	return NULL;
}

/* ---- where its slots lie ---- */

struct place { unsigned dimm; uint64_t at; bool known; };

/* A share's row of the answer; the last one is being written. */
struct row {
	unsigned point, rep, thread;
	uint64_t ops, moments, lost, torn, faults, state[ACK_STATES];
	uint64_t *count;		/* of each op but the first: COUNTS of user space, COUNTS of the kernel */
	size_t n;
	struct place *place;
	uint64_t places;
};
static struct row *row;
static size_t rows;

struct word { uint64_t word; uint32_t at; };
static struct op { struct word *word; size_t words; uint64_t slot; } op[2];	/* under way, and the one before */

static int
by_word(const void *x, const void *y)
{
	const struct word *a = x, *b = y;

	return (a->word > b->word) - (a->word < b->word);
}

static void
expect_words(const struct ack_share *s, struct ack a)
{
	uint64_t *stamp = malloc(s->size);
	struct op o = op[1];

	o.words = s->size / sizeof *stamp;
	o.slot = a.slot;
	o.word = realloc(o.word, o.words * sizeof *o.word);
	if (!stamp || !o.word)
		die("no memory");
	stamp_fill((struct author){ s->seed, s->thread, 0 }, (struct imprint){ a.op, a.slot }, stamp, s->size);
	for (size_t k = 0; k < o.words; k++)
		o.word[k] = (struct word){ stamp[k], (uint32_t)(k * sizeof *stamp) };
	free(stamp);
	qsort(o.word, o.words, sizeof *o.word, by_word);
	op[1] = op[0];
	op[0] = o;
}

static struct place *
place_of(struct row *r, uint64_t slot)
{
	if (slot >= r->places) {
		r->place = realloc(r->place, (slot + 1) * sizeof *r->place);
		if (!r->place)
			die("no memory");
		memset(r->place + r->places, 0, (slot + 1 - r->places) * sizeof *r->place);
		r->places = slot + 1;
	}
	return &r->place[slot];
}

/* Has a word of one of the two become durable? */
static void
look_for_words(const struct line *l)
{
	for (unsigned k = 0; rows && k < LINE_BYTES; k += 8)
		for (const struct op *o = op; o < op + 2; o++) {
			struct word key, *w;

			memcpy(&key.word, l->byte + k, sizeof key.word);
			w = (l->r.c >> k & 0xff) == 0xff ? bsearch(&key, o->word, o->words, sizeof *w, by_word) : NULL;
			if (w) {
				*place_of(&row[rows - 1], o->slot) =
					(struct place){ (unsigned)l->r.a, l->r.b + k - w->at, true };
				return;
			}
		}
}

static const struct device *
device_of(const struct ack_share *s)
{
	for (const struct device *d = device; d < device + devices; d++)
		if (strcmp(d->path, s->path) == 0)
			return d;
	return NULL;
}

static int64_t
read_btt(const struct btt_image *b, uint64_t at, uint64_t size, void *buf)
{
	for (uint64_t done = 0; done < size; done += b->sector) {
		const int rc = btt_image_read(b, (at + done) / b->sector, (char *)buf + done);

		if (rc < 0)
			return rc;
	}
	return (int64_t)size;
}

static struct btt_image btt;

static int64_t
read_slot(void *arg, const struct ack_share *s, uint64_t slot, void *buf)
{
	const struct device *d = device_of(s);
	struct place p = { 0 };

	if (d && d->btt)
		return read_btt(&btt, s->offset + slot * s->size, s->size, buf);
	if (d)
		p = (struct place){ d->dimm, d->offset + s->offset + slot * s->size, true };
	else
		p = *place_of(arg, slot);
	if (!p.known || p.at + s->size > dimm[p.dimm].now.len)
		return -ENOENT;
	memcpy(buf, dimm[p.dimm].now.byte + p.at, s->size);
	return (int64_t)s->size;
}

/* ---- moments ---- */

static struct ack_share *
current(void)
{
	for (struct ack_share *s = acks.share + acks.n; rows && s-- > acks.share;)
		if (s->point == row[rows - 1].point && s->rep == row[rows - 1].rep && s->thread == row[rows - 1].thread)
			return s;
	return NULL;
}

/* The power fails now. */
static void
moment(void)
{
	struct ack_share *s = current();
	struct row *r = row + rows - 1;
	const struct device *d = s ? device_of(s) : NULL;
	int rc = 0;

	if (!s || !s->n)
		return;
	r->moments++;
	if (d && d->btt) {
		rc = btt_image_open(&btt, dimm[d->dimm].now.byte + d->offset, dimm[d->dimm].now.len - d->offset);
		r->faults += rc < 0 || btt_image_faults(&btt) > 0;
	}
	if (rc < 0) {
		r->lost++;
		return;
	}
	if (acks_verify(s, read_slot, r, NULL, NULL) < 0)
		die("no memory");
	r->torn += s->state[ACK_TORN] > 0;
	r->lost += acks_lost(s) > s->state[ACK_TORN];
	for (int k = 0; k < ACK_STATES; k++)
		r->state[k] += k == ACK_OK ? 0 : s->state[k];
	if (d && d->btt)
		btt_image_close(&btt);
}

/* Of a BTT's flog? */
static bool
is_flog(const struct line *l)
{
	for (const struct area *f = flog; f < flog + flogs; f++)
		if (f->dimm == l->r.a && l->r.b >= f->from && l->r.b < f->to)
			return true;
	return false;
}

static struct line *under_way;		/* lines that one fence commits: of one event, or merged */
static size_t nunder_way;

static void
gather(const struct event *e)
{
	for (uint64_t k = 0; k < e->r.c; k++) {
		const struct line l = log_line(e, k);

		if (l.r.a >= dimms || l.r.b + LINE_BYTES > dimm[l.r.a].now.len)
			die("the log names an NVDIMM that was not given");
		if (no_flog && is_flog(&l))
			continue;
		under_way = grown(under_way, nunder_way, sizeof *under_way);
		under_way[nunder_way++] = l;
		look_for_words(&l);
	}
}

static void
write_cut(unsigned k)
{
	char path[4096];
	long left = held_at;
	FILE *out;

	snprintf(path, sizeof path, "%s/%u", cut_dir, k);
	if (mkdir(path, 0755) < 0 || (snprintf(path, sizeof path, "%s/%u/dimms", cut_dir, k), mkdir(path, 0755)) < 0)
		die("%s: %s", path, strerror(errno));
	for (unsigned d = 0; d < dimms; d++) {
		snprintf(path, sizeof path, "%s/%u/dimms/dimm%u", cut_dir, k, d);
		if (image_write(&dimm[d].now, path) < 0)
			die("%s: %s", path, strerror(errno));
	}
	snprintf(path, sizeof path, "%s/%u/acks", cut_dir, k);
	out = fopen(path, "we");
	if (!out)
		die("%s: %s", path, strerror(errno));
	rewind(acks_file);
	while (left-- > 0)
		fputc(fgetc(acks_file), out);
	if (fclose(out) != 0)
		die("%s: %s", path, strerror(errno));
	/* Behind the line that is held. */
	fseek(acks_file, held_at, SEEK_SET);
	while (*held && fgetc(acks_file) != '\n')
		;
}

/* The power fails within the fence: some of its lines, some of those in part.  image: or -1. */
static void
tear(int image)
{
	uint8_t (*old)[LINE_BYTES] = malloc((nunder_way + 1) * sizeof *old);

	if (!old)
		die("no memory");
	for (size_t k = 0; k < nunder_way; k++) {
		const struct line *l = &under_way[k];
		const uint64_t x = rng_below(&rng, 5);

		memcpy(old[k], dimm[l->r.a].now.byte + l->r.b, LINE_BYTES);
		if (x >= 2)
			image_put(&dimm[l->r.a].now, l, x >= 4 ? (unsigned)rng_below(&rng, 256) : 0xff);
	}
	if (image >= 0)
		write_cut((unsigned)image);
	else
		moment();
	for (size_t k = nunder_way; k-- > 0;)
		memcpy(dimm[under_way[k].r.a].now.byte + under_way[k].r.b, old[k], LINE_BYTES);
	free(old);
}

static void
commit(void)
{
	for (unsigned t = 0; t < tears; t++)
		tear(-1);
	for (size_t k = 0; k < nunder_way; k++)
		image_put(&dimm[under_way[k].r.a].now, &under_way[k], 0xff);
	nunder_way = 0;
	moment();
}

/* ---- ops ---- */

static void
begin_op(void)
{
	struct ack a;
	const struct ack_share *s = next_op(&a);

	if (!s)
		return;
	if (rows && s->point == row[rows - 1].point && s->rep == row[rows - 1].rep && s->thread == row[rows - 1].thread) {
		expect_words(s, a);
		return;
	}
	row = grown(row, rows, sizeof *row);
	row[rows++] = (struct row){ .point = s->point, .rep = s->rep, .thread = s->thread };
	op[0].words = op[1].words = 0;
	expect_words(s, a);
}

/* What the op executed is what was counted since the note before. */
static void
count(struct row *r, const uint64_t now[2 * COUNTS], const uint64_t before[2 * COUNTS])
{
	if (r->ops++ == 0)
		return;
	r->count = realloc(r->count, (r->n + 1) * 2 * COUNTS * sizeof *r->count);
	if (!r->count)
		die("no memory");
	for (unsigned k = 0; k < 2 * COUNTS; k++)
		r->count[r->n * 2 * COUNTS + k] = now[k] - before[k];
	r->n++;
}

/* A note: the op was acknowledged right here. */
static void
acknowledge(const struct event *e)
{
	static uint64_t before[2 * COUNTS];
	uint64_t now[2 * COUNTS];
	struct ack a;

	if (!rows || !next_op(&a) || (e->r.a & ((UINT64_C(1) << 48) - 1)) != a.op)
		die("the log notes op %" PRIu64 ", the acknowledgements say %s", e->r.a, *held ? held : "nothing");
	memcpy(now, e->more, sizeof now);
	count(&row[rows - 1], now, before);
	memcpy(before, now, sizeof before);
	acks_take(&acks, held);
	moment();
	take_lines();
	begin_op();
}

static uint64_t
fences_between_notes(struct log l)
{
	uint64_t n = 0, at = 0;
	struct event e;

	while (log_next(&l, &e)) {
		at += e.r.kind == LOG_FENCE;
		if (e.r.kind == LOG_NOTE)
			n = at;
	}
	return n;
}

static void
replay(struct log *l)
{
	const uint64_t of = cuts ? fences_between_notes(*l) : 0;
	uint64_t fence = 0;
	unsigned cut = 0;
	struct event e;

	take_lines();
	begin_op();
	while (log_next(l, &e)) {
		if (e.r.kind == LOG_FENCE) {
			gather(&e);
			if (cut < cuts && fence++ >= of * cut / cuts + rng_below(&rng, (uint32_t)(of / cuts + 1)))
				tear((int)cut++);
			if (!merge)
				commit();
		} else if (e.r.kind == LOG_NOTE) {
			if (merge)
				commit();
			acknowledge(&e);
		}
	}
	if (merge)
		commit();
	if (*held)
		die("the log ends before: %s", held);
}

/* ---- the answer ---- */

static int
by_number(const void *x, const void *y)
{
	const uint64_t a = *(const uint64_t *)x, b = *(const uint64_t *)y;

	return (a > b) - (a < b);
}

static uint64_t
median(const struct row *r, unsigned which)
{
	uint64_t *v = malloc((r->n + 1) * sizeof *v), m;

	if (!v)
		die("no memory");
	for (size_t k = 0; k < r->n; k++)
		v[k] = r->count[k * 2 * COUNTS + which];
	qsort(v, r->n, sizeof *v, by_number);
	m = r->n ? v[r->n / 2] : 0;
	free(v);
	return m;
}

static void
print_rows(void)
{
	static const char *const name[COUNTS] = { "clwb", "clflushopt", "clflush", "clean", "nt", "nt_bytes", "sfence", "mfence",
						  "lock", "serial", "fences", "lines", "bytes" };

	printf("point\trep\tthread\tops\tmoments\tlost\ttorn\tfaults");
	for (int k = ACK_OK + 1; k < ACK_STATES; k++)
		printf("\tslots_%s", ack_rows[k].name);
	for (unsigned k = 0; k < 2 * COUNTS; k++)
		printf("\t%s_%s", k < COUNTS ? "user" : "kernel", name[k % COUNTS]);
	puts("");
	for (const struct row *r = row; r < row + rows; r++) {
		printf("%u\t%u\t%u\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64, r->point, r->rep, r->thread, r->ops,
		       r->moments, r->lost, r->torn, r->faults);
		for (int k = ACK_OK + 1; k < ACK_STATES; k++)
			printf("\t%" PRIu64, r->state[k]);
		for (unsigned k = 0; k < 2 * COUNTS; k++)
			printf("\t%" PRIu64, median(r, k));
		puts("");
	}
}

static uint64_t
acknowledged(void)
{
	uint64_t n = 0;

	for (const struct row *r = row; r < row + rows; r++)
		n += r->ops;
	return n;
}

/* ---- arguments ---- */

static void
read_dimm(char *text)
{
	char *colon = strchr(text, ':');
	int rc;

	if (!colon || dimms == DIMMS_MAX)
		die("-d BASE:DURABLE, at most %d", DIMMS_MAX);
	*colon = 0;
	rc = image_load(&dimm[dimms].now, text);
	if (rc < 0)
		die("%s: %s", text, strerror(-rc));
	dimm[dimms++].durable = colon + 1;
}

static void
find_flogs(const struct device *d)
{
	struct btt_image b;

	if (btt_image_open(&b, dimm[d->dimm].now.byte + d->offset, dimm[d->dimm].now.len - d->offset) < 0)
		die("%s: no BTT is there", d->path);
	for (const struct btt_arena *a = b.arena; a < b.arena + b.arenas; a++) {
		const uint64_t from = d->offset + a->start + a->info.flog;

		flog = grown(flog, flogs, sizeof *flog);
		flog[flogs++] = (struct area){ d->dimm, from, from + (uint64_t)a->info.lanes * BTT_LANE_BYTES };
	}
	btt_image_close(&b);
}

static void
read_device(char *text, bool is_btt)
{
	struct device *d = &device[devices];
	char *equals = strchr(text, '=');

	if (devices == DEVICES_MAX || !equals || sscanf(equals, "=%u@%" SCNu64, &d->dimm, &d->offset) != 2 || d->dimm >= dimms)
		die("%s: DEVICE=DIMM@OFFSET, behind its NVDIMM", text);
	*equals = 0;
	d->path = text;
	d->btt = is_btt;
	if (is_btt)
		find_flogs(d);
	devices++;
}

int
main(int argc, char **argv)
{
	struct log l;
	int c, rc;

	while ((c = getopt(argc, argv, "d:r:b:t:mfi:n:")) >= 0)
		switch (c) {
		case 'd': read_dimm(optarg); break;
		case 'r': case 'b': read_device(optarg, c == 'b'); break;
		case 't': tears = (unsigned)atoi(optarg); break;
		case 'm': merge = true; break;
		case 'f': no_flog = true; break;
		case 'i': cut_dir = optarg; break;
		case 'n': cuts = (unsigned)atoi(optarg); break;
		default: return 2;
		}
	if (argc - optind != 2 || !dimms || (cuts && !cut_dir))
		die("usage: replay -d BASE:DURABLE... [-r|-b DEVICE=DIMM@OFFSET]... [-t N] [-m] [-f] [-i DIR -n N] LOG ACKS");
	rc = log_open(&l, argv[optind]);
	acks_file = fopen(argv[optind + 1], "re");
	if (rc < 0 || !acks_file)
		die("%s: %s", argv[rc < 0 ? optind : optind + 1], strerror(rc < 0 ? -rc : errno));
	replay(&l);
	if (!acknowledged())
		die("%s: no op was acknowledged: this shows nothing", argv[optind + 1]);
	print_rows();
	for (struct dimm *d = dimm; !no_flog && d < dimm + dimms; d++)
		if (image_same(&d->now, d->durable) != 1)
			die("%s: the log played to its end gives something else", d->durable);
	return 0;
}
