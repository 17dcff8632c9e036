/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * libFuzzer target: any bytes are a config or an error with a message, and what
 * is a config can be written, read back as the same, and planned.
 *
 * Bytes behind "\n#set:" are an argument of --set.
 */
#include <errno.h>
#include <stdio.h>
#include "../unit/fake.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
check(bool ok, const char *what)
{
	if (!ok) {
		fprintf(stderr, "fuzz: %s\n", what);
		abort();
	}
}

static char *
resolved(const struct config *c)
{
	char *text;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	check(!config_write_resolved(c, f), "not written");
	fclose(f);
	return text;
}

static void
check_round_trip(const struct config *c)
{
	char *text = resolved(c), *again;
	struct config *back;

	if (strlen(text) > 1 << 20) {	/* defaults spelled out for each bench */
		free(text);
		return;
	}
	check(!config_load(&back, "resolved", text, strlen(text), NULL, 0, fake_kernels, stderr), "not read back");
	again = resolved(back);
	check(!strcmp(text, again), "read back as another");
	free(again);
	free(text);
	config_free(back);
}

static void
check_plan(const struct config *c)
{
	struct facts_target *fact = calloc(c->ntarget + 1, sizeof(*fact));
	struct plan plan;
	size_t walked = 0;
	char buf[POINT_TEXT];

	for (size_t i = 0; i < c->ntarget; i++)
		fact[i] = fake_facts(c->target[i].kind, c->target[i].size ? c->target[i].size : 1 << 30);
	for (size_t b = 0; b < c->nbench; b++) {
		size_t n = 1;

		for (int i = 0; i < AXES && n < 10000; i++)
			n *= c->bench[b].axis[i].n;
		for (size_t i = 0; i < c->bench[b].nparam && n < 10000; i++)
			n *= c->bench[b].param[i].axis.n;
		walked += n;
	}
	if (walked < 10000) {
		uint32_t order[10000];

		check(!plan_make(&plan, c, fact, &fake_machine, NULL), "not planned");
		check(plan_block(&plan, 3, order) == plan.n - plan.nskip, "points lost");
		for (size_t i = 0; i < plan.n; i++)
			for (int id = 0; id < AXES; id++)
				check(point_axis(&plan, &plan.point[i], (enum axis_id)id, buf) != NULL, "no value");
		plan_estimate(&plan);
		plan_free(&plan);
	}
	free(fact);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const char mark[] = "\n#set:";
	const uint8_t *at = memmem(data, len, mark, sizeof(mark) - 1);
	char *text = malloc(len + 1), *messages;
	const size_t text_len = at ? (size_t)(at - data) : len;
	size_t messages_len;
	FILE *err = open_memstream(&messages, &messages_len);
	struct setting set = { .text = at ? text + text_len + sizeof(mark) - 1 : NULL };
	struct config *c;
	int rc;

	memcpy(text, data, len);
	text[len] = 0;
	rc = config_load(&c, "fuzz.yaml", text, text_len, &set, at ? 1 : 0, fake_kernels, err);
	fclose(err);
	check(rc == 0 || rc == -EINVAL, "neither read nor refused");
	check((rc == 0) == (messages_len == 0), "a message where none belongs, or none where one does");
	if (!rc) {
		check_round_trip(c);
		err = fopen("/dev/null", "w");
		if (!config_set_targets(c, NULL, 0, err))
			check_plan(c);
		fclose(err);
	}
	config_free(c);
	free(messages);
	free(text);
	return 0;
}
