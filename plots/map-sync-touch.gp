# SPDX-License-Identifier: BSD-2-Clause
# How long the fault of a mapped page takes, by what is below it and whether MAP_SYNC is on.
#: title     The first touch under MAP_SYNC
#: mirrors   Kara 2017, the table of the MAP_SYNC patches
#: form      steps
#: data      hist
#: x         latency log "latency of one touch"
#: y         share linear "share of ops"
#: series    preparation map_sync
#: panel     target
#: where     kernel=touch
#: config    map-sync q-metadata
load 'map-sync-touch.vars.gp'
load 'form-steps.gp'
