# SPDX-License-Identifier: BSD-2-Clause
# The same op over holes, unwritten and written blocks.
#: title     What preallocation buys
#: mirrors   new
#: form      bars
#: x         preparation words
#: y         latency_drained_p50_ns log "median latency"
#: series    kernel map_sync
#: panel     target
#: where     mode=latency && kernel=touch,odsync,osync,fdatasync,fsync
#: config    map-sync q-metadata
load 'preparation.vars.gp'
load 'form-bars.gp'
