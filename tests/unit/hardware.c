// links: hardware.o rootfs.o sysfs.o text.o -ljansson -lndctl
/* SPDX-License-Identifier: BSD-2-Clause */
/* What run.json says a made-up machine is built of. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "hardware.h"
#include "rootfs.h"

/* o.KEY.KEY ...; keys ended by NULL. */
static const char *
at(const json_t *o, const char *const *key)
{
	for (; o && *key; key++)
		o = json_object_get(o, *key);
	return o ? json_string_value(o) : NULL;
}
#define AT(o, ...) at(o, (const char *const[]){ __VA_ARGS__, NULL })

static void
host(void **state)
{
	json_t *o = json_object();

	(void)state;
	rootfs_set("tests/golden/sysfs-doctor");
	hardware_add(o);
	assert_non_null(AT(o, "bios", "vendor"));
	assert_non_null(AT(o, "cmdline"));
	assert_string_equal(AT(o, "vulnerabilities", "meltdown"), "Mitigation: PTI");
	assert_non_null(AT(o, "nodes_memory", "node0", "read_latency"));
	assert_non_null(AT(o, "nodes_memory", "node0", "write_bandwidth"));
	assert_string_equal(AT(o, "nodes_memory", "node4", "memory_side_cache"), "103079215104");
	assert_non_null(AT(o, "cxl", "mem0", "current_link_speed"));
	assert_non_null(AT(o, "cxl", "mem0", "current_link_width"));
	json_decref(o);
	rootfs_set(NULL);
}

static void
nothing(void **state)
{
	json_t *o = json_object();

	(void)state;
	rootfs_set("/nonexistent");
	hardware_add(o);
	assert_int_equal(json_object_size(o), 0);
	json_decref(o);
	rootfs_set(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(host), cmocka_unit_test(nothing) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
