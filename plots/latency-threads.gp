# SPDX-License-Identifier: BSD-2-Clause
# Median latency of one op against the number of threads that do the same.
#: title     Latency against threads
#: mirrors   PerMA-Bench, latency under load
#: form      lines
#: x         threads log2
#: y         latency_drained_p50_ns log "median latency"
#: series    kernel
#: panel     target
#: where     mode=latency
#: level     floor
#: config    threads
load 'latency-threads.vars.gp'
load 'form-lines.gp'
