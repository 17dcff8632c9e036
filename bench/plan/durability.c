/* SPDX-License-Identifier: BSD-2-Clause */
#include "durability.h"

static struct durable
say(enum durable_class class, const char *why)
{
	return (struct durable){ class, why };
}

/* Anonymous memory, of whatever medium: no file, no device, no metadata. */
static bool
is_memory(const struct facts_target *t)
{
	return !t->page_cache && !(t->caps & (CAP_FD | CAP_DIR | CAP_BLOCK | CAP_DAX | CAP_DEVDAX));
}

/*
 * flush_dropped: pmem whose queue/write_cache says "write through".  Its driver says "write back"
 * on every platform, so somebody wrote that, and from then on the block layer takes REQ_PREFLUSH
 * and REQ_FUA off each bio: what msync, fsync, O_DSYNC and the journal end with does no longer
 * call nvdimm_flush (FACTS 0.8 and 2; sysfs-block: "not ... safe ... will also eliminate cache
 * flushes").  Lost with it are
 *   - its SFENCE: the kernel's CLWB (dax_flush) and NT stores (memcpy_flushcache, for bios and so
 *     for the journal) have none of their own, and without one may still be in the core;
 *   - the DIMMs' flush hints, and on virtio-pmem the request to the host, without which nothing
 *     at all is kept.
 * Under ADR the bytes as a rule do get there, by locked instructions on the way out of the
 * kernel.  Nobody promises that, so it is no `yes`.  eADR saves the CPU caches, hence what was
 * stored to a DAX mapping, but not write-combining buffers, through which write(2) and the journal go.
 */
static const char dropped[] = "queue/write_cache is \"write through\": the kernel drops the flush that a sync ends with";
/* The same of a file system that was told not to ask: ext4 and btrfs nobarrier, barrier=0.  Seen:
 * no nvdimm_flush in 450 msyncs.  A device that keeps a finished write anyway (BTT, a disk without
 * a cache) does not need to be asked. */
static const char no_barrier[] = "mounted nobarrier: the file system asks for no flush when a sync ends";
static const char no_sync[] = "the target has no msync or fsync that writes anything back";

/* Why the flush that a sync ends with does not get there; NULL: it does. */
static const char *
flush_lost(const struct facts_target *t)
{
	return t->flush_dropped ? dropped : t->no_barrier && t->volatile_cache ? no_barrier : NULL;
}

/* Can anything be synced there at all?  tmpfs takes msync and fsync, and does nothing. */
static bool
syncs(const struct facts_target *t)
{
	return t->caps & CAP_SYNC && !t->memory_fs;
}

/* Written through a descriptor, and synced. */
static struct durable
fd_synced(const struct kernel *k, unsigned does, const struct facts_target *t)
{
	if (!syncs(t))
		return say(DURABLE_NO, no_sync);
	if (flush_lost(t))
		return say(DURABLE_NO, flush_lost(t));
	if (k->files && !(does & DOES_NAME_SYNC))
		return say(DURABLE_METADATA_UNSAFE, "the file is synced; its name is not promised without an fsync of the directory");
	if (does & DOES_ATOMIC_WRITE)
		return say(DURABLE_YES, "synced by the kernel, and never torn");
	if (!(does & DOES_ATOMIC_SECTOR))
		return say(DURABLE_YES, "synced by the kernel, data and the metadata that finds it");
	if (t->atomic_sector)
		return say(DURABLE_YES, "synced, and a sector is all old or all new after a power cut");
	return say(DURABLE_YES, "synced; the device does not promise that a sector is never torn");
}

static struct durable
written(const struct kernel *k, unsigned does, const struct facts_target *t)
{
	if (does & DOES_FD_SYNC)
		return fd_synced(k, does, t);
	if (!(does & (DOES_ATOMIC_SECTOR | DOES_ATOMIC_WRITE)))
		return say(DURABLE_NO, "a write without a sync: the kernel may keep it in memory");
	if (t->atomic_sector)
		return say(DURABLE_YES, "BTT flushes each sector before it answers, all of it or nothing");
	if (t->volatile_cache)
		return say(DURABLE_NO, "the device may keep a finished write in a volatile cache until a flush");
	return say(DURABLE_YES, "the device writes through; a sector may be torn");
}

/* Stored to a mapping, and synced by the kernel. */
static struct durable
synced(const struct facts_target *t)
{
	const bool dax = t->caps & CAP_DAX && !t->page_cache, saved = t->domain == DOMAIN_CPU_CACHE;

	if (!syncs(t))
		return say(DURABLE_NO, no_sync);
	if (flush_lost(t) && dax && saved)
		return say(DURABLE_METADATA_UNSAFE, t->flush_dropped ?
			   "the platform saves its CPU caches, but with queue/write_cache \"write through\" the metadata are not flushed" :
			   "the platform saves its CPU caches, but mounted nobarrier the metadata are not flushed");
	if (flush_lost(t))
		return say(DURABLE_NO, flush_lost(t));
	if (dax && t->dax_write_cache == 0 && !saved)
		return say(DURABLE_NO, "dax/write_cache is 0: the kernel writes no CPU cache line back");
	if (dax && t->dax_write_cache == 0)
		return say(DURABLE_YES, "the platform saves its CPU caches, and the kernel syncs the metadata that finds the data");
	return say(DURABLE_YES, "the kernel writes back data and the metadata that finds it");
}

/*
 * What MAP_SYNC does not hold; NULL: nothing.  On XFS with reflink=1 a store to blocks that are shared moves them, and
 * of two such faults in a row the second commits nothing (xfs_direct_write_iomap_begin returns IOMAP_F_SHARED without
 * IOMAP_F_DIRTY; 6.1 to 7.3): an acknowledged store reads as the old bytes after a power cut.  Nobody who stores can
 * know, for whoever may read the file can reflink it.
 */
static const char *
map_sync_lacks(const struct facts_target *t)
{
	return t->flush_dropped ? "queue/write_cache is \"write through\": what MAP_SYNC commits is not flushed" :
	       flush_lost(t) ? "mounted nobarrier: what MAP_SYNC commits is not flushed" :
	       t->reflink ? "holds unless another program reflinks or deduplicates the file; mkfs.xfs -m reflink=0" : NULL;
}

/* What stands between bytes flushed to a DAX file and their being found again; NULL: nothing. */
static const char *
metadata_unsafe(const struct facts_target *t, int preparation, int map_sync, int o_sync)
{
	if (is_memory(t) || t->caps & CAP_DEVDAX)
		return NULL;
	if (map_sync)
		return map_sync_lacks(t);
	if (preparation == PREP_WRITTEN || preparation == PREP_AUTO)
		return o_sync ? "O_SYNC commits nothing for stores, and without MAP_SYNC nobody promises that the blocks stay: "
				"a reflink or deduplication moves them" :
				"without MAP_SYNC nobody promises that the blocks stay: a reflink or deduplication moves them";
	return o_sync ? "O_SYNC commits nothing for stores: a power cut may leave flushed bytes in blocks the file does not own" :
			"without MAP_SYNC a power cut may leave flushed bytes in blocks the file does not own";
}

static struct durable
mapped(unsigned does, const struct facts_target *t, int preparation, int map_sync, int o_sync)
{
	const bool flushed = does & (DOES_USER_FLUSH | DOES_NT);
	const char *unsafe = metadata_unsafe(t, preparation, map_sync, o_sync);

	if (t->memory_fs && flushed)
		return say(DURABLE_METADATA_UNSAFE, "flushed to memory, were that persistent; what finds the file there is not flushed");
	if (t->memory_fs)
		return say(DURABLE_NO, "stores left in the CPU cache, which a power cut empties");
	if (t->page_cache || !(t->caps & CAP_MAP))
		return say(DURABLE_NO, o_sync ?
			   "the mapping is a copy in the page cache; O_SYNC does not govern stores to a mapping" :
			   "the mapping is a copy in the page cache: flushed or not, it is not on the medium");
	if (!flushed && t->domain != DOMAIN_CPU_CACHE)
		return say(DURABLE_NO, o_sync ?
			   "stores left in the CPU cache; O_SYNC does not govern stores to a mapping" :
			   "stores left in the CPU cache, which a power cut empties");
	if (t->async_flush)
		return say(DURABLE_NO, "the device keeps what was flushed only after an msync or fsync");
	/* virtiofs: DAX, but of the host's page cache. */
	if (t->caps & CAP_DAX && !(t->caps & (CAP_DEVDAX | CAP_MAP_SYNC)) && !t->region[0])
		return say(DURABLE_NO, "a DAX file system, but on no pmem of this machine: who keeps what was flushed?");
	if (unsafe)
		return say(DURABLE_METADATA_UNSAFE, unsafe);
	if (!flushed)
		return say(DURABLE_EADR_ONLY, "never flushed; kept because this platform saves its CPU caches");
	if (is_memory(t))
		return say(DURABLE_YES, "flushed to memory, were that persistent");
	return say(DURABLE_YES, t->caps & CAP_DEVDAX ? "flushed to the device; there is no metadata" :
		   "flushed, and MAP_SYNC keeps the metadata durable");
}

struct durable
durability(const struct kernel *k, unsigned does, const struct facts_target *t,
	   int preparation, int map_sync, int o_sync)
{
	if (k->moves == MOVES_NOTHING)
		return say(DURABLE_NO, "the op writes nothing");
	if (k->moves == MOVES_READS)
		return say(DURABLE_NO, "the op only reads");
	if (k->control && does)
		return say(DURABLE_NO, "a control: a yardstick that promises nothing");
	if (k->does && !does)
		return say(DURABLE_NO, "a what-if: the strategy without what makes it safe");
	if (!t->caps)
		return say(DURABLE_UNKNOWN, "the target could not be looked at");
	if (does & DOES_KERNEL_SYNC)
		return synced(t);
	if (k->needs & CAP_MAP)
		return mapped(does, t, preparation, map_sync, o_sync);
	return written(k, does, t);
}
