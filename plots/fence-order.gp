# SPDX-License-Identifier: BSD-2-Clause
# Flushing each line as it is stored against storing all of an op first: how many times as long.
#: title     Flush at the end, against flush as you store
#: mirrors   FAST'20, Fig. 13
#: form      lines
#: x         size log2 "bytes per op"
#: y         time_ns "times as long"
#: series    kernel
#: panel     target
#: where     mode=throughput
#: baseline  order=line
#: config    fence-interval
load 'fence-order.vars.gp'
load 'form-lines.gp'
