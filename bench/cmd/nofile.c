/* SPDX-License-Identifier: BSD-2-Clause */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "cli.h"
#include "datadir.h"
#include "nofile.h"
#include "text.h"

/* x, x.yaml and dir/x.yaml may all stand for configs/x.yaml. */
static void
stem(char *buf, size_t len, const char *file)
{
	const char *base = strrchr(file, '/') ? strrchr(file, '/') + 1 : file, *dot = strstr(base, ".yaml");

	snprintf(buf, len, "%.*s", (int)(dot ? (size_t)(dot - base) : strlen(base)), base);
}

/* The one of configs/ that is called most alike. */
static const char *
near_config(const char *file, char *buf, size_t len)
{
	char word[256], name[300], dir[4200], path[4500];
	struct guess g;
	const struct dirent *e;
	DIR *d;

	snprintf(dir, sizeof dir, "%s/configs", data_dir());
	stem(word, sizeof word, file);
	guess_start(&g, word);
	d = opendir(dir);
	buf[0] = 0;
	while (d && (e = readdir(d))) {
		const size_t cost = g.cost;

		if (!strstr(e->d_name, ".yaml"))
			continue;
		stem(name, sizeof name, e->d_name);
		guess_try(&g, name);
		if (g.cost == cost)
			continue;
		snprintf(path, sizeof path, "%s/%s", dir, e->d_name);
		data_typed(path, buf, len);
	}
	if (d)
		closedir(d);
	return buf;
}

const char *
nofile_text(const char *file, char *buf, size_t len)
{
	const bool word = !strpbrk(file, "./");
	char config[4500];
	struct guess g;

	guess_start(&g, file);
	for (const struct command *c = commands; word && c->name; c++)
		guess_try(&g, c->name);
	if (!g.best)
		near_config(file, config, sizeof config);
	if (g.best && g.cost == 0)
		snprintf(buf, len, "%s: no such file; a command comes before all options: run-bench %s ...", file, file);
	else if (g.best)
		snprintf(buf, len, "%s: no such command or file; did you mean run-bench %s?", file, g.best);
	else if (config[0])
		snprintf(buf, len, "%s: no such file; did you mean %s?", file, config);
	else
		snprintf(buf, len, "%s: no such %sfile; run-bench list configs shows those there are", file,
			 word ? "command or " : "");
	return buf;
}
