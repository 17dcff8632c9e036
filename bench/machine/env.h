/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * env.h -- the machine that made the numbers: env/ beside them, and facts for run.json.
 */
#ifndef ENV_H
#define ENV_H

#include <jansson.h>
#include "doctor.h"
#include "topo.h"

/* Copy what the kernel and the usual tools say into DIR/env/.  A tool that is absent leaves
 * no file.  0 or -errno. */
int env_capture(const char *dir, const struct topo *);

/* Name, boot id, kernel, CPU, memory, BIOS ...; new reference. */
json_t *env_host(const struct topo *, const struct doctor *);
json_t *env_tool(void);				/* version, compiler, flags, sha of nothing: build facts */

/* Read the first line of a file without its newline; "" when it cannot be read. */
const char *env_line(const char *path, char *buf, size_t len);

extern const char version_text[];		/* "daxmark 1.2.3 (compiler)" */

#endif
