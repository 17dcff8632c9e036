# SPDX-License-Identifier: BSD-2-Clause
# What each strategy costs and whether it is durable: one panel a target, one row a
# strategy. Mark: median; thick: exact 95 % interval; thin: to p99.9, or to p99.
load 'ladder.vars.gp'
load 'common.gp'

do for [t in FORMATS] {
  eval begin(t)
  set multiplot
  do for [i=1:PANELS] {
    eval frame
    if (i == 1) { eval legend(t) }
    eval rows(i)
    set label 104 'durable?' at graph 1, graph 1 offset 1.5,0.6 left textcolor rgb SOFT
    plot for [s=P_FIRST[i]:P_LAST[i]] NAME.'.dat' index (s-1) using 2:1:2:(strcol(7) ne 'NaN' ? $7 : strcol(6) ne 'NaN' ? $6 : $2) with xerrorbars lc rgb S_COLOR[s] pt 0 ps 0 lw 0.8, \
         for [s=P_FIRST[i]:P_LAST[i]] '' index (s-1) using 2:(bar($1)):3:4 with xerrorbars lc rgb S_COLOR[s] pt 0 ps 0 lw 3, \
         for [s=P_FIRST[i]:P_LAST[i]] '' index (s-1) using 2:1 with points lc rgb S_COLOR[s] pt S_POINT[s] ps 0.75
    # Mark and word once more, in a column.
    eval strip(i)
    plot for [s=P_FIRST[i]:P_LAST[i]] NAME.'.dat' index (s-1) using (0.14):1 with points lc rgb S_COLOR[s] pt S_POINT[s] ps 0.75, \
         for [s=P_FIRST[i]:P_LAST[i]] '' index (s-1) using (0.24):1:8 with labels left
  }
  eval key
  plot NaN notitle, for [k=1:KEYS] keyentry with points lc rgb S_COLOR[KEY[k]] pt S_POINT[KEY[k]] title 'durable: '.S_NAME[KEY[k]]
  unset multiplot
  unset output
}
