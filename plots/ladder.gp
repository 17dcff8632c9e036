# SPDX-License-Identifier: BSD-2-Clause
# What each strategy costs, and whether it is durable: one row a strategy, one panel a target.
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
