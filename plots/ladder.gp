# SPDX-License-Identifier: BSD-2-Clause
# One row a strategy, one panel a target: the time of one op, and at the right whether it is durable.
#: title     What each strategy costs, and whether it is durable
#: mirrors   new
#: form      rows
#: data      ladder
#: x         kernel
#: y         headline log "time per op"
#: panel     target
#: stat      p99 p99.9
#: config    quick latency
load 'ladder.vars.gp'
RIGHT = 'durable?'
load 'form-rows.gp'
