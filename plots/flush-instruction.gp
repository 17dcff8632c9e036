# SPDX-License-Identifier: BSD-2-Clause
# Which instruction writes back soonest at which size: time per op from a line to a page.
#: title     Flush instruction by size
#: mirrors   FAST'20, Fig. 12
#: form      lines
#: x         size log2 "bytes per op"
#: y         time_ns log "amortised time per op"
#: series    kernel
#: panel     target
#: where     mode=throughput && size<=4K && threads=1 && kernel=store,clflush,clflushopt,clwb,ntstore,movdir64b
#: overlay   flush-instruction
#: config    flush-size
load 'flush-instruction.vars.gp'
load 'form-lines.gp'
