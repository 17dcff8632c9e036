/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include "grid.h"
#include "listtargets.h"
#include "namespaces.h"
#include "registry.h"
#include "text.h"
#include "usable.h"

struct target_listing {
	struct namespace_ *ns;
	struct usable *use;		/* of each namespace */
	int nns;
	struct usable *any;		/* what auto would use */
	int nany;
};

static int
gather(struct target_listing *l)
{
	struct target_spec *spec = NULL;
	int rc = 0;

	*l = (struct target_listing){ 0 };
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
		usable_ask(&l->any[i]);
	}
	free(spec);
	return rc;
}

static void
scatter(struct target_listing *l)
{
	free(l->ns);
	free(l->use);
	free(l->any);
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
		if (usable_runs(u, kernel_at(i)))
			json_array_append_new(kernels, json_string(kernel_at(i)->name));
	return json_pack("{s:s, s:s*, s:s*, s:o}", "target", usable_written(text, sizeof text, &u->spec),
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
print_json(FILE *out, const struct target_listing *l)
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

/* What may be broken on a narrow terminal has a star. */
static struct grid *
table(const char *const *heading)
{
	struct grid *t = grid_new();

	for (size_t i = 0; heading[i]; i++)
		grid_column(t, heading[i] + (heading[i][0] == '*'), heading[i][0] == '*' ? GRID_WRAP : 0);
	return t;
}

static void
cells(struct grid *t, const char *const *text)
{
	const char *cell[16];
	size_t n = 0;

	for (; text[n] && n < sizeof cell / sizeof *cell; n++)
		cell[n] = text[n][0] ? text[n] : "-";
	grid_row(t, cell);
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
print_namespaces(FILE *out, const struct target_listing *l)
{
	static const char *const heading[] = {
		"NAMESPACE", "MODE", "DEVICE", "SIZE", "SECTOR", "ALIGN", "NODE", "DOMAIN", "MEDIUM", "BADBLOCKS",
		"*MOUNTED ON", "FS", "*TARGET", "*RUNS", NULL,
	};
	struct grid *t = table(heading);

	for (int i = 0; i < l->nns; i++) {
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
			usable_written(target, sizeof target, &l->use[i].spec), runs_text(what, sizeof what, &l->use[i]), NULL,
		});
	}
	return grid_print(t, out);
}

static int
print_auto(FILE *out, const struct target_listing *l)
{
	static const char *const heading[] = { "NAME", "*TARGET", "SIZE", "MEDIUM", "*RUNS", NULL };
	struct grid *t = table(heading);

	for (int i = 0; i < l->nany; i++) {
		const struct usable *u = &l->any[i];
		char size[TEXT_NUM], target[TARGET_PATH_MAX + 32], what[WHY_MAX + 16];

		cells(t, (const char *const[]){
			u->spec.name, usable_written(target, sizeof target, &u->spec), text_put_size(size, u->spec.size),
			medium_name[u->facts.medium], runs_text(what, sizeof what, u), NULL,
		});
	}
	return grid_print(t, out);
}

static int
print_text(FILE *out, const struct target_listing *l)
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
	struct target_listing l;
	int rc = gather(&l);

	if (rc == 0)
		rc = json ? print_json(out, &l) : print_text(out, &l);
	scatter(&l);
	return rc;
}
