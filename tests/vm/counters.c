/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * counters EVENT... -- WORK PATH SIZE COUNT
 *
 * Counts the events around COUNT times a piece of WORK of SIZE bytes at PATH and
 * prints a line for each: EVENT VALUE ENABLED_NS RUNNING_NS, or EVENT n/a WHY.
 *
 *     direct    O_DIRECT writes at ascending offsets
 *     write     buffered writes over the same place
 *     dsync     the same with O_DSYNC
 *     msync     store a byte in the mapping, msync SIZE bytes
 *     touch     store a byte in each SIZE of the mapping, MAP_SYNC
 *     append    append SIZE bytes, fsync
 *     try       nothing: only say whether the events can be counted
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "counters.h"

struct work { const char *kind, *path; size_t size; int count; int fd; char *map, *buf; };

static int
is(const struct work *w, const char *kind)
{
	return strcmp(w->kind, kind) == 0;
}

static size_t
map_len(const struct work *w)
{
	return is(w, "touch") ? w->size * (size_t)w->count : w->size;
}

static int
begin(struct work *w)
{
	const int flags = is(w, "direct") ? O_DIRECT : is(w, "dsync") ? O_DSYNC : is(w, "append") ? O_APPEND | O_CREAT : 0;

	if (is(w, "try"))
		return 0;
	w->buf = aligned_alloc(4096, (w->size + 4095) & ~4095ul);
	w->fd = open(w->path, O_RDWR | flags, 0600);
	if (w->fd < 0 || !w->buf)
		return -errno;
	memset(w->buf, 'x', w->size);
	if (!is(w, "msync") && !is(w, "touch"))
		return 0;
	w->map = mmap(NULL, map_len(w), PROT_READ | PROT_WRITE, MAP_SHARED_VALIDATE | MAP_SYNC, w->fd, 0);
	return w->map == MAP_FAILED ? -errno : 0;
}

static void
end(struct work *w)
{
	free(w->buf);
	if (w->map)
		munmap(w->map, map_len(w));
	if (w->fd >= 0)
		close(w->fd);
}

static int
once(struct work *w, int i)
{
	if (is(w, "direct"))
		return pwrite(w->fd, w->buf, w->size, (off_t)w->size * i) == (ssize_t)w->size;
	if (is(w, "write") || is(w, "dsync"))
		return pwrite(w->fd, w->buf, w->size, 0) == (ssize_t)w->size;
	if (is(w, "append"))
		return write(w->fd, w->buf, w->size) == (ssize_t)w->size && fsync(w->fd) == 0;
	if (is(w, "try"))
		return 1;
	((volatile char *)w->map)[is(w, "touch") ? w->size * (size_t)i : 0] = (char)i;
	return is(w, "touch") || msync(w->map, w->size, MS_SYNC) == 0;
}

static void
report(const struct event_list *l, const struct counter_value *v)
{
	char why[512];

	for (uint32_t i = 0; i < l->n; i++)
		if (v[i].rc) {
			event_refused(&l->event[i], v[i].rc, why, sizeof why);
			printf("%s n/a %s\n", l->event[i].text, why);
		} else {
			printf("%s %llu %llu %llu\n", l->event[i].text, (unsigned long long)v[i].value,
			       (unsigned long long)v[i].enabled_ns, (unsigned long long)v[i].running_ns);
		}
}

/* Which events; the index of the argument behind `--`.  Without work to do each is tried:
 * a kprobe is slow to open and to close, so not otherwise. */
static int
events(struct event_list *l, char **argv)
{
	char why[512];
	int i = 1, rc, end = 1;

	while (argv[end] && strcmp(argv[end], "--") != 0)
		end++;
	for (; i < end; i++) {
		rc = event_add(l, argv[i], why, sizeof why);
		if (rc == 0 && argv[end] && argv[end + 1] && strcmp(argv[end + 1], "try") == 0) {
			rc = counters_try(&l->event[--l->n], why, sizeof why);
			if (rc == 0)
				printf("%s can be counted\n", argv[i]);
		}
		if (rc < 0)
			printf("%s refused %s: %s\n", argv[i], strerrorname_np(-rc), why);
	}
	return argv[i] ? i + 1 : i;
}

int
main(int argc, char **argv)
{
	static struct event_list list;
	struct counter_value value[EVENTS_MAX] = { { 0 } };
	struct counters *thread, *all;
	struct work w = { .fd = -1 };
	const int i = events(&list, argv);
	int rc = 0;

	if (i + 4 != argc) {
		fprintf(stderr, "usage: counters EVENT... -- WORK PATH SIZE COUNT\n");
		return 2;
	}
	w.kind = argv[i];
	w.path = argv[i + 1];
	w.size = strtoul(argv[i + 2], NULL, 10);
	w.count = atoi(argv[i + 3]);
	if (begin(&w) < 0 || counters_open(&thread, &list, SCOPE_THREAD) < 0 ||
	    counters_open(&all, &list, SCOPE_SYSTEM) < 0) {
		perror(w.path);
		return 1;
	}
	counters_start(all);
	counters_start(thread);
	for (int k = 0; k < w.count && rc == 0; k++)
		rc = once(&w, k) ? 0 : errno;
	counters_stop(thread);
	counters_stop(all);
	counters_read(thread, value);
	counters_read(all, value);
	counters_close(thread);
	counters_close(all);
	report(&list, value);
	end(&w);
	if (rc)
		fprintf(stderr, "%s: %s\n", w.path, strerror(rc));
	return rc != 0;
}
