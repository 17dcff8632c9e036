/* SPDX-License-Identifier: BSD-2-Clause */
#include "durability.h"

const char *const durable_name[] = {
	[DURABLE_NO] = "no", [DURABLE_METADATA_UNSAFE] = "metadata-unsafe",
	[DURABLE_EADR_ONLY] = "eadr-only", [DURABLE_YES] = "yes", NULL,
};

static struct durable
say(enum durable_class class, const char *why)
{
	return (struct durable){ class, why };
}

/* Anonymous memory: no file, no device, no metadata. */
static bool
is_memory(const struct facts_target *t)
{
	return !t->page_cache && !(t->caps & (CAP_FD | CAP_DIR | CAP_BLOCK | CAP_DAX | CAP_DEVDAX)) &&
		t->medium == MEDIUM_DRAM;
}

/* virtio-pmem, or a DAX file system that refuses MAP_SYNC where nobody knows a persistence
 * domain: a flush has to be asked of the host (FACTS 11). */
static bool
flushes_on_request(const struct facts_target *t)
{
	return t->async_flush || (t->caps & CAP_DAX && !(t->caps & (CAP_MAP_SYNC | CAP_DEVDAX)) && t->domain == DOMAIN_UNKNOWN);
}

static struct durable
written(unsigned does, const struct facts_target *t)
{
	if (does & DOES_FD_SYNC) {
		if (does & DOES_ATOMIC_WRITE)
			return say(DURABLE_YES, "synced by the kernel, and never torn");
		if (!(does & DOES_ATOMIC_SECTOR))
			return say(DURABLE_YES, "synced by the kernel, data and the metadata that finds it");
		if (t->atomic_sector)
			return say(DURABLE_YES, "synced, and a sector is all old or all new after a power cut");
		return say(DURABLE_YES, "synced; the device does not promise that a sector is never torn");
	}
	if (does & (DOES_ATOMIC_SECTOR | DOES_ATOMIC_WRITE)) {
		if (t->atomic_sector)
			return say(DURABLE_YES, "BTT flushes each sector before it answers, all of it or nothing");
		if (t->volatile_cache)
			return say(DURABLE_NO, "the device may keep a finished write in a volatile cache until a flush");
		return say(DURABLE_YES, "the device writes through; a sector may be torn");
	}
	return say(DURABLE_NO, "a write without a sync: the kernel may keep it in memory");
}

static struct durable
synced(const struct facts_target *t)
{
	if (!(t->caps & CAP_SYNC))
		return say(DURABLE_NO, "the target has no msync or fsync that writes anything back");
	if (t->caps & CAP_DAX && !t->page_cache && t->dax_write_cache == 0 && t->domain != DOMAIN_CPU_CACHE)
		return say(DURABLE_NO, "dax/write_cache is 0: the kernel writes no CPU cache line back");
	return say(DURABLE_YES, "the kernel writes back data and the metadata that finds it");
}

static struct durable
mapped(unsigned does, const struct facts_target *t, int preparation, int map_sync, int o_sync)
{
	const bool flushed = does & (DOES_USER_FLUSH | DOES_NT);

	if (t->page_cache || !(t->caps & CAP_MAP))
		return say(DURABLE_NO, o_sync ?
			   "the mapping is a copy in the page cache; O_SYNC does not govern stores to a mapping" :
			   "the mapping is a copy in the page cache: flushed or not, it is not on the medium");
	if (!flushed && t->domain != DOMAIN_CPU_CACHE)
		return say(DURABLE_NO, o_sync ?
			   "stores left in the CPU cache; O_SYNC does not govern stores to a mapping" :
			   "stores left in the CPU cache, which a power cut empties");
	if (flushes_on_request(t))
		return say(DURABLE_NO, "the device keeps what was flushed only after an msync or fsync");
	if (!is_memory(t) && !(t->caps & CAP_DEVDAX) && !map_sync)
		return say(DURABLE_METADATA_UNSAFE, preparation == PREP_WRITTEN ?
			   "without MAP_SYNC nobody promises that the blocks stay where they are" :
			   "without MAP_SYNC a power cut may leave flushed bytes in blocks the file does not own");
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
	if (does & DOES_KERNEL_SYNC)
		return synced(t);
	if (k->needs & CAP_MAP)
		return mapped(does, t, preparation, map_sync, o_sync);
	return written(does, t);
}
