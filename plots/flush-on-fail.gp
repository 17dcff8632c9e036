# SPDX-License-Identifier: BSD-2-Clause
# Each strategy as a multiple of the plain store, which is all that flush on fail (eADR) leaves.
#: title     What flush on fail would save
#: mirrors   PerMA-Bench, Fig. 12
#: form      lines
#: x         size log2 "bytes per op"
#: y         time_ns "times a store"
#: series    kernel
#: panel     target
#: where     mode=throughput && kernel=store,clwb,clflushopt,clflush,ntstore,movdir64b
#: baseline  kernel=store
#: config    flush-size q-flush-on-fail
load 'flush-on-fail.vars.gp'
load 'form-lines.gp'
