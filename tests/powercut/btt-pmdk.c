/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Another writer's BTT: libpmemblk (PMDK 1, which had its own) writes sectors, bttimage.c reads
 * them back from the pool's file.  TAP.
 */
#include <errno.h>
#include <fcntl.h>
#include <libpmemblk.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "bttimage.h"

enum { POOL = 48 << 20, LAYOUT = 8192, WRITES = 6000, SPAN = 1500 };	/* the BTT lies behind the pool's headers */

static void
stamp(char *buf, size_t size, unsigned lba, unsigned turn)
{
	const unsigned word[2] = { lba, turn };

	for (size_t k = 0; k < size; k += sizeof word)
		memcpy(buf + k, word, sizeof word);
}

/* What each sector should read, by turn; 0: never written. */
static bool
write_pool(const char *path, size_t size, unsigned last[SPAN])
{
	PMEMblkpool *pool = pmemblk_create(path, size, POOL, 0600);
	char buf[4096];

	for (unsigned t = 1; pool && t <= WRITES; t++) {
		const unsigned lba = t * 7919 % SPAN;

		stamp(buf, size, lba, t);
		if (pmemblk_write(pool, buf, lba) < 0)
			return false;
		last[lba] = t;
	}
	if (!pool || pmemblk_set_zero(pool, 3) < 0 || pmemblk_set_error(pool, 4) < 0)
		return false;
	pmemblk_close(pool);
	return true;
}

static bool
same(const struct btt_image *b, const unsigned last[SPAN])
{
	char got[4096], want[4096];

	for (unsigned lba = 0; lba < SPAN; lba++) {
		const int rc = btt_image_read(b, lba, got);

		memset(want, 0, sizeof want);
		if (last[lba] && lba != 3)
			stamp(want, b->sector, lba, last[lba]);
		if (lba == 4 ? rc != -EIO : rc != 0 || memcmp(got, want, b->sector) != 0) {
			printf("# sector %u: %d, or not what was written in turn %u\n", lba, rc, last[lba]);
			return false;
		}
	}
	return true;
}

int
main(void)
{
	static const size_t size[] = { 512, 4096 };
	int bad = 0, n = 0;

	for (size_t k = 0; k < 2; k++) {
		unsigned last[SPAN] = { 0 };
		char dir[] = "/tmp/btt-pmdk.XXXXXX", path[64];
		struct btt_image b = { 0 };
		uint8_t *map = MAP_FAILED;
		int fd;
		bool ok;

		if (!mkdtemp(dir))
			return 1;
		snprintf(path, sizeof path, "%s/pool", dir);
		ok = write_pool(path, size[k], last);
		fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd >= 0)
			map = mmap(NULL, POOL, PROT_READ, MAP_SHARED, fd, 0);
		ok = ok && map != MAP_FAILED && btt_image_open(&b, map + LAYOUT, POOL - LAYOUT) == 0;
		printf("%sok %d - %zu: no fault in an image of libpmemblk's\n", ok && !btt_image_faults(&b) ? "" : "not ", ++n, size[k]);
		bad |= !ok || btt_image_faults(&b);
		ok = ok && b.sector == size[k] && same(&b, last);
		printf("%sok %d - %zu: it reads as it was written\n", ok ? "" : "not ", ++n, size[k]);
		bad |= !ok;
		btt_image_close(&b);
		close(fd);
		unlink(path);
		rmdir(dir);
	}
	printf("1..%d\n", n);
	return bad;
}
