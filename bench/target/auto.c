/* SPDX-License-Identifier: BSD-2-Clause */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>
#include "loop.h"
#include "mem.h"
#include "mounts.h"
#include "sysfs.h"
#include "target.h"

static const uint64_t WANTED = 256ull << 20, LEAST = 16ull << 20;

struct target_list { struct target_spec *v; int n; };

static struct target_spec *
add(struct target_list *l, enum target_kind kind, const char *name, uint64_t size)
{
	struct target_spec *v = reallocarray(l->v, (size_t)l->n + 1, sizeof *v);

	if (!v)
		return NULL;
	l->v = v;
	v = &l->v[l->n++];
	*v = (struct target_spec){ .kind = kind, .size = size, .node = -1, .optional = true };
	snprintf(v->name, sizeof v->name, "%s", name);
	snprintf(v->role, sizeof v->role, "%s", name);
	return v;
}

/* A quarter of what is there, at most WANTED; 0: too little to be of use. */
static uint64_t
modest(uint64_t room)
{
	uint64_t size = WANTED;

	while (size > room / 4)
		size /= 2;
	return size < LEAST ? 0 : size;
}

static uint64_t
room_in(const char *dir)
{
	struct statvfs v;

	return statvfs(dir, &v) || (v.f_flag & ST_RDONLY) || access(dir, W_OK | X_OK) ? 0 :
	       modest((uint64_t)v.f_bavail * v.f_frsize);
}

/* Could its files be DAX?  Only the probe knows; this spares it the others. */
static bool
dax_possible(const struct mounted *m)
{
	struct sysdir d;
	dev_t dev = mount_device(m);

	if (strcmp(m->fstype, "virtiofs") == 0)
		return strstr(m->options, "dax") != NULL;
	return dev && sysfs_dev(&d, true, dev) == 0 &&
	       (sysfs_number(&d, "queue/dax", 0) == 1 || (sysfs_up(&d) && sysfs_number(&d, "queue/dax", 0) == 1));
}

/* /mnt/pmem0 gives fsdax-mnt-pmem0. */
static void
name_mount(char name[NAME_MAX_], const char *target)
{
	size_t n = (size_t)snprintf(name, NAME_MAX_, "fsdax%.50s", strcmp(target, "/") == 0 ? "-root" : target);

	for (size_t i = 0; i < n && name[i]; i++)
		if (!isalnum((unsigned char)name[i]) && name[i] != '.' && name[i] != '_')
			name[i] = '-';
}

static int
add_mount(const struct mounted *m, void *arg)
{
	struct target_list *l = arg;
	struct facts_target f;
	struct target_spec *t;
	char name[NAME_MAX_], why[WHY_MAX];
	uint64_t size;

	if (!dax_possible(m) || (size = room_in(m->target)) == 0)
		return 0;
	name_mount(name, m->target);
	for (int i = 0; i < l->n; i++)
		if (strcmp(l->v[i].path, m->target) == 0 || strcmp(l->v[i].name, name) == 0)
			return 0;
	t = add(l, KIND_FSDAX, name, size);
	if (!t)
		return -ENOMEM;
	snprintf(t->path, sizeof t->path, "%s", m->target);
	if (target_probe(t, &f, why, sizeof why) || !f.present)
		l->n--;
	return 0;
}

int
target_auto(struct target_spec **out)
{
	struct target_list l = { 0 };
	struct target_spec *t;
	int64_t memory = mem_node_free(-1);
	uint64_t size;
	int rc = -ENOMEM;

	/* Always these three, so that a config may speak of them: what cannot be had is skipped,
	 * and says why. */
	size = modest(memory < 0 ? WANTED * 4 : (uint64_t)memory);
	if (!add(&l, KIND_DRAM, "ram", size ? size : LEAST))
		goto out;
	size = room_in(".");
	t = add(&l, KIND_FILE, "file", size ? size : LEAST);
	if (!t)
		goto out;
	if (!getcwd(t->path, sizeof t->path))
		snprintf(t->path, sizeof t->path, ".");
	size = room_in(loop_dir());
	if (!add(&l, KIND_LOOP, "loop", size ? size : LEAST))
		goto out;
	rc = mounts_each(add_mount, &l);
out:
	if (rc < 0) {
		free(l.v);
		return rc;
	}
	*out = l.v;
	return l.n;
}
