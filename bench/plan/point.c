/* SPDX-License-Identifier: BSD-2-Clause */
/* point.c -- a point as people and files see it. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "planner.h"

static const char *const preparation_name[] = {
	[PREP_AUTO] = "", [PREP_HOLE] = "hole", [PREP_UNWRITTEN] = "unwritten", [PREP_WRITTEN] = "written",
};

uint32_t
plan_empty_axes(const struct kernel *k, const struct target_spec *t, const struct bench *b, const uint16_t *at)
{
	const bool is_mapped = k->needs & CAP_MAP, latency = b->axis[AXIS_MODE].v[at[AXIS_MODE]].num == MODE_LATENCY;
	const bool has_file = t->kind == KIND_FILE || t->kind == KIND_FSDAX;
	uint32_t empty = 0;

	if (b->axis[AXIS_CPUS].v[at[AXIS_CPUS]].num)
		empty |= 1u << AXIS_PLACEMENT | 1u << AXIS_SMT;
	if (b->axis[AXIS_PATTERN].v[at[AXIS_PATTERN]].num != ADDRESSES_STRIDED)
		empty |= 1u << AXIS_STRIDE;
	if (!latency)
		empty |= 1u << AXIS_GAP | 1u << AXIS_LINE | 1u << AXIS_TLB;
	if (b->axis[AXIS_LINE].v[at[AXIS_LINE]].num != LINE_COLD || k->consumes || k->pm_size ||
	    !is_mapped)
		empty |= 1u << AXIS_TLB;
	/* Prefaulting a mapping for writing leaves written blocks, whatever there was before. */
	if (!has_file || k->files || !(k->needs & (CAP_MAP | CAP_FD)) || (is_mapped && !k->consumes))
		empty |= 1u << AXIS_PREPARATION;
	/* To make lines cold or hot is to touch their page, and to know where they lie. */
	if (k->consumes || k->pm_size)
		empty |= 1u << AXIS_LINE;
	if (!is_mapped)
		empty |= 1u << AXIS_LINE | 1u << AXIS_MAP_SYNC | 1u << AXIS_O_SYNC | 1u << AXIS_PAGE_SIZE;
	if (t->kind == KIND_DRAM)
		empty |= 1u << AXIS_MAP_SYNC | 1u << AXIS_O_SYNC;
	if (t->kind == KIND_DEVDAX)
		empty |= 1u << AXIS_MAP_SYNC;
	return empty;
}

const struct bench *
point_bench(const struct plan *plan, const struct point *p)
{
	return &plan->config->bench[p->bench];
}

static const struct value *
value(const struct plan *plan, const struct point *p, enum axis_id id)
{
	return &point_bench(plan, p)->axis[id].v[p->at[id]];
}

uint64_t
point_num(const struct plan *plan, const struct point *p, enum axis_id id)
{
	return value(plan, p, id)->num;
}

struct placement
point_placement(const struct plan *plan, const struct point *p)
{
	const struct value *place = value(plan, p, AXIS_PLACEMENT), *cpus = value(plan, p, AXIS_CPUS);
	const struct target_spec *spec = &plan->config->target[p->target];

	return (struct placement){
		.place = place->num <= PLACE_NODES ? (int)place->num : PLACE_NODES, .nodes = place->text,
		.cpus = cpus->num ? cpus->text : NULL, .smt = (int)value(plan, p, AXIS_SMT)->num,
		.node = spec->node >= 0 ? spec->node : plan->fact[p->target].node,
	};
}

static const char *
decimal(char *buf, uint64_t n)
{
	if (!n)
		return "";
	snprintf(buf, POINT_TEXT, "%" PRIu64, n);
	return buf;
}

const char *
point_axis(const struct plan *plan, const struct point *p, enum axis_id id, char *buf)
{
	const struct value *v = value(plan, p, id);

	if (p->empty & 1u << id)
		return "";
	switch (id) {
	case AXIS_SIZE:
	case AXIS_STRIDE:
		return decimal(buf, v->num);
	case AXIS_THREADS:
		return p->threads ? decimal(buf, p->threads) : v->text;
	case AXIS_CPUS:
		return v->num ? v->text : "";
	case AXIS_WORKING_SET:
		return decimal(buf, p->working_set ? p->working_set * p->threads : v->num);
	case AXIS_PREPARATION:
		return preparation_name[p->preparation];
	case AXIS_TLB:
		return p->tlb == TLB_COLD ? "cold" : "warm";
	case AXIS_MAP_SYNC:
		return p->map_sync ? "on" : "off";
	case AXIS_PAGE_SIZE:
		return decimal(buf, p->page_size);
	default:
		return v->text;
	}
}

uint64_t
plan_default(const struct param *p, unsigned caps)
{
	const struct choice *c = p->choices;

	while (c && c->name && c->value != p->def)
		c++;
	if (!c || !c->name || !(c->needs & ~caps))
		return p->def;
	for (c = p->choices; c->name; c++)
		if (!(c->needs & ~caps))
			return c->value;
	return p->def;
}

/* The p-th parameter of a point's kernel; false when this kernel does not take the value. */
static bool
param_num(const struct plan *plan, const struct point *p, size_t i, uint64_t *num, const char **text, char *buf)
{
	const struct param *param = &p->kernel->params[i];
	const struct bench *b = point_bench(plan, p);

	if (!p->param[i]) {
		*num = plan_default(param, plan->machine.caps | plan->fact[p->target].caps);
		*text = *num ? decimal(buf, *num) : "0";
		for (const struct choice *c = param->choices; c && c->name; c++)
			if (c->value == *num)
				*text = c->name;
		return true;
	}
	for (size_t a = 0; a < b->nparam; a++)
		if (!strcmp(b->param[a].name, param->name)) {
			const char *const said = b->param[a].axis.v[p->param[i] - 1].text;

			if (!param_value(param, said, num, text, buf))
				return true;
			*text = said;
			return false;
		}
	return false;
}

const char *
point_param(const struct plan *plan, const struct point *p, const char *name, char *buf)
{
	const char *text;
	uint64_t num;

	for (size_t i = 0; p->kernel->params && i < KERNEL_PARAMS_MAX && p->kernel->params[i].name; i++)
		if (!strcmp(p->kernel->params[i].name, name)) {
			param_num(plan, p, i, &num, &text, buf);
			return text;
		}
	return "";
}

void
point_opts(const struct plan *plan, const struct point *p, void *opts)
{
	const char *text;
	char buf[POINT_TEXT];
	uint64_t num;

	memset(opts, 0, p->kernel->opts_size);
	for (size_t i = 0; p->kernel->params && i < KERNEL_PARAMS_MAX && p->kernel->params[i].name; i++)
		if (param_num(plan, p, i, &num, &text, buf))
			memcpy((char *)opts + p->kernel->params[i].off, &num, sizeof(num));
}

const char *
point_text(const struct plan *plan, const struct point *p, const char *name, char *buf)
{
	for (enum axis_id id = 0; id < AXES; id++)
		if (!strcmp(axis_keys[id].name, name))
			return point_axis(plan, p, id, buf);
	if (!strcmp(name, "bench"))
		return point_bench(plan, p)->name;
	if (!strcmp(name, "role"))
		return plan->config->target[p->target].role;
	if (!strcmp(name, "medium"))
		return medium_name[plan->fact[p->target].medium];
	if (!strcmp(name, "durable"))
		return durable_name[p->durable.class];
	return point_param(plan, p, name, buf);
}

const char *
point_class(const struct plan *plan, const struct point *p, char *buf)
{
	if (plan->machine.ours && !plan->machine.ours(p->kernel))
		return NULL;
	return evidence_class(buf, p->kernel, p->does, &plan->fact[p->target], p->preparation, p->map_sync, p->o_sync);
}

const char *
point_tested(const struct plan *plan, const struct point *p, char *buf)
{
	char class[EVIDENCE_CLASS];

	return evidence_tested(buf, point_class(plan, p, class), plan->machine.series);
}

double
point_bound(const struct plan *plan, const struct point *p)
{
	char class[EVIDENCE_CLASS];

	return evidence_bound(point_class(plan, p, class), plan->machine.series);
}
