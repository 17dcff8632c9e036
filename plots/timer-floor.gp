# SPDX-License-Identifier: BSD-2-Clause
# The empty op in every process, in the order in which they ran: what no latency can be under.
#: title     The timer's floor
#: mirrors   new
#: form      lines
#: data      repeats
#: x         order linear
#: y         floor_issue_ns,floor_drained_ns linear "time of the empty op"
#: series    metric
#: panel     run
#: level     step
#: config    quick
load 'timer-floor.vars.gp'
JOIN = 0
SIZE = 0.4
load 'form-lines.gp'
