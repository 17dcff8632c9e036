# SPDX-License-Identifier: BSD-2-Clause
# What each file system takes for the same way to make bytes durable.
#: title     File systems side by side
#: mirrors   FAST'20, Fig. 11
#: form      rows
#: x         kernel
#: y         latency_drained_p50_ns log "median latency"
#: series    target fstype
#: where     mode=latency && kind=fsdax,file && threads=1
#: vary      target
#: config    filesystems q-btt-metadata
load 'filesystems.vars.gp'
load 'form-rows.gp'
