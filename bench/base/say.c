/* SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

#include <stdarg.h>
#include <stdio.h>

void
say(const struct say *to, enum say_level level, const char *fmt, ...)
{
	char text[2048];
	va_list ap;

	if (!to)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	to->line(level, text);
}
