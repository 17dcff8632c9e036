/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>
#include <sys/klog.h>
#include "kmsg.h"
#include "rootfs.h"

enum { READ_ALL = 3, SIZE_BUFFER = 10 };	/* syslog(2) */
enum { WARNING = 4, LEVELS = 8 };		/* a higher priority is a program's */

/* NULL and errno.  The time before each message is not in the kernel's buffer: twice its size. */
static char *
read_log(void)
{
	char *log;
	size_t len;
	int size, n;

	/* Below another root, where reading takes nothing away. */
	if (!rootfs_real())
		return rootfs_all(4u << 20, &len, "/proc/kmsg");
	size = klogctl(SIZE_BUFFER, NULL, 0);
	if (size < 0)
		return NULL;
	size = size > 64 << 20 ? 128 << 20 : 2 * size + 65536;
	log = malloc((size_t)size + 1);
	n = log ? klogctl(READ_ALL, log, size) : -1;
	if (n < 0) {
		const int err = errno;

		free(log);
		errno = err;
		return NULL;
	}
	log[n] = 0;
	return log;
}

/* The text behind level, time and caller. */
static const char *
text_of(const char *line, long *priority)
{
	char *end;

	*priority = WARNING;
	if (*line == '<') {
		*priority = strtol(line + 1, &end, 10);
		line = *end == '>' ? end + 1 : line;
	}
	while (*line == '[' && strchr(" 0123456789TC", line[1]) && strchr(line, ']')) {
		line = strchr(line, ']') + 1;
		line += strspn(line, " ");
	}
	return line;
}

void
kmsg_count(struct kmsg *k, char *log)
{
	regex_t doubtful;
	long priority;

	*k = (struct kmsg){ 0 };
	if (regcomp(&doubtful, KMSG_DOUBTFUL, REG_EXTENDED | REG_NOSUB) != 0) {
		k->err = ENOMEM;
		return;
	}
	for (char *line; (line = strsep(&log, "\n"));) {
		const char *text = text_of(line, &priority);

		k->lines += *text && priority < LEVELS;
		/* Old kernels warn of DAX itself. */
		k->doubtful += priority <= WARNING && regexec(&doubtful, text, 0, NULL, 0) == 0 &&
			       !strstr(text, "EXPERIMENTAL");
	}
	regfree(&doubtful);
}

void
kmsg_read(struct kmsg *k)
{
	char *log = read_log();

	if (log)
		kmsg_count(k, log);
	else
		*k = (struct kmsg){ .err = errno ? errno : EIO };
	free(log);
}
