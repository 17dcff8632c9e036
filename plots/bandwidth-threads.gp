# SPDX-License-Identifier: BSD-2-Clause
# Bandwidth against threads: one panel a target (and size).
load 'bandwidth-threads.vars.gp'
load 'common.gp'

do for [t in FORMATS] {
  eval begin(t)
  set multiplot
  eval frame
  eval legend(t)
  set logscale x 2
  eval xticks
  do for [i=1:PANELS] {
    eval panel(i)
    plot for [s=P_FIRST[i]:P_LAST[i]] NAME.'.dat' index (s-1) using 1:2 with lines lc rgb S_COLOR[s] dt S_DASH[s] lw 1.3, \
         for [s=P_FIRST[i]:P_LAST[i]] '' index (s-1) using 1:(bar($2)):3:4 with yerrorbars lc rgb S_COLOR[s] pt 0 ps 0 lw 1.3, \
         for [s=P_FIRST[i]:P_LAST[i]] '' index (s-1) using 1:2 with points lc rgb S_COLOR[s] pt S_POINT[s] lw 0.8
    unset label
  }
  # The key: a strip of its own below all panels.
  eval key
  plot NaN notitle, for [k=1:KEYS] keyentry with linespoints lc rgb S_COLOR[KEY[k]] pt S_POINT[KEY[k]] dt S_DASH[KEY[k]] title S_NAME[KEY[k]]
  unset multiplot
  unset output
}
