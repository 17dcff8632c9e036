/* SPDX-License-Identifier: BSD-2-Clause */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "registry.h"
#include "text.h"

#define KERNEL(name) extern const struct kernel kernel_##name;
#include "kernels.inc"
#undef KERNEL

#define LOADED_MAX 256

/* The generated table, with room for kernels of --kernel-path behind it. */
static const struct kernel *table[] = {
#define KERNEL(name) &kernel_##name,
#include "kernels.inc"
#undef KERNEL
	[LOADED_MAX] = NULL,
};

#define KERNEL(name) + 1
enum { OURS = 0
#include "kernels.inc"
};
#undef KERNEL

size_t
kernel_count(void)
{
	size_t n = 0;

	while (table[n])
		n++;
	return n;
}

const struct kernel *
kernel_at(size_t k)
{
	return table[k];
}

const struct kernel *const *
kernel_table(void)
{
	return table;
}

const struct kernel *
kernel_find(const char *name)
{
	for (size_t k = 0; table[k]; k++)
		if (strcmp(table[k]->name, name) == 0)
			return table[k];
	return NULL;
}

const struct kernel *
kernel_floor(void)
{
	for (size_t k = 0; table[k]; k++)
		if (table[k]->control == CONTROL_FLOOR)
			return table[k];
	return NULL;
}

bool
kernel_ours(const struct kernel *k)
{
	for (size_t i = 0; i < OURS; i++)
		if (table[i] == k)
			return true;
	return false;
}

/* A job carries opts of a fixed size. */
static bool
fits(const struct kernel *k)
{
	size_t n = 0;

	for (const struct param *p = k->params; p && p->name; p++, n++)
		if (n == KERNEL_PARAMS_MAX || p->off > k->opts_size || k->opts_size - p->off < sizeof(uint64_t))
			return false;
	return k->opts_size <= KERNEL_OPTS_MAX;
}

/* Whoever lays out its share says how large that is and where its slots lie in it. */
static bool
lays_out(const struct kernel *k)
{
	if (!k->pm_size)
		return !k->find && !k->format && !k->recover;
	return k->find && k->needs & CAP_MAP && !k->consumes && !k->files;
}

/* What it uses of work to come (kernel.h, (*)), or NULL. */
static const char *
unbuilt(const struct kernel *k)
{
	return k->needs & CAP_DEEP_FLUSH ? "CAP_DEEP_FLUSH" : NULL;
}

int
kernel_check(const struct kernel *k, const char *stem, char *why, size_t whylen)
{
	if (k->abi != KERNEL_ABI || k->kernel_size != sizeof *k || k->work_size != sizeof(struct work)) {
		snprintf(why, whylen, "built against another kernel.h (abi %u, here %u; struct kernel "
			 "%u bytes, here %zu): rebuild it", k->abi, KERNEL_ABI, k->kernel_size, sizeof *k);
		return -EPROTO;
	}
	if (!k->name || strcmp(k->name, stem) != 0 || !k->doc || !k->run) {
		snprintf(why, whylen, "kernel.name must be \"%s\" (the file's name), with doc and run", stem);
		return -EINVAL;
	}
	if (k->moves < MOVES_NOTHING || k->moves > MOVES_READS) {
		snprintf(why, whylen, "kernel.moves must say what happens to an op's bytes: MOVES_NOTHING, "
			 "MOVES_WRITES or MOVES_READS");
		return -EINVAL;
	}
	if (!fits(k)) {
		snprintf(why, whylen, "at most %d params, each in opts, and opts_size at most %d", KERNEL_PARAMS_MAX,
			 KERNEL_OPTS_MAX);
		return -EINVAL;
	}
	if (!lays_out(k)) {
		snprintf(why, whylen, "pm_size and find come together, format and recover with them, and "
			 "then it needs a mapping and uses its slots again");
		return -EINVAL;
	}
	if (unbuilt(k)) {
		snprintf(why, whylen, "uses %s, which this run-bench does not have yet", unbuilt(k));
		return -ENOTSUP;
	}
	return 0;
}

static int
add(const struct kernel *k, const char *path, const char *stem, char *why, size_t whylen)
{
	char text[300];
	int rc = kernel_check(k, stem, text, sizeof text);

	if (rc < 0) {
		snprintf(why, whylen, "%s: %s", path, text);
		return rc;
	}
	if (kernel_find(stem) == k)
		return 0;	/* for the second of several configs */
	if (kernel_find(stem)) {
		snprintf(why, whylen, "%s: a kernel named %s exists already", path, stem);
		return -EEXIST;
	}
	if (kernel_count() == LOADED_MAX) {
		snprintf(why, whylen, "%s: more kernels than the %d there is room for", path, LOADED_MAX);
		return -ENOSPC;
	}
	table[kernel_count()] = k;
	return 0;
}

static int
load(const char *dir, const char *file, char *why, size_t whylen)
{
	char path[PATH_BUF], stem[256], symbol[300];
	const struct kernel *k;
	void *so;

	snprintf(path, sizeof path, "%s/%s", dir, file);
	snprintf(stem, sizeof stem, "%.*s", (int)strlen(file) - 3, file);
	snprintf(symbol, sizeof symbol, "kernel_%s", stem);
	for (char *p = symbol; *p; p++)
		if (*p == '-')
			*p = '_';
	/* A path without '/' would be searched for in the library path. */
	so = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	if (!so) {
		snprintf(why, whylen, "%s", dlerror());
		return -ENOEXEC;
	}
	k = dlsym(so, symbol);
	if (!k) {
		snprintf(why, whylen, "%s: no symbol %s in it", path, symbol);
		dlclose(so);
		return -ENOEXEC;
	}
	return add(k, path, stem, why, whylen);
}

static int
is_so(const struct dirent *d)
{
	size_t n = strlen(d->d_name);

	return n > 3 && n < 255 && strcmp(d->d_name + n - 3, ".so") == 0;
}

int
kernel_load_dir(const char *dir, char *why, size_t whylen)
{
	struct dirent **list;
	char full[4096];
	int rc = 0, n;

	if (!realpath(dir, full) || (n = scandir(full, &list, is_so, alphasort)) < 0) {
		int err = errno;

		snprintf(why, whylen, "%s: %s", dir, strerror(err));
		return -err;
	}
	if (n == 0) {
		snprintf(why, whylen, "%s: no NAME.so in it", dir);
		rc = -ENOENT;
	}
	for (int k = 0; k < n; k++) {
		if (rc == 0)
			rc = load(full, list[k]->d_name, why, whylen);
		free(list[k]);
	}
	free(list);
	return rc;
}
