# SPDX-License-Identifier: BSD-2-Clause
# From which size on msync is no slower than flushing by hand: rings mark where the lines cross.
#: title     msync against flushing by hand
#: mirrors   new; PMDK's pmem_flush benchmark
#: form      lines
#: x         size log2 "dirty bytes per op"
#: y         latency_drained_p50_ns log "median latency"
#: series    kernel
#: panel     target
#: where     threads=1 && mode=latency && kernel=store,clwb,clflushopt,clflush,ntstore,movdir64b,msync,msync-clean,msync-zero,fsync-map,fdatasync-map
#: mark      crossing msync *
#: config    msync-crossover
load 'msync-crossover.vars.gp'
load 'form-lines.gp'
