/* SPDX-License-Identifier: BSD-2-Clause */
/* The table as a whole, and its findings for people and for programs. */
#include <errno.h>
#include <libmount/libmount.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "doctor_row.h"
#include "rootfs.h"
#include "text.h"
#include "wrap.h"

const char *const severity_name[SEVERITIES] = {
	[SEVERITY_OK] = "ok", [SEVERITY_INFO] = "info", [SEVERITY_WARN] = "warn", [SEVERITY_BAD] = "bad",
};

/* In this order they are looked at: what watches the CPUs stands before what asks whether they
 * are busy. */
static const struct doctor_row *const parts[] = {
	doctor_pmem, doctor_mounts, doctor_clock, doctor_load, doctor_cpu, doctor_kernel,
};

struct finding *
found(struct doctor *d, const struct doctor_row *r, enum severity s, const char *now, ...)
{
	/* The last one gives way: a machine with that many devices has its findings already. */
	struct finding *f = &d->v[d->n < FINDINGS_MAX ? d->n++ : FINDINGS_MAX - 1];
	va_list ap;

	*f = (struct finding){ .id = r->id, .want = r->want, .severity = s, .alike = r->alike };
	snprintf(f->what, sizeof f->what, "%s", r->what);
	snprintf(f->why, sizeof f->why, "%s", r->why);
	snprintf(f->mend, sizeof f->mend, "%s", r->mend ? r->mend : "");
	va_start(ap, now);
	vsnprintf(f->now, sizeof f->now, now, ap);
	va_end(ap);
	return f;
}

#define PRINT_INTO(text, fmt) \
	do { \
		va_list ap_; \
		va_start(ap_, fmt); \
		vsnprintf(text, sizeof text, fmt, ap_); \
		va_end(ap_); \
	} while (0)

void
found_what(struct finding *f, const char *fmt, ...)
{
	PRINT_INTO(f->what, fmt);
}

void
found_why(struct finding *f, const char *fmt, ...)
{
	PRINT_INTO(f->why, fmt);
}

void
found_mend(struct finding *f, const char *fmt, ...)
{
	PRINT_INTO(f->mend, fmt);
}

void
found_boot(struct finding *f, const char *options, const char *remark)
{
	found_mend(f, "mkdir -p /etc/default/grub.d && echo 'GRUB_CMDLINE_LINUX=\"$GRUB_CMDLINE_LINUX %s\"' "
		   ">>/etc/default/grub.d/daxmark.cfg && update-grub && reboot%s", options, remark);
}

json_t *
object_of(json_t *parent, const char *key)
{
	json_t *o = json_object_get(parent, key);

	if (!o)
		json_object_set_new(parent, key, o = json_object());
	return o;
}

void
keep_text(json_t *o, const char *key, const char *text)
{
	if (text[0])
		json_object_set_new(o, key, json_string(text));
}

void
keep_number(json_t *o, const char *key, int64_t n)
{
	if (n >= 0)
		json_object_set_new(o, key, json_integer(n));
}

void
keep_bool(json_t *o, const char *key, int64_t n)
{
	if (n >= 0)
		json_object_set_new(o, key, json_boolean(n));
}

void
keep_real(json_t *o, const char *key, double x)
{
	if (x >= 0)
		json_object_set_new(o, key, json_real(x));
}

void
chosen_word(char *buf, size_t len, const char *path)
{
	char line[256], *from;

	rootfs_line(line, sizeof line, "%s", path);
	from = strchr(line, '[');
	snprintf(buf, len, "%.*s", (int)strcspn(from ? from + 1 : line, "]"), from ? from + 1 : line);
}

bool
has_word(const char *list, const char *word)
{
	const size_t n = strlen(word);

	for (const char *p = list; n && (p = strstr(p, word)); p += n)
		if ((p == list || strchr(" ,", p[-1])) && strchr(" ,", p[n]))
			return true;
	return false;
}

void
add_distinct(char *list, size_t len, const char *value)
{
	const size_t n = strlen(list);

	if (*value && !has_word(list, value))
		snprintf(list + n, len - n, "%s%s", n ? ", " : "", value);
}

struct values { char *buf; size_t len; const char *dir, *prefix, *attr; };

static int
add_value(const char *name, void *arg)
{
	const struct values *v = arg;
	char line[256];

	if (strncmp(name, v->prefix, strlen(v->prefix)) == 0 &&
	    rootfs_line(line, sizeof line, "%s/%s/%s", v->dir, name, v->attr) == 0)
		add_distinct(v->buf, v->len, line);
	return 0;
}

void
values(char *buf, size_t len, const char *dir, const char *prefix, const char *attr)
{
	buf[0] = 0;
	rootfs_each(add_value, &(struct values){ buf, len, dir, prefix, attr }, "%s", dir);
}

const char *
shell_quoted(char *buf, size_t len, const char *path)
{
	FILE *f = fmemopen(buf, len - 1, "w");

	buf[0] = buf[len - 1] = 0;
	if (f) {
		text_word(path, f);
		fclose(f);
	}
	return buf;
}

void
look_word(struct doctor *d, const struct doctor_row *r)
{
	char word[32];

	chosen_word(word, sizeof word, r->path);
	keep_text(d->kernel, r->key, word);
	if (word[0])
		found(d, r, has_word(r->fine, word) ? SEVERITY_OK : r->otherwise, "%s", word);
}

void
look_switch(struct doctor *d, const struct doctor_row *r)
{
	char line[32];
	int64_t n = rootfs_number(-1, "%s", r->path);

	rootfs_line(line, sizeof line, "%s", r->path);
	keep_number(d->kernel, r->key, n);
	if (strcmp(line, "true") == 0 || strcmp(line, "false") == 0)
		keep_bool(d->kernel, r->key, n = line[0] == 't');
	if (n > 0)
		found(d, r, r->otherwise, "on");
}

static void
load_mounts(struct doctor *d)
{
	size_t len;
	char *text = rootfs_all(4u << 20, &len, "/proc/self/mountinfo");
	FILE *f = text && len ? fmemopen(text, len, "r") : NULL;

	d->mounts = mnt_new_table();
	if (f && d->mounts)
		mnt_table_parse_stream(d->mounts, f, "/proc/self/mountinfo");
	if (f)
		fclose(f);
	free(text);
}

struct doctor *
doctor_look(const struct timing *timing, unsigned sample_ms)
{
	struct doctor *d = calloc(1, sizeof *d);

	if (!d)
		return NULL;
	d->timing = timing;
	d->sample_ms = sample_ms;
	d->root = geteuid() == 0;
	d->busy = -1;
	d->tuning = json_object();
	d->load = json_object();
	d->cpu = object_of(d->tuning, "cpu");
	d->kernel = object_of(d->tuning, "kernel");
	d->pmem = object_of(d->tuning, "pmem");
	object_of(d->tuning, "scrubs");
	load_mounts(d);
	doctor_know_cpus(d);
	for (size_t p = 0; p < sizeof parts / sizeof *parts; p++)
		for (const struct doctor_row *r = parts[p]; r->id; r++)
			r->look(d, r);
	for (size_t k = 0; k < d->n; k++) {
		d->count[d->v[k].severity]++;
		/* What is well needs no mending. */
		if (d->v[k].severity == SEVERITY_OK)
			d->v[k].mend[0] = 0;
	}
	return d;
}

void
doctor_free(struct doctor *d)
{
	if (!d)
		return;
	json_decref(d->tuning);
	json_decref(d->load);
	json_decref(d->messages);
	mnt_unref_table(d->mounts);
	free(d);
}

const char *
doctor_lost(const struct doctor *d, size_t k)
{
	static const char *const lost[] = {
		"devices as targets: devdax, sector (BTT), raw, loop",
		"counters of the whole machine: memory controllers, media, CXL",
		"tracepoints and kprobes",
		"prefetchers (MSRs), and the preemption that was chosen at boot (debugfs)",
		"slot, part and speed of each DIMM (BIOS tables)",
		"health and temperature of NVDIMMs, where regions lie",
		"features of file systems (dumpe2fs reads the device)",
		"kernel messages: lost memory, poison, throttling, an unstable TSC",
	};
	const size_t n = sizeof lost / sizeof *lost - !d->log_unreadable;

	return d->root || k >= n ? NULL : lost[k];
}

json_t *
doctor_json(const struct doctor *d, bool all)
{
	json_t *list = json_array(), *lost = json_array();
	const char *text;

	for (size_t k = 0; (text = doctor_lost(d, k)); k++)
		json_array_append_new(lost, json_string(text));
	for (size_t k = 0; k < d->n; k++) {
		const struct finding *f = &d->v[k];

		if (f->severity > SEVERITY_OK || all)
			json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:b}", "id", f->id,
				"severity", severity_name[f->severity], "what", f->what, "now", f->now,
				"want", f->want, "why", f->why, "mend", f->mend, "alike", f->alike));
	}
	return json_pack("{s:i, s:i, s:i, s:i, s:b, s:o, s:O, s:O, s:o}", "bad", (int)d->count[SEVERITY_BAD],
			 "warn", (int)d->count[SEVERITY_WARN], "info", (int)d->count[SEVERITY_INFO],
			 "ok", (int)d->count[SEVERITY_OK], "root", d->root, "lost_without_root", lost,
			 "load", d->load, "messages", d->messages, "findings", list);
}

/* On 80 columns: a blank between two. */
static const size_t column[] = { 4, 28, 26, 18 };
enum { COLUMNS = sizeof column / sizeof *column, INDENT = 7, WIDE = 100 };

/* A row of cells, each on as many lines as its column needs. */
static void
print_cells(FILE *out, const char *cell[COLUMNS])
{
	bool more = true;

	while (more) {
		size_t at = 0, start = 0;

		more = false;
		for (size_t c = 0; c < COLUMNS; start += column[c++] + 1) {
			const size_t n = *cell[c] ? wrap_line(cell[c], column[c]) : 0;

			if (n)
				at = start + (size_t)fprintf(out, "%*s%.*s", (int)(start - at), "", (int)n, cell[c]) - (start - at);
			cell[c] += n;
			cell[c] += strspn(cell[c], " ");
			more |= *cell[c] != 0;
		}
		putc('\n', out);
	}
}

/* The row, and below it why, and how to mend it: never broken, it is there to be copied. */
static void
print_card(FILE *out, const struct finding *f, size_t width)
{
	print_cells(out, (const char *[COLUMNS]){ severity_name[f->severity], f->what, f->now, f->want });
	if (f->severity == SEVERITY_OK)
		return;
	for (const char *why = f->why; *why; why += strspn(why, " ")) {
		const size_t n = wrap_line(why, width - INDENT);

		fprintf(out, "%*s%.*s\n", INDENT, "", (int)n, why);
		why += n;
	}
	fprintf(out, "%*s%s%s\n", INDENT - 2, "", f->mend[0] == '#' ? "" : "$ ", f->mend);
}

static void
print_lost(FILE *out, const struct doctor *d)
{
	const char *text;

	for (size_t k = 0; (text = doctor_lost(d, k)); k++)
		fprintf(out, "%s  %s\n", k ? "" : "Not root.  A run by this user goes without:\n", text);
	if (!d->root)
		fputs("sudo run-bench doctor says more, and so does a run.\n\n", out);
}

/* The worst first; as they were found otherwise. */
static size_t
in_order(const struct doctor *d, bool all, const struct finding **v)
{
	size_t n = 0;

	for (int s = SEVERITY_BAD; s >= (all ? SEVERITY_OK : SEVERITY_INFO); s--)
		for (size_t k = 0; k < d->n; k++)
			if ((int)d->v[k].severity == s)
				v[n++] = &d->v[k];
	return n;
}

/* Well or not: two machines with other lines here differ in more than what is compared. */
static void
print_alike(FILE *out, const struct doctor *d, size_t width)
{
	fputs("\nSet alike on machines that are compared; here:\n", out);
	for (size_t k = 0; k < d->n; k++)
		if (d->v[k].alike)
			fprintf(out, "  %-26.26s %.*s\n", d->v[k].what, (int)width - 29, d->v[k].now);
}

int
doctor_print(FILE *out, const struct doctor *d, bool all)
{
	const struct finding *v[FINDINGS_MAX];
	const size_t n = in_order(d, all, v), width = wrap_width(out) < WIDE ? wrap_width(out) : WIDE;

	print_lost(out, d);
	if (n) {
		print_cells(out, (const char *[COLUMNS]){ "", "WHAT", "NOW", "WANT" });
		fprintf(out, "%*sWHY\n%*s$ HOW TO MEND, in a root shell\n", INDENT, "", INDENT - 2, "");
	}
	for (size_t k = 0; k < n; k++)
		print_card(out, v[k], width);
	print_alike(out, d, width);
	fprintf(out, "\n%u bad, %u warn, %u info, %u ok%s\n", d->count[SEVERITY_BAD], d->count[SEVERITY_WARN],
		d->count[SEVERITY_INFO], d->count[SEVERITY_OK],
		all ? "" : " (-v shows what is well; nothing was changed)");
	return ferror(out) ? -EIO : 0;
}
