# SPDX-License-Identifier: BSD-2-Clause
# What an op costs the machine: events counted per op, a panel an event.
#: title     Counters per op
#: mirrors   likwid, PMM groups
#: form      bars
#: data      counters
#: x         kernel
#: y         count "per op"
#: series    target
#: panel     event
#: where     !(event~*@system,*.*)
#: config    quick latency
load 'counters.vars.gp'
load 'form-bars.gp'
