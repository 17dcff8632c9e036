// links: kmsg.o kmsg_rule.o rootfs.o sysfs.o -ljansson
/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel's messages: which put a number in doubt, and that nobody's name is kept with them. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <unistd.h>
#include "kmsg.h"
#include "kmsg_rule.h"
#include "rootfs.h"

/* As kernels from 4.15 to 6.18 say it; what looks like it and is well. */
static void
rules(void **state)
{
	static const struct { int kind, level; const char *text; } v[] = {
		{ KMSG_MEMORY, 3, "EDAC MC1: 1 UE memory read error on CPU_SrcID#1_MC#0" },
		{ KMSG_MEMORY, 0, "{1}[Hardware Error]: event severity: recoverable" },
		{ KMSG_MEMORY, 2, "[Hardware Error]: Uncorrected, software restartable error." },
		{ KMSG_MEMORY, 3, "blk_update_request: I/O error, dev pmem0, sector 8" },
		{ KMSG_MEMORY, 3, "Memory failure: 0x1: recovery action for dax page: Recovered" },
		{ KMSG_HARDWARE, 0, "mce: [Hardware Error]: Machine check events logged" },
		{ KMSG_HARDWARE, 2, "[Hardware Error]: Corrected error, no action required." },
		{ KMSG_HARDWARE, 4, "pcieport 0000:00:1c.0: AER: Corrected error message received from 0000:01:00.0" },
		{ KMSG_PMEM, 4, "nd_pmem namespace0.0: unable to guarantee persistence of writes" },
		{ KMSG_PMEM, 3, "nd_btt btt2.0: arena0: flog is corrupt" },
		{ KMSG_PMEM, 3, "nd_pmem btt0.0: Unable to deduce log/padding indices" },
		{ KMSG_PMEM, 3, "nfit ACPI0012:00: ARS: range 2 ARS start failed (-16)" },
		{ KMSG_PMEM, 4, "cxl_mem mem0: at cxl_rh_port no parent for dport" },
		{ KMSG_DAX, 1, "XFS (pmem0): DAX unsupported by block device. Turning off DAX." },
		{ KMSG_CLOCK, 4, "clocksource: timekeeping watchdog on CPU1: Marking clocksource 'tsc' as unstable because ..." },
		{ KMSG_CLOCK, 5, "tsc: Marking TSC unstable due to check_tsc_sync_source failed" },
		{ KMSG_HEAT, 4, "CPU3: Package temperature above threshold, cpu clock throttled (total events = 7)" },
		{ KMSG_STALL, 0, "watchdog: BUG: soft lockup - CPU#3 stuck for 22s! [x:1]" },
		{ KMSG_STALL, 3, "rcu: INFO: rcu_preempt self-detected stall on CPU" },
		{ KMSG_STALL, 3, "rcu: INFO: rcu_sched detected stalls on CPUs/tasks:" },
		{ KMSG_STALL, 3, "INFO: task jbd2/sda1:99 blocked for more than 120 seconds." },
		{ KMSG_FAULT, 4, "WARNING: CPU: 1 PID: 9 at fs/dax.c:345 dax_insert_entry+0x2a" },
		{ KMSG_FAULT, 1, "BUG: unable to handle page fault for address: ffff" },
		{ KMSG_FAULT, 2, "EXT4-fs error (device sda1): ext4_lookup:1855: inode #12" },
		{ -1, 6, "mce: CPU0: Thermal monitoring enabled (TM1)" },
		{ -1, 6, "EDAC MC0: Giving out device to module skx_edac controller Skylake Socket#0" },
		{ -1, 6, "pcieport 0000:00:1c.0: AER: enabled with IRQ 122" },
		{ -1, 6, "nd_pmem namespace1.0: bound" },
		{ -1, 6, "nd_pmem btt0.0: No existing arenas" },
		{ -1, 6, "rcu: \tRCU CPU stall warnings timeout set to 21" },
		{ -1, 6, "sched_clock: Marking unstable (1234, 5)<-(1300, -60)" },
		{ -1, 4, "clocksource: Switched to clocksource tsc" },
		{ -1, 4, "XFS (pmem0): DAX enabled. Warning: EXPERIMENTAL, use at your own risk" },
		{ -1, 6, "CPU3: Package temperature/speed normal" },
		{ -1, -1, "[Hardware Error] is only said by a program" },
		{ -1, 4, "" },
	};

	(void)state;
	for (size_t k = 0; k < sizeof v / sizeof *v; k++)
		if (kmsg_rule(v[k].level, v[k].text) != v[k].kind)
			fail_msg("%s is %d, not %d", v[k].text, kmsg_rule(v[k].level, v[k].text), v[k].kind);
}

static void
hidden(void **state)
{
	static const struct { const char *text, *want; } v[] = {
		{ "BUG: soft lockup - CPU#3 stuck for 22s! [alice job: x:4243]", "BUG: soft lockup - CPU#3 stuck for 22s! [?]" },
		{ "INFO: task alice-job:42 blocked for more than 120 seconds.", "INFO: task ? blocked for more than 120 seconds." },
		{ "Memory failure: 0x1: Sending SIGBUS to alice:42 due to hardware", "Memory failure: 0x1: Sending SIGBUS to ? due to hardware" },
		{ "WARNING: fs/dax.c:345 at dax_x+0x2a/0x90, CPU#12: alice/42", "WARNING: fs/dax.c:345 at dax_x+0x2a/0x90, CPU#12: ?" },
		{ "EXT4-fs error (device x): f:1: inode #12: comm alice: deleted", "EXT4-fs error (device x): f:1: inode #12: comm ?: deleted" },
		{ "mce: [Hardware Error]: TSC 0 PPIN 2b87c0ff MISC 86", "mce: [Hardware Error]: TSC 0 PPIN ? MISC 86" },
		{ "{1}[Hardware Error]: device serial number: 0x1, 0x2", "{1}[Hardware Error]: device serial number: ?" },
		{ "Comm: alice", "Comm: ?" },
		{ "nd_btt btt2.0: arena0: flog is corrupt", "nd_btt btt2.0: arena0: flog is corrupt" },
		{ "task ", "task " }, { "! [", "! [" }, { "CPU#", "CPU#" }, { "CPU#1: ", "CPU#1: " }, { "PPIN ", "PPIN " }, { "Comm: ", "Comm: " },
	};
	char text[128];

	(void)state;
	for (size_t k = 0; k < sizeof v / sizeof *v; k++) {
		strcpy(text, v[k].text);
		kmsg_hide(text);
		assert_string_equal(text, v[k].want);
	}
}

/* With and without level, time and caller; bytes that no terminal should get. */
static void
forms(void **state)
{
	struct kmsg k;

	(void)state;
	kmsg_count(&k, "");
	assert_true(k.lines == 0 && k.kind[KMSG_STALL].n == 0 && k.err == 0);
	kmsg_count(&k, "<0>[   12.500000] soft lockup\n<1>[   13.000000][    T7] soft lockup two\nsoft lockup\033[31m \xff\n"
		   "<30>[   14.000000] soft lockup of a program\n<6\n<6>[\n\n[x] y");
	assert_int_equal(k.lines, 8);
	assert_int_equal(k.kind[KMSG_STALL].n, 3);
	assert_true(k.kind[KMSG_STALL].at == -1);
	assert_string_equal(k.kind[KMSG_STALL].last, "soft lockup?[31m ?");
	kmsg_count(&k, "<1>[   13.000000][    T7] soft lockup two");
	assert_true(k.kind[KMSG_STALL].at == 13);
	assert_string_equal(k.kind[KMSG_STALL].last, "soft lockup two");
}

/* The newest stay; whole lines. */
static void
excerpt(void **state)
{
	char *log = NULL, *text;
	size_t len;
	FILE *f = open_memstream(&log, &len);

	(void)state;
	for (int n = 0; n < 1000; n++)
		fprintf(f, "<0>[%5d.000000] soft lockup %d\n<6>[%5d.000000] all is well\n", n, n, n);
	fclose(f);
	text = kmsg_excerpt(log, 1u << 20);
	assert_memory_equal(text, "stall [0.000000] soft lockup 0\n", 31);
	assert_null(strstr(text, "well"));
	free(text);
	text = kmsg_excerpt(log, 1000);
	assert_true(strlen(text) <= 1000 && strlen(text) > 900);
	assert_memory_equal(text, "stall [9", 8);
	assert_non_null(strstr(text, "\nstall [999.000000] soft lockup 999\n"));
	free(text);
	free(log);
}

static void
machine(void **state)
{
	static const unsigned want[KMSG_KINDS] = { 3, 3, 3, 1, 2, 1, 2, 1 };
	char path[] = "/tmp/daxmark-kmsg-XXXXXX", command[128];
	struct kmsg k;
	json_t *o;

	(void)state;
	rootfs_set("tests/golden/sysfs-doctor");
	kmsg_read(&k);
	assert_true(k.err == 0 && k.now == 10000);
	for (int kind = 0; kind < KMSG_KINDS; kind++)
		if (k.kind[kind].n != want[kind])
			fail_msg("%s: %u, not %u", kmsg_name[kind], k.kind[kind].n, want[kind]);
	o = kmsg_json(&k);
	assert_int_equal(json_integer_value(json_object_get(o, "stall")), 2);
	json_decref(o);
	close(mkstemp(path));
	assert_int_equal(kmsg_save(path), 0);
	snprintf(command, sizeof command, "grep -q '^# 16 of' %s && ! grep -qE 'alice|2b87|Linux version' %s", path, path);
	assert_int_equal(system(command), 0);
	unlink(path);
	rootfs_set("/nonexistent");
	kmsg_read(&k);
	assert_int_equal(k.err, ENOENT);
	o = kmsg_json(&k);
	assert_non_null(json_object_get(o, "unreadable"));
	json_decref(o);
	assert_int_equal(kmsg_save(path), 0);
	assert_int_equal(access(path, F_OK), -1);
	rootfs_set(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rules), cmocka_unit_test(hidden), cmocka_unit_test(forms), cmocka_unit_test(excerpt),
		cmocka_unit_test(machine),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
