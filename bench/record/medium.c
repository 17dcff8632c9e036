/* SPDX-License-Identifier: BSD-2-Clause */
#include "medium.h"

#include <string.h>

const char *const medium_name[MEDIUMS] = {
	"optane", "nvdimm-n", "cxl-pmem", "pmem", "emulated", "volatile", "dram", "loop", "disk", "",
};
const char *const domain_name[DOMAINS] = { "unknown", "memory_controller", "cpu_cache" };

enum medium
medium_parse(const char *s)
{
	int m = 0;

	while (m < MEDIUM_UNKNOWN && strcmp(medium_name[m], s) != 0)
		m++;
	return (enum medium)m;
}

bool
medium_persistent(enum medium m)
{
	return m <= MEDIUM_PMEM;
}

enum domain
domain_parse(const char *s)
{
	for (int d = 0; d < DOMAINS; d++)
		if (strcmp(domain_name[d], s) == 0)
			return (enum domain)d;
	return DOMAIN_UNKNOWN;
}
