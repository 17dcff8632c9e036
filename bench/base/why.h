/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * why.h -- a failure with its reason: what is wrong and what to do about it.
 */
#ifndef WHY_H
#define WHY_H

#include <stddef.h>

/* Put the message into why (of len bytes, cut there) and return -err. */
int why_set(char *why, size_t len, int err, const char *fmt, ...) __attribute__((format(printf, 4, 5)));

#endif
