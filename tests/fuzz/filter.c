/* SPDX-License-Identifier: BSD-2-Clause */
/* libFuzzer target: any text is a filter, which answers, or an error with a message. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "filter.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static bool
known(void *arg, const char *name)
{
	(void)arg;
	return strcmp(name, "kernel") == 0 || strcmp(name, "size") == 0 || strcmp(name, "target") == 0;
}

static const char *
get(void *arg, const char *name)
{
	(void)arg;
	return strcmp(name, "size") == 0 ? "4096" : strcmp(name, "kernel") == 0 ? "clwb" : "";
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = strndup((const char *)data, size), *said = NULL;
	struct filter *f = NULL;
	size_t len = 0;
	FILE *err = open_memstream(&said, &len);
	int rc = filter_parse(&f, text, known, NULL, err);

	fclose(err);
	if (rc == 0)
		filter_match(f, get, NULL);
	else if (!strstr(said, "error:"))
		abort();
	filter_free(f);
	free(text);
	free(said);
	return 0;
}
