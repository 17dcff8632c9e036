/* SPDX-License-Identifier: BSD-2-Clause */
/* The hosts that stand apart, point by point: the modified z-score of the hosts' medians. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "collect.h"
#include "outlier.h"
#include "stats.h"

#define LEAST_EFFECT 0.05		/* apart by less than this matters to nobody */

static int
by_key(const void *a, const void *b)
{
	const struct tally_point *x = a, *y = b;
	int c = strcmp(x->key, y->key);

	if (c == 0)
		c = strcmp(x->host, y->host);
	return c ? c : (x->v > y->v) - (x->v < y->v);
}

static struct fleet_host *
host_of(struct collect *c, const char *name)
{
	for (size_t i = 0; i < c->nhost; i++)
		if (strcmp(c->host[i].name, name) == 0)
			return &c->host[i];
	c->host = arena_grow(&c->mem, c->host, c->nhost, sizeof *c->host);
	c->host[c->nhost] = (struct fleet_host){ .name = name, .worst = "" };
	return &c->host[c->nhost++];
}

static int
note(struct collect *c, sqlite3_stmt *put, const struct tally_point *p, double v, double median, double z, size_t n)
{
	struct fleet_host *h = host_of(c, p->host);
	bool apart = fabs(z) > OUTLIER_Z && fabs(log(v / median)) > log1p(LEAST_EFFECT);
	int rc;

	h->points++;
	if (!apart)
		return 0;
	h->outlying++;
	if (fabs(z) > fabs(h->z)) {
		h->z = z;
		h->worst = p->label;
	}
	sqlite3_bind_text(put, 1, p->host, -1, SQLITE_STATIC);
	sqlite3_bind_text(put, 2, p->label, -1, SQLITE_STATIC);
	sqlite3_bind_text(put, 3, strrchr(p->key, ';') ? strrchr(p->key, ';') + 1 : p->key, -1, SQLITE_STATIC);
	sqlite3_bind_double(put, 4, v);
	sqlite3_bind_double(put, 5, median);
	sqlite3_bind_double(put, 6, z);
	sqlite3_bind_int64(put, 7, (sqlite3_int64)n);
	rc = sqlite3_step(put);
	sqlite3_reset(put);
	return rc == SQLITE_DONE ? 0 : collect_fail(c, EIO, "%s", sqlite3_errmsg(c->db));
}

/* One point on all hosts: p[0..n) in the order of the hosts, each host's runs together. */
static int
judge(struct collect *c, sqlite3_stmt *put, const struct tally_point *p, size_t n)
{
	double *v = arena_alloc(&c->mem, n, sizeof *v), *z = arena_alloc(&c->mem, n, sizeof *z);
	double *of = arena_alloc(&c->mem, n, sizeof *of), median = 0;
	const struct tally_point **who = arena_alloc(&c->mem, n, sizeof *who);
	size_t hosts = 0;
	int err;

	for (size_t i = 0, j; i < n; i = j) {
		for (j = i; j < n && strcmp(p[j].host, p[i].host) == 0; j++)
			of[j - i] = p[j].v;
		who[hosts] = &p[i];
		v[hosts++] = log(stats_sorted_median(of, j - i));
	}
	if (hosts < OUTLIER_LEAST) {
		for (size_t i = 0; i < hosts; i++)
			host_of(c, who[i]->host)->points++;
		return 0;
	}
	err = outlier_z(v, hosts, z, &median);
	for (size_t i = 0; i < hosts && err == 0; i++)
		err = note(c, put, who[i], exp(v[i]), exp(median), z[i], hosts);
	return err;
}

static int
put_hosts(struct collect *c)
{
	sqlite3_stmt *put = NULL;
	int err = 0;

	if (sqlite3_prepare_v2(c->db, "INSERT INTO hosts VALUES (?, ?, ?, ?, ?)", -1, &put, NULL) != SQLITE_OK)
		return collect_fail(c, EIO, "%s", sqlite3_errmsg(c->db));
	for (size_t i = 0; i < c->nhost && err == 0; i++) {
		const struct fleet_host *h = &c->host[i];

		sqlite3_bind_text(put, 1, h->name, -1, SQLITE_STATIC);
		sqlite3_bind_int64(put, 2, (sqlite3_int64)h->points);
		sqlite3_bind_int64(put, 3, (sqlite3_int64)h->outlying);
		sqlite3_bind_double(put, 4, h->z);
		sqlite3_bind_text(put, 5, h->worst, -1, SQLITE_STATIC);
		if (sqlite3_step(put) != SQLITE_DONE)
			err = collect_fail(c, EIO, "%s", sqlite3_errmsg(c->db));
		sqlite3_reset(put);
	}
	sqlite3_finalize(put);
	return err;
}

int
collect_outliers(struct collect *c)
{
	sqlite3_stmt *put = NULL;
	int err = collect_sql(c, "CREATE TABLE outliers (host TEXT, point TEXT, metric TEXT, value REAL, median REAL, "
			      "z REAL, hosts INTEGER);"
			      "CREATE TABLE hosts (host TEXT, points INTEGER, outlying INTEGER, z REAL, worst TEXT)");

	if (err < 0)
		return err;
	if (sqlite3_prepare_v2(c->db, "INSERT INTO outliers VALUES (?, ?, ?, ?, ?, ?, ?)", -1, &put, NULL) != SQLITE_OK)
		return collect_fail(c, EIO, "%s", sqlite3_errmsg(c->db));
	if (c->npoint > 0)
		qsort(c->point, c->npoint, sizeof *c->point, by_key);
	for (size_t i = 0, j; i < c->npoint && err == 0; i = j) {
		for (j = i; j < c->npoint && strcmp(c->point[j].key, c->point[i].key) == 0; j++)
			;
		err = judge(c, put, &c->point[i], j - i);
	}
	sqlite3_finalize(put);
	return err < 0 ? err : put_hosts(c);
}
