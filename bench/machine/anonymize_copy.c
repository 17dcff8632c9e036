/* SPDX-License-Identifier: BSD-2-Clause */
/* A copy of a results directory, for an export that names nobody. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>
#include "anonymize.h"
#include "text.h"

static int
copy_one(int from, int to, const char *name)
{
	int in = openat(from, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW), out = -1, rc = in < 0 ? -errno : 0;
	struct stat st;
	ssize_t n = 1;

	if (rc == 0 && (fstat(in, &st) != 0 || !S_ISREG(st.st_mode))) {
		close(in);
		return 0;
	}
	if (rc == 0)
		out = openat(to, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (rc == 0 && out < 0)
		rc = -errno;
	while (rc == 0 && n > 0) {
		n = sendfile(out, in, NULL, 1 << 20);
		rc = n < 0 ? -errno : 0;
	}
	if (in >= 0)
		close(in);
	if (out >= 0 && close(out) != 0 && rc == 0)
		rc = -errno;
	return rc;
}

/* The regular files of a directory; what is drawn from them is drawn again. */
static int
copy_files(const char *from, const char *to)
{
	int in = open(from, O_RDONLY | O_DIRECTORY | O_CLOEXEC), out = -1, rc = in < 0 ? -errno : 0;
	DIR *d = in >= 0 ? fdopendir(in) : NULL;
	struct dirent *e;

	if (rc == 0 && mkdir(to, 0700) != 0)
		rc = -errno;
	if (rc == 0)
		out = open(to, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (rc == 0 && (out < 0 || !d))
		rc = -errno;
	while (rc == 0 && (e = readdir(d)))
		if (e->d_name[0] != '.' && strcmp(e->d_name, "report.html") != 0)
			rc = copy_one(in, out, e->d_name);
	if (out >= 0)
		close(out);
	if (d)
		closedir(d);
	return rc;
}

static void
remove_files(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	DIR *d = fd >= 0 ? fdopendir(fd) : NULL;
	struct dirent *e;

	while (d && (e = readdir(d)))
		unlinkat(fd, e->d_name, 0);
	if (d)
		closedir(d);
	rmdir(path);
}

void
anonymize_drop(const char *copy)
{
	static const char *const below[] = { "/plots", "" };
	char path[PATH_BUF];

	for (size_t k = 0; k < sizeof below / sizeof *below; k++) {
		snprintf(path, sizeof path, "%s%s", copy, below[k]);
		remove_files(path);
	}
	snprintf(path, sizeof path, "%.*s", (int)(strrchr(copy, '/') - copy), copy);
	rmdir(path);
}

int
anonymize_copy(const char *dir, char *to, size_t len)
{
	const char *tmp = getenv("TMPDIR");
	char parent[4096], copy[4400], *real = realpath(dir, NULL);
	int rc = real ? 0 : -errno;

	if (rc == 0 && (size_t)snprintf(parent, sizeof parent, "%s/daxmark-export-XXXXXX", tmp && *tmp ? tmp : "/tmp") >=
	    sizeof parent)
		rc = -ENAMETOOLONG;
	if (rc == 0 && !mkdtemp(parent))
		rc = -errno;
	if (rc < 0) {
		free(real);
		return rc;
	}
	snprintf(copy, sizeof copy, "%s/%.255s", parent, strrchr(real, '/') + 1);
	rc = copy_files(real, copy);
	if (rc == 0)
		rc = anonymize_dir(copy, to, len);
	if (rc < 0)
		anonymize_drop(copy);
	free(real);
	return rc;
}
