# SPDX-License-Identifier: BSD-2-Clause
# One op of one thread on an idle machine, reads beside writes.
#: title     Best-case latency
#: mirrors   FAST'20, Fig. 2
#: form      bars
#: x         kernel
#: y         latency_drained_p50_ns log "median latency"
#: series    target
#: where     mode=latency && threads=1 && size<=256 && kernel=load,read,store,ntstore,clwb,clflushopt,clflush,movdir64b && kind=dram,fsdax,devdax
#: level     floor
#: config    latency
load 'best-case.vars.gp'
load 'form-bars.gp'
