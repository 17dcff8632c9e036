/* SPDX-License-Identifier: BSD-2-Clause */
#include <blkid/blkid.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "signature.h"

enum { PAGE = 4096 };

/* libblkid does not know these.  They begin a page: one of the first two of a namespace (BTT 2.0
 * at 0, FACTS 6), or the last, where a BTT keeps its copy. */
static bool
nvdimm_info(const char *page, char *what, size_t len)
{
	static const struct { const char *sig, *name; } known[] = {
		{ "BTT_ARENA_INFO", "a BTT" },
		{ "NVDIMM_PFN_INFO", "an fsdax info block" },
		{ "NVDIMM_DAX_INFO", "a devdax info block" },
	};

	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
		if (memcmp(page, known[i].sig, strlen(known[i].sig)) == 0) {
			snprintf(what, len, "%s", known[i].name);
			return true;
		}
	return false;
}

/* Of a GPT whose beginning is gone: libblkid asks for that. */
static bool
second_gpt(const char *page, char *what, size_t len)
{
	static const char sig[] = "EFI PART";

	if (memcmp(page, sig, sizeof sig - 1) != 0 && memcmp(page + PAGE - 512, sig, sizeof sig - 1) != 0)
		return false;
	snprintf(what, len, "the second copy of a gpt partition table");
	return true;
}

/* In the first two pages from `at` on and in the last before `end`. */
static int
other_signature(int fd, uint64_t at, uint64_t end, char *what, size_t len)
{
	const uint64_t where[] = { at, at + PAGE, end - PAGE };
	char *page = aligned_alloc(PAGE, PAGE);
	int found = page ? 0 : -ENOMEM;

	for (size_t k = 0; found == 0 && k < sizeof where / sizeof where[0]; k++) {
		ssize_t n;

		if (end < at + PAGE || where[k] > end - PAGE)
			continue;
		/* What cannot be read may be anything. */
		n = pread(fd, page, PAGE, (off_t)where[k]);
		if (n != PAGE)
			found = n < 0 ? -errno : -EIO;
		else
			found = nvdimm_info(page, what, len) || (k == 2 && second_gpt(page, what, len));
	}
	free(page);
	return found;
}

static void
describe(blkid_probe pr, char *what, size_t len)
{
	const char *type = NULL, *usage = NULL;

	if (blkid_probe_lookup_value(pr, "TYPE", &type, NULL) == 0) {
		blkid_probe_lookup_value(pr, "USAGE", &usage, NULL);
		snprintf(what, len, "%s%s%s%s", type, usage ? " (" : "", usage ? usage : "", usage ? ")" : "");
	} else if (blkid_probe_lookup_value(pr, "PTTYPE", &type, NULL) == 0) {
		snprintf(what, len, "a %s partition table", type);
	} else {
		snprintf(what, len, "an unknown signature");
	}
}

int
signature_block(int fd, uint64_t at, uint64_t size, char *what, size_t len)
{
	const off_t end = lseek(fd, 0, SEEK_END);
	blkid_probe pr;
	int rc;

	if (end < 0)
		return -errno;
	pr = blkid_new_probe();
	if (!pr)
		return -ENOMEM;
	if (blkid_probe_set_device(pr, fd, (blkid_loff_t)at, (blkid_loff_t)size)) {
		blkid_free_probe(pr);
		return -EIO;
	}
	/* A superblock with a wrong checksum is somebody's too. */
	blkid_probe_enable_superblocks(pr, 1);
	blkid_probe_set_superblocks_flags(pr, BLKID_SUBLKS_TYPE | BLKID_SUBLKS_USAGE | BLKID_SUBLKS_BADCSUM);
	blkid_probe_enable_partitions(pr, 1);
	blkid_probe_set_partitions_flags(pr, BLKID_PARTS_MAGIC);
	/* do_probe, not do_safeprobe: the first hit suffices, two are no excuse. */
	rc = blkid_do_probe(pr);
	if (rc == 0)
		describe(pr, what, len);
	blkid_free_probe(pr);
	if (rc < 0)
		return -EIO;
	return rc == 0 ? 1 : other_signature(fd, at, size ? at + size : (uint64_t)end, what, len);
}

int
signature_devdax(int fd, uint64_t at, size_t align)
{
	void *map = mmap(NULL, align, PROT_READ, MAP_SHARED, fd, (off_t)at);
	int pipefd[2] = { -1, -1 }, found = 0;
	char page[PAGE];

	if (map == MAP_FAILED)
		return -errno;
	/* Through a pipe: poison is EFAULT there and SIGBUS here. */
	if (pipe(pipefd) || write(pipefd[1], map, PAGE) != PAGE || read(pipefd[0], page, PAGE) != PAGE)
		found = errno ? -errno : -EIO;
	for (size_t i = 0; found == 0 && i < PAGE; i++)
		found = page[i] != 0;
	for (int i = 0; i < 2; i++)
		if (pipefd[i] >= 0)
			close(pipefd[i]);
	munmap(map, align);
	return found;
}
