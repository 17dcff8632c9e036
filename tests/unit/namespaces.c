// links: namespace_find.o why.o
/* SPDX-License-Identifier: BSD-2-Clause */
/* {namespace: UUID|NAME} on a machine with one of each mode. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "namespaces.h"

#define UUID(digit) digit "1111111-2222-3333-4444-55555555abcd"

static const struct namespace_ have[] = {
	{ .name = "namespace0.0", .alias = "pm", .uuid = UUID("0"), .raw_uuid = UUID("1"), .mode = "fsdax",
	  .device = "/dev/pmem0", .mount = "/mnt/pm" },
	{ .name = "namespace0.1", .alias = "loose", .uuid = UUID("2"), .mode = "fsdax", .device = "/dev/pmem0.1" },
	{ .name = "namespace1.0", .alias = "btt", .uuid = UUID("3"), .mode = "sector", .device = "/dev/pmem1s",
	  .mount = "/mnt/btt" },
	{ .name = "namespace1.1", .alias = "flat", .mode = "raw", .device = "/dev/pmem1.1" },
	{ .name = "namespace2.0", .alias = "dax", .uuid = UUID("4"), .mode = "devdax", .device = "/dev/dax2.0" },
	{ .name = "namespace2.1", .alias = "ram", .uuid = UUID("5"), .mode = "system-ram", .device = "/dev/dax2.1" },
	{ .name = "namespace3.0", .alias = "off", .mode = "raw" },
	{ .name = "namespace3.1", .alias = "twin", .uuid = UUID("6"), .mode = "raw", .device = "/dev/pmem3.1" },
	{ .name = "namespace3.2", .alias = "twin", .uuid = UUID("7"), .mode = "raw", .device = "/dev/pmem3.2" },
};
static int listing;

int
namespaces_list(struct namespace_ **out)
{
	if (listing < 0)
		return listing;
	*out = malloc(sizeof have);
	memcpy(*out, have, sizeof have);
	return sizeof have / sizeof *have;
}

static void
leads(const char *id, enum target_kind kind, const char *want)
{
	char path[TARGET_PATH_MAX], why[WHY_MAX] = "";

	if (namespace_find(id, kind, path, sizeof path, why, sizeof why))
		fail_msg("%s", why);
	assert_string_equal(path, want);
}

static void
fails(const char *id, enum target_kind kind, int err, const char *want)
{
	char path[TARGET_PATH_MAX], why[WHY_MAX] = "";

	assert_int_equal(namespace_find(id, kind, path, sizeof path, why, sizeof why), -err);
	assert_string_equal(why, want);
}

static void
by_any_name(void **state)
{
	(void)state;
	leads("namespace0.0", KIND_FSDAX, "/mnt/pm");
	leads("pm", KIND_FSDAX, "/mnt/pm");
	leads(UUID("0"), KIND_FSDAX, "/mnt/pm");
	leads(UUID("1"), KIND_FSDAX, "/mnt/pm");
	leads("01111111-2222-3333-4444-55555555ABCD", KIND_FSDAX, "/mnt/pm");
	leads("dax", KIND_DEVDAX, "/dev/dax2.0");
	leads(UUID("3"), KIND_SECTOR, "/dev/pmem1s");
	leads("pm", KIND_RAW, "/dev/pmem0");	/* what the guard then says of it */
	leads("namespace3.1", KIND_RAW, "/dev/pmem3.1");
	leads(UUID("7"), KIND_RAW, "/dev/pmem3.2");
	fails("nobody", KIND_RAW, ENOENT, "no namespace is called nobody; `run-bench list targets` shows them");
	fails("twin", KIND_RAW, EEXIST, "two namespaces are called twin; name it by uuid");
	fails("off", KIND_RAW, ENODEV, "namespace off is disabled; ndctl enable-namespace namespace3.0");
	listing = -EACCES;
	fails("pm", KIND_RAW, EACCES, "looking for namespaces: Permission denied");
	listing = 0;
}

static void
mounted_fsdax_only(void **state)
{
	(void)state;
	fails("loose", KIND_FSDAX, ENOENT, "namespace loose (/dev/pmem0.1) is not mounted; mount it: mount -o dax=always "
	      "/dev/pmem0.1 DIR (`run-bench prepare --print CONFIG` prints how)");
	fails("btt", KIND_FSDAX, EINVAL, "namespace btt (/dev/pmem1s) is sector, not fsdax; `sector: {namespace: btt}` is "
	      "its kind of target, or name another");
	fails("flat", KIND_FSDAX, EINVAL, "namespace flat (/dev/pmem1.1) is raw, not fsdax; `raw: {namespace: flat}` is "
	      "its kind of target, or name another");
	fails(UUID("4"), KIND_FSDAX, EINVAL, "namespace " UUID("4") " (/dev/dax2.0) is devdax, not fsdax; "
	      "`devdax: {namespace: " UUID("4") "}` is its kind of target, or name another");
	fails("ram", KIND_FSDAX, EINVAL, "namespace ram (/dev/dax2.1) is system-ram, not fsdax; name another");
	fails("off", KIND_FSDAX, ENODEV, "namespace off is disabled; ndctl enable-namespace namespace3.0");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(by_any_name), cmocka_unit_test(mounted_fsdax_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
