/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * libFuzzer target: any bytes are a table or an error with FILE:LINE, and what was read can be
 * written and read again as the same.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "csv.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
check(bool ok, const char *what)
{
	if (!ok) {
		fprintf(stderr, "fuzz: %s\n", what);
		abort();
	}
}

static int
file_of(const void *p, size_t n, char *path, size_t len)
{
	int fd = memfd_create("csv", MFD_CLOEXEC);

	check(fd >= 0 && write(fd, p, n) == (ssize_t)n, "memfd");
	snprintf(path, len, "/proc/self/fd/%d", fd);
	return fd;
}

static void
put_all(struct csv_out *out, char *const *field, size_t n)
{
	for (size_t k = 0; k < n; k++)
		csv_put(out, field[k]);
	csv_end(out);
}

/* Read path; write what is read to out.  Returns csv_next's last word. */
static int
copy(const char *path, FILE *f)
{
	struct csv_out out = { .file = f };
	struct csv c;
	uint64_t last, n;
	double d;
	int rc = csv_open(&c, AT_FDCWD, path);

	check(rc == 0 || c.error[0], "an error without words");
	if (rc == 0)
		put_all(&out, c.header, c.nfield);
	last = rc == 0 ? c.offset : 0;
	while (rc == 0 && (rc = csv_next(&c)) == 1) {
		check(c.offset > last, "no way forward");
		last = c.offset;
		for (size_t k = 0; k < c.nfield; k++) {
			check(strlen(c.field[k]) < 1 << 24, "a field");
			csv_u64(&c, (int)k, &n);
			csv_double(&c, (int)k, &d);
		}
		put_all(&out, c.field, c.nfield);
		rc = 0;
	}
	check(rc >= 0 || c.error[0], "an error without words");
	csv_close(&c);
	return rc;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char path[64], *first = NULL, *second = NULL;
	size_t nfirst, nsecond;
	FILE *f = open_memstream(&first, &nfirst);
	int fd = file_of(data, size, path, sizeof path), rc = copy(path, f);

	fclose(f);
	close(fd);
	if (rc == 0) {
		f = open_memstream(&second, &nsecond);
		fd = file_of(first, nfirst, path, sizeof path);
		check(copy(path, f) == 0, "what was written is no table");
		fclose(f);
		close(fd);
		check(nfirst == nsecond && memcmp(first, second, nfirst) == 0, "not the same table");
	}
	free(first);
	free(second);
	return 0;
}
