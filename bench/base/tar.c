/* SPDX-License-Identifier: BSD-2-Clause */
#include "tar.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sha256.h"

struct header {
	char name[100], mode[8], uid[8], gid[8], size[12], mtime[12], sum[8], type, link[100], magic[6],
	     version[2], user[32], group[32], major[8], minor[8], prefix[155], rest[12];
};
_Static_assert(sizeof(struct header) == 512, "a tar header is one block");

/* Split at a slash so that the tail fits name and the head prefix. */
static int
put_name(struct header *h, const char *top, const char *name)
{
	char full[300];
	int n = snprintf(full, sizeof full, "%s/%s", top, name);
	char *slash;

	if (n < 0 || (size_t)n > 255)
		return -ENAMETOOLONG;
	if (n <= 100) {
		memcpy(h->name, full, (size_t)n);
		return 0;
	}
	slash = strchr(full + n - 101, '/');
	if (!slash || slash - full > 155)
		return -ENAMETOOLONG;
	memcpy(h->prefix, full, (size_t)(slash - full));
	memcpy(h->name, slash + 1, (size_t)(full + n - slash - 1));
	return 0;
}

static int
put_header(struct tar *t, const char *name, uint64_t size, time_t when)
{
	struct header h = { .type = '0', .magic = "ustar", .version = { '0', '0' } };
	const unsigned char *p = (const unsigned char *)&h;
	unsigned sum = 0;
	int err = put_name(&h, t->top, name);

	if (err < 0)
		return err;
	if (size >> 33)
		return -EFBIG;
	snprintf(h.mode, sizeof h.mode, "%07o", 0644);
	snprintf(h.uid, sizeof h.uid, "%07o", 0);
	snprintf(h.gid, sizeof h.gid, "%07o", 0);
	snprintf(h.size, sizeof h.size, "%011llo", (unsigned long long)size);
	snprintf(h.mtime, sizeof h.mtime, "%011llo", (unsigned long long)when & 077777777777);
	memset(h.sum, ' ', sizeof h.sum);
	for (size_t i = 0; i < sizeof h; i++)
		sum += p[i];
	snprintf(h.sum, sizeof h.sum, "%06o", sum);
	h.sum[7] = ' ';
	return fwrite(&h, sizeof h, 1, t->out) == 1 ? 0 : -EIO;
}

static int
pad(struct tar *t, uint64_t size)
{
	static const char zeros[512];
	size_t n = (512 - size % 512) % 512;

	return fwrite(zeros, 1, n, t->out) == n ? 0 : -EIO;
}

int
tar_open(struct tar *t, FILE *out, const char *top)
{
	*t = (struct tar){ .out = out, .top = top };
	t->sums = open_memstream(&t->sum_text, &t->sum_len);
	return t->sums ? 0 : -ENOMEM;
}

static int
copy(struct tar *t, int fd, uint64_t size, const char *name)
{
	char buf[65536], hex[65];
	struct sha256 s;
	uint64_t left = size;

	sha256_start(&s);
	while (left > 0) {
		ssize_t n = read(fd, buf, left < sizeof buf ? left : sizeof buf);

		if (n <= 0)
			return n < 0 ? -errno : -EAGAIN;	/* shorter than it was */
		sha256_add(&s, buf, (size_t)n);
		if (fwrite(buf, 1, (size_t)n, t->out) != (size_t)n)
			return -EIO;
		left -= (uint64_t)n;
	}
	sha256_end(&s, hex);
	fprintf(t->sums, "%s  %s\n", hex, name);
	return pad(t, size);
}

int
tar_file(struct tar *t, int dirfd, const char *name)
{
	int fd = openat(dirfd, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC), err;
	struct stat st;

	if (fd < 0)
		return -errno;
	err = fstat(fd, &st) < 0 ? -errno : 0;
	if (err == 0)
		err = put_header(t, name, (uint64_t)st.st_size, st.st_mtime);
	if (err == 0)
		err = copy(t, fd, (uint64_t)st.st_size, name);
	close(fd);
	return err;
}

int
tar_text(struct tar *t, const char *name, const char *text, time_t when)
{
	size_t len = strlen(text);
	struct sha256 s;
	char hex[65];
	int err = put_header(t, name, len, when);

	if (err < 0)
		return err;
	sha256_start(&s);
	sha256_add(&s, text, len);
	sha256_end(&s, hex);
	fprintf(t->sums, "%s  %s\n", hex, name);
	return fwrite(text, 1, len, t->out) == len ? pad(t, len) : -EIO;
}

int
tar_close(struct tar *t, int err, time_t when)
{
	static const char end[1024];
	char *text;

	if (fclose(t->sums) != 0 && err == 0)
		err = -ENOMEM;
	text = t->sum_text;
	/* It cannot name itself. */
	t->sums = fopen("/dev/null", "we");
	if (err == 0)
		err = t->sums ? tar_text(t, "SHA256SUMS", text, when) : -errno;
	if (t->sums)
		fclose(t->sums);
	free(text);
	if (err == 0 && fwrite(end, sizeof end, 1, t->out) != 1)
		err = -EIO;
	return err == 0 && fflush(t->out) != 0 ? -errno : err;
}
