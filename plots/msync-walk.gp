# SPDX-License-Identifier: BSD-2-Clause
# One msync of a whole mapping: does it cost what is dirty, or how much there is to walk through?
#: title     msync of a whole mapping
#: mirrors   new; LSFMM 2017, The future of DAX
#: form      lines
#: x         working_set log2 "bytes mapped"
#: y         latency_drained_p50_ns log "median of one msync"
#: series    dirty
#: panel     target
#: where     mode=latency && kernel=msync && range=share
#: config    q-msync
load 'msync-walk.vars.gp'
load 'form-lines.gp'
