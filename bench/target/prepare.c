/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "guard.h"
#include "loop.h"
#include "owned.h"
#include "target.h"
#include "why.h"

struct prepared {
	struct target_ref ref;
	struct owned owned;		/* directories */
	struct loop loop;		/* loop */
	struct guarded guarded;		/* devices */
};

static int
prepare_directory(struct prepared *p, const struct target_spec *spec, const char *run_id, char *why, size_t whylen)
{
	struct stat st;
	int rc = owned_make(&p->owned, p->ref.path, run_id, spec->name, why, whylen);

	if (rc < 0)
		return rc;
	if (fstat(p->owned.dir, &st))
		return why_set(why, whylen, errno, "%s: %s", p->owned.path, strerror(errno));
	snprintf(p->ref.path, sizeof p->ref.path, "%s", p->owned.path);
	p->ref.dir_dev = st.st_dev;
	p->ref.dir_ino = st.st_ino;
	return 0;
}

static int
prepare_loop(struct prepared *p, uint64_t size, char *why, size_t whylen)
{
	int rc = loop_make(&p->loop, loop_dir(), size, why, whylen);

	if (rc < 0)
		return rc;
	snprintf(p->ref.path, sizeof p->ref.path, "%s", p->loop.path);
	p->ref.grant = p->loop.grant;
	return 0;
}

static int
prepare_device(struct prepared *p, const struct target_spec *spec, const struct consent *consent,
	       char *why, size_t whylen)
{
	int rc = guard_device(spec, p->ref.path, consent, &p->guarded, why, whylen);

	if (rc == 0) {
		snprintf(p->ref.path, sizeof p->ref.path, "%s", p->guarded.path);
		p->ref.grant = p->guarded.grant;
	}
	return rc;
}

int
target_prepare(const struct target_spec *spec, const struct facts_target *facts, const char *run_id,
	       const struct consent *consent, struct prepared **out, char *why, size_t whylen)
{
	struct prepared *p = calloc(1, sizeof *p);
	int rc = 0;

	*out = NULL;
	if (!p)
		return why_set(why, whylen, ENOMEM, "out of memory");
	p->owned.dir = p->owned.owner = p->owned.parent = -1;
	p->loop.fd = p->loop.file = -1;
	p->guarded = (struct guarded)GUARDED_NONE;
	p->ref = (struct target_ref){
		.kind = spec->kind, .caps = facts->caps, .offset = spec->offset,
		.size = facts->size, .align = facts->align, .node = spec->node,
	};
	snprintf(p->ref.path, sizeof p->ref.path, "%s", facts->path);
	switch (spec->kind) {
	case KIND_DRAM:
		break;
	case KIND_FILE:
	case KIND_FSDAX:
		rc = prepare_directory(p, spec, run_id, why, whylen);
		break;
	case KIND_LOOP:
		rc = prepare_loop(p, facts->size, why, whylen);
		break;
	case KIND_DEVDAX:
	case KIND_SECTOR:
	case KIND_RAW:
	default:
		rc = prepare_device(p, spec, consent, why, whylen);
		break;
	}
	if (rc < 0)
		target_unprepare(p, NULL, 0);
	else
		*out = p;
	return rc;
}

int
target_unprepare(struct prepared *p, char *why, size_t whylen)
{
	int rc;

	if (!p)
		return 0;
	rc = owned_remove(&p->owned, why, whylen);
	loop_remove(&p->loop);
	guard_release(&p->guarded);
	free(p);
	return rc;
}

void
target_ref(const struct prepared *p, struct target_ref *ref)
{
	*ref = p->ref;
}
