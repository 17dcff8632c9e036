/* SPDX-License-Identifier: BSD-2-Clause */
/* Names that stand in what the kernel and the usual tools print. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "anonymize.h"

/* n bytes from p on, cut to a name's length. */
static void
learn_span(struct anonymizer *a, const char *kind, const char *p, size_t n)
{
	char name[512];

	if (n == 0 || n >= sizeof name)
		return;
	memcpy(name, p, n);
	name[n] = 0;
	if (strcmp(kind, "host") == 0)
		anonymize_learn_host(a, name);
	else
		anonymize_learn(a, kind, name);
}

/* The text between quotes that follows, on the same line; NULL when it is none. */
static char *
quoted(const char *p)
{
	const char *end;

	p += strcspn(p, "\"\n");
	if (*p != '"')
		return NULL;
	p++;
	end = p + strcspn(p, "\"\n");
	return *end == '"' && end > p ? strndup(p, (size_t)(end - p)) : NULL;
}

/* Does a key of n bytes contain the word?  In capitals: as it stands. */
static int
contains(const char *key, size_t n, const char *word)
{
	const size_t len = strlen(word);

	for (size_t k = 0; k + len <= n; k++)
		if (isupper((unsigned char)word[0]) ? strncmp(key + k, word, len) == 0 : strncasecmp(key + k, word, len) == 0)
			return 1;
	return 0;
}

static int
is_secret_key(const char *key, size_t n)
{
	static const char *const word[] = {
		"wwn", "label", "partlabel", "ptuuid", "partuuid", "uuid", "id", "iset_id", "id-link", "HostName",
	};
	/* DMIProductSerial, DMIBoardAssetTag, NodeGUID, Port1GID0 */
	static const char *const part[] = { "serial", "assettag", "guid", "GID" };

	for (size_t k = 0; k < sizeof part / sizeof *part; k++)
		if (contains(key, n, part[k]))
			return 1;
	for (size_t k = 0; k < sizeof word / sizeof *word; k++)
		if (strlen(word[k]) == n && strncmp(key, word[k], n) == 0)
			return 1;
	return 0;
}

/* "serial" : "X123",  and  <info name="DMIProductSerial" value="X123"/> */
static void
learn_keys(struct anonymizer *a, const char *text)
{
	const char *p = text;

	while ((p = strchr(p, '"'))) {
		const size_t n = strcspn(++p, "\"\n");
		const char *after = p + n;

		if (*after != '"')
			continue;
		if (is_secret_key(p, n) && (strncmp(++after, " value=", 7) == 0 || after[strspn(after, " ")] == ':')) {
			char *value = quoted(after + 1);

			/* An "id":0 of a list is a number, one of a module a name. */
			if (value && (n != 2 || strchr(value, '-')))
				anonymize_learn(a, "serial", value);
			free(value);
			p = after;
		} else {
			p = after + 1;
		}
	}
}

/* "server:/export", "[fe80::1]:/x", "//server/share", "alice@server:/x", "10.0.0.1:6789,10.0.0.2:6789:/" */
static void
learn_source(struct anonymizer *a, const char *p, size_t n)
{
	const char *end = p + n, *colon = memmem(p, n, ":/", 2), *at;

	if (n > 2 && p[0] == '/' && p[1] == '/') {
		p += 2;
		learn_span(a, "host", p, strcspn(p, "/ \n"));
		return;
	}
	if (!colon || p[0] == '/')
		return;
	end = colon;
	at = memchr(p, '@', (size_t)(end - p));
	if (at && !memchr(p, ',', (size_t)(end - p))) {
		learn_span(a, "user", p, (size_t)(at - p));
		p = at + 1;
	}
	while (p < end) {
		const char *comma = memchr(p, ',', (size_t)(end - p)), *to = comma ? comma : end;
		const char *port = memchr(p, ':', (size_t)(to - p));

		/* One colon is a port's, more are an IPv6 address's. */
		learn_span(a, "host", p, (size_t)((port && !memchr(port + 1, ':', (size_t)(to - port - 1)) ? port : to) - p));
		p = to + 1;
	}
}

/* The value of NAME=, ended by a comma, a blank or the line's end. */
static void
learn_options(struct anonymizer *a, const char *text, const char *name, const char *kind)
{
	for (const char *p = text; (p = strstr(p, name)); ) {
		const int start = p == text || strchr(", \n", p[-1]);

		p += strlen(name);
		if (start)
			learn_span(a, kind, p, strcspn(p, ", \n"));
	}
}

/* "36 35 98:0 /x /mnt rw - nfs4 server:/export rw,addr=10.0.0.1,clientaddr=10.0.0.2": where other
 * machines' names stand. */
static void
learn_mounts(struct anonymizer *a, const char *text)
{
	for (const char *p = text; (p = strstr(p, " - ")); p++) {
		const char *source = p + 3 + strcspn(p + 3, " \n"), *options;
		char line[1024];

		if (*source != ' ')
			continue;
		source++;
		learn_source(a, source, strcspn(source, " \n"));
		options = source + strcspn(source, " \n");
		snprintf(line, sizeof line, "%.*s", (int)strcspn(options, "\n"), options);
		for (const char *const *o = (const char *const[]){ "addr=", "clientaddr=", "mountaddr=", NULL }; *o; o++)
			learn_options(a, line, *o, "host");
		for (const char *const *o = (const char *const[]){ "username=", "user=", "domain=", NULL }; *o; o++)
			learn_options(a, line, *o, "user");
	}
}

/* The kernel's command line: "ip=10.0.0.2:10.0.0.1::255.255.255.0:db7:eth0", "nfsroot=server:/x". */
static void
learn_boot(struct anonymizer *a, const char *text)
{
	const char *p = strncmp(text, "ip=", 3) == 0 ? text : strstr(text, " ip=");

	learn_options(a, text, "hostname=", "host");
	for (const char *q = text; (q = strstr(q, "nfsroot=")); q += 8)
		learn_source(a, q + 8, strcspn(q + 8, ", \n"));
	p = p ? strchr(p, '=') + 1 : NULL;
	for (int field = 0; p && field < 5; field++) {
		const size_t n = strcspn(p, ": \n");

		/* Client, server, gateway, name; not the mask. */
		if (field != 3 && n > 4)
			learn_span(a, "host", p, n);
		p = p[n] == ':' ? p + n + 1 : NULL;
	}
}

/* What follows, to the end of a path's component: "/home/alice/..." */
static void
learn_homes(struct anonymizer *a, const char *text)
{
	static const char *const above[] = { "/home/", "/Users/", "/run/media/", "/media/" };

	for (size_t k = 0; k < sizeof above / sizeof *above; k++)
		for (const char *p = text; (p = strstr(p, above[k])); ) {
			p += strlen(above[k]);
			learn_span(a, "user", p, strcspn(p, "/\"', \t\n:\\"));
		}
}

/* Of containers, pods, machines: words with 32 hexadecimal digits in a row, "pod1f2e_..." too. */
static void
learn_hashes(struct anonymizer *a, const char *text)
{
	size_t n;

	for (const char *p = text; *p; p += n ? n : 1) {
		size_t run = 0, longest = 0;

		for (n = 0; isalnum((unsigned char)p[n]) || p[n] == '_'; n++) {
			run = isxdigit((unsigned char)p[n]) || p[n] == '_' ? run + 1 : 0;
			longest = run > longest ? run : longest;
		}
		if (longest >= 32)
			learn_span(a, "id", p, n);
	}
}

/* "Linux version 6.1.0 (alice@build7) (gcc ..."; "Filesystem volume name:   backup" */
static void
learn_phrases(struct anonymizer *a, const char *text)
{
	static const char volume[] = "Filesystem volume name:";
	const char *p = strstr(text, "Linux version "), *q = strstr(text, volume);

	p = p ? strchr(p, '(') : NULL;
	if (p && memchr(p, '@', strcspn(p, ") ")))
		learn_span(a, "user", p + 1, strcspn(p + 1, ") "));
	if (q) {
		q += sizeof volume - 1;
		q += strspn(q, " ");
		if (*q != '<')
			learn_span(a, "label", q, strcspn(q, "\n"));
	}
}

void
anonymize_learn_text(struct anonymizer *a, const char *text)
{
	learn_keys(a, text);
	learn_mounts(a, text);
	learn_boot(a, text);
	learn_homes(a, text);
	learn_hashes(a, text);
	learn_phrases(a, text);
}
