/* SPDX-License-Identifier: BSD-2-Clause */
/* The modules behind regions: what firmware says of each in sysfs, and SMART where it can be asked. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "hardware.h"
#include "rootfs.h"
#include "tuning.h"

static int
add_nvdimm(const char *name, void *arg)
{
	struct tuning *t = arg;
	struct tuning_nvdimm *d = &t->nvdimm[t->nnvdimm];

	if (strncmp(name, "nmem", 4) != 0 || t->nnvdimm == TUNING_NVDIMMS)
		return 0;
	*d = (struct tuning_nvdimm){ .celsius = NAN, .alarms = -1 };
	snprintf(d->name, sizeof d->name, "%.31s", name);
	if (rootfs_line(d->flags, sizeof d->flags, "/sys/bus/nd/devices/%s/nfit/flags", name) < 0)
		rootfs_line(d->flags, sizeof d->flags, "/sys/bus/nd/devices/%s/papr/flags", name);
	d->dirty = rootfs_number(-1, "/sys/bus/nd/devices/%s/nfit/dirty_shutdown", name);
	t->nnvdimm++;
	return 0;
}

static void
add_smart(struct tuning_nvdimm *d, const json_t *smart)
{
	const json_t *o = json_object_get(smart, d->name), *x;
	const char *health = json_string_value(json_object_get(o, "health"));

	snprintf(d->health, sizeof d->health, "%s", health ? health : "");
	if ((x = json_object_get(o, "media_celsius")))
		d->celsius = json_real_value(x);
	if ((x = json_object_get(o, "alarms")))
		d->alarms = json_integer_value(x);
}

void
tuning_nvdimm_read(struct tuning *t)
{
	json_t *smart;

	t->nnvdimm = 0;
	rootfs_each(add_nvdimm, t, "/sys/bus/nd/devices");
	if (t->nnvdimm == 0)
		return;
	smart = nvdimms_json();
	for (int k = 0; k < t->nnvdimm; k++)
		add_smart(&t->nvdimm[k], smart);
	json_decref(smart);
}
