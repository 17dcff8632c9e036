# SPDX-License-Identifier: BSD-2-Clause
# Does a flush keep the line: flushing it once, twice, and when it is clean.
#: title     The second flush of a line
#: mirrors   PerMA-Bench, double flush
#: form      bars
#: x         kernel
#: y         time_ns linear "amortised time per op"
#: series    target
#: where     kernel=clwb,clflushopt,flush-twice,flush-clean && size=64 && threads=1 && mode=throughput && !(fence>1)
#: config    fence-interval q-clwb-keeps
load 'flush-twice.vars.gp'
load 'form-bars.gp'
