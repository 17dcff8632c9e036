/* SPDX-License-Identifier: BSD-2-Clause */
/* lacking.c -- what is not there, in words that say where to look for it. */
#include <stdio.h>
#include "planner.h"
#include "text.h"

enum { INSTRUCTIONS = CAP_CLFLUSH | CAP_CLFLUSHOPT | CAP_CLWB | CAP_AVX | CAP_AVX512 | CAP_MOVDIR64B };
enum { A_FILE = CAP_FD | CAP_SYNC | CAP_DIR, A_DEVICE = CAP_BLOCK | CAP_DEVDAX };

static const char *const cap_name[CAP_COUNT] = {
#define X(name, doc) #name,
	CAP_LIST(X)
#undef X
};

/* Why a target of this nature lacks what it lacks. */
static const char *
of_target(unsigned missing, const struct facts_target *t)
{
	if (missing & CAP_MAP_SYNC && t->no_map_sync[0])
		return t->no_map_sync;
	if (missing & A_FILE && t->caps & CAP_DEVDAX)
		return "device DAX knows neither files nor read, write, msync or fsync (EINVAL)";
	if (missing & CAP_DIR && t->caps & CAP_BLOCK)
		return "a block device holds no files";
	if (missing & CAP_BLOCK && t->caps & CAP_DIR)
		return "O_DIRECT sectors are those of a block device";
	if (missing & CAP_ATOMIC && t->caps & CAP_FD)
		return "statx offers no RWF_ATOMIC writes here";
	if (missing & (A_FILE | A_DEVICE | CAP_MAP_SYNC | CAP_DAX | CAP_ATOMIC) && t->caps == CAP_MAP)
		return "memory has no file or device behind it";
	if (missing & (CAP_DAX | CAP_MAP_SYNC))
		return "the target is mapped through the page cache";
	return "the target does not offer it";
}

void
lacking_caps(char *buf, size_t size, unsigned missing, const struct facts_target *t)
{
	const char *why = missing & INSTRUCTIONS ? "not an instruction of this CPU" :
		missing & CAP_LIBPMEM ? "run-bench was built without libpmem" :
		missing & CAP_ROOT ? "run it as root" : of_target(missing, t);
	size_t used = (size_t)snprintf(buf, size, "lacks ");
	const size_t start = used;

	for (unsigned i = 0; i < CAP_COUNT && used < size; i++)
		if (missing & 1u << i)
			used += (size_t)snprintf(buf + used, size - used, "%s%s", used > start ? ", " : "", cap_name[i]);
	if (used < size)
		snprintf(buf + used, size - used, ": %s", why);
}

void
lacking_page(char *buf, size_t size, uint64_t page, const struct facts_target *t)
{
	char want[TEXT_NUM], is[TEXT_NUM];
	const char *why;

	text_put_size(want, page);
	if (t->caps & CAP_DEVDAX)
		snprintf(buf, size, "page size %s: the device's align is %s, and so are its pages", want,
			 text_put_size(is, t->align));
	else {
		why = t->page_cache ? "the page cache is mapped by 4K" :
			!(t->caps & CAP_DAX) ? "none are free; /sys/kernel/mm/hugepages/*/nr_hugepages reserves some" :
			page > 2 << 20 ? "a DAX file is mapped by 2M at most" :
			"this file system gave none; mkfs.ext4 -E stride=512,stripe_width=512 or mkfs.xfs -d su=2m,sw=1";
		snprintf(buf, size, "page size %s: %s", want, why);
	}
}
