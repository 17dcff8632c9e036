/* SPDX-License-Identifier: BSD-2-Clause */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/utsname.h>
#include <unistd.h>
#include "caps.h"
#include "cli.h"
#include "clock.h"
#include "datadir.h"
#include "deadline.h"
#include "eventset.h"
#include "experiment_open.h"
#include "log.h"
#include "nopoint.h"
#include "registry.h"
#include "text.h"

/* More than a config may have, so that the loader is the one to say it is too long. */
#define TEXT_LIMIT (2u << 20)

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

/* "x: no such file or command; did you mean plan?" in buf, which is returned. */
static const char *
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

static char *
read_stream(FILE *f, size_t *len)
{
	char *text = malloc(TEXT_LIMIT + 1);

	if (!text)
		return NULL;
	*len = fread(text, 1, TEXT_LIMIT, f);
	text[*len] = 0;
	if (ferror(f)) {
		free(text);
		return NULL;
	}
	return text;
}

static char *
read_config(const char *file, size_t *len)
{
	char why[9000];
	FILE *f = strcmp(file, "-") == 0 ? stdin : fopen(file, "re");
	char *text = f ? read_stream(f, len) : NULL;

	if (!f && errno == ENOENT)
		warn("%s", nofile_text(file, why, sizeof why));
	else if (!text)
		fail_at(errno, "%s:", file);
	if (f && f != stdin)
		fclose(f);
	return text;
}

static int
kind_of(const char *path)
{
	struct facts_target *fact = malloc(sizeof *fact);
	struct target_spec *spec = calloc(1, sizeof *spec);
	char why[WHY_MAX];
	int kind = -1;

	if (fact && spec && strncmp(path, "/dev/", 5) != 0) {
		spec->kind = KIND_FSDAX;
		spec->node = -1;
		snprintf(spec->path, sizeof spec->path, "%s", path);
		kind = target_probe(spec, fact, why, sizeof why) == 0 ? KIND_FSDAX : KIND_FILE;
	}
	free(fact);
	free(spec);
	return kind;
}

static uint64_t
draw_seed(void)
{
	uint32_t x = 0;

	while (x == 0)
		if (getrandom(&x, sizeof x, 0) != sizeof x)
			x = (uint32_t)getpid();
	return x;
}

/* text (malloced, freed here; NULL: that has been said) is what FILE says. */
static int
load(struct experiment *s, const struct cli *cli, const char *file, char *text, size_t len)
{
	const struct kernels kernels = { kernel_table(), kernel_count() };
	int rc = !text ? -EINVAL : config_load(&s->config, file, text, len, cli->change.set,
					       cli->change.nset, kernels, stderr);

	free(text);
	if (rc < 0)
		return EXIT_USAGE;
	if (s->config->want_auto) {
		struct target_spec *spec = NULL;
		int n = target_auto(&spec);

		rc = n < 0 ? n : config_set_targets(s->config, spec, (size_t)n, stderr);
		free(spec);
	}
	if (rc == 0 && cli->change.quick)
		rc = config_quick(s->config);
	if (rc == 0 && cli->config.events)
		rc = config_add_events(s->config, cli->config.events);
	if (rc < 0 && rc != -EINVAL)
		fail_at(rc, "%s:", file);
	return rc < 0 ? EXIT_USAGE : 0;
}

static int
begin(struct experiment *s, const struct cli *cli)
{
	char why[WHY_MAX];

	*s = (struct experiment){
		.filter_text = cli->config.filter, .argc = cli->argc, .argv = cli->argv,
		.began_ns = deadline_now(),
	};
	if (cli->kernel_path && kernel_load_dir(cli->kernel_path, why, sizeof why) < 0) {
		warn("--kernel-path: %s", why);
		return EXIT_USAGE;
	}
	return 0;
}

int
experiment_config(struct experiment *s, const struct cli *cli, const char *file)
{
	struct options inline_ = cli->what;
	char path[PATH_BUF], *text;
	size_t len = 0;

	if (begin(s, cli))
		return EXIT_USAGE;
	if (inline_.kernels ? file != NULL : inline_.sizes || inline_.targets || inline_.threads || inline_.mode) {
		warn(inline_.kernels ? "give a CONFIG or -k, not both" :
		     "-s, -t, -T and -m go with -k; --set changes a CONFIG");
		return EXIT_USAGE;
	}
	inline_.kind_of = kind_of;
	inline_.real_path = realpath;
	if (!file && inline_.kernels) {
		text = config_from_options(&inline_);
		len = text ? strlen(text) : 0;
		file = config_of_options;
	} else {
		snprintf(path, sizeof path, "%s/configs/quick.yaml", data_dir());
		file = file ? file : path;
		text = read_config(file, &len);
	}
	return load(s, cli, file, text, len);
}

static unsigned
cpus_at(const void *topo, const struct placement *where)
{
	int n = topo_place(topo, where, 0, NULL);

	return n < 0 ? 0 : (unsigned)n;
}

static uint64_t
llc_at(const void *topo, const struct placement *where, unsigned threads)
{
	uint16_t cpu[4096];

	return topo_place(topo, where, threads, cpu) < (int)threads ? 0 : topo_llc(topo, cpu, threads);
}

static bool
knows_node(const void *topo, int node)
{
	return topo_nodes(topo) < 2 || topo_knows_node(topo, node);
}

/* $DAXMARK_WITHOUT="CLWB AVX512": as a CPU without them would see it. */
static unsigned
without(void)
{
	char list[256], name[256], *at = NULL;
	unsigned caps = 0;

	snprintf(list, sizeof list, "%s", getenv("DAXMARK_WITHOUT") ? getenv("DAXMARK_WITHOUT") : "");
	for (char *word = strtok_r(list, " ,", &at); word; word = strtok_r(NULL, " ,", &at))
		for (unsigned k = 0; k < CAP_COUNT; k++)
			if (strcmp(word, caps_text(1u << k, name, sizeof name)) == 0)
				caps |= 1u << k;
	return caps;
}

static struct machine
machine(const struct topo *t)
{
	struct machine m = {
		.caps = (cpu_caps() | (geteuid() == 0 ? CAP_ROOT : 0)) & ~without(),
		.cpus = topo_cpus(t),
		.cpus_at = cpus_at, .llc_at = llc_at, .knows_node = knows_node, .ours = kernel_ours, .topo = t,
	};
	struct utsname u;
	int major, minor;

	cpu_tlb(m.tlb);
	if (uname(&u) == 0 && sscanf(u.release, "%d.%d", &major, &minor) == 2)
		snprintf(m.series, sizeof m.series, "%d.%d", major, minor);
	return m;
}

static int
probe_all(struct experiment *s)
{
	char why[WHY_MAX];
	int rc = 0;

	for (size_t k = 0; k < s->config->ntarget; k++)
		if (target_probe(&s->config->target[k], &s->fact[k], why, sizeof why) < 0) {
			config_wrong_target(s->config, k, why, stderr);
			rc = EXIT_USAGE;
		}
	return rc;
}

/* What has no event's form is wrong on any machine. */
static int
check_events(const struct config *c)
{
	struct eventset *set = malloc(sizeof *set);
	struct event *e = malloc(sizeof *e);
	char dir[PATH_BUF], why[512];
	int rc = set && e ? 0 : EXIT_POINT_FAILED;

	snprintf(dir, sizeof dir, "%s/configs/events", data_dir());
	for (size_t k = 0; set && e && k < c->nevent; k++)
		if (eventset_load(set, dir, c->event[k], why, sizeof why) == -ENOENT &&
		    event_parse(e, c->event[k], why, sizeof why) == -EINVAL) {
			config_wrong_event(c, k, why, stderr);
			rc = EXIT_USAGE;
		}
	free(set);
	free(e);
	return rc;
}

/* "90s", "10m", "2h"; 0 is not a time. */
static uint64_t
budget_ns(const char *text)
{
	static const struct { const char *unit; double s; } units[] = {
		{ "", 1 }, { "s", 1 }, { "m", 60 }, { "min", 60 }, { "h", 3600 },
	};
	char *end;
	double v = strtod(text, &end);

	for (size_t k = 0; k < sizeof units / sizeof *units; k++)
		if (end != text && v > 0 && v < 1e6 && strcmp(end, units[k].unit) == 0)
			return (uint64_t)(v * units[k].s * 1e9);
	return 0;
}

/* A run that is to end between two blocks must have time for one. */
static int
set_budget(struct experiment *s, const char *text)
{
	uint64_t block = 0;

	s->budget_ns = s->plan.budget_ns = budget_ns(text);
	if (s->budget_ns == 0) {
		warn("--budget: '%s' is no time; such as 90s, 10m or 2h", text);
		return EXIT_USAGE;
	}
	for (size_t k = 0; k < s->plan.n; k++)
		block += s->plan.point[k].skip ? 0 : point_repeat_ns(&s->plan, &s->plan.point[k], false);
	if (block <= s->budget_ns)
		return 0;
	warn("--budget %s: one repeat of each of these points takes %.2f s; leave some out (--filter, --quick)", text,
	     (double)block / 1e9);
	return EXIT_USAGE;
}

/* Probed and planned. */
static int
complete(struct experiment *s, const struct cli *cli)
{
	struct machine m;
	int rc;

	if (cli->config.filter && filter_parse(&s->filter, cli->config.filter, config_known_name, s->config, stderr) < 0)
		return EXIT_USAGE;
	if (s->config->seed == 0)
		s->config->seed = draw_seed();
	s->fact = calloc(s->config->ntarget ? s->config->ntarget : 1, sizeof *s->fact);
	rc = s->fact ? topo_load(&s->topo) : -ENOMEM;
	if (rc < 0) {
		fail_at(rc, "reading the machine's topology:");
		return EXIT_POINT_FAILED;
	}
	rc = check_events(s->config);
	if (!rc)
		rc = probe_all(s);
	if (rc)
		return rc;
	m = machine(s->topo);
	rc = plan_make(&s->plan, s->config, s->fact, &m, s->filter);
	if (rc < 0)
		fail_at(rc, "%s:", s->config->file);
	if (rc == 0 && s->filter && s->plan.n)
		nopoint_warn(s);
	if (rc == 0 && cli->config.budget)
		return set_budget(s, cli->config.budget);
	return rc < 0 ? EXIT_USAGE : 0;
}

int
experiment_open(struct experiment *s, const struct cli *cli, const char *file)
{
	const int code = experiment_config(s, cli, file);

	return code ? code : complete(s, cli);
}

int
experiment_reopen(struct experiment *s, const struct cli *cli, int dirfd, const char *dir)
{
	char file[PATH_BUF + 32], *text;
	size_t len = 0;
	FILE *f;
	int fd, code;

	if (begin(s, cli))
		return EXIT_USAGE;
	snprintf(file, sizeof file, "%s/config.resolved.json", dir);
	fd = openat(dirfd, "config.resolved.json", O_RDONLY | O_CLOEXEC);
	f = fd < 0 ? NULL : fdopen(fd, "r");
	text = f ? read_stream(f, &len) : NULL;
	if (!text)
		fail_at(errno, "%s:", file);
	if (f)
		fclose(f);
	code = load(s, cli, file, text, len);
	return code ? code : complete(s, cli);
}

void
experiment_close(struct experiment *s)
{
	if (s->config)
		plan_free(&s->plan);
	free(s->fact);
	topo_free(s->topo);
	filter_free(s->filter);
	config_free(s->config);
	*s = (struct experiment){ 0 };
}
