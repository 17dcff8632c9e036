/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdio.h>
#include "caps.h"
#include "kernel.h"

static const char *const cap_name[CAP_COUNT] = {
#define X(name, doc) #name,
	CAP_LIST(X)
#undef X
};

static const struct { unsigned bit; const char *name; } does_name[] = {
	{ DOES_USER_FLUSH, "user-flush" }, { DOES_NT, "nt" }, { DOES_KERNEL_SYNC, "kernel-sync" },
	{ DOES_FD_SYNC, "fd-sync" }, { DOES_ATOMIC_SECTOR, "sector" }, { DOES_ATOMIC_WRITE, "atomic-write" }, { DOES_NAME_SYNC, "name-sync" },
};

const char *
caps_text(unsigned caps, char *buf, size_t len)
{
	size_t n = 0;

	snprintf(buf, len, "-");
	for (unsigned k = 0; k < CAP_COUNT && n < len; k++)
		if (caps & 1u << k)
			n += (size_t)snprintf(buf + n, len - n, "%s%s", n ? " " : "", cap_name[k]);
	return buf;
}

json_t *
caps_json(unsigned caps)
{
	json_t *a = json_array();

	for (unsigned k = 0; k < CAP_COUNT; k++)
		if (caps & 1u << k)
			json_array_append_new(a, json_string(cap_name[k]));
	return a;
}

const char *
does_text(unsigned does, char *buf, size_t len)
{
	size_t n = 0;

	snprintf(buf, len, "none");
	for (size_t k = 0; k < sizeof does_name / sizeof *does_name && n < len; k++)
		if (does & does_name[k].bit)
			n += (size_t)snprintf(buf + n, len - n, "%s%s", n ? "|" : "", does_name[k].name);
	return buf;
}
