# SPDX-License-Identifier: BSD-2-Clause
# What is left of the bandwidth from the other node, by threads and size: 1 is as fast as local.
#: title     Remote bandwidth as a share of local
#: mirrors   PMIdioBench, I4
#: form      heat
#: x         threads words
#: y         size "bytes per op"
#: z         bandwidth_gbs
#: panel     kernel target
#: where     mode=throughput && kind=dram,fsdax,devdax,file
#: baseline  placement=local
#: config    threads
load 'numa-ratio.vars.gp'
load 'form-heat.gp'
