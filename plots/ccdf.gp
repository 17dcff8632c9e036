# SPDX-License-Identifier: BSD-2-Clause
# How large a share of ops took at least as long, both axes logarithmic; steps as measured.
#: title     Latency tails
#: mirrors   LATTester, CDF; FAST'20, Fig. 3
#: form      ccdf
#: data      hist
#: x         latency log "latency of one op"
#: y         share log "ops at least as slow"
#: series    kernel
#: panel     target
#: config    quick latency
load 'ccdf.vars.gp'
load 'form-ccdf.gp'
