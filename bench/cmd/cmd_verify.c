/* SPDX-License-Identifier: BSD-2-Clause */
/* run-bench verify: after a power cut, is what an audit acknowledged there? */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "acks.h"
#include "bttimage.h"
#include "commands.h"
#include "log.h"
#include "slots.h"
#include "text.h"

/* A device's contents as a file: DEVICE=FILE[@OFFSET], and for --btt its namespace's own bytes. */
struct stand_in { char *device; void *map; size_t len; bool is_btt; struct btt_image btt; };

struct verification {
	const char *root;
	struct stand_in *in;
	size_t n;
	struct acks acks;
	json_t *json;
};

static int
open_stand_in(struct stand_in *s, const char *text, bool is_btt)
{
	char *copy = strdup(text), *file = copy ? strchr(copy, '=') : NULL, *at = file ? strrchr(file, '@') : NULL;
	uint64_t offset = 0;
	int fd, rc = 0;
	off_t end;

	*s = (struct stand_in){ .device = copy, .is_btt = is_btt };
	if (!file || (at && text_size(at + 1, &offset) < 0))
		return -EINVAL;
	*file++ = 0;
	if (at)
		*at = 0;
	fd = open(file, O_RDONLY | O_CLOEXEC);
	end = fd < 0 ? -1 : lseek(fd, 0, SEEK_END);
	if (end < 0)
		rc = -errno;
	else if ((uint64_t)end <= offset || offset % 4096)
		rc = -ERANGE;
	else
		s->map = mmap(NULL, s->len = (size_t)((uint64_t)end - offset), PROT_READ, MAP_PRIVATE, fd, (off_t)offset);
	if (rc == 0 && s->map == MAP_FAILED)
		rc = -errno;
	if (rc == 0 && is_btt)
		rc = btt_image_open(&s->btt, s->map, s->len);
	if (fd >= 0)
		close(fd);
	return rc;
}

static int64_t
read_btt(const struct btt_image *b, uint64_t at, uint64_t size, void *buf)
{
	for (uint64_t done = 0; done < size; done += b->sector) {
		const int rc = btt_image_read(b, (at + done) / b->sector, (char *)buf + done);

		if (rc < 0)
			return rc == -ERANGE ? (int64_t)done : rc;
	}
	return (int64_t)size;
}

static int64_t
read_stand_in(const struct stand_in *s, uint64_t at, uint64_t size, void *buf)
{
	if (s->is_btt)
		return read_btt(&s->btt, at, size, buf);
	if (at >= s->len)
		return 0;
	size = size < s->len - at ? size : s->len - at;
	memcpy(buf, (char *)s->map + at, size);
	return (int64_t)size;
}

static int64_t
read_file(const char *path, uint64_t at, uint64_t size, void *buf)
{
	const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	ssize_t n;
	int rc;

	if (fd < 0)
		return -errno;
	n = pread(fd, buf, size, (off_t)at);
	rc = errno;
	/* A device-DAX has no read(2). */
	if (n < 0 && rc == EINVAL) {
		const uint64_t page = 2 << 20, from = at / page * page;
		char *map = mmap(NULL, at + size - from, PROT_READ, MAP_SHARED, fd, (off_t)from);

		if (map != MAP_FAILED) {
			memcpy(buf, map + (at - from), size);
			munmap(map, at + size - from);
			n = (ssize_t)size;
		}
	}
	close(fd);
	return n < 0 ? -rc : n;
}

static int64_t
read_slot(void *arg, const struct ack_share *s, uint64_t slot, void *buf)
{
	const struct verification *w = arg;
	const uint64_t at = s->files ? 0 : s->offset + slot * s->size;
	char path[8704], name[SLOT_FILE_MAX];

	for (const struct stand_in *in = w->in; in < w->in + w->n; in++)
		if (strcmp(in->device, s->path) == 0)
			return read_stand_in(in, at, s->size, buf);
	snprintf(path, sizeof path, "%s%s%s%s", w->root ? w->root : "", s->path, s->files ? "/" : "",
		 s->files ? slot_file(name, s->offset, slot) : "");
	return read_file(path, at, s->size, buf);
}

static void
say_lost(void *arg, const struct ack_share *s, const struct ack *a, enum ack_state is)
{
	(void)arg;
	debug("point %u rep %u thread %u: op %" PRIu64 ", slot %" PRIu64 ": %s: %s", s->point, s->rep, s->thread, a->op, a->slot,
	      ack_rows[is].name, ack_rows[is].doc);
}

static json_t *
share_json(const struct ack_share *s)
{
	json_t *o = json_pack("{s:i, s:i, s:i, s:s, s:I, s:b, s:i}", "point", (int)s->point, "rep", (int)s->rep, "thread",
			      (int)s->thread, "path", s->path, "acknowledged", (json_int_t)s->n, "ended", s->ended, "rc", s->rc);

	for (int k = 0; k < ACK_STATES; k++)
		json_object_set_new(o, ack_rows[k].name, json_integer((json_int_t)s->state[k]));
	return o;
}

static void
print_share(const struct ack_share *s)
{
	printf("point %u rep %u thread %u: %zu acknowledged, %" PRIu64 " slots ok, %" PRIu64 " lost", s->point, s->rep, s->thread,
	       s->n, s->state[ACK_OK], acks_lost(s));
	for (int k = ACK_OK + 1; k < ACK_STATES; k++)
		if (s->state[k])
			printf(", %s %" PRIu64, ack_rows[k].name, s->state[k]);
	puts("");
}

static int
verify(struct verification *w, bool json)
{
	uint64_t lost = 0;

	for (struct ack_share *s = w->acks.share; s < w->acks.share + w->acks.n; s++) {
		if (acks_verify(s, read_slot, w, say_lost, NULL) < 0)
			return EXIT_POINT_FAILED;
		lost += acks_lost(s);
		if (json)
			json_array_append_new(w->json, share_json(s));
		else
			print_share(s);
	}
	if (json) {
		json_dumpf(w->json, stdout, JSON_INDENT(1));
		puts("");
	}
	return lost ? EXIT_POINT_FAILED : EXIT_OK;
}

static int
stand_ins(struct verification *w, const struct cli *cli)
{
	for (size_t k = 0; k < cli->verify.nimage; k++) {
		const int rc = open_stand_in(&w->in[w->n++], cli->verify.image[k].text, cli->verify.image[k].is_btt);

		if (rc < 0) {
			fail_at(rc, "--%s %s: DEVICE=FILE[@OFFSET]:", cli->verify.image[k].is_btt ? "btt" : "image", cli->verify.image[k].text);
			return rc;
		}
	}
	return 0;
}

int
cmd_verify(struct cli *cli)
{
	struct verification w = { .root = cli->verify.root, .json = json_array() };
	char why[512];
	int code = EXIT_USAGE;

	if (cli->narg != 1) {
		warn("verify wants the acknowledgements of one audit");
		return EXIT_USAGE;
	}
	w.in = calloc(cli->verify.nimage + 1, sizeof *w.in);
	if (w.in && stand_ins(&w, cli) == 0) {
		if (acks_read(&w.acks, cli->arg[0], why, sizeof why) < 0)
			warn("%s", why);
		else
			code = verify(&w, cli->json);
	}
	for (size_t k = 0; k < w.n; k++) {
		btt_image_close(&w.in[k].btt);
		free(w.in[k].device);
	}
	free(w.in);
	acks_free(&w.acks);
	json_decref(w.json);
	return code;
}
