# SPDX-License-Identifier: BSD-2-Clause
# What atomic sectors cost: a write to a BTT, how many times as long as on a raw device.
#: title     A write to BTT against raw
#: mirrors   Caiti, Fig. 2 (a)
#: form      lines
#: x         size log2 "bytes per op"
#: y         headline "times as long"
#: series    kernel target mode
#: where     moves=writes && kind=sector,raw && !(o_sync=on,off)
#: baseline  kind=raw
#: config    btt
load 'btt-raw.vars.gp'
load 'form-lines.gp'
