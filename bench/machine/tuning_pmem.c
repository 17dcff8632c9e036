/* SPDX-License-Identifier: BSD-2-Clause */
/* Persistent memory: what its devices promise, what is mounted on them, what scrubs them. */
#include <errno.h>
#include <libmount/libmount.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "rootfs.h"
#include "sysfs.h"
#include "tuning.h"

/* A bus, or a region of one. */
static int
add_bus(const char *name, void *arg)
{
	struct tuning *t = arg;
	const int n = t->nbus;

	t->nregion += strncmp(name, "region", 6) == 0;
	if (strncmp(name, "ndbus", 5) != 0 || n == TUNING_BUSES)
		return 0;
	if (rootfs_line(t->bus[n].scrub, sizeof t->bus[n].scrub, "/sys/bus/nd/devices/%s/nfit/scrub", name) < 0)
		return 0;
	snprintf(t->bus[n].name, sizeof t->bus[n].name, "%s", name);
	t->nbus++;
	return 0;
}

/* Up from the device to its region, and on to the bus that provides it. */
static void
from_above(struct tuning_pmem *p, struct sysdir *d)
{
	do {
		if (!p->region[0] && strncmp(sysfs_name(d), "region", 6) == 0) {
			snprintf(p->region, sizeof p->region, "%.31s", sysfs_name(d));
			sysfs_text(d, "persistence_domain", p->domain, sizeof p->domain);
			p->deep_flush = (int)sysfs_number(d, "deep_flush", -1);
		}
		if (strncmp(sysfs_name(d), "ndbus", 5) == 0) {
			sysfs_text(d, "provider", p->provider, sizeof p->provider);
			return;
		}
	} while (sysfs_up(d));
}

/* "8 16" a line: where, how many sectors of 512 bytes. */
static int64_t
read_poisoned(const char *name)
{
	size_t len;
	char *text = rootfs_all(65536, &len, "/sys/block/%s/badblocks", name);
	int64_t sum = text ? 0 : -1;
	long long n;

	for (const char *p = text; p && *p; p = strchr(p, '\n') ? strchr(p, '\n') + 1 : NULL)
		if (sscanf(p, "%*s %lld", &n) == 1)
			sum += n;
	free(text);
	return sum;
}

static int
add_pmem(const char *name, void *arg)
{
	struct tuning *t = arg;
	struct tuning_pmem *p = &t->pmem[t->npmem];
	struct sysdir d;

	if (strncmp(name, "pmem", 4) != 0 || t->npmem == TUNING_PMEM || sysfs_dir(&d, "block/%s", name) < 0)
		return 0;
	*p = (struct tuning_pmem){ 0 };
	snprintf(p->name, sizeof p->name, "%.31s", name);
	sysfs_text(&d, "queue/write_cache", p->queue_cache, sizeof p->queue_cache);
	p->fua = (int)sysfs_number(&d, "queue/fua", -1);
	p->dax_cache = (int)sysfs_number(&d, "dax/write_cache", -1);
	p->deep_flush = -1;
	p->poisoned = read_poisoned(p->name);
	from_above(p, &d);
	t->npmem++;
	return 0;
}

static bool
is_huge_tmpfs(const char *type, const char *options)
{
	const char *huge = strcmp(type, "tmpfs") == 0 ? strstr(options, "huge=") : NULL;

	return huge && strncmp(huge, "huge=never", 10) != 0;
}

/* A pmem device that DAX is possible on: no BTT. */
static bool
is_pmem(const char *source)
{
	const size_t n = strlen(source);

	return strncmp(source, "/dev/pmem", 9) == 0 && source[n - 1] != 's';
}

/* Its syncs reach the device's cache and go no further. */
static bool
no_barrier(const char *options)
{
	return strstr(options, "nobarrier") || strstr(options, "barrier=0");
}

static void
add_mount(struct tuning *t, struct libmnt_fs *fs)
{
	struct tuning_mount *m = &t->mount[t->nmount];
	const char *source = mnt_fs_get_srcpath(fs), *type = mnt_fs_get_fstype(fs), *options = mnt_fs_get_options(fs);

	source = source ? source : "";
	type = type ? type : "";
	options = options ? options : "";
	if (t->nmount == TUNING_MOUNTS ||
	    (!is_pmem(source) && !is_huge_tmpfs(type, options) && !no_barrier(options)))
		return;
	*m = (struct tuning_mount){ .reflink = -1 };
	snprintf(m->source, sizeof m->source, "%s", source);
	snprintf(m->target, sizeof m->target, "%s", mnt_fs_get_target(fs) ? mnt_fs_get_target(fs) : "");
	snprintf(m->fstype, sizeof m->fstype, "%s", type);
	snprintf(m->options, sizeof m->options, "%s", options);
	t->nmount++;
}

static void
read_mounts(struct tuning *t)
{
	size_t len;
	char *text = rootfs_all(4u << 20, &len, "/proc/self/mountinfo");
	FILE *f = text && len ? fmemopen(text, len, "r") : NULL;
	struct libmnt_table *table = f ? mnt_new_table() : NULL;
	struct libmnt_iter *iter = mnt_new_iter(MNT_ITER_FORWARD);
	struct libmnt_fs *fs;

	if (table && iter && mnt_table_parse_stream(table, f, "/proc/self/mountinfo") == 0)
		while (mnt_table_next_fs(table, iter, &fs) == 0)
			add_mount(t, fs);
	mnt_free_iter(iter);
	mnt_unref_table(table);
	if (f)
		fclose(f);
	free(text);
}

/* The superblock says so to whoever may read the device: XFS_SB_FEAT_RO_COMPAT_REFLINK. */
static int
has_reflink(const char *device)
{
	unsigned char sb[0xe8 / 8 * 8];
	uint64_t word;

	for (size_t k = 0; k < sizeof sb / 8; k++) {
		if (rootfs_u64(&word, 8 * k, "%s", device) < 0)
			return -1;
		memcpy(sb + 8 * k, &word, 8);
	}
	if (memcmp(sb, "XFSB", 4) != 0 || (sb[0x65] & 15) < 5)
		return memcmp(sb, "XFSB", 4) == 0 ? 0 : -1;
	return sb[0xd7] >> 2 & 1;
}

void
tuning_pmem_read(struct tuning *t)
{
	t->npmem = t->nmount = t->nbus = t->nregion = 0;
	rootfs_each(add_bus, t, "/sys/bus/nd/devices");
	rootfs_each(add_pmem, t, "/sys/block");
	read_mounts(t);
	for (int k = 0; k < t->nmount; k++)
		if (strcmp(t->mount[k].fstype, "xfs") == 0)
			t->mount[k].reflink = has_reflink(t->mount[k].source);
}

/* /dev/mapper/x is a link to /dev/dm-0; sysfs knows that name alone. */
static int
block_dir(struct sysdir *d, const char *device)
{
	char path[PATH_MAX];

	if (device[0] == '/' && !realpath(device, path))
		return -errno;
	if (device[0] == '/')
		device = strrchr(path, '/') + 1;
	return *device ? sysfs_dir(d, "class/block/%s", device) : -ENOENT;
}

json_t *
tuning_write_path(const char *device, const char *region)
{
	json_t *o = json_object();
	char text[64];
	struct sysdir d;
	int64_t n;

	if (block_dir(&d, device) == 0) {
		/* A partition's queue is its disk's. */
		while (sysfs_text(&d, "queue/write_cache", text, sizeof text) < 0 && sysfs_up(&d))
			;
		if (text[0])
			json_object_set_new(o, "queue_write_cache", json_string(text));
		if ((n = sysfs_number(&d, "queue/fua", -1)) >= 0)
			json_object_set_new(o, "fua", json_integer(n));
		if ((n = sysfs_number(&d, "dax/write_cache", -1)) >= 0)
			json_object_set_new(o, "dax_write_cache", json_integer(n));
	}
	if (*region && sysfs_dir(&d, "bus/nd/devices/%s", region) == 0) {
		if ((n = sysfs_number(&d, "deep_flush", -1)) >= 0)
			json_object_set_new(o, "deep_flush", json_integer(n));
		if (sysfs_text(&d, "persistence_domain", text, sizeof text) == 0)
			json_object_set_new(o, "persistence_domain", json_string(text));
	}
	return o;
}
