# SPDX-License-Identifier: BSD-2-Clause
# O_SYNC on a descriptor that is mapped beside O_SYNC on one that is written.
#: title     Would O_SYNC do?
#: mirrors   new; LSFMM 2017, The future of DAX
#: form      bars
#: x         kernel
#: y         latency_drained_p50_ns log "median latency"
#: series    o_sync
#: panel     target
#: where     mode=latency && kernel=clwb,ntstore,msync,touch,pwrite,osync,odsync,rwf-dsync,fdatasync && map_sync!=on && kind=file,fsdax
#: config    q-o-sync
load 'o-sync.vars.gp'
load 'form-bars.gp'
