/* SPDX-License-Identifier: BSD-2-Clause */
#include "html.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char style[] =
":root{--ink:#1a1a1a;--soft:#5b5b5b;--rule:#c9c9c9;--hair:#e6e6e6;--paper:#fdfdfb;--card:#fff;--link:#0b57a4;"
"--yes:#00724f;--warn:#8a4b00;--warnbg:#fff6e5;--bad:#a8301a;--badbg:#fdeeea}\n"
"@media screen and (prefers-color-scheme:dark){:root{--ink:#e8e6e1;--soft:#a5a29b;--rule:#55534e;--hair:#34332f;--paper:#1b1b19;"
"--card:#191919;--link:#8ab8ea;--yes:#5fd0a5;--warn:#efbe73;--warnbg:#33291a;--bad:#f39b86;--badbg:#381f19}}\n"
"*{box-sizing:border-box}html{font-size:16px;-webkit-text-size-adjust:100%}\n"
"body{margin:0;background:var(--paper);color:var(--ink);font:1rem/1.5 Charter,'Bitstream "
"Charter','Iowan Old Style',"
"Georgia,'DejaVu Serif',serif}\n"
"main{max-width:58rem;margin:0 auto;padding:2.5rem 1.25rem 4rem}\n"
"h1{font-size:1.7rem;line-height:1.2;margin:0 0 .3rem;font-weight:600}\n"
"h2{font-size:1.2rem;margin:2.6rem 0 .7rem;padding-top:.9rem;border-top:1px solid "
"var(--rule);font-weight:600}\n"
"h3{font-size:1rem;margin:1.6rem 0 .4rem;font-weight:600}p{margin:.5rem 0;max-width:44rem}\n"
".by{color:var(--soft);margin:0 0 1.4rem}a{color:var(--link)}\n"
"nav{font:.82rem/1.5 system-ui,sans-serif;margin:0 0 1rem;display:flex;flex-wrap:wrap;gap:.1rem "
"1.1rem}\n"
"table{border-collapse:collapse;font:.82rem/1.45 system-ui,'Segoe UI','DejaVu Sans',sans-serif;"
"font-variant-numeric:tabular-nums;width:100%}\n"
".wide{overflow-x:auto}thead th{border-top:1.5px solid var(--ink);border-bottom:1px solid "
"var(--ink)}\n"
"tbody:last-child tr:last-child td,tbody:last-child tr:last-child th{border-bottom:1.5px solid "
"var(--ink)}\n"
"th,td{text-align:left;padding:.22rem .7rem .22rem 0;vertical-align:baseline;font-weight:400}\n"
"thead th{font-weight:600;white-space:nowrap}td.n,th.n{text-align:right;white-space:nowrap}\n"
"tbody th.group{font-weight:600;padding-top:.8rem;border-bottom:1px solid var(--hair)}tbody "
"td,tbody th{border-bottom:"
"1px solid var(--hair)}\n"
"td.why,.soft{color:var(--soft)}td.s{font-weight:600;white-space:nowrap}tr.control "
"td.s{font-weight:400;"
"color:var(--soft)}\n"
".d{white-space:nowrap;font-weight:600}.d.yes{color:var(--yes)}.d.unsafe{color:var(--warn)}.d.no{color:var(--soft);"
"font-weight:400}\n"
".note{border-left:3px solid var(--warn);background:var(--warnbg);padding:.55rem "
".9rem;margin:.8rem 0;max-width:none}\n"
".note.bad{border-color:var(--bad);background:var(--badbg)}.note p{margin:.15rem 0;max-width:none}"
".note ul{margin:.2rem 0;padding-left:1.2rem}\n"
"figure{margin:1.8rem 0 2.4rem}figure .sheet{background:var(--card);padding:.4rem;border:1px "
"solid var(--hair)}\n"
"figure svg{display:block;max-width:100%;height:auto;margin:0 auto}figure svg "
"text{font-family:system-ui,'Segoe UI',"
"'DejaVu Sans',sans-serif}\n"
"@media screen and (prefers-color-scheme:dark){figure svg{filter:invert(.9) hue-rotate(180deg)}}\n"
"figcaption{font-size:.92rem;line-height:1.45;margin-top:.6rem;max-width:48rem}figcaption "
"b{font-weight:600}\n"
".files{font:.78rem/1.5 system-ui,sans-serif;color:var(--soft);display:block;margin-top:.15rem}\n"
"code,pre{font:.82rem/1.5 ui-monospace,'DejaVu Sans "
"Mono',monospace}pre{background:var(--hair);padding:.6rem .8rem;"
"overflow-x:auto;margin:.5rem 0}\n"
"table.pairs{width:auto}table.pairs th{color:var(--soft);padding-right:1.6rem;white-space:nowrap}"
"table.pairs td{overflow-wrap:anywhere}\n"
"details{margin:.8rem 0}.found{font-size:1.1rem;max-width:48rem}table.ladder td.why{min-width:16rem}\n"
"@media(max-width:40rem){main{padding:1.2rem .8rem 2rem}th,td{padding-right:.5rem}.ladder td.s,.d{white-space:normal}.ladder td.s{overflow-wrap:anywhere}"
".ladder td,.ladder th{font-size:.75rem}table.pairs th{white-space:normal;overflow-wrap:anywhere;padding-right:.8rem}}\n"
"@media print{:root{--paper:#fff}html{font-size:10pt}main{max-width:none;padding:0}nav{display:none}h2,h3{break-after:avoid}"
"figure,tr,.note{break-inside:avoid}figure{margin:.6rem 0}"
"figure svg{max-height:8.5cm}#fig-ladder svg{max-height:22cm}a{color:inherit;text-decoration:none}.wide{overflow:visible}}\n";

static void
text(FILE *f, const char *s)
{
	for (; *s; s++)
		switch (*s) {
		case '&': fputs("&amp;", f); break;
		case '<': fputs("&lt;", f); break;
		case '>': fputs("&gt;", f); break;
		case '"': fputs("&quot;", f); break;
		case '\'': fputs("&#39;", f); break;
		default:
			if ((unsigned char)*s >= 32 || *s == '\n' || *s == '\t')
				fputc(*s, f);
		}
}

void
html(FILE *f, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	for (size_t n; *fmt; fmt += n) {
		n = strcspn(fmt, "%");
		fwrite(fmt, 1, n, f);
		fmt += n;
		n = *fmt ? strcspn(fmt + 1, "sufd%") + 2 : 0;
		switch (n ? fmt[n - 1] : '%') {
		case 's': text(f, va_arg(ap, const char *)); break;
		case 'f': fprintf(f, "%.*f", atoi(fmt + 2), va_arg(ap, double)); break;
		case '%': fputs(n ? "%" : "", f); break;
		default: fprintf(f, "%llu", fmt[1] == 'z' ? va_arg(ap, size_t)
				 : fmt[1] == 'l' ? va_arg(ap, unsigned long long) : va_arg(ap, unsigned));
		}
	}
	va_end(ap);
}

void
html_head(FILE *f, const char *title)
{
	html(f, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	      "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
	      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
	"style-src 'unsafe-inline'\">\n"
	      "<meta name=\"color-scheme\" content=\"light dark\">\n<title>%s</title>\n<style>\n", title);
	fprintf(f, "%s</style>\n</head>\n<body>\n<main>\n", style);
}

static char *
read_whole(int dirfd, const char *name)
{
	int fd = openat(dirfd, name, O_RDONLY | O_CLOEXEC);
	struct stat st;
	char *text = NULL;
	ssize_t n = -1;

	if (fd >= 0 && fstat(fd, &st) == 0 && st.st_size < 1 << 26 && (text = malloc((size_t)st.st_size + 1)))
		n = read(fd, text, (size_t)st.st_size);
	if (fd >= 0)
		close(fd);
	if (n < 0) {
		free(text);
		return NULL;
	}
	text[n] = '\0';
	return text;
}

/* The bytes of the first of these that stands at s; 0: none. */
static size_t
reference(const char *s)
{
	static const char *const before[] = {
		" id='", " id=\"", "href='#", "href=\"#", "url(#", "url('#",
	};

	for (size_t i = 0; i < sizeof(before) / sizeof(before[0]); i++)
		if (strncmp(s, before[i], strlen(before[i])) == 0)
			return strlen(before[i]);
	return 0;
}

int
html_svg(FILE *f, int dirfd, const char *name, const char *title)
{
	char path[160], *text, *s;

	snprintf(path, sizeof(path), "plots/%s.svg", name);
	text = read_whole(dirfd, path);
	s = text ? strstr(text, "<svg") : NULL;
	if (s == NULL) {
		free(text);
		return -ENOENT;
	}
	html(f, "<svg role=\"img\" aria-label=\"%s\"", title);
	for (s += 4; *s; s++) {
		size_t n = reference(s);

		if (strncmp(s, "<title>", 7) == 0 && strstr(s, "</title>"))
			s = strstr(s, "</title>") + 8;
		fwrite(s, 1, n ? n : 1, f);
		if (n > 0) {
			fprintf(f, "%s-", name);
			s += n - 1;
		}
	}
	free(text);
	return 0;
}
