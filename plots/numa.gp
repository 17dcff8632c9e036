# SPDX-License-Identifier: BSD-2-Clause
# Threads beside the memory, and threads on the other node.
#: title     NUMA placement
#: mirrors   FAST'20, Fig. 17
#: form      lines
#: x         threads log2
#: y         bandwidth_gbs "bandwidth"
#: series    kernel placement
#: panel     target
#: where     mode=throughput && kind=dram,fsdax,devdax,file
#: vary      placement
#: overlay   numa
#: config    threads q-numa
load 'numa.vars.gp'
load 'form-lines.gp'
