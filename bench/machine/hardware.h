/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * hardware.h -- what the machine is built of, as far as it says: BIOS, health of
 * NVDIMMs, memory's performance by node, CXL links.  Reads by rootfs.h and libndctl.
 */
#ifndef HARDWARE_H
#define HARDWARE_H

#include <jansson.h>

/* Add to run.json `host`: bios, product, microcode, hypervisor, cmdline, vulnerabilities,
 * nvdimm, nodes, cxl.  What cannot be read is left out. */
void hardware_add(json_t *host);

json_t *nvdimms_json(void);		/* by name: health, temperature, wear, shutdowns */

#endif
