# SPDX-License-Identifier: BSD-2-Clause
# How often an op enters the kernel: page faults and system calls, on top of each other.
#: title     Entries into the kernel per op
#: mirrors   new
#: form      stack
#: data      counters
#: x         kernel
#: y         count "per op"
#: series    event
#: panel     target
#: where     event=page-faults,raw_syscalls:sys_enter
#: config    quick latency
load 'kernel-entries.vars.gp'
load 'form-stack.gp'
