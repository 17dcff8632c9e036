# SPDX-License-Identifier: BSD-2-Clause
# Bytes made durable, or read, per second by all threads against the size of an op; the final drain is inside.
#: title     Bandwidth against size
#: mirrors   FAST'20, Fig. 5; PMIdioBench, I2
#: form      lines
#: x         size log2 "bytes per op"
#: y         bandwidth_gbs "bandwidth"
#: series    kernel
#: panel     target
#: where     mode=throughput
#: overlay   bandwidth-size
#: config    flush-size quick
load 'bandwidth-size.vars.gp'
load 'form-lines.gp'
