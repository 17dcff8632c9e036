/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "log.h"
#include "replace.h"

/* Seconds between two plain progress lines where there is no terminal. */
#define PLAIN_EVERY 10

static struct { int level; FILE *file; bool line; time_t last; } out;

void
log_level(int level)
{
	out.level = level;
}

bool
log_quiet(void)
{
	return out.level == LOG_QUIET;
}

int
log_file(int dirfd)
{
	const int fd = own_append(dirfd, "log.txt", O_CREAT);
	FILE *f = fd < 0 ? NULL : fdopen(fd, "a");

	if (!f)
		return -errno;
	if (out.file)
		fclose(out.file);
	out.file = f;
	return 0;
}

static void
clear_line(void)
{
	if (out.line)
		fputs("\r\033[K", stderr);
	out.line = false;
}

/* What was typed, or stands in a file, must not move a terminal's cursor: control bytes but
 * newlines and tabs as \x1b. */
static void
put_clean(const char *s, FILE *f)
{
	for (; *s; s++)
		if (((unsigned char)*s < ' ' && *s != '\n' && *s != '\t') || *s == 0x7f)
			fprintf(f, "\\x%02x", (unsigned char)*s);
		else
			fputc(*s, f);
}

static void
put_line(const char *text, const char *tail, FILE *f)
{
	put_clean(text, f);
	if (tail)
		fprintf(f, " %s", tail);
	fputc('\n', f);
}

static void
put(int level, int err, const char *fmt, va_list ap)
{
	char text[2048];
	const char *tail = err && *fmt && fmt[strlen(fmt) - 1] == ':' ? strerror(err) : NULL;

	vsnprintf(text, sizeof text, fmt, ap);
	if (level <= out.level) {
		clear_line();
		fputs("run-bench: ", stderr);
		put_line(text, tail, stderr);
	}
	if (out.file) {
		put_line(text, tail, out.file);
		fflush(out.file);
	}
}

void
fail_at(int err, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	put(LOG_QUIET, err < 0 ? -err : err, fmt, ap);
	va_end(ap);
}

void
warn(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	put(LOG_QUIET, 0, fmt, ap);
	va_end(ap);
}

void
info(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	put(LOG_NORMAL, 0, fmt, ap);
	va_end(ap);
}

void
debug(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	put(LOG_VERBOSE, 0, fmt, ap);
	va_end(ap);
}

static void
progress(const char *text)
{
	if (out.level < LOG_NORMAL || !*text) {
		clear_line();
		return;
	}
	if (!isatty(STDERR_FILENO)) {
		if (time(NULL) - out.last < PLAIN_EVERY)
			return;
		out.last = time(NULL);
	}
	clear_line();
	fputs(text, stderr);
	out.line = isatty(STDERR_FILENO);
	if (!out.line)
		fputc('\n', stderr);
}

static void
said(enum say_level level, const char *text)
{
	switch (level) {
	case SAY_PROGRESS: progress(text); break;
	case SAY_DEBUG: debug("%s", text); break;
	case SAY_INFO: info("%s", text); break;
	default: warn("%s", text);
	}
}

const struct say log_say = { said };
