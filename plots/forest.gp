# SPDX-License-Identifier: BSD-2-Clause
# A comparison: one panel a column, one row a point. Mark: ratio of times; bar: its 95 %
# interval; solid line: 1, dashed lines: the margin.
load 'forest.vars.gp'
load 'common.gp'

FORMATS = exists("PNG") ? 'svg pdf png' : 'svg pdf'
set_png = sprintf("set terminal pngcairo size %d,%d noenhanced font 'Sans,9.6' linewidth 1.3 background '#ffffff'; set output '%s.png'", \
                  int(W*120), int(H*120), NAME)

do for [t in FORMATS] {
  if (t eq 'png') { eval set_png } else { eval begin(t) }
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
    set arrow 1 from first 1, graph 0 to first 1, graph 1 nohead lc rgb '#000000' lw 0.8 back
    if (LEVEL == LEVEL) {
      set arrow 2 from first LEVEL, graph 0 to first LEVEL, graph 1 nohead lc rgb SOFT lw 0.6 dt 2 back
      set arrow 3 from first 1/LEVEL, graph 0 to first 1/LEVEL, graph 1 nohead lc rgb SOFT lw 0.6 dt 2 back
    }
    if (i == PANELS) { set xlabel XLABEL offset 0,0.4 }
    plot for [s=P_FIRST[i]:P_LAST[i]] NAME.'.dat' index (s-1) using 2:(bar($1)):3:4 with xerrorbars lc rgb S_COLOR[s] pt 0 ps 0 lw 2, \
         for [s=P_FIRST[i]:P_LAST[i]] '' index (s-1) using 2:1 with points lc rgb S_COLOR[s] pt S_POINT[s] ps 0.75
    unset label
    unset arrow
  }
  unset y2tics
  eval key
  plot NaN notitle, for [k=1:KEYS] keyentry with points lc rgb S_COLOR[KEY[k]] pt S_POINT[KEY[k]] title S_NAME[KEY[k]]
  unset multiplot
  unset output
}
