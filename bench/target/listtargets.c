/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <jansson.h>
#include <libsmartcols/libsmartcols.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "clock.h"
#include "listtargets.h"
#include "namespaces.h"
#include "registry.h"
#include "text.h"

/* A target, as a config would name it, and what the probe says of it. */
struct usable {
	struct target_spec spec;
	struct facts_target facts;
	char why[WHY_MAX];		/* why it cannot be used, "" */
	char no_dax[WHY_MAX];		/* why it is but a directory, "" */
	size_t kernels;
};

struct listing {
	struct namespace_ *ns;
	struct usable *use;		/* of each namespace */
	int nns;
	struct usable *any;		/* what auto would use */
	int nany;
};

static bool
runs(const struct usable *u, const struct kernel *k)
{
	const unsigned caps = cpu_caps() | u->facts.caps | (geteuid() == 0 ? CAP_ROOT : 0);

	return !u->why[0] && (k->needs & ~caps) == 0;
}

static void
ask(struct usable *u)
{
	if (!u->why[0] && target_probe(&u->spec, &u->facts, u->why, sizeof u->why) == 0 && !u->facts.present)
		snprintf(u->why, sizeof u->why, "%s", u->facts.why);
	for (size_t i = 0; i < kernel_count(); i++)
		u->kernels += runs(u, kernel_at(i));
}

/* The kind of target that a namespace in its mode, mounted or not, can be. */
static void
usable_namespace(struct usable *u, const struct namespace_ *n)
{
	const char *path = n->mount[0] ? n->mount : n->device;

	*u = (struct usable){ .spec = { .node = -1, .kind = KIND_RAW } };
	if (strcmp(n->mode, "system-ram") == 0) {
		u->spec.kind = KIND_DRAM;
		u->spec.node = n->target_node;
		u->spec.size = 64 << 20;
		path = "";
	} else if (strcmp(n->mode, "devdax") == 0) {
		u->spec.kind = KIND_DEVDAX;
	} else if (n->mount[0]) {
		u->spec.kind = KIND_FSDAX;
		u->spec.size = 4 << 20;
	} else if (strcmp(n->mode, "sector") == 0) {
		u->spec.kind = KIND_SECTOR;
	}
	if (!n->device[0] && u->spec.kind != KIND_DRAM)
		snprintf(u->why, sizeof u->why, "disabled: ndctl enable-namespace %s", n->name);
	snprintf(u->spec.path, sizeof u->spec.path, "%s", path);
	ask(u);
	/* Mounted without DAX it is a directory like any other. */
	if (u->spec.kind == KIND_FSDAX && u->why[0]) {
		memcpy(u->no_dax, u->why, sizeof u->no_dax);
		u->spec.kind = KIND_FILE;
		u->why[0] = 0;
		ask(u);
	}
}

static int
gather(struct listing *l)
{
	struct target_spec *spec = NULL;
	int rc = 0;

	*l = (struct listing){ 0 };
	l->nns = namespaces_list(&l->ns);
	l->nany = target_auto(&spec);
	if (l->nns < 0 || l->nany < 0)
		rc = l->nns < 0 ? l->nns : l->nany;
	if (rc == 0) {
		l->use = calloc((size_t)l->nns + 1, sizeof *l->use);
		l->any = calloc((size_t)l->nany + 1, sizeof *l->any);
		rc = l->use && l->any ? 0 : -ENOMEM;
	}
	for (int i = 0; rc == 0 && i < l->nns; i++)
		usable_namespace(&l->use[i], &l->ns[i]);
	for (int i = 0; rc == 0 && i < l->nany; i++) {
		l->any[i].spec = spec[i];
		ask(&l->any[i]);
	}
	free(spec);
	return rc;
}

static void
scatter(struct listing *l)
{
	free(l->ns);
	free(l->use);
	free(l->any);
}

/* "fsdax: /mnt/pmem0", as it would stand in a config. */
static const char *
as_written(char *buf, size_t len, const struct target_spec *s)
{
	char size[TEXT_NUM];

	if (s->path[0])
		snprintf(buf, len, "%s: %s", target_kind_name[s->kind], s->path);
	else if (s->node >= 0)
		snprintf(buf, len, "%s: %s, node: %d", target_kind_name[s->kind], text_put_size(size, s->size), s->node);
	else
		snprintf(buf, len, "%s: %s", target_kind_name[s->kind], text_put_size(size, s->size));
	return buf;
}

static const char *
or_null(const char *s)
{
	return s[0] ? s : NULL;
}

static json_t *
use_json(const struct usable *u)
{
	char text[TARGET_PATH_MAX + 32];
	json_t *kernels = json_array();

	for (size_t i = 0; i < kernel_count(); i++)
		if (runs(u, kernel_at(i)))
			json_array_append_new(kernels, json_string(kernel_at(i)->name));
	return json_pack("{s:s, s:s*, s:s*, s:o}", "target", as_written(text, sizeof text, &u->spec),
			 "why_not", or_null(u->why), "no_dax", or_null(u->no_dax), "kernels", kernels);
}

static json_t *
number_or_null(uint64_t n)
{
	return n ? json_integer((json_int_t)n) : json_null();
}

static json_t *
node_json(int node)
{
	return node < 0 ? json_null() : json_integer(node);
}

static json_t *
namespace_json(const struct namespace_ *n, const struct usable *u)
{
	return json_pack("{s:s, s:s?, s:s?, s:s?, s:s, s:s?, s:s?, s:s?, s:I, s:o, s:o, s:o, s:o, s:s, s:s, s:i, "
			 "s:s?, s:s?, s:s?, s:o}",
			 "name", n->name, "alias", or_null(n->alias), "uuid", or_null(n->uuid),
			 "raw_uuid", or_null(n->raw_uuid), "mode", n->mode, "device", or_null(n->device),
			 "region", or_null(n->region), "provider", or_null(n->provider),
			 "size", (json_int_t)n->size, "sector_size", number_or_null(n->sector),
			 "align", number_or_null(n->align), "numa_node", node_json(n->node),
			 "target_node", node_json(n->target_node), "persistence_domain", domain_name[n->domain],
			 "medium", medium_name[n->medium], "badblocks", (int)n->badblocks,
			 "mount", or_null(n->mount), "fstype", or_null(n->fstype), "options", or_null(n->options),
			 "use", use_json(u));
}

static int
print_json(FILE *out, const struct listing *l)
{
	json_t *ns = json_array(), *any = json_array(), *all;
	int rc;

	for (int i = 0; i < l->nns; i++)
		json_array_append_new(ns, namespace_json(&l->ns[i], &l->use[i]));
	for (int i = 0; i < l->nany; i++) {
		json_t *u = use_json(&l->any[i]);

		json_object_set_new(u, "name", json_string(l->any[i].spec.name));
		json_object_set_new(u, "size", json_integer((json_int_t)l->any[i].spec.size));
		json_object_set_new(u, "medium", json_string(medium_name[l->any[i].facts.medium]));
		json_array_append_new(any, u);
	}
	all = json_pack("{s:s, s:o, s:o}", "schema", "daxmark.targets/1.0", "namespaces", ns, "auto", any);
	rc = all && json_dumpf(all, out, JSON_INDENT(2)) == 0 && putc('\n', out) != EOF ? 0 : -EIO;
	json_decref(all);
	return rc;
}

static struct libscols_table *
table(FILE *out, const char *const *heading)
{
	struct libscols_table *t;

	scols_init_debug(0);
	t = scols_new_table();
	for (size_t i = 0; t && heading[i]; i++)
		scols_table_new_column(t, heading[i], 0, 0);
	if (t)
		scols_table_set_stream(t, out);
	return t;
}

static int
finish(struct libscols_table *t)
{
	int rc = t ? scols_print_table(t) : -ENOMEM;

	scols_unref_table(t);
	return rc;
}

static void
cells(struct libscols_table *t, const char *const *text)
{
	struct libscols_line *line = scols_table_new_line(t, NULL);

	for (size_t i = 0; line && text[i]; i++)
		scols_line_set_data(line, i, text[i][0] ? text[i] : "-");
}

static const char *
runs_text(char *buf, size_t len, const struct usable *u)
{
	if (u->why[0])
		snprintf(buf, len, "nothing: %s", u->why);
	else
		snprintf(buf, len, "%zu kernels%s", u->kernels, u->no_dax[0] ? ", without DAX" : "");
	return buf;
}

static int
print_namespaces(FILE *out, const struct listing *l)
{
	static const char *const heading[] = {
		"NAMESPACE", "MODE", "DEVICE", "SIZE", "SECTOR", "ALIGN", "NODE", "DOMAIN", "MEDIUM", "BADBLOCKS",
		"MOUNTED ON", "FS", "TARGET", "RUNS", NULL,
	};
	struct libscols_table *t = table(out, heading);

	for (int i = 0; t && i < l->nns; i++) {
		const struct namespace_ *n = &l->ns[i];
		char size[TEXT_NUM], sector[TEXT_NUM], align[TEXT_NUM], node[16], bad[16];
		char target[TARGET_PATH_MAX + 32], what[WHY_MAX + 16];

		snprintf(node, sizeof node, n->node < 0 ? "-" : "%d", n->node);
		snprintf(bad, sizeof bad, "%u", n->badblocks);
		cells(t, (const char *const[]){
			n->name, n->mode, n->device, text_put_size(size, n->size),
			n->sector ? text_put_count(sector, n->sector) : "-",
			n->align ? text_put_size(align, n->align) : "-", node, domain_name[n->domain],
			medium_name[n->medium], bad, n->mount, n->fstype,
			as_written(target, sizeof target, &l->use[i].spec), runs_text(what, sizeof what, &l->use[i]), NULL,
		});
	}
	return finish(t);
}

static int
print_auto(FILE *out, const struct listing *l)
{
	static const char *const heading[] = { "NAME", "TARGET", "SIZE", "MEDIUM", "RUNS", NULL };
	struct libscols_table *t = table(out, heading);

	for (int i = 0; t && i < l->nany; i++) {
		const struct usable *u = &l->any[i];
		char size[TEXT_NUM], target[TARGET_PATH_MAX + 32], what[WHY_MAX + 16];

		cells(t, (const char *const[]){
			u->spec.name, as_written(target, sizeof target, &u->spec), text_put_size(size, u->spec.size),
			medium_name[u->facts.medium], runs_text(what, sizeof what, u), NULL,
		});
	}
	return finish(t);
}

static int
print_text(FILE *out, const struct listing *l)
{
	int rc = 0;

	if (l->nns)
		rc = print_namespaces(out, l);
	else
		fprintf(out, "No persistent memory namespaces on this machine.\n");
	fprintf(out, "\n`auto` would use%s\n", l->nany ? ":" : " nothing.");
	if (rc == 0 && l->nany)
		rc = print_auto(out, l);
	return rc;
}

int
list_targets(FILE *out, int json)
{
	struct listing l;
	int rc = gather(&l);

	if (rc == 0)
		rc = json ? print_json(out, &l) : print_text(out, &l);
	scatter(&l);
	return rc;
}
