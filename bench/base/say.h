/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * say.h -- lines for whoever waits, handed up: a room that has something to tell knows neither
 * a terminal nor log.txt.  cmd/ gives the hook (log.h) and prints.
 */
#ifndef SAY_H
#define SAY_H

enum say_level {
	SAY_WARN,	/* always shown */
	SAY_INFO,	/* unless -q */
	SAY_DEBUG,	/* with -v */
	SAY_PROGRESS,	/* in the place of the one before; "": it is over */
};

struct say { void (*line)(enum say_level, const char *text); };

/* One line, cut at 2 KiB.  NULL: nobody listens. */
void say(const struct say *, enum say_level, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

#endif
