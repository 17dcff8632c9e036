/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * wrap.c -- the syscalls (and libpmem) of the shadow machine, in by ld --wrap.
 * They refuse what Linux refuses, and fail or fall short when told to.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include "kernel.h"
#include "machine.h"

#ifndef RWF_ATOMIC
#define RWF_ATOMIC 0x40
#endif

int __wrap_msync(void *p, size_t len, int flags);
int __wrap_fsync(int fd);
int __wrap_fdatasync(int fd);
ssize_t __wrap_pwrite(int fd, const void *buf, size_t n, off_t off);
ssize_t __wrap_pwritev2(int fd, const struct iovec *v, int count, off_t off, int flags);
ssize_t __wrap_pread(int fd, void *buf, size_t n, off_t off);
int __wrap_openat(int dir, const char *name, int flags, ...);
int __wrap_close(int fd);
void __wrap_pmem_persist(const void *p, size_t n);
void *__wrap_pmem_memcpy_persist(void *p, const void *s, size_t n);

static int
refuse(int error)
{
	errno = error;
	return -1;
}

/* 0, or -1 when this is the syscall that is to fail. */
static int
enter(enum event e)
{
	m.events[e]++;
	if (m.fail_at && m.syscalls >= m.fail_at && e != EV_CLOSE)
		m.after_fail++;
	if (++m.syscalls == m.fail_at && m.fail_errno)
		return refuse(m.fail_errno);
	return 0;
}

/* What a transfer of n bytes moves: less when this is the one to fall short. */
static size_t
moved(size_t n)
{
	if (m.syscalls != m.fail_at || !m.short_by)
		return n;
	m.was_short = 1;
	return n - (size_t)m.short_by;
}

static struct file *
file_of(int fd)
{
	int k = fd - FILE_FD;

	return k >= 0 && k < m.nfiles && m.files[k].open ? &m.files[k] : NULL;
}

int
__wrap_msync(void *p, size_t len, int flags)
{
	size_t off = (size_t)((char *)p - m.mem);
	size_t end = (off + len + m.page - 1) & ~(m.page - 1);

	if (enter(EV_MSYNC))
		return -1;
	machine_need(CAP_SYNC | CAP_MAP, "msync");
	if ((uintptr_t)p & (m.page - 1) || (flags != MS_SYNC && flags != MS_ASYNC))
		return refuse(EINVAL);
	if (off > MEM_LEN || end > MEM_LEN)
		return refuse(ENOMEM);
	if (len && flags == MS_SYNC) {
		machine_persist(off, end - off);
		machine_protect(off, end - off);
	}
	return 0;
}

static int
sync_fd(int fd, enum event e)
{
	struct file *f = file_of(fd);

	if (enter(e))
		return -1;
	machine_need(CAP_SYNC, event_names[e]);
	if (fd == TARGET_FD) {
		machine_need(CAP_FD, event_names[e]);
		machine_persist(0, MEM_LEN);
		machine_protect(0, MEM_LEN);
	} else if (fd == DIR_FD) {
		for (int k = 0; k < m.nfiles; k++)
			m.files[k].named = 1;
	} else if (f) {
		free(f->media);
		f->media = malloc(f->len + 1);
		if (!f->media)
			abort();
		memcpy(f->media, f->mem, f->len);
		f->media_len = f->len;
	} else {
		return refuse(EBADF);
	}
	return 0;
}

int
__wrap_fsync(int fd)
{
	return sync_fd(fd, EV_FSYNC);
}

int
__wrap_fdatasync(int fd)
{
	return sync_fd(fd, EV_FDATASYNC);
}

/* O_DIRECT wants buffer, length and offset aligned; all of it lies in the share. */
static int
bad_transfer(const void *buf, size_t n, off_t off)
{
	if (m.oflags & O_DIRECT && ((uintptr_t)buf | n | (size_t)off) & 511)
		return EINVAL;
	if (off < SHARE_OFF || (size_t)off + n > SHARE_OFF + SHARE_LEN)
		fail("outside", "a transfer outside the thread's share");
	return off < 0 || (size_t)off + n > MEM_LEN ? EFBIG : 0;
}

static ssize_t
write_at(int fd, const void *buf, size_t n, off_t off, int durable)
{
	struct file *f = file_of(fd);
	int error;

	if (f) {
		n = moved(n);
		if (off < 0 || (size_t)off + n > MEM_LEN)
			return refuse(EFBIG);
		f->mem = realloc(f->mem, (size_t)off + n + 1);
		if (!f->mem)
			abort();
		memcpy(f->mem + off, buf, n);
		f->len = (size_t)off + n;
		m.stored += n;
		return (ssize_t)n;
	}
	if (fd != TARGET_FD)
		return refuse(EBADF);
	machine_need(CAP_FD, "write");
	error = bad_transfer(buf, n, off);
	if (error)
		return refuse(error);
	n = moved(n);
	if (n == 0)
		return 0;
	memcpy(m.mem + off, buf, n);
	machine_touch((size_t)off, n);
	if (durable || m.oflags & (O_SYNC | O_DSYNC))
		machine_persist((size_t)off, n);
	return (ssize_t)n;
}

ssize_t
__wrap_pwrite(int fd, const void *buf, size_t n, off_t off)
{
	return enter(EV_PWRITE) ? -1 : write_at(fd, buf, n, off, 0);
}

ssize_t
__wrap_pwritev2(int fd, const struct iovec *v, int count, off_t off, int flags)
{
	if (enter(EV_PWRITEV2))
		return -1;
	if (flags & RWF_ATOMIC)
		machine_need(CAP_ATOMIC, "RWF_ATOMIC");
	if (count != 1 || flags & ~(RWF_DSYNC | RWF_SYNC | RWF_ATOMIC) ||
	    (flags & RWF_ATOMIC && !(m.oflags & O_DIRECT)))
		return refuse(EINVAL);
	return write_at(fd, v->iov_base, v->iov_len, off, flags & (RWF_DSYNC | RWF_SYNC));
}

ssize_t
__wrap_pread(int fd, void *buf, size_t n, off_t off)
{
	int error;

	if (enter(EV_PREAD))
		return -1;
	if (fd != TARGET_FD)
		return refuse(EBADF);
	machine_need(CAP_FD, "pread");
	error = bad_transfer(buf, n, off);
	if (error)
		return refuse(error);
	n = moved(n);
	memcpy(buf, m.mem + off, n);
	return (ssize_t)n;
}

int
__wrap_openat(int dir, const char *name, int flags, ...)
{
	struct file *f = &m.files[m.nfiles];

	if (enter(EV_OPENAT))
		return -1;
	machine_need(CAP_DIR, "openat");
	if (dir != DIR_FD)
		return refuse(EBADF);
	if ((flags & (O_CREAT | O_EXCL)) != (O_CREAT | O_EXCL))
		fail("create", "openat without O_CREAT | O_EXCL");
	for (int k = 0; k < m.nfiles; k++)
		if (!strcmp(m.files[k].name, name))
			return refuse(EEXIST);
	if (m.nfiles == FILES || strlen(name) >= sizeof(f->name))
		return refuse(ENOSPC);
	*f = (struct file){ .open = 1 };
	strcpy(f->name, name);
	return FILE_FD + m.nfiles++;
}

int
__wrap_close(int fd)
{
	struct file *f = file_of(fd);
	int rc = enter(EV_CLOSE);

	if (!f)
		return refuse(EBADF);
	f->open = 0;
	return rc;
}

void
__wrap_pmem_persist(const void *p, size_t n)
{
	int64_t off = machine_off(p, n, "pmem_persist");

	m.events[EV_PMEM]++;
	if (off >= 0)
		machine_persist((size_t)off, n);
}

void *
__wrap_pmem_memcpy_persist(void *p, const void *s, size_t n)
{
	int64_t off = machine_off(p, n, "pmem_memcpy_persist");

	m.events[EV_PMEM]++;
	if (off >= 0) {
		memcpy(p, s, n);
		machine_fault((size_t)off, n);
		machine_touch((size_t)off, n);
		machine_persist((size_t)off, n);
	}
	return p;
}
