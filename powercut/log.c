/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include "log.h"

enum { PIECE = 1 << 16 };
static const uint8_t zeros[PIECE];

/* Opens a file; its size.  A descriptor or -errno. */
static int
open_sized(const char *path, size_t *len)
{
	const int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		return -errno;
	*len = (size_t)st.st_size;
	return fd;
}

int
log_open(struct log *l, const char *path)
{
	size_t len;
	const int fd = open_sized(path, &len);
	const uint8_t *p;

	if (fd < 0)
		return fd;
	p = len ? mmap(NULL, len, PROT_READ, MAP_PRIVATE, fd, 0) : NULL;
	close(fd);
	*l = (struct log){ p, p + len };
	return p == MAP_FAILED ? -ENOMEM : 0;
}

enum { LINE_RECORD = sizeof(struct log_record) + LINE_BYTES };

static size_t
more_bytes(const struct log_record *r)
{
	return r->kind == LOG_FENCE ? r->c * LINE_RECORD : r->kind == LOG_NOTE ? 2 * sizeof(struct lab_counts) : 0;
}

bool
log_next(struct log *l, struct event *e)
{
	if ((size_t)(l->end - l->at) < sizeof e->r)
		return false;
	memcpy(&e->r, l->at, sizeof e->r);
	e->more = l->at + sizeof e->r;
	if ((size_t)(l->end - e->more) < more_bytes(&e->r))
		return false;
	l->at = e->more + more_bytes(&e->r);
	return true;
}

struct line
log_line(const struct event *e, uint64_t n)
{
	struct line l;

	memcpy(&l.r, e->more + n * LINE_RECORD, sizeof l.r);
	l.byte = e->more + n * LINE_RECORD + sizeof l.r;
	return l;
}

int
image_load(struct image *i, const char *path)
{
	const int fd = open_sized(path, &i->len);
	off_t at = 0, end;
	ssize_t n = 0;

	if (fd < 0)
		return fd;
	i->byte = mmap(NULL, i->len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (i->byte == MAP_FAILED) {
		close(fd);
		return -ENOMEM;
	}
	while ((at = lseek(fd, at, SEEK_DATA)) >= 0)
		for (end = lseek(fd, at, SEEK_HOLE); at < end; at += n)
			if ((n = pread(fd, i->byte + at, (size_t)(end - at), at)) <= 0) {
				close(fd);
				return n < 0 ? -errno : -EIO;
			}
	close(fd);
	return 0;
}

void
image_put(struct image *i, const struct line *l, unsigned words)
{
	for (unsigned k = 0; k < LINE_BYTES; k++)
		if (l->r.c >> k & 1 && words >> k / 8 & 1)
			i->byte[l->r.b + k] = l->byte[k];
}

int
image_same(const struct image *i, const char *path)
{
	static uint8_t piece[PIECE];
	size_t len, at = 0;
	const int fd = open_sized(path, &len);
	ssize_t n = 0;

	if (fd < 0)
		return fd;
	for (; len == i->len && at < len; at += (size_t)n)
		if ((n = pread(fd, piece, sizeof piece, (off_t)at)) <= 0 || memcmp(piece, i->byte + at, (size_t)n) != 0)
			break;
	close(fd);
	return n < 0 ? -EIO : at == i->len;
}

int
image_write(const struct image *i, const char *path)
{
	const int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	int rc = fd < 0 || ftruncate(fd, (off_t)i->len) < 0 ? -errno : 0;

	for (size_t at = 0, n; rc == 0 && at < i->len; at += n) {
		n = i->len - at < PIECE ? i->len - at : PIECE;
		if (memcmp(i->byte + at, zeros, n) != 0 && pwrite(fd, i->byte + at, n, (off_t)at) != (ssize_t)n)
			rc = errno ? -errno : -EIO;
	}
	if (fd >= 0)
		close(fd);
	return rc;
}
