/* SPDX-License-Identifier: BSD-2-Clause */
/* prepare_place.c -- which region, how large, called what. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "prepare_print.h"
#include "text.h"
#include "why.h"

#define M2 (2ull << 20)

static bool
may_be(const struct prep_mode *m, const struct prep_region *r)
{
	if (m->region[0])
		return strcmp(m->region, r->name) == 0;
	return r->labels && (m->node < 0 || m->node == r->node);
}

static uint64_t
unit(const struct prep_mode *m, const struct prep_region *r)
{
	const uint64_t align = r->align > M2 ? r->align : M2;

	return m->align > align ? m->align : align;
}

/* What several namespaces without a size share, and what those with one leave of a region; does
 * one name it? */
struct place_share { uint64_t left; size_t n; bool named; };

static uint64_t
offer(const struct prep_mode *m, const struct prep_region *r, const struct place_share *s)
{
	return m->size ? s->left : s->left / (s->n + 1) / unit(m, r) * unit(m, r);
}

static int
place_whole(struct prep_mode *m, const struct prep_region *r, char *why, size_t whylen)
{
	if (m->size && !m->least)
		return why_set(why, whylen, EINVAL, "%s: %s has no labels: it can only be one namespace, without size=; "
			       "to divide an NVDIMM: ndctl disable-region %s; ndctl init-labels NMEM; "
			       "ndctl enable-region %s (which destroys what is on it)", m->name, r->name, r->name,
			       r->name);
	if (r->used)
		return why_set(why, whylen, EINVAL, "%s of %s is mounted; umount it first", r->whole, r->name);
	m->at = r;
	m->size = 0;
	return 0;
}

static uint64_t
rounded(uint64_t n, uint64_t to)
{
	return (n + to - 1) / to * to;
}

/* The region that offers most; nregion: none.  all: those that others name as well. */
static size_t
roomiest(const struct prep_mode *m, const struct prep_region *region, const struct place_share *share, size_t nregion, bool all)
{
	size_t best = nregion;

	for (size_t i = 0; i < nregion; i++)
		if (may_be(m, &region[i]) && (all || m->region[0] || !share[i].named) &&
		    (best == nregion || offer(m, &region[i], &share[i]) > offer(m, &region[best], &share[best])))
			best = i;
	return best;
}

static int
place_one(struct prep_mode *m, const struct prep_region *region, struct place_share *share, size_t nregion,
	  char *why, size_t whylen)
{
	size_t best = roomiest(m, region, share, nregion, !m->size);
	char a[TEXT_NUM], b[TEXT_NUM];

	if (best == nregion || offer(m, &region[best], &share[best]) < m->size)
		best = roomiest(m, region, share, nregion, true);
	if (best == nregion)
		return why_set(why, whylen, ENOSPC, "%s: no region %s%s", m->name, m->region[0] ? "is called " :
			       m->node >= 0 ? "with labels on that node" : "with labels here; name one with region=",
			       m->region);
	if (!region[best].labels)
		return place_whole(m, &region[best], why, whylen);
	m->at = &region[best];
	if (m->least)
		m->size = rounded(m->size, unit(m, m->at));
	if (m->size % unit(m, m->at))
		return why_set(why, whylen, EINVAL, "%s: size %s: %s wants multiples of %s", m->name,
			       text_put_size(a, m->size), m->at->name, text_put_size(b, unit(m, m->at)));
	if (offer(m, m->at, &share[best]) < (m->size ? m->size : unit(m, m->at)))
		return why_set(why, whylen, ENOSPC, "%s: %s has %s free in one piece, %s wanted; ndctl destroy-namespace "
			       "what is not needed", m->name, m->at->name, text_put_size(a, share[best].left),
			       text_put_size(b, m->size ? m->size : unit(m, m->at)));
	share[best].left -= m->size;
	share[best].n += !m->size;
	return 0;
}

static int
name_it(struct prep_mode *m, size_t i, char *why, size_t whylen)
{
	const bool given = m[i].name[0];
	const char *stem = given ? m[i].name : prep_kind_name[m[i].kind];
	char name[sizeof m->name];

	snprintf(name, sizeof name, "%s", stem);
	for (size_t k = 0, next = 2; k < i; k++) {
		if (m[k].step != PREP_MAKE || strcmp(m[k].name, name) != 0)
			continue;
		if (given)
			return why_set(why, whylen, EINVAL, "two are named %s", name);
		snprintf(name, sizeof name, "%.16s-%zu", stem, next++);
		k = (size_t)-1;
	}
	memcpy(m[i].name, name, sizeof name);
	if (m[i].fs[0] && !m[i].mount[0])
		snprintf(m[i].mount, sizeof m[i].mount, "/mnt/%s", name);
	return 0;
}

/* Those of a given size first, since the others share what is left; of either those of a named
 * place. */
static unsigned
rank(const struct prep_mode *m)
{
	return (m->size ? 0 : 2) + (m->region[0] ? 0 : 1);
}

/* The one to be placed next: of a rank as given, or the largest.  n: none. */
static size_t
next(const struct prep_mode *m, size_t n, bool largest)
{
	size_t best = n;

	for (size_t i = 0; i < n; i++)
		if (m[i].step == PREP_MAKE && !m[i].at && (best == n || rank(&m[i]) < rank(&m[best]) ||
		    (largest && rank(&m[i]) == rank(&m[best]) && m[i].size > m[best].size)))
			best = i;
	return best;
}

static int
place_all(struct prep_mode *m, size_t n, const struct prep_region *region, struct place_share *share, size_t nregion,
	  bool largest, char *why, size_t whylen)
{
	int rc = 0;

	for (size_t i = 0; i < n; i++)
		m[i].at = NULL;
	for (size_t i = 0; i < nregion; i++) {
		share[i] = (struct place_share){ .left = region[i].free };
		for (size_t k = 0; k < n; k++)
			share[i].named |= m[k].step == PREP_MAKE && strcmp(m[k].region, region[i].name) == 0;
	}
	for (size_t i; rc == 0 && (i = next(m, n, largest)) < n; )
		rc = place_one(&m[i], region, share, nregion, why, whylen);
	return rc;
}

/* What those without a size get, now that all have a place. */
static void
share_out(struct prep_mode *m, size_t n, const struct prep_region *region, const struct place_share *share)
{
	for (size_t i = 0; i < n; i++) {
		const struct prep_region *r = m[i].at;

		if (r && r->labels && !m[i].size)
			m[i].size = share[r - region].left / share[r - region].n / unit(&m[i], r) * unit(&m[i], r);
	}
}

int
prepare_place(struct prep_mode *m, size_t n, const struct prep_region *region, size_t nregion,
	      char *why, size_t whylen)
{
	struct place_share *share = calloc(nregion + 1, sizeof *share);
	int rc = share ? 0 : -ENOMEM;

	for (size_t i = 0; rc == 0 && i < n; i++)
		if (m[i].step == PREP_MAKE)
			rc = name_it(m, i, why, whylen);
	if (rc == 0)
		rc = place_all(m, n, region, share, nregion, false, why, whylen);
	/* A large one fits nowhere when small ones have been spread. */
	if (rc == -ENOSPC)
		rc = place_all(m, n, region, share, nregion, true, why, whylen);
	for (size_t i = 0; rc == 0 && i < n; i++)
		for (size_t k = 0; rc == 0 && k < i; k++)
			if (m[i].at && m[i].at == m[k].at && !m[i].at->labels)
				rc = why_set(why, whylen, EINVAL, "%s can only be one namespace", m[i].at->name);
	if (rc == 0)
		share_out(m, n, region, share);
	free(share);
	return rc;
}
