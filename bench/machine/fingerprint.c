/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdio.h>
#include "fingerprint.h"

/* The nearest memory is farther than the nearest cache by more than this: DRAM alone takes 30 ns
 * from row to data, mesh and controller as much again. */
#define TRIP_NS 20
/* Of the way from a cached reload to an evicted one.  A slow third level is at 0.6 (Sapphire
 * Rapids), an evicted line is at 1. */
#define KEPT_MAX 0.7
#define GONE_MIN 0.85
#define GONE_MAX 1.25
/* To flush a line that no cache has may cost a look into the directory in memory, not three. */
#define AGAIN_MAX 3

const char *const finger_name[FINGERS] = { "clflush", "clflushopt", "clwb" };

uint32_t
fingerprint_evicted(const struct fingerprint *f)
{
	const uint32_t opt = f->of[FINGER_CLFLUSHOPT].reload;

	return opt ? opt : f->of[FINGER_CLFLUSH].reload;
}

/* Is a tick count so much more than a cached load that it went to memory? */
static int
went(const struct fingerprint *f, uint32_t ticks, double hz)
{
	return (double)ticks - f->cached > TRIP_NS * hz / 1e9;
}

/* Where a reload lies between cached (0) and evicted (1). */
static double
way(const struct fingerprint *f, uint32_t reload)
{
	return ((double)reload - f->cached) / ((double)fingerprint_evicted(f) - f->cached);
}

int
fingerprint_keeps(const struct fingerprint *f, double hz)
{
	const uint32_t reload = f->of[FINGER_CLWB].reload;

	if (!reload || f->emulated || !went(f, fingerprint_evicted(f), hz))
		return -1;
	if (way(f, reload) < KEPT_MAX)
		return 1;
	return way(f, reload) > GONE_MIN && way(f, reload) < GONE_MAX ? 0 : -1;
}

/* One instruction; why is written when it contradicts. */
static int
wrong(const struct fingerprint *f, enum finger k, double hz, char *why, size_t len)
{
	const struct flushes *x = &f->of[k];

	if (k != FINGER_CLWB && !went(f, x->reload, hz))
		snprintf(why, len, "a reload takes %u ticks after %s, %u when cached: it took no line out of the cache",
			 x->reload, finger_name[k], f->cached);
	else if (!went(f, x->first, hz))
		snprintf(why, len, "%s of a dirty line takes %u ticks, a cached load %u: it was not waited for",
			 finger_name[k], x->first, f->cached);
	else if (x->again > AGAIN_MAX * x->first)
		snprintf(why, len, "%s of a flushed line takes %u ticks, of a dirty one %u: the first was not waited for",
			 finger_name[k], x->again, x->first);
	else if (k == FINGER_CLWB && went(f, fingerprint_evicted(f), hz) && fingerprint_keeps(f, hz) < 0)
		snprintf(why, len, "a reload takes %u ticks after clwb, neither %u as cached nor %u as evicted",
			 x->reload, f->cached, fingerprint_evicted(f));
	else
		return 0;
	return 1;
}

unsigned
fingerprint_wrong(const struct fingerprint *f, double hz, char *why, size_t len)
{
	unsigned n = 0;
	char more[200];

	why[0] = 0;
	for (enum finger k = 0; k < FINGERS; k++)
		if (f->of[k].reload)
			n += (unsigned)wrong(f, k, hz, n ? more : why, n ? sizeof more : len);
	return n;
}

json_t *
fingerprint_json(const struct fingerprint *f, double hz)
{
	const int keeps = fingerprint_keeps(f, hz);
	json_t *o = json_pack("{s:b, s:i}", "emulated", f->emulated, "cached_ticks", (int)f->cached);

	for (enum finger k = 0; k < FINGERS; k++)
		if (f->of[k].reload)
			json_object_set_new(o, finger_name[k], json_pack("{s:i, s:i, s:i}",
				"reload_ticks", (int)f->of[k].reload, "first_ticks", (int)f->of[k].first,
				"again_ticks", (int)f->of[k].again));
	json_object_set_new(o, "clwb_keeps_line", keeps < 0 ? json_null() : json_boolean(keeps));
	return o;
}

static uint32_t
ticks(const json_t *object, const char *key)
{
	const json_int_t v = json_integer_value(json_object_get(object, key));

	return v > 0 && v < UINT32_MAX ? (uint32_t)v : 0;
}

int
fingerprint_read(struct fingerprint *f, const json_t *flush)
{
	*f = (struct fingerprint){
		.emulated = json_is_true(json_object_get(flush, "emulated")),
		.cached = ticks(flush, "cached_ticks"),
	};
	for (enum finger k = 0; k < FINGERS; k++) {
		const json_t *of = json_object_get(flush, finger_name[k]);

		f->of[k] = (struct flushes){ ticks(of, "reload_ticks"), ticks(of, "first_ticks"), ticks(of, "again_ticks") };
	}
	return f->cached ? 0 : -ENOENT;
}
