/* SPDX-License-Identifier: BSD-2-Clause */
#include "diag.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include "utf8.h"

enum { WIDTH = 100 };			/* columns of a source line that are shown */

void
diag_add(struct diag *d, struct where at, const char *fmt, ...)
{
	const size_t kept = d->n < DIAG_MAX ? d->n : DIAG_MAX;
	char text[DIAG_TEXT];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	/* What every bench inherits is wrong once. */
	for (size_t i = 0; i < kept; i++)
		if (d->msg[i].at.src == at.src && d->msg[i].at.off == at.off &&
		    !strcmp(d->msg[i].text, text))
			return;
	if (d->n++ < DIAG_MAX) {
		d->msg[kept].at = at;
		strcpy(d->msg[kept].text, text);
	}
}

static int
by_place(const void *a, const void *b)
{
	const struct where *x = a, *y = b;

	if (x->src != y->src)
		return x->src < y->src ? -1 : 1;
	return x->off < y->off ? -1 : x->off > y->off;
}

/* The line that holds text[off], and its number. */
static size_t
find_line(const struct source *src, size_t off, size_t *start, size_t *len)
{
	size_t line = 1;

	*start = 0;
	for (size_t i = 0; i < off && i < src->len; i++)
		if (src->text[i] == '\n') {
			line++;
			*start = i + 1;
		}
	*len = 0;
	while (*start + *len < src->len && src->text[*start + *len] != '\n')
		++*len;
	return line;
}

/* The end of a text lies behind its last line, where nobody can see it: step back. */
static size_t
visible(const struct source *src, size_t off)
{
	if (off > src->len)
		off = src->len;
	while (off && off == src->len && (src->text[off - 1] == '\n' || src->text[off - 1] == '\r')) {
		off--;
		if (off && src->text[off - 1] == '\r')
			off--;
		break;
	}
	return off;
}

/* Bytes that a terminal could obey or choke on become '?'. */
static void
put_clean(FILE *f, const char *s, size_t len)
{
	for (size_t i = 0, n; i < len; i += n) {
		const unsigned char c = (unsigned char)s[i];

		n = utf8_len((const unsigned char *)s + i, len - i);
		if (!n || (c < ' ' && c != '\t') || c == 0x7f) {
			fputc('?', f);
			n = 1;
		} else {
			fwrite(s + i, 1, n, f);
		}
	}
}

static void
put_excerpt(FILE *f, const char *line, size_t len, size_t col, size_t mark)
{
	size_t from = 0;

	if (len && line[len - 1] == '\r')
		len--;
	if (col > len)
		col = len;
	if (col > WIDTH - 20) {
		from = col - (WIDTH - 20);
		while (from < col && ((unsigned char)line[from] & 0xc0) == 0x80)
			from++;
	}
	if (len - from > WIDTH) {
		len = from + WIDTH;
		while (len > col && ((unsigned char)line[len] & 0xc0) == 0x80)
			len--;
	}
	fputs("  ", f);
	put_clean(f, line + from, len - from);
	fputs("\n  ", f);
	for (size_t i = from; i < col; i++)
		if (line[i] == '\t')
			fputc('\t', f);
		else if (((unsigned char)line[i] & 0xc0) != 0x80)
			fputc(' ', f);
	fputc('^', f);
	if (mark > len - col)
		mark = len - col;
	for (size_t i = utf8_letters(line + col, mark); i > 1; i--)
		fputc('~', f);
	fputc('\n', f);
}

/* "run-bench: -s 12Q: " */
static void
put_option(FILE *f, const char *line, size_t len)
{
	const char *tab = memchr(line, '\t', len);

	fputs("run-bench: ", f);
	if (tab && (size_t)(line + len - tab) > 3) {
		put_clean(f, tab + 3, (size_t)(line + len - tab) - 3);
		fputs(": ", f);
	}
}

static void
put_message(FILE *f, const struct where *at, const char *text)
{
	const struct source *src = at->src;
	const size_t off = visible(src, at->off);
	size_t start, len;
	const size_t line = find_line(src, off, &start, &len);

	if (src->made)
		put_option(f, src->text + start, len);
	else
		fprintf(f, "%s:%zu:%zu: error: ", src->name, line, utf8_letters(src->text + start, off - start) + 1);
	put_clean(f, text, strlen(text));
	fputc('\n', f);
	if (len && !src->made)
		put_excerpt(f, src->text + start, len, off - start, at->len);
}

void
diag_print(struct diag *d, FILE *f)
{
	const size_t kept = d->n < DIAG_MAX ? d->n : DIAG_MAX;

	qsort(d->msg, kept, sizeof(d->msg[0]), by_place);
	for (size_t i = 0; i < kept; i++)
		put_message(f, &d->msg[i].at, d->msg[i].text);
	if (d->n > kept)
		fprintf(f, "%s: and %zu more errors\n", d->msg[0].at.src->made ? "run-bench" : d->msg[0].at.src->name,
			d->n - kept);
}
