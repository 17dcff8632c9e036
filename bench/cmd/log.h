/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * log.h -- what people read: messages on stderr, all of them in log.txt as well.
 */
#ifndef LOG_H
#define LOG_H

#include <stdbool.h>
#include "say.h"

enum { LOG_QUIET = -1, LOG_NORMAL = 0, LOG_VERBOSE = 1 };

void log_level(int level);
bool log_quiet(void);			/* it is LOG_QUIET */
int  log_file(int dirfd);		/* also append to log.txt there from now on; 0 or -errno */

/* "run-bench: ..." ; a format ending in ':' appends strerror(err). */
void fail_at(int err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void warn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));	/* always shown */
void info(const char *fmt, ...) __attribute__((format(printf, 1, 2)));	/* unless -q */
void debug(const char *fmt, ...) __attribute__((format(printf, 1, 2)));	/* with -v */

/* The same for the rooms below; progress is one line, overwritten on a terminal, a plain one now
 * and then elsewhere. */
extern const struct say log_say;

#endif
