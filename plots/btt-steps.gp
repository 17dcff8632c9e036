# SPDX-License-Identifier: BSD-2-Clause
# What the steps of a BTT write cost, by leaving some out: only whole and two-fences keep a sector whole.
#: title     The steps of a write to a BTT
#: mirrors   new; D. Wu 2022, BTT without its flushes
#: form      bars
#: x         steps words "steps"
#: y         time_ns linear "amortised time per op"
#: series    size
#: panel     target
#: where     kernel=btt && mode=throughput
#: config    q-btt-cost
load 'btt-steps.vars.gp'
load 'form-bars.gp'
