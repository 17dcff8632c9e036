/* SPDX-License-Identifier: BSD-2-Clause */
/* run-bench btt-check: what stands on a BTT, without its driver. */
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "bttimage.h"
#include "commands.h"
#include "log.h"
#include "text.h"

struct image { void *map; uint64_t len; };

static int
map_image(const char *path, uint64_t offset, struct image *m)
{
	const int fd = open(path, O_RDONLY | O_CLOEXEC);
	const uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
	const off_t end = fd < 0 ? -1 : lseek(fd, 0, SEEK_END);
	int rc = end < 0 ? -errno : 0;

	if (rc == 0 && offset % page)
		rc = -EINVAL;
	if (rc == 0 && (uint64_t)end <= offset)
		rc = -ERANGE;
	if (rc == 0) {
		m->len = (uint64_t)end - offset;
		m->map = mmap(NULL, m->len, PROT_READ, MAP_PRIVATE, fd, (off_t)offset);
		rc = m->map == MAP_FAILED ? -errno : 0;
	}
	if (fd >= 0)
		close(fd);
	return rc;
}

static json_t *
arena_json(const struct btt_arena *a)
{
	const struct btt_info *i = &a->info;

	return json_pack("{s:I, s:o, s:i, s:I, s:I, s:I, s:I, s:I, s:I, s:i}", "start", (json_int_t)a->start,
			 "version", json_sprintf("%u.%u", i->major, i->minor), "sector", (int)i->sector,
			 "sectors", (json_int_t)i->sectors, "blocks", (json_int_t)i->blocks, "lanes", (json_int_t)i->lanes,
			 "data", (json_int_t)i->data, "map", (json_int_t)i->map, "flog", (json_int_t)i->flog,
			 "roll_forward", (int)a->rolled);
}

static json_t *
image_json(const struct btt_image *b)
{
	json_t *arenas = json_array(), *faults = json_array();

	for (size_t k = 0; k < b->arenas; k++)
		json_array_append_new(arenas, arena_json(&b->arena[k]));
	for (int k = 0; k < BTT_FAULTS; k++)
		if (b->fault[k])
			json_array_append_new(faults, json_pack("{s:s, s:I, s:s, s:s}", "fault", btt_fault_rows[k].name,
				"count", (json_int_t)b->fault[k], "first", b->first[k], "doc", btt_fault_rows[k].doc));
	return json_pack("{s:o, s:o}", "arenas", arenas, "faults", faults);
}

static void
print(const struct btt_image *b)
{
	char size[TEXT_NUM];

	for (size_t k = 0; k < b->arenas; k++) {
		const struct btt_arena *a = &b->arena[k];

		printf("arena %zu at %s: BTT %u.%u, %u sectors of %u bytes, %u lanes; %u to roll forward\n", k,
		       text_put_size(size, a->start), a->info.major, a->info.minor, a->info.sectors, a->info.sector,
		       a->info.lanes, a->rolled);
	}
	for (int k = 0; k < BTT_FAULTS; k++)
		if (b->fault[k])
			printf("%s: %llu, the first in %s: %s\n", btt_fault_rows[k].name, (unsigned long long)b->fault[k],
			       b->first[k], btt_fault_rows[k].doc);
	if (!btt_image_faults(b))
		puts("nothing is wrong with it");
}

static int
check(const char *path, const struct image *m, bool json)
{
	struct btt_image b;
	json_t *all;
	int rc = btt_image_open(&b, m->map, m->len);

	if (rc == -ENOENT) {
		warn("%s: no BTT there: no info block at its start, nor 4 KiB behind it (--offset N: the namespace begins at "
		     "byte N)", path);
		return EXIT_USAGE;
	}
	if (rc == -ENOMEM) {
		fail_at(rc, "%s:", path);
		return EXIT_POINT_FAILED;
	}
	if (json) {
		all = image_json(&b);
		json_dumpf(all, stdout, JSON_INDENT(2));
		putchar('\n');
		json_decref(all);
	} else {
		print(&b);
	}
	rc = btt_image_faults(&b) ? EXIT_POINT_FAILED : EXIT_OK;
	btt_image_close(&b);
	return rc;
}

int
cmd_btt_check(struct cli *cli)
{
	struct image m = { 0 };
	uint64_t offset = 0;
	int rc;

	if (cli->narg != 1) {
		warn("btt-check wants one image or device");
		return EXIT_USAGE;
	}
	if (cli->offset && text_size(cli->offset, &offset) < 0) {
		warn("--offset %s: expected a size such as 4096, 64K or 1G", cli->offset);
		return EXIT_USAGE;
	}
	rc = map_image(cli->arg[0], offset, &m);
	if (rc < 0) {
		fail_at(rc, "%s:", cli->arg[0]);
		return EXIT_USAGE;
	}
	rc = check(cli->arg[0], &m, cli->json);
	munmap(m.map, m.len);
	return rc;
}
