# SPDX-License-Identifier: BSD-2-Clause
# What an SFENCE costs: ops per fence against the amortised time of one op.
#: title     What a fence costs
#: mirrors   FAST'20, Fig. 13
#: form      lines
#: x         fence log2 "ops per SFENCE"
#: y         time_ns log "amortised time per op"
#: series    kernel order
#: panel     target
#: where     mode=throughput
#: overlay   fence-interval
#: config    fence-interval
load 'fence-interval.vars.gp'
load 'form-lines.gp'
