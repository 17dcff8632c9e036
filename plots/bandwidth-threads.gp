# SPDX-License-Identifier: BSD-2-Clause
# Bytes made durable, or read, per second by all threads against their number.
#: title     Bandwidth against threads
#: mirrors   FAST'20, Fig. 4; PerMA-Bench, Figs. 4 to 6
#: form      lines
#: x         threads log2
#: y         bandwidth_gbs "bandwidth"
#: series    kernel
#: panel     target
#: where     mode=throughput
#: overlay   bandwidth-threads
#: config    threads quick
load 'bandwidth-threads.vars.gp'
load 'form-lines.gp'
