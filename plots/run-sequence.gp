# SPDX-License-Identifier: BSD-2-Clause
# Every repeat against its point's median, in the order in which they ran: drift, and what was disturbed.
#: title     The run in the order it was measured
#: mirrors   new
#: form      lines
#: data      repeats
#: x         order linear
#: y         headline linear "share of its median"
#: series    clean
#: panel     run
#: baseline  median
#: config    quick
load 'run-sequence.vars.gp'
JOIN = 0
SIZE = 0.5
load 'form-lines.gp'
