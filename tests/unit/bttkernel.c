// links: bttimage.o @kernels
/* SPDX-License-Identifier: BSD-2-Clause */
/* What the kernel btt leaves behind is a BTT to the reader that knows nothing of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "bttimage.h"
#include "kernel.h"
#include "nopmem.h"

extern const struct kernel kernel_btt;
enum { OPS = 1000, BITS = 8, RING = 4 };

/* The last op of a slot, of ops in sequence. */
static uint64_t
last_of(uint64_t slot)
{
	uint64_t op = slot;

	while (op + (1 << BITS) < OPS)
		op += 1 << BITS;
	return op;
}

static void
check_image(const struct work *w, char *buf)
{
	const uint64_t sector = w->size % 4096 ? 512 : 4096, each = w->size / sector;
	struct btt_image image;

	assert_int_equal(btt_image_open(&image, w->pm, w->pm_len), 0);
	assert_int_equal(btt_image_faults(&image), 0);
	assert_int_equal(image.sector, sector);
	assert_int_equal(image.sectors, each << BITS);
	for (uint64_t n = 0; n < image.sectors; n++) {
		assert_int_equal(btt_image_read(&image, n, buf), 0);
		assert_memory_equal(buf, work_src(w, last_of(n / each)) + n % each * sector, sector);
	}
	btt_image_close(&image);
}

static void
image(void **state)
{
	static const size_t sizes[] = { 512, 1536, 4096, 8192 };
	uint64_t opts[2] = { 0, 256 };		/* as nd_btt */
	char *ring = aligned_alloc(4096, RING * 8192), *kept = aligned_alloc(16, (kernel_btt.state_size + 15) & ~15ul), buf[4096];

	(void)state;
	for (size_t k = 0; k < RING * 8192; k++)
		ring[k] = (char)(k * 0x9e3779b1u >> 24);
	for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
		const struct facts f = { .size = sizes[k], .slots = 1 << BITS, .unit = 1 };
		struct work w = { .size = sizes[k], .src = ring, .src_mask = RING - 1, .opts = opts, .state = kept,
				  .slots = { .mask = (1 << BITS) - 1, .bits = BITS } };

		w.pm_len = kernel_btt.pm_size(&f, opts);
		w.pm = aligned_alloc(4096, w.pm_len);
		assert_non_null(w.pm);
		memset(w.pm, 0xa5, w.pm_len);
		assert_int_equal(kernel_btt.format(&w), 0);
		assert_int_equal(kernel_btt.run(&w, 0, OPS), 0);
		check_image(&w, buf);
		free(w.pm);
	}
	free(kept);
	free(ring);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(image) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
