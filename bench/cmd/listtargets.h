/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * listtargets.h -- `run-bench list targets`: the persistent memory of this machine
 * and what it could run; what `auto` would use.  Writes to no device.
 */
#ifndef LISTTARGETS_H
#define LISTTARGETS_H

#include <stdio.h>

/* A table, or with json {"namespaces": [...], "auto": [...]}.  0 or -errno. */
int list_targets(FILE *, int json);

#endif
