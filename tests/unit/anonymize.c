// links: anonymize.o anonymize_dir.o siphash.o rootfs.o sysfs.o text.o replace.o spawn.o stop.o -ljansson
/* SPDX-License-Identifier: BSD-2-Clause */
/* Names taken out: all of them, the same one everywhere the same way, and nothing else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
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
	static const char *const id[] = {
		"01234567-89ab-cdef-0123-456789ABCDEF", "5a7fb6d28f183cdef1cba711954998cd",
		"1f2e3d4c_aabb_ccdd_eeff_001122334455", "01234567-89AB-CDEF-0123-456789abcdef",
	};
	struct anonymizer *a = anonymize_open(key);
	char *x = anonymize_text(a, id[0]), *y = anonymize_text(a, id[3]);

	(void)state;
	for (size_t k = 0; k < sizeof id / sizeof *id; k++) {
		char text[128];

		snprintf(text, sizeof text, "/kubepods/pod%s.slice", id[k]);
		assert_false(has(a, text, id[k]));
		assert_true(has(a, text, "/kubepods/po"));
		assert_true(has(a, text, ".slice"));
	}
	/* Case does not matter to it. */
	assert_string_equal(x, y);
	/* Times, PCI addresses, hashes of a commit are none. */
	assert_true(same(a, "12:30:01 0000:37:00.0 89ab-cdef 8f6b1c0a2e 20261120T091500Z 3.0-1-2"));
	free(x);
	free(y);
	anonymize_close(a);
}

/* All that a run.json says of where it was measured, by whom. */
static void
others(void **state)
{
	static const char text[] =
		"{\"argv\": [\"run-bench\", \"-o/scratch/erin\", \"raw:/dev/disk/by-id/nvme-SSD_S64DNX0R\", \"raw:/dev/mapper/frank-lv\"],"
		" \"host\": {\"name\": \"db7.example.org\", \"boot_id\": \"01234567-89ab-cdef-0123-456789abcdef\"}, \"targets\": ["
		" {\"name\": \"a\", \"path\": \"/nfs/a\", \"device\": \"filer.example.org:/export\","
		"  \"options\": \"rw,addr=10.1.2.3,clientaddr=10.1.2.4,vers=4.2\"},"
		" {\"name\": \"b\", \"path\": \"/home/grace/b\", \"device\": \"//bigstore/share\", \"options\": \"username=bob,domain=ACME\"},"
		" {\"name\": \"c\", \"path\": \"/c\", \"device\": \"carol@lab3:/d\", \"options\": \"rw\"},"
		" {\"name\": \"d\", \"path\": \"/dev/shm\", \"device\": \"tmpfs\", \"options\": \"rw,dax=always\"}]}";
	static const char *const gone[] = {
		"erin", "S64DNX0R", "frank", "db7", "example", "01234567", "filer", "10.1.2.3", "10.1.2.4", "grace", "bigstore", "bob",
		"ACME", "carol", "lab3",
	};
	static const char *const stays[] = { "run-bench", "vers=4.2", "\"tmpfs\"", "dax=always", "/dev/shm", "raw:" };
	struct anonymizer *a = anonymize_open(key);
	json_t *run = json_loads(text, 0, NULL);

	(void)state;
	assert_non_null(run);
	anonymize_learn_run(a, run);
	for (size_t k = 0; k < sizeof gone / sizeof *gone; k++)
		if (has(a, text, gone[k]))
			fail_msg("%s is left", gone[k]);
	for (size_t k = 0; k < sizeof stays / sizeof *stays; k++)
		if (!has(a, text, stays[k]))
			fail_msg("%s is gone", stays[k]);
	json_decref(run);
	anonymize_close(a);
}

/* Machines and people may be called like our own keys. */
static void
values(void **state)
{
	json_t *v = json_pack("{s:{s:s}, s:[s, f, b]}", "host", "name", "host", "a", "at \"host\" x", 1e-9, 1);
	struct anonymizer *a = anonymize_open(key);
	json_t *list = json_object_get(v, "a");

	(void)state;
	anonymize_learn(a, "host", "host");
	assert_int_equal(anonymize_json(a, v), 0);
	assert_memory_equal(json_string_value(json_object_get(json_object_get(v, "host"), "name")), "host-", 5);
	assert_null(strstr(json_string_value(json_array_get(list, 0)), "\"host\""));
	assert_true(json_real_value(json_array_get(list, 1)) == 1e-9);
	json_decref(v);
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
	int fd;

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
	fd = open(dir, O_RDONLY | O_DIRECTORY);
	assert_int_equal(anonymize_dir(fd, dir, to, sizeof to), 0);
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
	/* What took its name meanwhile is not renamed. */
	assert_int_equal(symlink(to, dir), 0);
	assert_int_equal(anonymize_dir(fd, dir, path, sizeof path), -ESTALE);
	assert_true(readlink(dir, was, sizeof was - 1) > 0);
	close(fd);
	snprintf(command, sizeof command, "rm -rf '%s'", parent);
	assert_int_equal(system(command), 0);
	rootfs_set(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_answers), cmocka_unit_test(words), cmocka_unit_test(identifiers),
		cmocka_unit_test(others), cmocka_unit_test(values),
		cmocka_unit_test(keys), cmocka_unit_test(directory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
