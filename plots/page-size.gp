# SPDX-License-Identifier: BSD-2-Clause
# What larger pages change for flushes and reads: the TLB's share.
#: title     Page size
#: mirrors   new
#: form      lines
#: x         page_size log2 "page size of the mapping"
#: y         time_ns log "amortised time per op"
#: series    kernel
#: panel     target
#: where     mode=throughput
#: config    page-size q-device-dax
load 'page-size.vars.gp'
load 'form-lines.gp'
