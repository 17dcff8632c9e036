/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * utf8.h -- is it text, and how many characters?
 */
#ifndef UTF8_H
#define UTF8_H

#include <stddef.h>

/* How many of the `left` bytes at s the first character takes; 0 when it is not UTF-8. */
size_t utf8_len(const unsigned char *s, size_t left);
size_t utf8_letters(const char *s, size_t len);	/* characters, not bytes */

#endif
