/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "clock.h"
#include "registry.h"
#include "text.h"
#include "usable.h"

bool
usable_runs(const struct usable *u, const struct kernel *k)
{
	const unsigned caps = cpu_caps() | u->facts.caps | (geteuid() == 0 ? CAP_ROOT : 0);

	return !u->why[0] && (k->needs & ~caps) == 0;
}

void
usable_ask(struct usable *u)
{
	if (!u->why[0] && target_probe(&u->spec, &u->facts, u->why, sizeof u->why) == 0 && !u->facts.present)
		snprintf(u->why, sizeof u->why, "%s", u->facts.why);
	for (size_t i = 0; i < kernel_count(); i++)
		u->kernels += usable_runs(u, kernel_at(i));
}

void
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
	usable_ask(u);
	/* Mounted without DAX it is a directory like any other. */
	if (u->spec.kind == KIND_FSDAX && u->why[0]) {
		memcpy(u->no_dax, u->why, sizeof u->no_dax);
		u->spec.kind = KIND_FILE;
		u->why[0] = 0;
		usable_ask(u);
	}
}

const char *
usable_written(char *buf, size_t len, const struct target_spec *s)
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
