// links: eventset.o answerload.o formula.o event.o kevent.o pfm.o uncore.o sysfs.o text.o why.o -lpfm -lm
/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <math.h>
#include <sys/stat.h>
#include "eventset.h"
#include "formula.h"
#include "sysfs.h"

#define N(a) (sizeof(a) / sizeof((a)[0]))

static char why[1024];
static struct eventset set;

/* a is 2, b is 3, lost has no value. */
static int
name(const char *s, size_t n, double *v, void *arg)
{
	(void)arg;
	*v = n == 1 && *s == 'a' ? 2 : 3;
	if (n == 4 && strncmp(s, "lost", 4) == 0)
		return -ENODATA;
	return n == 1 && (*s == 'a' || *s == 'b') ? 0 : -ENOENT;
}

static void
formulas(void **state)
{
	static const struct { const char *text; int rc; double v; size_t at; } want[] = {
		{ "1", 0, 1, 1 }, { "1 + 2 * 3", 0, 7, 9 }, { "(1 + 2) * 3", 0, 9, 11 },
		{ "8 / 2 / 2", 0, 2, 9 }, { "8 - 2 - 2", 0, 4, 9 }, { "-a + b", 0, 1, 6 }, { "--a", 0, 2, 3 },
		{ "64 * (a + b) / 1e1", 0, 32, 18 }, { "a*-b", 0, -6, 4 }, { ".5", -EINVAL, 0, 0 },
		{ "lost", -ENODATA, 0, 4 }, { "1 / 0", -ENODATA, 0, 5 }, { "a / (b - 3)", -ENODATA, 0, 11 },
		{ "1e308 * 1e308", -ENODATA, 0, 13 },
		{ "", -EINVAL, 0, 0 }, { "1 +", -EINVAL, 0, 3 }, { "1 1", -EINVAL, 0, 2 }, { "(1", -EINVAL, 0, 2 },
		{ "1)", -EINVAL, 0, 1 }, { "()", -EINVAL, 0, 1 }, { "0x10", -EINVAL, 0, 0 }, { "nan", -ENOENT, 0, 0 },
		{ "a + cc * 2", -ENOENT, 0, 4 }, { "a ^ b", -EINVAL, 0, 2 },
		/* A mistake behind something without a value is still a mistake. */
		{ "lost + c", -ENOENT, 0, 7 }, { "1 / 0 + )", -EINVAL, 0, 8 },
		{ "((((((((((((((((((((((((((((((((((1))))))))))))))))))))))))))))))))))", -EINVAL, 0, 32 },
	};

	(void)state;
	for (size_t i = 0; i < N(want); i++) {
		const char *at;
		double v;
		const int rc = formula_eval(want[i].text, name, NULL, &v, &at);

		if (rc != want[i].rc || (rc == 0 && v != want[i].v) || (size_t)(at - want[i].text) != want[i].at)
			fail_msg("'%s': %d %g at %zu", want[i].text, rc, v, (size_t)(at - want[i].text));
	}
}

static int
read_set(const char *text)
{
	FILE *f = fmemopen((void *)(uintptr_t)text, strlen(text), "r");
	int rc;

	why[0] = 0;
	rc = eventset_read(&set, f, "set.txt", why, sizeof why);
	fclose(f);
	return rc;
}

static void
reads(void **state)
{
	(void)state;
	assert_int_equal(read_set("# a comment\n\n"
				  "doc\tone line\n"
				  "doc  and another  \n"
				  "cpu   GenuineIntel-6-@(55|6A)\n"
				  "event pmm_wr uncore_imc/event=0xe7/\n"
				  "event\tfaults\tpage-faults@system\n"
				  "metric wr_per_op B/op 64 * pmm_wr / ops\n"
				  "metric twice B/op 2 * wr_per_op"), 0);
	assert_string_equal(set.doc, "one line and another");
	assert_string_equal(set.cpu, "GenuineIntel-6-@(55|6A)");
	assert_int_equal(set.nevent, 2);
	assert_string_equal(set.event[1].name, "faults");
	assert_string_equal(set.event[1].text, "page-faults@system");
	assert_int_equal(set.nmetric, 2);
	assert_string_equal(set.metric[0].name, "wr_per_op");
	assert_string_equal(set.metric[0].unit, "B/op");
	assert_string_equal(set.metric[0].formula, "64 * pmm_wr / ops");
}

static void
refused(void **state)
{
	static const struct { const char *text, *say; } bad[] = {
		{ "evnt a b\n", "set.txt:1: error: a line begins with" },
		{ "event a page-faults\nmetric m 1 a +\n", "set.txt:2: error: this is no formula" },
		{ "event a page-faults\nmetric m 1 a / opps\n", "no event or metric above is called 'opps'" },
		{ "event a page-faults\nmetric m 1 n\nmetric n 1 a\n", "set.txt:2: error: no event or metric above" },
		{ "event a page-faults\nmetric m 1\n", "a metric is `metric NAME UNIT FORMULA`" },
		{ "event a\n", "an event is `event NAME EVENT`" },
		{ "event a b c\n", "an event is `event NAME EVENT`" },
		{ "event A page-faults\n", "not a name: 'A'" },
		{ "event ops page-faults\n", "not a name: 'ops'" },
		{ "event a page-faults\nevent a task-clock\n", "there is already a 'a'" },
		{ "event a page-faults\nmetric a 1 a\n", "there is already a 'a'" },
		{ "cpu a b\nevent a page-faults\n", "a cpu is VENDOR-FAMILY-MODEL" },
		{ "event a page-faults\nanswer faults\n", "an answer is `answer LOAD FORMULA`" },
		{ "event a page-faults\nanswer joy a\n", "an answer is `answer LOAD FORMULA`, not 'joy'" },
		{ "event a page-faults\nanswer faults a / ops\n", "no event above is called 'ops'" },
		{ "event a page-faults\nanswer faults a +\n", "this is no formula" },
		{ "doc nothing\n", "a set without an event" },
		{ "", "a set without an event" },
	};

	(void)state;
	for (size_t i = 0; i < N(bad); i++)
		if ((bad[i].text[0] ? read_set(bad[i].text) : read_set("\n")) != -EINVAL || !strstr(why, bad[i].say))
			fail_msg("%s: '%s', want '%s'", bad[i].text, why, bad[i].say);
}

/* A name of a set, of an event, or like the name of a set. */
static void
names(void **state)
{
	char best[64] = "";

	(void)state;
	assert_int_equal(eventset_load(&set, "configs/events", "none_such", why, sizeof why), -ENOENT);
	/* A slash is of an event of a PMU, and leads nowhere. */
	assert_int_equal(eventset_load(&set, "configs", "events/any", why, sizeof why), -ENOENT);
	assert_int_equal(eventset_load(&set, "configs/events", "msr/tsc/", why, sizeof why), -ENOENT);
	assert_true(eventset_near("configs/events", "optan", best, sizeof best));
	assert_string_equal(best, "optane");
	assert_true(eventset_near("configs/events", "kernal", best, sizeof best));
	assert_string_equal(best, "kernel");
	assert_false(eventset_near("configs/events", "nothing_like_it", best, sizeof best));
	assert_false(eventset_near("configs/none", "kernel", best, sizeof best));
}

static void
cpus(void **state)
{
	static char icelake[] = "processor\t: 0\nvendor_id\t: GenuineIntel\ncpu family\t: 6\nmodel\t\t: 106\n"
				"model name\t: Intel(R) Xeon(R)\n";
	static char arm[] = "processor\t: 0\nCPU implementer\t: 0x41\n";
	char cpu[64];
	FILE *f = fmemopen(icelake, sizeof icelake - 1, "r");

	(void)state;
	assert_int_equal(eventset_cpu(f, cpu, sizeof cpu), 0);
	assert_string_equal(cpu, "GenuineIntel-6-6A");
	fclose(f);
	f = fmemopen(arm, sizeof arm - 1, "r");
	assert_int_equal(eventset_cpu(f, cpu, sizeof cpu), -ENODEV);
	fclose(f);
	strcpy(set.cpu, "");
	assert_int_equal(eventset_fits(&set, why, sizeof why), 0);
	strcpy(set.cpu, "NobodysCPU-*");
	assert_int_equal(eventset_fits(&set, why, sizeof why), -ENODEV);
}

/* A tree of /sys/bus/event_source/devices, PATH:CONTENT a line below the CPU's name, as
 * docs/events.md asks people to send it; unpacked below a directory that stands for /sys. */
static void
unpack(const char *tree, const char *root, char cpu[64])
{
	char line[512], path[768], *at, *content;
	FILE *f = fopen(tree, "r"), *out;

	assert_non_null(f);
	assert_true(fgets(line, sizeof line, f) && sscanf(line, "# %63s", cpu) == 1);
	while (fgets(line, sizeof line, f)) {
		if (line[0] == '#')
			continue;
		content = strchr(line, ':');
		assert_non_null(content);
		*content++ = 0;
		snprintf(path, sizeof path, "%s/bus/event_source/devices/%s", root, line);
		for (at = path + 1; (at = strchr(at, '/')); at++) {
			*at = 0;
			assert_true(mkdir(path, 0700) == 0 || errno == EEXIST);
			*at = '/';
		}
		out = fopen(path, "w");
		assert_non_null(out);
		fputs(content, out);
		fclose(out);
	}
	fclose(f);
}

/* What a name of a set means on a machine of that description. */
static void
published(void **state)
{
	static const struct { const char *tree, *set, *event; uint64_t config; size_t places; } want[] = {
		{ "icelake", "ddr", "read_mib", 0x0f04, 4 }, { "icelake", "ddr", "write_mib", 0x3004, 4 },
		{ "icelake", "optane", "pmm_reads", 0xe3, 4 }, { "icelake", "optane", "pmm_writes", 0xe7, 4 },
		{ "sapphire", "ddr", "read_mib", 0xcf05, 4 }, { "sapphire", "ddr", "write_mib", 0xf005, 4 },
		{ "sapphire", "optane", "pmm_writes", 0xe7, 4 },
		{ "sapphire", "cxl-host", "cxl_loads", 0x20c8168200000135, 4 },
		{ "sapphire", "cxl-host", "cxl_rfos", 0x20c8068200000135, 4 },
		{ "sapphire", "cxl-host", "link_reads", 0x1041, 2 }, { "sapphire", "cxl-host", "link_writes", 0x2002, 2 },
		{ "granite", "ddr-granite", "read0_mib", 0xcf05, 4 }, { "granite", "ddr-granite", "read1_mib", 0xcf06, 4 },
		{ "granite", "ddr-granite", "write0_mib", 0xf005, 4 }, { "granite", "ddr-granite", "write1_mib", 0xf006, 4 },
		{ "granite", "cxl-granite", "link_reads", 0x1041, 2 }, { "granite", "cxl-granite", "link_writes", 0x2002, 2 },
		{ "turin", "amd", "umc_reads", 0x10a, 4 }, { "turin", "amd", "umc_writes", 0x20a, 4 },
		{ "turin", "amd", "far_fills", 0x8044, 0 },
	};
	static struct event e;
	char root[] = "/tmp/daxmark-pmu-XXXXXX", tree[64], cpu[64], command[64];

	(void)state;
	assert_non_null(mkdtemp(root));
	sysfs_set_root(root);
	for (size_t k = 0; k < sizeof want / sizeof *want; k++) {
		size_t n = 0;

		snprintf(command, sizeof command, "rm -rf '%s'/*", root);
		assert_int_equal(system(command), 0);
		snprintf(tree, sizeof tree, "tests/golden/pmu/%s.txt", want[k].tree);
		unpack(tree, root, cpu);
		assert_int_equal(eventset_load(&set, "configs/events", want[k].set, why, sizeof why), 0);
		assert_int_equal(fnmatch(set.cpu, cpu, FNM_EXTMATCH), 0);
		while (n < set.nevent && strcmp(set.event[n].name, want[k].event) != 0)
			n++;
		assert_true(n < set.nevent);
		if (event_parse(&e, set.event[n].text, why, sizeof why) < 0)
			fail_msg("%s: %s", want[k].tree, why);
		assert_true(e.config[0] == want[k].config && e.nplace == want[k].places);
	}
	snprintf(command, sizeof command, "rm -rf '%s'", root);
	assert_int_equal(system(command), 0);
	sysfs_set_root("tests/golden/sysfs-pmu");
}

/* Every set that ships can be read, and each of a CPU is resolved on the description of one. */
static void
shipped(void **state)
{
	static const char *const described[] = { "amd", "cxl-granite", "cxl-host", "ddr-granite", "ddr", "optane" };
	struct dirent **entry;
	const int n = eventset_list("configs/events", &entry);
	size_t of_a_cpu = 0;

	(void)state;
	assert_true(n >= 10);
	for (int i = 0; i < n; i++) {
		if (eventset_load(&set, "configs/events", entry[i]->d_name, why, sizeof why) < 0)
			fail_msg("%s", why);
		assert_string_equal(set.name, entry[i]->d_name);
		assert_true(set.doc[0] && set.nmetric);
		/* optane-core: names of libpfm4, which no tree of sysfs resolves. */
		if (set.cpu[0] && strcmp(set.name, "optane-core") != 0) {
			assert_true(of_a_cpu < sizeof described / sizeof *described);
			assert_string_equal(set.name, described[of_a_cpu++]);
		}
		free(entry[i]);
	}
	free(entry);
	assert_int_equal(of_a_cpu, sizeof described / sizeof *described);
}

/* The sets of any machine, on the made-up one, which has them all. */
static void
anywhere(void **state)
{
	static const char *const name[] = { "any", "core", "cxl", "kernel" };
	static struct event e;

	(void)state;
	for (size_t i = 0; i < sizeof name / sizeof *name; i++) {
		assert_int_equal(eventset_load(&set, "configs/events", name[i], why, sizeof why), 0);
		for (size_t k = 0; k < set.nevent; k++)
			if (strpbrk(set.event[k].text, "/-") && !strchr(set.event[k].text, ':') &&
			    event_parse(&e, set.event[k].text, why, sizeof why) < 0)
				fail_msg("%s", why);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(formulas), cmocka_unit_test(reads), cmocka_unit_test(refused),
		cmocka_unit_test(names), cmocka_unit_test(cpus), cmocka_unit_test(shipped),
		cmocka_unit_test(published), cmocka_unit_test(anywhere),
	};

	sysfs_set_root("tests/golden/sysfs-pmu");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
