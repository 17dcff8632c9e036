/* SPDX-License-Identifier: BSD-2-Clause */
/* A BTT that is none: whatever an image says, reading it stays within it. */
#include <stdlib.h>
#include <string.h>
#include "bttimage.h"

enum { ROOM = 64 << 10 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* The input is a difference to an image that is sound: { offset, byte } pairs, behind a seed of
 * geometry, with the checksum put right, so that what lies behind it is reached. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static uint8_t image[ROOM];
	struct btt_info *i = (void *)image;
	struct btt_image b;
	uint8_t buf[1 << 16];

	memset(image, 0, sizeof image);
	*i = (struct btt_info){ .major = 2, .sector = 512, .sectors = 24, .block = 512, .blocks = 32, .lanes = 8,
		.info_bytes = 4096, .data = 4096, .map = 4096 + 32 * 512, .flog = 28 << 10, .copy = 32 << 10 };
	memcpy(i->signature, BTT_SIGNATURE, 16);
	for (size_t k = 0; k + 3 <= len; k += 3)
		image[(data[k] << 8 | data[k + 1]) % ROOM] ^= data[k + 2];
	if (len % 2)
		i->checksum = btt_checksum(i);
	if (btt_image_open(&b, image, ROOM - (len % 5) * 64) == 0) {
		for (uint64_t n = 0; n < b.sectors && n < 64; n++)
			btt_image_read(&b, n, buf);
		for (uint64_t n = 0; n < 64; n++)
			btt_image_free(&b, n, buf);
	}
	btt_image_close(&b);
	return 0;
}
