# SPDX-License-Identifier: BSD-2-Clause
# Sector writes against threads: BTT beside a raw device; a lane is shared beyond as many CPUs as there are lanes.
#: title     BTT and raw against threads
#: mirrors   Caiti, Fig. 5 (e)
#: form      lines
#: x         threads log2
#: y         rate_ops "writes a second"
#: series    kernel target
#: where     kernel=sector && kind=sector,raw,loop && mode=throughput
#: mark      at 256 "lanes"
#: config    btt
load 'btt-threads.vars.gp'
load 'form-lines.gp'
