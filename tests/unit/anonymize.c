// links: anonymize.o anonymize_learn.o anonymize_find.o anonymize_dir.o siphash.o hardware.o nvdimms.o rootfs.o sysfs.o replace.o -ljansson -lndctl
/* SPDX-License-Identifier: BSD-2-Clause */
/* Names taken out: all of them, the same one everywhere the same way, and nothing else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <sys/stat.h>
#include <unistd.h>
#include "anonymize.h"
#include "rootfs.h"
#include "siphash.h"

static const uint8_t key[16] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 };

/* From the authors' reference: key 00..0f, message of n bytes 00 01 ... */
static void
known_answers(void **state)
{
	static const struct { size_t n; uint64_t want; } v[] = {
		{ 0, 0x726fdb47dd0e0e31 }, { 1, 0x74f839c593dc67fd }, { 7, 0xab0200f58b01d137 },
		{ 8, 0x93f5f5799a932462 }, { 15, 0xa129ca6149be45e5 },
	};
	uint8_t message[64];

	(void)state;
	for (size_t k = 0; k < sizeof message; k++)
		message[k] = (uint8_t)k;
	for (size_t k = 0; k < sizeof v / sizeof *v; k++)
		assert_int_equal(siphash(key, message, v[k].n), v[k].want);
}

static int
has(const struct anonymizer *a, const char *text, const char *what)
{
	char *out = anonymize_text(a, text);
	int found = strstr(out, what) != NULL;

	free(out);
	return found;
}

static int
same(const struct anonymizer *a, const char *text)
{
	return has(a, text, text);
}

static void
words(void **state)
{
	struct anonymizer *a = anonymize_open(key);
	char *x, *y;

	(void)state;
	anonymize_learn(a, "host", "vm");
	anonymize_learn(a, "host", "db7.example.org");
	anonymize_learn(a, "host", "db7");
	anonymize_learn(a, "user", "root");
	anonymize_learn(a, "path", "/home/alice");
	anonymize_learn(a, "path", "/home/alice/runs");
	anonymize_learn(a, "path", "/tmp");
	/* Part of a word is another word; what everybody has stays. */
	assert_true(same(a, "kvm nested_pvm vm_stat db71 root /tmp/x /dev/pmem0"));
	assert_false(has(a, "20260101T000000Z-vm-options-ec72", "-vm-"));
	assert_true(has(a, "20260101T000000Z-vm-options-ec72", "-options-ec72"));
	assert_false(has(a, "at db7.example.org.", "example"));
	/* The longest first: no half of a path is left. */
	x = anonymize_text(a, "/home/alice/runs/a.yaml");
	assert_null(strstr(x, "work"));
	assert_non_null(strstr(x, "/a.yaml"));
	y = anonymize_text(a, "[/home/alice/runs]");
	assert_memory_equal(x, y + 1, strlen("/path-12345678"));
	free(x);
	free(y);
	anonymize_close(a);
}

static void
identifiers(void **state)
{
	static const char uuid[] = "01234567-89ab-cdef-0123-456789ABCDEF", mac[] = "aa:bb:0c:dd:ee:01";
	struct anonymizer *a = anonymize_open(key);
	char *x = anonymize_text(a, uuid), *y = anonymize_text(a, "UUID=01234567-89ab-cdef-0123-456789abcdef,"), *m;

	(void)state;
	assert_string_not_equal(x, uuid);
	assert_int_equal(strlen(x), strlen(uuid));
	assert_true(x[8] == '-' && x[23] == '-');
	assert_memory_equal(x, y + 5, strlen(uuid));
	m = anonymize_text(a, mac);
	assert_string_not_equal(m, mac);
	assert_true(strlen(m) == 17 && m[2] == ':');
	/* Times, PCI addresses, hashes are none. */
	assert_true(same(a, "12:30:01 0000:37:00.0 89ab-cdef 8f6b1c0a2e"));
	free(x);
	free(y);
	free(m);
	anonymize_close(a);
}

static void
tools(void **state)
{
	static const char text[] =
		"{\"name\":\"nvme0n1\", \"serial\":\"S4EWNX0R\", \"wwn\":\"eui.00253\", \"label\":\"alice-backup\", \"id\":0}\n"
		"{\"dev\":\"nmem0\",\n\"id\":\"8680-56341200\",\n\"handle\":1}\n"
		"<info name=\"DMIChassisSerial\" value=\"CH-99\"/><info name=\"HostName\" value=\"node17\"/>\n"
		"32 25 0:42 / /nfs rw - nfs4 filer.example.org:/export rw,addr=10.1.2.3,clientaddr=10.1.2.4\n";
	static const char *const gone[] = {
		"S4EWNX0R", "eui.00253", "alice", "8680-56341200", "CH-99", "node17", "filer", "10.1.2.3", "10.1.2.4",
	};
	static const char *const stays[] = { "nvme0n1", "nmem0", "DMIChassisSerial", "nfs4", "\"id\":0", "\"serial\":" };
	struct anonymizer *a = anonymize_open(key);

	(void)state;
	anonymize_learn_text(a, text);
	for (size_t k = 0; k < sizeof gone / sizeof *gone; k++)
		if (has(a, text, gone[k]))
			fail_msg("%s is left", gone[k]);
	for (size_t k = 0; k < sizeof stays / sizeof *stays; k++)
		if (!has(a, text, stays[k]))
			fail_msg("%s is gone", stays[k]);
	anonymize_close(a);
}

/* Other machines and other people in what the kernel prints; and what only looks like them. */
static void
others(void **state)
{
	static const char text[] =
		"9:name=systemd:/kubepods-pod1f2e3d4c_aabb_ccdd_eeff_001122334455.slice\n3:cpu,cpuacct:/kubepods/pod5a7fb6d28f183cdef1cba711954998cd\n0::/user.slice\n"
		"22 27 0:21 / /proc rw - proc proc rw\n"
		"33 25 0:43 / /s rw - cifs //bigstore/share rw,username=bob,domain=ACME,addr=10.9.8.7\n"
		"34 25 0:44 / /c rw - ceph 10.1.1.1:6789,10.1.1.2:6789:/ rw\n"
		"35 25 0:45 / /f rw - fuse.sshfs carol@lab3.example.org:/d rw\n"
		"36 25 0:46 / /g rw - overlay overlay rw,lowerdir=/var/lib/x:/home/dave/layer\n"
		"Linux version 6.1.0 (erin@forge) (gcc) #1\n"
		"root=/dev/x nfsroot=pxe9:/root ip=10.4.4.4:10.4.4.1:10.4.4.254:255.255.255.0:cnode12:eth0:off quiet\n"
		"rdinit=/init -- --addr 0.0.0.0:2024\n"
		"Filesystem volume name:   frank-data\nLast mounted on:          /media/grace/usb\n"
		"{\"serial\":\"S64DNX0R\", \"id-link\":\"nvme-Samsung_SSD_S64DNX0R\", \"iset_id\":\"0xfeed51ca\"}\n"
		"root=/dev/disk/by-id/nvme-Samsung_SSD_980_S64DNX0R\n"
		"<info name=\"NodeGUID\" value=\"0002:c903:0001:4242\"/><info name=\"DMIChassisAssetTag\" value=\"INV-77\"/>\n";
	static const char *const gone[] = {
		"5a7fb6d28f", "1f2e3d4c", "bigstore", "bob", "ACME", "10.9.8.7", "10.1.1.1", "10.1.1.2", "carol", "lab3", "dave", "erin", "forge",
		"pxe9", "10.4.4", "cnode12", "frank", "grace", "S64DNX0R", "feed51ca", "4242", "INV-77",
	};
	static const char *const stays[] = {
		"9:name=systemd:/kubepods-", ".slice\n", "3:cpu,cpuacct:/kubepods/", "0::/user.slice", "22 27 0:21 / /proc", "--addr 0.0.0.0:2024",
		"255.255.255.0", ":6789", "#1", "Linux version 6.1.0", "nvme-Samsung_SSD_980_", "/layer", "lowerdir=/var/lib/x:",
	};
	struct anonymizer *a = anonymize_open(key);

	(void)state;
	anonymize_learn_text(a, text);
	for (size_t k = 0; k < sizeof gone / sizeof *gone; k++)
		if (has(a, text, gone[k]))
			fail_msg("%s is left", gone[k]);
	for (size_t k = 0; k < sizeof stays / sizeof *stays; k++)
		if (!has(a, text, stays[k]))
			fail_msg("%s is gone", stays[k]);
	anonymize_close(a);
}

/* Machines and people may be called like our own keys. */
static void
values(void **state)
{
	static const char text[] = "{\"host\": {\"name\" : \"host\"}, \"a\": [\"at \\\"host\\\" x\", 1e-9, \"host\"], \"host-2\":true, \"cut";
	struct anonymizer *a = anonymize_open(key);
	char *x;

	(void)state;
	anonymize_learn(a, "host", "host");
	x = anonymize_values(a, text);
	assert_memory_equal(x, "{\"host\": {\"name\" : \"host-", 24);
	assert_null(strstr(x, "\"host\"}"));
	assert_null(strstr(x, "\\\"host\\\""));
	assert_non_null(strstr(x, "1e-9"));
	assert_non_null(strstr(x, "\"host-2\":true, \"cut"));
	free(x);
	anonymize_close(a);
}

/* One name, one pseudonym on one machine; another on another. */
static void
keys(void **state)
{
	static const uint8_t other[16] = { 1 };
	struct anonymizer *a = anonymize_open(key), *b = anonymize_open(key), *c = anonymize_open(other);
	char *x, *y, *z;

	(void)state;
	anonymize_learn(a, "host", "db7");
	anonymize_learn(b, "host", "db7");
	anonymize_learn(c, "host", "db7");
	x = anonymize_text(a, "db7");
	y = anonymize_text(b, "db7");
	z = anonymize_text(c, "db7");
	assert_string_equal(x, y);
	assert_string_not_equal(x, z);
	assert_int_equal(strlen(x), strlen("host-12345678"));
	free(x);
	free(y);
	free(z);
	anonymize_close(a);
	anonymize_close(b);
	anonymize_close(c);
}

static void
put(const char *dir, const char *name, const char *text)
{
	char path[256];
	FILE *f;

	snprintf(path, sizeof path, "%s/%s", dir, name);
	f = fopen(path, "we");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static void
directory(void **state)
{
	char parent[] = "/tmp/daxmark-anon-XXXXXX", dir[128], to[4096], path[4200], was[256] = "", command[25000];
	json_t *run;

	(void)state;
	rootfs_set("tests/golden/sysfs-doctor");
	assert_non_null(mkdtemp(parent));
	snprintf(dir, sizeof dir, "%s/2026-db7-x-1f2e", parent);
	snprintf(path, sizeof path, "%s/env", dir);
	assert_true(mkdir(dir, 0700) == 0 && mkdir(path, 0700) == 0);
	put(dir, "run.json", "{\"run_id\": \"2026-db7-x-1f2e\", \"argv\": [\"run-bench\", \"/scratch/alice/a.yaml\"],"
	    " \"host\": {\"name\": \"db7\", \"boot_id\": \"01234567-89ab-cdef-0123-456789abcdef\"},"
	    " \"targets\": [{\"name\": \"pm\", \"path\": \"/mnt/pmem0/alice\"}, {\"name\": \"moon\", \"path\": \"/home/alice/moon\"},"
	    " {\"name\": \"pmem1\", \"path\": \"/mnt/pmem1\"}]}");
	put(dir, "points.csv", "run_id,host,target\n2026-db7-x-1f2e,db7,moon\n2026-db7-x-1f2e,db7,pmem1\n");
	put(dir, "config.yaml", "path: /mnt/pmem0/alice\n");
	put(dir, "env/dmidecode.txt", "Serial Number: S123456\n");
	put(dir, "checks.csv", "check,db7\nx,db7\n");
	put(dir, "hist.csv", "1,2\n");
	snprintf(path, sizeof path, "%s/latest", parent);
	assert_int_equal(symlink("2026-db7-x-1f2e", path), 0);
	assert_int_equal(anonymize_dir(dir, to, sizeof to), 0);
	assert_null(strstr(to, "db7"));
	assert_true(readlink(path, was, sizeof was - 1) > 0);
	assert_string_equal(was, strrchr(to, '/') + 1);
	snprintf(command, sizeof command, "[ ! -e '%s/env' ] && ! grep -rE 'db7|alice|moon|01234567-89ab' '%s' | grep -v 'check,db7' && [ -s '%s/hist.csv' ]"
		 " && grep -q '^check,db7' '%s/checks.csv' && grep -q ',target-2$' '%s/points.csv'"
		 " && grep -q ',pmem1$' '%s/points.csv'", to, to, to, to, to, to);
	assert_int_equal(system(command), 0);
	snprintf(path, sizeof path, "%s/run.json", to);
	run = json_load_file(path, 0, NULL);
	assert_string_equal(json_string_value(json_object_get(run, "run_id")), strrchr(to, '/') + 1);
	json_decref(run);
	snprintf(command, sizeof command, "rm -rf '%s'", parent);
	assert_int_equal(system(command), 0);
	rootfs_set(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_answers), cmocka_unit_test(words), cmocka_unit_test(identifiers), cmocka_unit_test(tools),
		cmocka_unit_test(others), cmocka_unit_test(values),
		cmocka_unit_test(keys), cmocka_unit_test(directory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
