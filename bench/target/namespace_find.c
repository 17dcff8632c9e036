/* SPDX-License-Identifier: BSD-2-Clause */
/* namespace_find.c -- what a config means by {namespace: UUID|NAME}. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "namespaces.h"
#include "why.h"

bool
namespace_is(const struct namespace_ *n, const char *id)
{
	return strcmp(n->name, id) == 0 || (n->uuid[0] && strcasecmp(n->uuid, id) == 0) ||
	       (n->raw_uuid[0] && strcasecmp(n->raw_uuid, id) == 0) || (n->alias[0] && strcmp(n->alias, id) == 0);
}

int
namespace_pick(const struct namespace_ *v, int n, const char *id, const struct namespace_ **found,
	       char *why, size_t whylen)
{
	*found = NULL;
	for (int i = 0; i < n; i++) {
		if (!namespace_is(&v[i], id))
			continue;
		if (*found)
			return why_set(why, whylen, EEXIST, "two namespaces are called %s; name it by uuid", id);
		*found = &v[i];
	}
	if (!*found)
		return why_set(why, whylen, ENOENT, "no namespace is called %s; `run-bench list targets` shows them", id);
	if (!(*found)->device[0])
		return why_set(why, whylen, ENODEV, "namespace %s is disabled; ndctl enable-namespace %s", id,
			       (*found)->name);
	return 0;
}

/* DAX files lie on an fsdax namespace, below its mount point. */
static int
check_fsdax(const struct namespace_ *n, const char *id, char *why, size_t whylen)
{
	if (strcmp(n->mode, "system-ram") == 0)
		return why_set(why, whylen, EINVAL, "namespace %s (%s) is system-ram, not fsdax; name another", id,
			       n->device);
	if (strcmp(n->mode, "fsdax") != 0)
		return why_set(why, whylen, EINVAL, "namespace %s (%s) is %s, not fsdax; `%s: {namespace: %s}` is its "
			       "kind of target, or name another", id, n->device, n->mode, n->mode, id);
	if (!n->mount[0])
		return why_set(why, whylen, ENOENT, "namespace %s (%s) is not mounted; mount it: mount -o dax=always "
			       "%s DIR (`run-bench prepare --print CONFIG` prints how)", id, n->device, n->device);
	return 0;
}

int
namespace_find(const char *id, enum target_kind kind, char *path, size_t pathlen, char *why, size_t whylen)
{
	const struct namespace_ *found;
	struct namespace_ *v = NULL;
	const int n = namespaces_list(&v);
	int rc;

	if (n < 0)
		return why_set(why, whylen, -n, "looking for namespaces: %s", strerror(-n));
	rc = namespace_pick(v, n, id, &found, why, whylen);
	if (rc == 0 && kind == KIND_FSDAX)
		rc = check_fsdax(found, id, why, whylen);
	if (rc == 0)
		snprintf(path, pathlen, "%s", kind == KIND_FSDAX ? found->mount : found->device);
	free(v);
	return rc;
}
