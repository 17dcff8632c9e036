# SPDX-License-Identifier: BSD-2-Clause
# What it costs that no power cut tears a record: by checksum, copy on write, BTT or atomic write.
#: title     The price of tear safety
#: mirrors   new; LSFMM 2016, DAX on BTT
#: form      lines
#: x         size log2 "bytes per record"
#: y         time_ns log "amortised time per op"
#: series    kernel steps
#: panel     target
#: where     mode=throughput && kernel=ntstore,crclog,cow,btt,sector,rwf-atomic,odsync && threads=1 && !(fence>1)
#: config    q-tear-safety
load 'tear-safety.vars.gp'
load 'form-lines.gp'
