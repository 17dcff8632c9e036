// links: kmsg.o rootfs.o sysfs.o text.o
/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel's messages: which put a number in doubt. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include "kmsg.h"
#include "rootfs.h"

/* As kernels from 4.15 to 6.18 say it; what looks like it and is well. */
static void
doubtful(void **state)
{
	static const struct { int counts; const char *line; } v[] = {
		{ 1, "<3>[    1.000000] EDAC MC1: 1 UE memory read error on CPU_SrcID#1_MC#0" },
		{ 1, "<0>[    1.000000] {1}[Hardware Error]: event severity: recoverable" },
		{ 1, "<2>[    1.000000][    T7] [Hardware Error]: Corrected error, no action required." },
		{ 1, "<3>[    1.000000] blk_update_request: I/O error, dev pmem0, sector 8" },
		{ 1, "<3>Memory failure: 0x1: recovery action for dax page: Recovered" },
		{ 1, "<4>pcieport 0000:00:1c.0: AER: Corrected error message received from 0000:01:00.0" },
		{ 1, "<4>[    1.000000] nd_pmem namespace0.0: unable to guarantee persistence of writes" },
		{ 1, "<3>[    1.000000][    C0] nfit ACPI0012:00: ARS: range 2 ARS start failed (-16)" },
		{ 1, "cxl_mem mem0: at cxl_rh_port no parent for dport" },
		{ 1, "<1>XFS (pmem0): DAX unsupported by block device. Turning off DAX." },
		{ 1, "<4>clocksource: timekeeping watchdog on CPU1: Marking clocksource 'tsc' as unstable because" },
		{ 1, "<4>CPU3: Package temperature above threshold, cpu clock throttled (total events = 7)" },
		{ 1, "<0>watchdog: BUG: soft lockup - CPU#3 stuck for 22s! [x:1]" },
		{ 1, "<0>NMI watchdog: Watchdog detected hard LOCKUP on cpu 3" },
		{ 1, "<3>rcu: INFO: rcu_preempt self-detected stall on CPU" },
		{ 1, "<3>INFO: task jbd2/sda1:99 blocked for more than 120 seconds." },
		{ 1, "<4>WARNING: CPU: 1 PID: 9 at fs/dax.c:345 dax_insert_entry+0x2a" },
		{ 1, "<1>BUG: unable to handle page fault for address: ffff" },
		{ 1, "<2>EXT4-fs error (device sda1): ext4_lookup:1855: inode #12" },
		{ 0, "<6>mce: CPU0: Thermal monitoring enabled (TM1)" },
		{ 0, "<6>[    1.000000] EDAC MC0: Giving out device to module skx_edac controller Skylake Socket#0" },
		{ 0, "<6>nd_pmem namespace1.0: bound" },
		{ 0, "<6>rcu: \tRCU CPU stall warnings timeout set to 21" },
		{ 0, "<4>clocksource: Switched to clocksource tsc" },
		{ 0, "<4>usb 1-1: firmware installed, debug: on" },
		{ 0, "<4>XFS (pmem0): DAX enabled. Warning: EXPERIMENTAL, use at your own risk" },
		{ 0, "<4>EXT4-fs (pmem0): DAX enabled. Warning: EXPERIMENTAL, use at your own risk" },
		{ 0, "<30>[    1.000000] systemd[1]: [Hardware Error] is only said by a program" },
	};
	char line[160];
	struct kmsg k;

	(void)state;
	for (size_t n = 0; n < sizeof v / sizeof *v; n++) {
		strcpy(line, v[n].line);
		kmsg_count(&k, line);
		if (k.doubtful != (unsigned)v[n].counts || k.lines != (v[n].line[2] != '0'))
			fail_msg("%s: %u of %u", v[n].line, k.doubtful, k.lines);
	}
}

static void
forms(void **state)
{
	char none[] = "", odd[] = "<4\n<4>[\n\n[x] y\n<0>[   12.500000] soft lockup\nsoft lockup\033[31m \xff\n";
	struct kmsg k;

	(void)state;
	kmsg_count(&k, none);
	assert_true(k.err == 0 && k.lines == 0 && k.doubtful == 0);
	kmsg_count(&k, odd);
	assert_true(k.err == 0 && k.lines == 5 && k.doubtful == 2);
}

static void
machine(void **state)
{
	struct kmsg k;

	(void)state;
	rootfs_set("tests/golden/sysfs-doctor");
	kmsg_read(&k);
	assert_true(k.err == 0 && k.lines == 24 && k.doubtful == 15);
	rootfs_set("/nonexistent");
	kmsg_read(&k);
	assert_int_equal(k.err, ENOENT);
	rootfs_set(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(doubtful), cmocka_unit_test(forms), cmocka_unit_test(machine),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
