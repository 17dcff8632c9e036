/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * create -- make a file of `size` bytes and its name durable: open, pwrite, fsync,
 * close, and fsync of the directory, without which POSIX does not promise the name. The
 * harness unlinks.
 *
 * asm: -
 * imports: openat pwrite fsync close __errno_location
 */
#include "fdwrite.h"

struct create_opts { uint64_t dirsync; };

static const struct choice yes_no[] = {
	{ .name = "no", .value = 0, .drops = DOES_NAME_SYNC },
	{ .name = "yes", .value = 1 },
	{ 0 },
};
static const struct param params[] = {
	{ .name = "dirsync", .doc = "fsync the directory too; without it the name is not promised",
	  .off = offsetof(struct create_opts, dirsync), .def = 1, .choices = yes_no },
	{ 0 },
};

static int
create_one(const struct work *w, uint64_t i, int dirsync)
{
	char name[SLOT_FILE_MAX];
	int rc, fd = openat(w->dir, slot_file(name, w->off, slots_at(w->slots, i)),
			    O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd < 0)
		return -errno;
	rc = done(w, pwrite(fd, work_src(w, i), w->size, 0));
	if (!rc && fsync(fd))
		rc = -errno;
	if (close(fd) && !rc)
		rc = -errno;
	if (!rc && dirsync && fsync(w->dir))
		rc = -errno;
	return rc;
}

static int
create_run(const struct work *w, uint64_t i, uint64_t end)
{
	const int dirsync = ((const struct create_opts *)w->opts)->dirsync != 0;
	int rc = 0;

	for (; i < end && !rc; i++)
		rc = create_one(w, i, dirsync);
	return rc;
}

static void
create_expect(const struct facts *f, const void *opts, struct expect *e)
{
	const struct create_opts *o = opts;

	(void)f;
	*e = (struct expect){ 0 };
	e->syscalls_min = e->syscalls_max = o->dirsync ? 5 : 4;
}

const struct kernel kernel_create = {
	KERNEL_HEADER,
	.name = "create",
	.doc = "creates a file of the op's size, fsync of file and directory; durable, its name too",
	.needs = CAP_DIR | CAP_SYNC,
	.does = DOES_FD_SYNC | DOES_NAME_SYNC,
	.moves = MOVES_WRITES,
	.consumes = 1,
	.files = 1,
	.params = params,
	.expect = create_expect,
	.opts_size = sizeof(struct create_opts),
	.run = create_run,
};
