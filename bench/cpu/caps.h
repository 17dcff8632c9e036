/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * caps.h -- the names of what kernels need (CAP_*) and how they persist (DOES_*).
 */
#ifndef CAPS_H
#define CAPS_H

#include <jansson.h>
#include <stddef.h>

/* "MAP CLWB"; "-" for none.  buf is returned. */
const char *caps_text(unsigned caps, char *buf, size_t len);
json_t *caps_json(unsigned caps);		/* a new array of names */
/* "user-flush", "nt|user-flush"; "none". */
const char *does_text(unsigned does, char *buf, size_t len);

#endif
