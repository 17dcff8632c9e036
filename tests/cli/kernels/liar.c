// SPDX-License-Identifier: BSD-2-Clause
/* liar -- expects other page faults and system calls than its ops take. */
#include <errno.h>
#include <sys/mman.h>
#include "mapped.h"

enum { LIE_MANY, LIE_FEW };

static const struct choice lies[] = {
	{ .name = "many", .value = LIE_MANY }, { .name = "few", .value = LIE_FEW }, { 0 },
};
static const struct param params[] = {
	{ .name = "lie", .doc = "many: a fault and a call an op, expects none; few: the other way round",
	  .off = offsetof(struct mapped_opts, how), .def = LIE_MANY, .choices = lies },
	{ 0 },
};

static int
liar_run(const struct work *w, uint64_t i, uint64_t end)
{
	const int many = ((const struct mapped_opts *)w->opts)->how == LIE_MANY;

	for (; i < end; i++) {
		char *p = work_addr(w, w->slots, i);

		if (many && madvise(p, w->size, MADV_DONTNEED))
			return -errno;
		mapped_op(p, work_src(w, i), w->size, 0, store_line, NULL);
	}
	return 0;
}

static void
liar_expect(const struct facts *f, const void *opts, struct expect *e)
{
	(void)f;
	*e = (struct expect){ 0 };
	if (((const struct mapped_opts *)opts)->how == LIE_FEW)
		*e = (struct expect){ .faults_min = 1, .faults_max = 1, .syscalls_min = 1, .syscalls_max = 1 };
}

const struct kernel kernel_liar = {
	KERNEL_HEADER,
	.name = "liar",
	.doc = "expects other faults and calls than its ops take",
	.needs = CAP_MAP,
	.moves = MOVES_WRITES,
	.granule = 4096,
	.params = params,
	.expect = liar_expect,
	.opts_size = sizeof(struct mapped_opts),
	.run = liar_run,
};
