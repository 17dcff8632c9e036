/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel's settings, its clock, what it complained of, and what this process brings along. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "doctor_row.h"
#include "kmsg.h"
#include "rootfs.h"
#include "text.h"

#define THP "/sys/kernel/mm/transparent_hugepage"

/* What CONFIG_PREEMPT_... chose at build; "" where no file of the configuration is there. */
static void
built_preemption(char *buf, size_t len, const char *release)
{
	static const char *const model[][2] = {
		{ "\nCONFIG_PREEMPT_NONE=y", "none" }, { "\nCONFIG_PREEMPT_VOLUNTARY=y", "voluntary" },
		{ "\nCONFIG_PREEMPT_LAZY=y", "lazy" }, { "\nCONFIG_PREEMPT=y", "full" },
	};
	size_t size;
	char *config = rootfs_all(4u << 20, &size, "/boot/config-%s", release);

	if (!config)
		config = rootfs_all(4u << 20, &size, "/lib/modules/%s/config", release);
	for (size_t k = 0; config && !buf[0] && k < sizeof model / sizeof *model; k++)
		if (strstr(config, model[k][0]))
			snprintf(buf, len, "%s", model[k][1]);
	free(config);
}

/* Debugfs knows what was chosen, the command line what was asked for, the configuration what is
 * chosen where nobody asks; the version names only what cannot be chosen. */
static void
read_preemption(char *buf, size_t len)
{
	char line[512], release[128], cmdline[4096], *p;

	buf[0] = 0;
	rootfs_line(line, sizeof line, "/sys/kernel/debug/sched/preempt");
	if ((p = strchr(line, '('))) {
		snprintf(buf, len, "%.*s", (int)strcspn(p + 1, ")"), p + 1);
		return;
	}
	rootfs_line(line, sizeof line, "/proc/version");
	rootfs_line(cmdline, sizeof cmdline, "/proc/cmdline");
	rootfs_line(release, sizeof release, "/proc/sys/kernel/osrelease");
	if (strstr(line, "PREEMPT_RT")) {
		snprintf(buf, len, "PREEMPT_RT");
		return;
	}
	for (p = cmdline; (p = strstr(p, "preempt=")); p++)
		if (p == cmdline || p[-1] == ' ')
			snprintf(buf, len, "%.*s", (int)strcspn(p + 8, " "), p + 8);
	if (!buf[0] && release[0])
		built_preemption(buf, len, release);
	if (!buf[0] && (p = strstr(line, "PREEMPT")))
		snprintf(buf, len, "%.*s", (int)strspn(p, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_"), p);
}

/* As the words go that preempt= takes. */
static bool
is_model(const char *word)
{
	return has_word("none voluntary full lazy PREEMPT_RT", word);
}

static void
preemption(struct doctor *d, const struct doctor_row *r)
{
	read_preemption(d->preemption, sizeof d->preemption);
	keep_text(d->kernel, "preemption", d->preemption);
	found(d, r, is_model(d->preemption) ? SEVERITY_OK : SEVERITY_INFO, "%s",
	      d->preemption[0] ? d->preemption : "cannot be told");
}

/* x.y.z of kernel.org.  Debian has it behind its own name, and calls the release x.y.0. */
static bool
kernel_version(int v[3])
{
	char line[512], *debian;

	rootfs_line(line, sizeof line, "/proc/version");
	debian = strstr(line, " Debian ");
	if (debian)
		return sscanf(debian, " Debian %d.%d.%d", &v[0], &v[1], &v[2]) == 3;
	rootfs_line(line, sizeof line, "/proc/sys/kernel/osrelease");
	if (sscanf(line, "%d.%d.%d", &v[0], &v[1], &v[2]) < 2)
		return false;
	/* 5.14.0-427.el9, 6.8.0-45-generic: what a distribution has put into it nobody can tell. */
	return v[2] > 0 || !strchr(line, '-');
}

/* Of a series: the first release that was seen to corrupt (-1: none was), and the one that mends
 * it. */
static const struct lanes { int major, minor, seen, fixed; const char *fix; } lanes[] = {
	{ 6, 1, 176, 178, "6.1.178" }, { 6, 6, -1, 145, "6.6.145" }, { 6, 12, -1, 97, "6.12.97" },
	{ 6, 18, 15, 40, "6.18.40" }, { 7, 0, 0, -1, "" }, { 7, 1, -1, 5, "7.1.5" },
};
/* A release of no such series that was seen to be well: so are those after it. */
static const int lanes_well[3] = { 7, 3, 4 };

enum lanes_state
btt_lanes(const int v[3], const char **fix)
{
	int after = 0;

	*fix = "";
	for (size_t k = 0; k < sizeof lanes / sizeof *lanes; k++) {
		const struct lanes *l = &lanes[k];

		if (v[0] != l->major || v[1] != l->minor)
			continue;
		*fix = l->fix;
		if (l->fixed >= 0 && v[2] >= l->fixed)
			return LANES_FIXED;
		/* Where no end is known, the one that was seen and no other. */
		return l->seen >= 0 && (l->fixed >= 0 ? v[2] >= l->seen : v[2] == l->seen) ? LANES_AFFECTED : LANES_UNKNOWN;
	}
	for (int k = 0; after == 0 && k < 3; k++)
		after = v[k] - lanes_well[k];
	return after >= 0 ? LANES_FIXED : LANES_UNKNOWN;
}

static int
is_btt(const char *name, void *arg)
{
	const size_t n = strlen(name);

	(void)arg;
	return n > 4 && strncmp(name, "pmem", 4) == 0 && name[n - 1] == 's';
}

/* Two tasks of one CPU share a lane only where one can be preempted in it. */
static void
btt(struct doctor *d, const struct doctor_row *r)
{
	static const char *const state_name[] = {
		[LANES_UNKNOWN] = "not known", [LANES_FIXED] = "fixed", [LANES_AFFECTED] = "affected",
	};
	const bool here = rootfs_each(is_btt, NULL, "/sys/block") == 1;
	const bool cannot = strcmp(d->preemption, "none") == 0 || strcmp(d->preemption, "voluntary") == 0;
	const char *fix = "";
	int v[3] = { 0 };
	const bool known = kernel_version(v);
	const enum lanes_state state = known ? btt_lanes(v, &fix) : LANES_UNKNOWN;
	enum severity s = state == LANES_AFFECTED ? SEVERITY_BAD : SEVERITY_WARN;
	char now[64] = "version not known";

	if (known)
		snprintf(now, sizeof now, "%d.%d.%d: %s%s", v[0], v[1], v[2], state_name[state],
			 state != LANES_FIXED && cannot ? ", not preemptible" : "");
	if (state == LANES_FIXED || cannot)
		s = SEVERITY_OK;
	else if (!here)
		s = SEVERITY_INFO;
	found_mend(found(d, r, s, "%s", now), "# Linux %s, or preempt=none on the kernel command line",
		   *fix ? fix : "6.1.178, 6.6.145, 6.12.97, 6.18.40, 7.1.5 or later in their series");
}

static void
numa_balancing(struct doctor *d, const struct doctor_row *r)
{
	const int64_t now = rootfs_number(-1, "/proc/sys/kernel/numa_balancing");

	keep_number(d->kernel, "numa_balancing", now);
	if (now >= 0)
		found(d, r, !now ? SEVERITY_OK : d->nodes > 1 ? SEVERITY_WARN : SEVERITY_INFO, "%lld", (long long)now);
}

static void
perf(struct doctor *d, const struct doctor_row *r)
{
	/* Debian's 3 and 4 are no kernel's; -1 is a setting here. */
	const int64_t now = rootfs_number(INT64_MIN, "/proc/sys/kernel/perf_event_paranoid");
	const bool denied = !d->root && now > 0;
	struct finding *f;

	if (now == INT64_MIN)
		return;
	json_object_set_new(d->kernel, "perf_event_paranoid", json_integer(now));
	f = found(d, r, !denied ? SEVERITY_OK : now > 2 ? SEVERITY_WARN : SEVERITY_INFO, "%lld", (long long)now);
	if (d->root)
		f->want = "any, for root";
	if (now > 2)
		found_why(f, "no counters at all for this user");
}

struct mitigations { char names[DOCTOR_TEXT], all[1024]; };

static int
add_mitigation(const char *name, void *arg)
{
	struct mitigations *m = arg;
	char line[256];
	const size_t n = strlen(m->all);

	if (rootfs_line(line, sizeof line, "/sys/devices/system/cpu/vulnerabilities/%s", name) == 0 &&
	    strncmp(line, "Mitigation: ", 12) == 0) {
		add_distinct(m->names, sizeof m->names, name);
		snprintf(m->all + n, sizeof m->all - n, "%s%s: %s", n ? "; " : "", name, line + 12);
	}
	return 0;
}

static void
mitigations(struct doctor *d, const struct doctor_row *r)
{
	struct mitigations m = { "", "" };

	rootfs_each(add_mitigation, &m, "/sys/devices/system/cpu/vulnerabilities");
	keep_text(d->kernel, "mitigations", m.all);
	if (m.names[0])
		found_boot(found(d, r, SEVERITY_INFO, "%s", m.names), "mitigations=off",
			   "   # only where there is nothing to protect");
}

/* libeatmydata makes every sync a no-op; PMEM_NO_FLUSH and others change what libpmem does. */
static void
preload(struct doctor *d, const struct doctor_row *r)
{
	char all[DOCTOR_TEXT] = "";
	size_t n = 0;
	bool lies;

	for (char **e = environ; *e; e++)
		if (n < sizeof all && (strncmp(*e, "LD_PRELOAD=", 11) == 0 || strncmp(*e, "PMEM_", 5) == 0) &&
		    (*e)[strcspn(*e, "=") + 1])
			n += (size_t)snprintf(all + n, sizeof all - n, "%s%s", n ? " " : "", *e);
	keep_text(d->tuning, "preload", all);
	lies = strstr(all, "eatmydata") || strstr(all, "PMEM_NO_FLUSH=1");
	if (lies)
		found_why(found(d, r, SEVERITY_BAD, "%s", all), "syncs or flushes do nothing: they look fast, and data is lost");
	else if (all[0])
		found(d, r, SEVERITY_WARN, "%s", all);
}

static void
seccomp(struct doctor *d, const struct doctor_row *r)
{
	size_t len;
	char *text = rootfs_all(65536, &len, "/proc/self/status"), *p = text ? strstr(text, "\nSeccomp:") : NULL;
	const int mode = p ? atoi(p + 9) : -1;

	free(text);
	keep_number(d->kernel, "seccomp", mode);
	if (mode == 2)
		found(d, r, SEVERITY_INFO, "on");
}

static void
console(struct doctor *d, const struct doctor_row *r)
{
	char line[DOCTOR_TEXT], cmdline[4096];
	int level;

	if (rootfs_line(line, sizeof line, "/proc/sys/kernel/printk") < 0 || !line[0])
		return;
	level = atoi(line);
	keep_number(d->kernel, "console_loglevel", level);
	rootfs_line(cmdline, sizeof cmdline, "/proc/cmdline");
	if (level >= 7 && (strstr(cmdline, "console=ttyS") || strstr(cmdline, "console=ttyAMA")))
		found(d, r, SEVERITY_INFO, "all messages, serial line");
}

/* The watchdog is no loss where there is no counter. */
static void
nmi_watchdog(struct doctor *d, const struct doctor_row *r)
{
	const int64_t now = rootfs_number(-1, "/proc/sys/kernel/nmi_watchdog");

	keep_number(d->kernel, "nmi_watchdog", now);
	if (now > 0 && json_is_true(json_object_get(d->cpu, "pmu")))
		found(d, r, SEVERITY_INFO, "on");
}

static void
gnuplot(struct doctor *d, const struct doctor_row *r)
{
	char list[4096], path[PATH_BUF], *at = NULL;
	bool there = false;

	snprintf(list, sizeof list, "%s", getenv("PATH") ? getenv("PATH") : "/usr/bin:/bin");
	for (char *dir = strtok_r(list, ":", &at); dir && !there; dir = strtok_r(NULL, ":", &at)) {
		snprintf(path, sizeof path, "%s/gnuplot", dir);
		there = access(path, X_OK) == 0;
	}
	found(d, r, there ? SEVERITY_OK : SEVERITY_WARN, there ? "there" : "missing");
}

static void
tainted(struct doctor *d, const struct doctor_row *r)
{
	/* include/linux/panic.h; what only says which modules are loaded is left out. */
	static const struct { int bit; const char *what; enum severity severity; } flag[] = {
		{ 4, "machine check", SEVERITY_BAD }, { 5, "bad page", SEVERITY_WARN }, { 7, "oops", SEVERITY_WARN },
		{ 14, "soft lockup", SEVERITY_INFO }, { 9, "warning", SEVERITY_INFO },
	};
	const int64_t now = rootfs_number(-1, "/proc/sys/kernel/tainted");
	enum severity worst = SEVERITY_OK;
	char what[64] = "";

	keep_number(d->kernel, "tainted", now);
	if (now < 0)
		return;
	for (size_t k = 0; k < sizeof flag / sizeof *flag; k++)
		if (now >> flag[k].bit & 1) {
			add_distinct(what, sizeof what, flag[k].what);
			worst = flag[k].severity > worst ? flag[k].severity : worst;
		}
	found(d, r, worst, "%s", what[0] ? what : "none");
}

static void
messages(struct doctor *d, const struct doctor_row *r)
{
	struct finding *f;
	struct kmsg k;

	kmsg_read(&k);
	d->log_unreadable = k.err != 0;
	d->messages = k.err ? json_pack("{s:s}", "unreadable", strerror(k.err)) :
		      json_pack("{s:i, s:i}", "lines", (int)k.lines, "doubtful", (int)k.doubtful);
	if (!k.err) {
		found(d, r, k.doubtful ? SEVERITY_WARN : SEVERITY_OK, "%u of %u in doubt", k.doubtful, k.lines);
		return;
	}
	f = found(d, r, SEVERITY_INFO, "%s", k.err == EPERM ? "not for this user" : strerror(k.err));
	f->want = "readable";
	found_why(f, "lost memory, poison, throttling, an unstable TSC: what the kernel complained of stays unknown");
	found_mend(f, d->root ? "# a container: docker run --cap-add SYSLOG" : "sudo sysctl kernel.dmesg_restrict=0");
}

static void
clocksource(struct doctor *d, const struct doctor_row *r)
{
	char now[32], all[DOCTOR_TEXT];
	struct finding *f;

	rootfs_line(now, sizeof now, "/sys/devices/system/clocksource/clocksource0/current_clocksource");
	rootfs_line(all, sizeof all, "/sys/devices/system/clocksource/clocksource0/available_clocksource");
	keep_text(d->kernel, "clocksource", now);
	if (!now[0] || strcmp(now, "tsc") == 0)
		return;
	if (has_word(all, "tsc")) {
		found(d, r, SEVERITY_INFO, "%s", now);
		return;
	}
	f = found(d, r, d->hypervisor[0] ? SEVERITY_INFO : SEVERITY_BAD, "%s", now);
	found_why(f, "the kernel itself does not trust the TSC (dmesg says why)");
	found_mend(f, "dmesg | grep -iE 'tsc|clocksource'");
}

static void
tsc(struct doctor *d, const struct doctor_row *r)
{
	if (d->timing)
		found(d, r, d->timing->clock.tsc ? SEVERITY_OK : SEVERITY_BAD, d->timing->clock.tsc ? "invariant" : "not invariant");
}

static void
tsc_spread(struct doctor *d, const struct doctor_row *r)
{
	const struct timing *t = d->timing;

	if (t && t->clock.tsc)
		found(d, r, t->clock.spread_ppm > TIMING_SPREAD_PPM ? SEVERITY_BAD : SEVERITY_OK, "%.0f ppm", t->clock.spread_ppm);
}

static void
tsc_skew(struct doctor *d, const struct doctor_row *r)
{
	const struct timing *t = d->timing;

	if (t && t->clock.tsc && t->skew.pairs)
		found(d, r, timing_skewed(&t->skew) ? SEVERITY_BAD : SEVERITY_OK, "%.0f to %.0f ns", t->skew.low_ns, t->skew.high_ns);
}

const struct doctor_row doctor_clock[] = {
	{ "tainted", "marks on the kernel", "none", "it remembers what it met since boot, and goes on at its own risk",
	  "reboot", .look = tainted },
	{ "messages", "kernel messages", "none", "since boot the kernel warned of memory, hardware, pmem drivers, DAX, clock, heat or stalls",
	  "dmesg -kt -l emerg,alert,crit,err,warn | grep -E '" KMSG_DOUBTFUL "'", .look = messages },
	{ "clocksource", "clock source", "tsc", "clock_gettime costs more than a TSC read",
	  "echo tsc > /sys/devices/system/clocksource/clocksource0/current_clocksource", .look = clocksource },
	{ "tsc", "time stamp counter", "invariant", "without it a tick is a nanosecond of clock_gettime, tens of nanoseconds "
	  "apart: no latency of one flush can be told", "# another machine, or a virtual CPU with invtsc", .look = tsc },
	{ "tsc-spread", "TSC frequency, by its sources", "at most 200 ppm apart",
	  "the sources of the frequency contradict each other: every time is wrong by so much",
	  "run-bench doctor --json   # timer.sources; a migrated virtual machine?", .look = tsc_spread },
	{ "tsc-skew", "TSC offset between CPUs", "0 possible", "threads start and end a window at different times",
	  "# clocksource=tsc tsc=reliable hides it; a BIOS update may cure it", .look = tsc_skew },
	{ 0 },
};

const struct doctor_row doctor_kernel[] = {
	{ "preemption", "preemption model", "as compared with",
	  "it decides when a thread gives its CPU up in a system call, and whether BTT's lanes race",
	  "# read as root (debugfs), or say it on the kernel command line: preempt=voluntary", .look = preemption, .alike = true },
	{ "btt-lanes", "BTT lanes, CVE-2026-74365", "fixed",
	  "under full or lazy preemption two tasks may share a lane: BTT then returns another block's data without an "
	  "error. The fix takes a mutex for each sector: numbers from before and after it differ", NULL, .look = btt, .alike = true },
	{ "thp", "transparent huge pages", "madvise or never", "pages of dram targets merge while they are measured",
	  "echo madvise > " THP "/enabled", .look = look_word, .alike = true, .path = THP "/enabled", .key = "transparent_hugepage",
	  .fine = "madvise never", .otherwise = SEVERITY_WARN },
	{ "thp-defrag", "defragmentation on fault", "not always", "a first touch may compact memory first",
	  "echo madvise > " THP "/defrag", .look = look_word, .alike = true, .path = THP "/defrag", .key = "transparent_hugepage_defrag",
	  .fine = "defer defer+madvise madvise never", .otherwise = SEVERITY_INFO },
	{ "thp-shmem", "huge pages of tmpfs", "never or advise", "files on tmpfs have pages of a size nobody asked for",
	  "echo never > " THP "/shmem_enabled", .look = look_word, .alike = true, .path = THP "/shmem_enabled",
	  .key = "transparent_hugepage_shmem", .fine = "never advise", .otherwise = SEVERITY_INFO },
	{ "numa-balancing", "NUMA balancing", "0", "pages are unmapped to see who uses them, and move: faults that no kernel of ours made",
	  "sysctl kernel.numa_balancing=0", .look = numa_balancing, .alike = true },
	{ "numa-demotion", "demotion to slow memory", "off", "under pressure pages move to PMem or CXL that serves as memory",
	  "echo 0 > /sys/kernel/mm/numa/demotion_enabled", .look = look_switch, .path = "/sys/kernel/mm/numa/demotion_enabled",
	  .key = "numa_demotion", .otherwise = SEVERITY_INFO },
	{ "ksm", "merging of equal pages", "off", "ksmd reads memory and takes CPU", "echo 0 > /sys/kernel/mm/ksm/run",
	  look_switch, .path = "/sys/kernel/mm/ksm/run", .key = "ksm", .otherwise = SEVERITY_INFO },
	{ "perf", "perf_event_paranoid", "0 or less", "no counters of the whole machine, no kernel side for this user",
	  "sysctl kernel.perf_event_paranoid=0", .look = perf },
	{ "nmi-watchdog", "NMI watchdog", "off", "it keeps one hardware counter for itself: groups multiplex sooner",
	  "sysctl kernel.nmi_watchdog=0", .look = nmi_watchdog },
	{ "mitigations", "CPU mitigations", "as compared with",
	  "they set what a system call costs: msync and O_SYNC pay, user-space flushes do not", NULL, .look = mitigations, .alike = true },
	{ "preload", "environment", "empty", "system calls or the libpmem kernel are not what they are elsewhere",
	  "unset LD_PRELOAD ${!PMEM_*}   # bash", .look = preload },
	{ "seccomp", "seccomp filter", "off", "every system call runs through it: a container",
	  "# run outside of the container", .look = seccomp, .alike = true },
	{ "console", "console", "errors only", "printing to a serial line stops a CPU for milliseconds", "dmesg -n 4", .look = console },
	{ "gnuplot", "gnuplot", "there", "reports have no figures", "apt-get install gnuplot-nox", .look = gnuplot },
	{ 0 },
};
