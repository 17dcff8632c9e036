# SPDX-License-Identifier: BSD-2-Clause
# Median latency of one op against its size; the timer's floor is dotted.
#: title     Latency against size
#: mirrors   FAST'20, Fig. 12 (b)
#: form      lines
#: x         size log2 "bytes per op"
#: y         latency_drained_p50_ns log "median latency"
#: series    kernel
#: panel     target
#: where     mode=latency
#: overlay   latency-size
#: level     floor
#: config    map-sync quick
load 'latency-size.vars.gp'
load 'form-lines.gp'
