// links: topo.o -lhwloc
/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Placements on machines that are not here: tests/golden/sysfs-numa is two packages of two nodes
 * each (SNC, NPS) with two CPUs a node, and node 4 is memory alone, nearest to node 3, as CXL has it;
 * the others are hwloc's own made-up ones.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "keys.h"
#include "topo.h"

static struct topo *
loaded(void)
{
	struct topo *t;

	assert_int_equal(topo_load(&t), 0);
	return t;
}

static struct topo *
numa(void)
{
	unsetenv("HWLOC_SYNTHETIC");
	setenv("HWLOC_FSROOT", "tests/golden/sysfs-numa", 1);
	setenv("HWLOC_COMPONENTS", "-x86", 1);	/* not what this CPU says of itself */
	setenv("HWLOC_THISSYSTEM", "0", 1);
	return loaded();
}

static struct topo *
synthetic(const char *what)
{
	unsetenv("HWLOC_FSROOT");
	unsetenv("HWLOC_COMPONENTS");
	setenv("HWLOC_SYNTHETIC", what, 1);
	return loaded();
}

/* The CPUs in their order, as "4 5 0". */
static void
check(const struct topo *t, struct placement p, const char *expected)
{
	char seen[256] = "";
	uint16_t cpu[64];
	size_t len = 0;
	const int n = topo_place(t, &p, 64, cpu);

	for (int i = 0; i < n; i++)
		len += (size_t)snprintf(seen + len, sizeof seen - len, "%s%u", i ? " " : "", cpu[i]);
	if (n < 0 || strcmp(seen, expected) != 0)
		fail_msg("place %d nodes %s cpus %s node %d: %d: %s, expected %s", p.place, p.nodes, p.cpus, p.node, n,
			 seen, expected);
}
#define CHECK(t, expected, ...) check(t, (struct placement){ __VA_ARGS__ }, expected)

static void
local(void **state)
{
	struct topo *t = numa();

	(void)state;
	CHECK(t, "0 1", .place = PLACE_LOCAL, .node = 0);
	CHECK(t, "4 5", .place = PLACE_LOCAL, .node = 2);
	CHECK(t, "6 7", .place = PLACE_LOCAL, .node = 4);		/* no CPUs: the nearest */
	CHECK(t, "0 1 2 3 4 5 6 7", .place = PLACE_LOCAL, .node = -1);
	CHECK(t, "0 1 2 3 4 5 6 7", .place = PLACE_LOCAL, .node = 9);	/* not online: as unknown */
	assert_true(topo_knows_node(t, 4));
	assert_false(topo_knows_node(t, 9));
	assert_false(topo_knows_node(t, -1));
	topo_free(t);
	/* Without distances: memory of the first package, and none of the second's. */
	t = synthetic("pack:2 [numa] [numa] core:2 pu:1");
	CHECK(t, "0 1", .place = PLACE_LOCAL, .node = 1);
	CHECK(t, "2 3", .place = PLACE_LOCAL, .node = 3);
	assert_int_equal(topo_nodes(t), 2);
	topo_free(t);
}

/* Not what is local, no node without CPUs, and the far side first, not the target's own socket. */
static void
remote(void **state)
{
	struct topo *t = numa();

	(void)state;
	CHECK(t, "4 5 6 7 2 3", .place = PLACE_REMOTE, .node = 0);
	CHECK(t, "0 1 2 3 6 7", .place = PLACE_REMOTE, .node = 2);
	CHECK(t, "0 1 2 3 4 5", .place = PLACE_REMOTE, .node = 4);
	CHECK(t, "", .place = PLACE_REMOTE, .node = -1);
	topo_free(t);
	t = synthetic("pack:2 numa:2 core:2 pu:1");
	CHECK(t, "4 5 6 7 0 1", .place = PLACE_REMOTE, .node = 1);
	topo_free(t);
	t = synthetic("pack:1 [numa] [numa] core:2 pu:1");		/* one node with CPUs: nothing is far */
	CHECK(t, "", .place = PLACE_REMOTE, .node = 0);
	CHECK(t, "", .place = PLACE_REMOTE, .node = 1);
	topo_free(t);
}

static void
siblings(void **state)
{
	struct topo *t = synthetic("pack:2 numa:1 core:2 pu:2");

	(void)state;
	CHECK(t, "0 2 1 3", .place = PLACE_LOCAL, .node = 0, .smt = SMT_LAST);
	CHECK(t, "0 1 2 3", .place = PLACE_LOCAL, .node = 0, .smt = SMT_FIRST);
	topo_free(t);
	/* The far side's siblings come before the near side's cores. */
	t = synthetic("pack:2 numa:2 core:1 pu:2");
	CHECK(t, "4 6 5 7 2 3", .place = PLACE_REMOTE, .node = 0, .smt = SMT_LAST);
	topo_free(t);
}

static void
nodes(void **state)
{
	struct topo *t = numa();

	(void)state;
	CHECK(t, "0 1 6 7", .place = PLACE_NODES, .nodes = "3,0", .node = -1);
	CHECK(t, "", .place = PLACE_NODES, .nodes = "0,9", .node = 0);	/* one that is not there */
	CHECK(t, "", .place = PLACE_NODES, .nodes = "0,4", .node = 0);	/* one without CPUs */
	assert_int_equal(topo_nodes(t), 4);
	for (unsigned cpu = 0; cpu < 8; cpu++)
		assert_int_equal(topo_node_of(t, cpu), cpu / 2);
	topo_free(t);
}

static void
listed(void **state)
{
	struct topo *t = synthetic("pack:1 core:12 pu:1");
	uint16_t cpu[2];

	(void)state;
	CHECK(t, "9 1 8", .cpus = "9,1,8", .node = 0);
	CHECK(t, "9 1 2 3 4", .cpus = "9,1-3,2-4,9", .node = 0);
	CHECK(t, "11", .cpus = "11-14,99", .node = 0);
	CHECK(t, "2 1 2 1 2 1", .cpus = "2,1*3", .node = 0);
	CHECK(t, "0 1 2 3 4 5 6 7 8 9 10 11", .cpus = "auto", .node = 0);
	assert_int_equal(topo_place(t, &(struct placement){ .cpus = "9,1,8" }, 2, cpu), 3);
	assert_int_equal(cpu[1], 1);
	topo_free(t);
}

static void
socket(void **state)
{
	struct topo *t = numa();

	(void)state;
	CHECK(t, "0 1 2 3", .place = PLACE_SOCKET, .node = 1);
	CHECK(t, "4 5 6 7", .place = PLACE_SOCKET, .node = 2);
	CHECK(t, "4 5 6 7", .place = PLACE_SOCKET, .node = 4);
	CHECK(t, "0 1 2 3", .place = PLACE_SOCKET, .node = -1);
	topo_free(t);
	t = synthetic("pack:2 numa:1 core:1 pu:1");
	CHECK(t, "1", .place = PLACE_SOCKET, .node = 1);
	topo_free(t);
}

static void
caches(void **state)
{
	struct topo *t = synthetic("pack:2 l3:2(size=1000000) l2:1(size=1000) core:2 pu:1");
	const uint16_t together[] = { 0, 1 }, apart[] = { 0, 2, 3, 7 };

	(void)state;
	assert_int_equal(topo_llc(t, together, 2), 1000000);
	assert_int_equal(topo_llc(t, apart, 4), 3000000);
	topo_free(t);
	t = synthetic("pack:1 l2:4(size=1000) core:1 pu:1");
	assert_int_equal(topo_llc(t, apart, 3), 3000);
	topo_free(t);
	t = synthetic("pack:1 core:4 pu:1");
	assert_int_equal(topo_llc(t, apart, 1), 0);
	topo_free(t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(local), cmocka_unit_test(remote), cmocka_unit_test(siblings), cmocka_unit_test(nodes),
		cmocka_unit_test(listed), cmocka_unit_test(socket), cmocka_unit_test(caches),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
