/* SPDX-License-Identifier: BSD-2-Clause */
/* The modules behind regions, by libndctl: what `ndctl list -DH` says. */
#include <ndctl/libndctl.h>
#include <stdio.h>
#include "hardware.h"
#include "rootfs.h"

static const char *
health_name(unsigned health)
{
	return health & ND_SMART_FATAL_HEALTH ? "fatal" : health & ND_SMART_CRITICAL_HEALTH ? "critical" :
	       health & ND_SMART_NON_CRITICAL_HEALTH ? "non-critical" : "ok";
}

static void
put_smart(json_t *o, struct ndctl_cmd *c)
{
	const unsigned valid = ndctl_cmd_smart_get_flags(c);

	if (valid & ND_SMART_HEALTH_VALID)
		json_object_set_new(o, "health", json_string(health_name(ndctl_cmd_smart_get_health(c))));
	if (valid & ND_SMART_MTEMP_VALID)
		json_object_set_new(o, "media_celsius",
			json_real(ndctl_decode_smart_temperature(ndctl_cmd_smart_get_media_temperature(c))));
	if (valid & ND_SMART_CTEMP_VALID)
		json_object_set_new(o, "controller_celsius",
			json_real(ndctl_decode_smart_temperature(ndctl_cmd_smart_get_ctrl_temperature(c))));
	if (valid & ND_SMART_SPARES_VALID)
		json_object_set_new(o, "spares_percent", json_integer(ndctl_cmd_smart_get_spares(c)));
	if (valid & ND_SMART_USED_VALID)
		json_object_set_new(o, "life_used_percent", json_integer(ndctl_cmd_smart_get_life_used(c)));
	if (valid & ND_SMART_ALARM_VALID)
		json_object_set_new(o, "alarms", json_integer(ndctl_cmd_smart_get_alarm_flags(c)));
	if (valid & ND_SMART_SHUTDOWN_VALID)
		json_object_set_new(o, "last_shutdown", json_string(ndctl_cmd_smart_get_shutdown_state(c) ? "dirty" : "clean"));
	if (valid & ND_SMART_SHUTDOWN_COUNT_VALID)
		json_object_set_new(o, "dirty_shutdowns", json_integer(ndctl_cmd_smart_get_shutdown_count(c)));
}

static json_t *
dimm_json(struct ndctl_dimm *dimm)
{
	json_t *o = json_object();
	struct ndctl_cmd *c = ndctl_dimm_cmd_new_smart(dimm);
	const long long dirty = ndctl_dimm_get_dirty_shutdown(dimm);

	json_object_set_new(o, "handle", json_sprintf("0x%x", ndctl_dimm_get_handle(dimm)));
	if (dirty >= 0)
		json_object_set_new(o, "dirty_shutdowns", json_integer(dirty));
	if (ndctl_dimm_failed_map(dimm) || ndctl_dimm_failed_flush(dimm) || ndctl_dimm_failed_save(dimm) ||
	    ndctl_dimm_failed_restore(dimm) || ndctl_dimm_failed_arm(dimm))
		json_object_set_new(o, "failed", json_true());
	if (c && ndctl_cmd_submit(c) >= 0)
		put_smart(o, c);
	else
		json_object_set_new(o, "smart", json_string(c ? "refused" : "none"));
	ndctl_cmd_unref(c);
	return o;
}

json_t *
nvdimms_json(void)
{
	json_t *all = json_object();
	struct ndctl_ctx *ctx;
	struct ndctl_bus *bus;
	struct ndctl_dimm *dimm;

	if (!rootfs_real() || ndctl_new(&ctx) < 0)
		return all;
	ndctl_bus_foreach(ctx, bus)
		ndctl_dimm_foreach(bus, dimm)
			json_object_set_new(all, ndctl_dimm_get_devname(dimm), dimm_json(dimm));
	ndctl_unref(ctx);
	return all;
}
