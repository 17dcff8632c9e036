# SPDX-License-Identifier: BSD-2-Clause
# The empty op in every process; the clock's step dotted.
load 'timer-floor.vars.gp'
load 'common.gp'

do for [t in FORMATS] {
  eval begin(t)
  set multiplot
  eval frame
  eval legend(t)
  eval xticks
  do for [i=1:PANELS] {
    eval panel(i)
    plot LEVEL with lines lc rgb SOFT dt 3 lw 1.5 notitle, \
         for [s=P_FIRST[i]:P_LAST[i]] NAME.'.dat' index (s-1) using 1:2 with points lc rgb S_COLOR[s] pt S_POINT[s] ps 0.4
    unset label
  }
  # The key: a strip of its own below all panels.
  eval key
  plot NaN notitle, for [k=1:KEYS] keyentry with points lc rgb S_COLOR[KEY[k]] pt S_POINT[KEY[k]] title S_NAME[KEY[k]]
  unset multiplot
  unset output
}
