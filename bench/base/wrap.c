/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include "wrap.h"

enum { WIDTH = 80, NARROWEST = 60 };

size_t
wrap_width(FILE *f)
{
	const char *columns = getenv("COLUMNS");
	struct winsize w;
	long n = WIDTH;

	if (ioctl(fileno(f), TIOCGWINSZ, &w) == 0 && w.ws_col)
		n = w.ws_col;
	else if (columns)
		n = strtol(columns, NULL, 10);
	return n <= 0 ? WIDTH : n < NARROWEST ? NARROWEST : (size_t)n;
}

size_t
wrap_line(const char *text, size_t width)
{
	const size_t n = strlen(text);
	size_t end = width;

	if (n <= width)
		return n;
	while (end && text[end] != ' ')
		end--;
	return end ? end : width;
}

char *
wrap_text(const char *text, size_t width)
{
	char *buf = malloc(2 * strlen(text) + 1), *p = buf;	/* at worst a newline behind each byte */

	while (buf && *text) {
		const size_t n = wrap_line(text, width);

		memcpy(p, text, n);
		p += n;
		text += n;
		text += strspn(text, " ");
		if (!*text)
			break;
		while (p > buf && p[-1] == ' ')
			p--;
		*p++ = '\n';
	}
	if (buf)
		*p = 0;
	return buf;
}
