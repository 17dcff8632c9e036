/* SPDX-License-Identifier: BSD-2-Clause */
#include "pdf.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DIGITS = 14 };			/* YYYYMMDDHHMMSS */

/* Of a run that does not say, always the same. */
static void
digits(char *out, const char *started)
{
	size_t n = 0;

	memcpy(out, "19700101000000", DIGITS + 1);
	for (const char *p = started; *p && n < DIGITS; p++)
		if (isdigit((unsigned char)*p))
			out[n++] = *p;
	if (n < DIGITS)
		memcpy(out, "19700101000000", DIGITS);
}

static void
overwrite(char *text, size_t len, const char *date)
{
	static const char key[] = "/CreationDate (D:";
	char *at = memmem(text, len, key, strlen(key));

	if (at && (size_t)(text + len - at) > strlen(key) + DIGITS)
		memcpy(at + strlen(key), date, DIGITS);
}

int
pdf_date(int dirfd, const char *file, const char *started)
{
	int fd = openat(dirfd, file, O_RDWR | O_NOFOLLOW | O_CLOEXEC), rc = 0;
	char date[DIGITS + 1], *text = MAP_FAILED;
	struct stat st;

	if (fd < 0)
		return -errno;
	digits(date, started);
	if (fstat(fd, &st) != 0)
		rc = -errno;
	if (rc == 0 && st.st_size > 0)
		text = mmap(NULL, (size_t)st.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (text != MAP_FAILED) {
		overwrite(text, (size_t)st.st_size, date);
		munmap(text, (size_t)st.st_size);
	}
	close(fd);
	return rc;
}
