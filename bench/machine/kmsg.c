/* SPDX-License-Identifier: BSD-2-Clause */
/* The log and what is kept of it; which message counts is for kmsg_rule.c. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/klog.h>
#include "kmsg.h"
#include "kmsg_rule.h"
#include "rootfs.h"

#define EXCERPT (64u << 10)
#define LINE    512

enum { READ_ALL = 3, SIZE_BUFFER = 10 };	/* syslog(2) */

const char *const kmsg_name[KMSG_KINDS] = {
	[KMSG_MEMORY] = "memory", [KMSG_HARDWARE] = "hardware", [KMSG_PMEM] = "pmem", [KMSG_DAX] = "dax",
	[KMSG_CLOCK] = "clock", [KMSG_HEAT] = "heat", [KMSG_STALL] = "stall", [KMSG_FAULT] = "fault",
};

/* NULL and errno.  The time before each message is not in the kernel's buffer: twice its size. */
static char *
read_log(void)
{
	char *log;
	size_t len;
	int size, n;

	/* Below another root, where reading takes nothing away. */
	if (!rootfs_real())
		return rootfs_all(4u << 20, &len, "/proc/kmsg");
	size = klogctl(SIZE_BUFFER, NULL, 0);
	if (size < 0)
		return NULL;
	size = size > 64 << 20 ? 128 << 20 : 2 * size + 65536;
	log = malloc((size_t)size + 1);
	n = log ? klogctl(READ_ALL, log, size) : -1;
	if (n < 0) {
		const int err = errno;

		free(log);
		errno = err;
		return NULL;
	}
	log[n] = 0;
	return log;
}

struct message { int level; double at; char text[LINE]; };

/* "<6>[   12.345678][    T1] text": the next line.  False at the end; level -1: a program's. */
static int
next(const char **at, struct message *m)
{
	const char *p = *at, *end = p + strcspn(p, "\n");
	char *after;
	size_t n = 0;
	long priority = 4;

	if (!*p)
		return 0;
	*at = *end ? end + 1 : end;
	m->at = -1;
	if (*p == '<') {
		priority = strtol(p + 1, &after, 10);
		p = *after == '>' ? after + 1 : p;
	}
	m->level = priority > 7 ? -1 : (int)priority;
	if (*p == '[') {
		const double t = strtod(p + 1, &after);

		if (after > p + 1 && *after == ']') {
			m->at = t;
			p = after + 1;
		}
	}
	p += strspn(p, " ");
	if (m->at >= 0 && *p == '[' && (p[1] == ' ' || p[1] == 'T' || p[1] == 'C') && memchr(p, ']', (size_t)(end - p)))
		p = (const char *)memchr(p, ']', (size_t)(end - p)) + 1;
	p += strspn(p, " ");
	for (; p < end && n + 1 < sizeof m->text; p++)
		m->text[n++] = *p >= ' ' && *p <= '~' ? *p : '?';
	m->text[n] = 0;
	return 1;
}

void
kmsg_count(struct kmsg *k, const char *log)
{
	struct message m;

	*k = (struct kmsg){ .now = -1 };
	while (next(&log, &m)) {
		const int kind = kmsg_rule(m.level, m.text);

		k->lines++;
		if (kind < 0)
			continue;
		kmsg_hide(m.text);
		k->kind[kind].n++;
		k->kind[kind].at = m.at;
		snprintf(k->kind[kind].last, KMSG_TEXT, "%.*s", KMSG_TEXT - 1, m.text);
	}
}

char *
kmsg_excerpt(const char *log, size_t max)
{
	char *text = NULL, *from;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);
	struct message m;

	while (out && next(&log, &m)) {
		const int kind = kmsg_rule(m.level, m.text);

		if (kind < 0)
			continue;
		kmsg_hide(m.text);
		fprintf(out, "%s [%.6f] %s\n", kmsg_name[kind], m.at < 0 ? 0 : m.at, m.text);
	}
	if (!out || fclose(out) != 0) {
		free(text);
		return NULL;
	}
	from = len > max ? strchr(text + (len - max) - 1, '\n') : NULL;
	if (from)
		memmove(text, from + 1, strlen(from + 1) + 1);
	return text;
}

void
kmsg_read(struct kmsg *k)
{
	char *log = read_log(), line[64];
	const int err = errno;

	if (!log) {
		*k = (struct kmsg){ .err = err ? err : EIO, .now = -1 };
		return;
	}
	kmsg_count(k, log);
	free(log);
	if (rootfs_line(line, sizeof line, "/proc/uptime") == 0 && line[0])
		k->now = strtod(line, NULL);
}

int
kmsg_save(const char *path)
{
	char *log = read_log(), *text = log ? kmsg_excerpt(log, EXCERPT) : NULL;
	FILE *f = text ? fopen(path, "we") : NULL;
	int rc = text && !f ? -errno : 0;
	unsigned n = 0;
	struct kmsg k;

	if (f) {
		kmsg_count(&k, log);
		for (int kind = 0; kind < KMSG_KINDS; kind++)
			n += k.kind[kind].n;
		fprintf(f, "# %u of the kernel's %u messages put a number in doubt; names of processes are cut out\n", n, k.lines);
		fputs(text, f);
		rc = fclose(f) == 0 ? 0 : -errno;
	}
	free(text);
	free(log);
	return rc;
}

json_t *
kmsg_json(const struct kmsg *k)
{
	json_t *o = json_object();

	if (k->err) {
		json_object_set_new(o, "unreadable", json_string(strerror(k->err)));
		return o;
	}
	json_object_set_new(o, "lines", json_integer(k->lines));
	for (int kind = 0; kind < KMSG_KINDS; kind++)
		json_object_set_new(o, kmsg_name[kind], json_integer(k->kind[kind].n));
	return o;
}
