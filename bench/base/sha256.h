/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sha256.h -- SHA-256 (FIPS 180-4), for the list of hashes in an artifact.
 */
#ifndef SHA256_H
#define SHA256_H

#include <stddef.h>
#include <stdint.h>

struct sha256 { uint32_t h[8]; uint64_t length; unsigned char block[64]; };

void sha256_start(struct sha256 *);
void sha256_add(struct sha256 *, const void *, size_t);
void sha256_end(struct sha256 *, char hex[65]);

#endif
