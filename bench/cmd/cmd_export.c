/* SPDX-License-Identifier: BSD-2-Clause */
/* run-bench export: a run in the formats of others. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "anonymize.h"
#include "commands.h"
#include "export.h"
#include "log.h"
#include "replace.h"
#include "figureset.h"
#include "reps.h"

static const struct export_format *
find(const char *name)
{
	const struct export_format *f = export_formats;

	while (f->name && name && strcmp(f->name, name) != 0)
		f++;
	if (name && f->name)
		return f;
	warn("%s%s%sexport --format:", name ? "no format '" : "", name ? name : "", name ? "'; " : "");
	for (f = export_formats; f->name; f++)
		warn("  %-10s %s", f->name, f->doc);
	return NULL;
}

static int
load(struct export *x, const struct run *run, const struct export_format *format)
{
	char why[512];

	*x = (struct export){ .run = run };
	if (format->readings && readings_load(&x->r, run, NULL, why, sizeof why) < 0) {
		warn("%s", why);
		return -EINVAL;
	}
	x->scratch = calloc(format->readings ? readings_most(&x->r) + 1 : 1, sizeof *x->scratch);
	return x->scratch ? 0 : -ENOMEM;
}

/* It appears whole or not at all. */
static int
write_file(struct export *x, const struct export_format *format, const char *path)
{
	const char *slash = strrchr(path, '/');
	char dir[4096];
	struct replace out;
	int fd, err;

	snprintf(dir, sizeof dir, "%.*s", slash ? (int)(slash - path) + 1 : 1, slash ? path : ".");
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	err = fd < 0 ? -errno : replace_open(&out, fd, slash ? slash + 1 : path);
	if (err == 0)
		err = replace_close(&out, format->write(x, out.file));
	if (fd >= 0)
		close(fd);
	if (err < 0 && !x->why[0])
		fail_at(-err, "%s:", path);
	return err;
}

static int
export_run(const struct run *run, const struct export_format *format, const struct cli *cli)
{
	struct export x;
	int err = load(&x, run, format);

	if (err == 0 && cli->export.file) {
		err = write_file(&x, format, cli->export.file);
	} else if (err == 0) {
		err = format->write(&x, stdout);
		if (err == 0 && fflush(stdout) != 0)
			err = -errno;
	}
	if (x.why[0])
		warn("export --format %s: %s", format->name, x.why);
	if (err == 0 && x.passed)
		info("%zu points without a time are left out", x.passed);
	readings_free(&x.r);
	free(x.scratch);
	return err;
}

int
cmd_export(struct cli *cli)
{
	const struct export_format *format = find(cli->export.format);
	const char *dir = cli->narg ? cli->arg[0] : "";
	struct run run;
	char why[512], copy[4400];
	int err;

	if (format == NULL)
		return EXIT_USAGE;
	if (cli->narg != 1) {
		warn("export wants one results directory");
		return EXIT_USAGE;
	}
	if (!cli->export.file && !format->readings && isatty(STDOUT_FILENO)) {
		warn("a tar is nothing for a terminal: give -o FILE");
		return EXIT_USAGE;
	}
	err = cli->anonymize ? anonymize_copy(dir, copy, sizeof copy) : 0;
	if (err < 0) {
		fail_at(-err, "%s: not anonymized:", dir);
		return EXIT_USAGE;
	}
	if (cli->anonymize) {
		dir = copy;
		figureset_report(cli, AT_FDCWD, dir, NULL);
	}
	if (rundir_load(&run, dir, why, sizeof why) < 0) {
		warn("%s", why);
		err = -EINVAL;
	} else {
		err = export_run(&run, format, cli);
		rundir_free(&run);
	}
	if (cli->anonymize)
		anonymize_drop(copy);
	return err < 0 ? EXIT_USAGE : EXIT_OK;
}
