# SPDX-License-Identifier: BSD-2-Clause
# What each strategy costs and whether it is durable: one panel a target, one row a
# strategy. Mark: median; thick: exact 95 % interval; thin: to p99.9, or to p99.
load 'ladder.vars.gp'
load 'common.gp'

do for [t in 'svg pdf'] {
  eval begin(t)
  set multiplot
  eval frame
  eval legend(t)
  set border 1
  set logscale x 10
  set ytics scale 0; set y2tics scale 0
  unset xlabel
  do for [i=1:PANELS] {
    eval place(i)
    eval ranges(i)
    eval "set y2range " . P_YRANGE[i]
    eval "set ytics (" . P_YTICKS[i] . ")"
    eval "set y2tics (" . P_Y2TICKS[i] . ")"
    eval i == PANELS ? xticks : xgrid
    set title P_TITLE[i] offset 0,-0.6
    set label 104 'durable?' at graph 1.02, graph 1 offset 0,0.6 left textcolor rgb SOFT
    if (i == PANELS) { set xlabel XLABEL offset 0,0.4 }
    plot for [s=P_FIRST[i]:P_LAST[i]] NAME.'.dat' index (s-1) using 2:1:2:(strcol(7) ne 'NaN' ? $7 : strcol(6) ne 'NaN' ? $6 : $2) with xerrorbars lc rgb S_COLOR[s] pt 0 ps 0 lw 0.8, \
         for [s=P_FIRST[i]:P_LAST[i]] '' index (s-1) using 2:(bar($1)):3:4 with xerrorbars lc rgb S_COLOR[s] pt 0 ps 0 lw 3, \
         for [s=P_FIRST[i]:P_LAST[i]] '' index (s-1) using 2:1 with points lc rgb S_COLOR[s] pt S_POINT[s] ps 0.75
    unset label
  }
  unset y2tics
  eval key
  plot NaN notitle, for [k=1:KEYS] keyentry with points lc rgb S_COLOR[KEY[k]] pt S_POINT[KEY[k]] title 'durable: '.S_NAME[KEY[k]]
  unset multiplot
  unset output
}
