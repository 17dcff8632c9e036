/* SPDX-License-Identifier: BSD-2-Clause */
#include <blkid/blkid.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "signature.h"

enum { PAGE = 4096 };

/* libblkid does not know these; at 4 KiB, and BTT 2.0 at 0 as well (FACTS 6). */
static int
nvdimm_info(int fd, char *what, size_t len)
{
	static const struct { const char *sig, *name; } known[] = {
		{ "BTT_ARENA_INFO", "a BTT" },
		{ "NVDIMM_PFN_INFO", "an fsdax info block" },
		{ "NVDIMM_DAX_INFO", "a devdax info block" },
	};
	char *page = aligned_alloc(PAGE, PAGE);
	int found = page ? 0 : -ENOMEM;

	for (off_t at = 0; found == 0 && at <= PAGE; at += PAGE) {
		const ssize_t n = pread(fd, page, PAGE, at);

		/* What cannot be read may be anything. */
		if (n != PAGE)
			found = n < 0 ? -errno : n == 0 && at > 0 ? 0 : -EIO;
		if (n != PAGE)
			break;
		for (size_t i = 0; found == 0 && i < sizeof known / sizeof known[0]; i++)
			if (memcmp(page, known[i].sig, strlen(known[i].sig)) == 0) {
				snprintf(what, len, "%s", known[i].name);
				found = 1;
			}
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
signature_block(int fd, char *what, size_t len)
{
	blkid_probe pr = blkid_new_probe();
	int rc;

	if (!pr)
		return -ENOMEM;
	if (blkid_probe_set_device(pr, fd, 0, 0)) {
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
	return rc == 0 ? 1 : nvdimm_info(fd, what, len);
}

int
signature_devdax(int fd, size_t align)
{
	void *map = mmap(NULL, align, PROT_READ, MAP_SHARED, fd, 0);
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
