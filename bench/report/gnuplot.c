/* SPDX-License-Identifier: BSD-2-Clause */
#include "gnuplot.h"
#include "datadir.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "replace.h"

extern char **environ;

static int
find_scripts(struct gnuplot *g)
{
	char path[4200];

	snprintf(g->scripts, sizeof(g->scripts), "%s/plots", data_dir());
	snprintf(path, sizeof(path), "%s/common.gp", g->scripts);
	if (access(path, R_OK) == 0)
		return 0;
	snprintf(g->why, sizeof(g->why), "figures are not drawn: no %.4000s", path);
	return -ENOENT;
}

static int
copy(struct gnuplot *g, int dirfd, const char *file)
{
	char path[4300], buf[4096];
	struct replace out;
	FILE *in;
	size_t n;
	int err;

	snprintf(path, sizeof(path), "%s/%s", g->scripts, file);
	in = fopen(path, "re");
	err = in ? replace_open(&out, dirfd, file) : -errno;
	if (err == 0) {
		while ((n = fread(buf, 1, sizeof(buf), in)) > 0)
			fwrite(buf, 1, n, out.file);
		err = replace_close(&out, ferror(in) ? -EIO : 0);
	}
	if (in)
		fclose(in);
	if (err < 0)
		snprintf(g->why, sizeof(g->why), "%.4200s: %s", path, strerror(-err));
	return err;
}

/* Ours, in one time zone: a PDF has the hour it was drawn in (pdf.h).  NULL without memory. */
static char **
utc(void)
{
	static char zone[] = "TZ=UTC0";
	size_t n = 0, k = 0;
	char **e;

	while (environ[n])
		n++;
	e = calloc(n + 2, sizeof(*e));
	for (size_t i = 0; e && i < n; i++)
		if (strncmp(environ[i], zone, 3) != 0)
			e[k++] = environ[i];
	if (e)
		e[k] = zone;
	return e;
}

static int
spawn(int dirfd, const char *script, pid_t *pid)
{
	char *const argv[] = { "gnuplot", (char *)script, NULL };
	char **env = utc();
	posix_spawn_file_actions_t a;
	int err = env ? posix_spawn_file_actions_init(&a) : ENOMEM;

	if (err) {
		free(env);
		return -err;
	}
	posix_spawn_file_actions_addfchdir_np(&a, dirfd);
	posix_spawn_file_actions_addopen(&a, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&a, 1, "gnuplot.log", O_WRONLY | O_CREAT | O_TRUNC, 0666);
	posix_spawn_file_actions_adddup2(&a, 1, 2);
	err = posix_spawnp(pid, argv[0], &a, NULL, argv, env);
	posix_spawn_file_actions_destroy(&a);
	free(env);
	return -err;
}

static int
run(struct gnuplot *g, int dirfd, const char *script)
{
	int status, err;
	pid_t pid;

	err = spawn(dirfd, script, &pid);
	if (err < 0) {
		g->absent = true;
		snprintf(g->why, sizeof(g->why),
			"gnuplot cannot be run (%s): figures are not drawn, their data and scripts "
			"are in plots/", strerror(-err));
		return err;
	}
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
		unlinkat(dirfd, "gnuplot.log", 0);
		return 0;
	}
	snprintf(g->why, sizeof(g->why),
		"gnuplot failed on plots/%s; its words are in plots/gnuplot.log", script);
	return -EIO;
}

int
gnuplot_draw(struct gnuplot *g, int dirfd, const char *name)
{
	char script[128];
	int err;

	if (!g->looked) {
		g->looked = true;
		g->no_scripts = find_scripts(g) < 0 || copy(g, dirfd, "common.gp") < 0;
	}
	if (g->no_scripts)
		return -ENOENT;
	snprintf(script, sizeof(script), "%s.gp", name);
	err = copy(g, dirfd, script);
	if (err < 0)
		return err;
	return g->absent ? -ENOENT : run(g, dirfd, script);
}
