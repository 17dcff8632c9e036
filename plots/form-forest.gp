# SPDX-License-Identifier: BSD-2-Clause
# A comparison: one panel a column, one row a point. Mark: ratio of times; bar: its 95 %
# interval; solid line: 1, dashed lines: the margin.
load 'common.gp'

do for [t in FORMATS] {
  eval begin(t)
  set multiplot
  do for [i=1:PANELS] {
    eval frame
    if (i == 1) { eval legend(t) }
    eval rows(i)
    if (strlen(P_SUBTITLE[i])) { eval raise(i) }
    eval "set y2range " . P_YRANGE[i]
    eval "set y2tics scale 0 (" . P_Y2TICKS[i] . ")"
    set label 106 P_SUBTITLE[i] at screen 0.10/W, screen P_TOP[i]+0.08/H left font small(t) textcolor rgb SOFT
    set arrow 1 from first 1, graph 0 to first 1, graph 1 nohead lc rgb '#000000' lw 0.8 back
    if (LEVEL == LEVEL) {
      set arrow 2 from first LEVEL, graph 0 to first LEVEL, graph 1 nohead lc rgb SOFT lw 0.6 dt 2 back
      set arrow 3 from first 1/LEVEL, graph 0 to first 1/LEVEL, graph 1 nohead lc rgb SOFT lw 0.6 dt 2 back
    }
    eval "plot NaN notitle" \
      . each(P_BARS[i], 1, DATA."using 2:(bar($1)):3:4 with xerrorbars lc rgb S_COLOR[%d] pt 0 ps 0 lw 2") \
      . each(P_SERIES[i], 1, DATA."using 2:1 with points lc rgb S_COLOR[%d] pt S_POINT[%d] ps 0.75")
  }
  unset y2tics
  eval key
  plot NaN notitle, for [k=1:KEYS] keyentry with points lc rgb S_COLOR[KEY[k]] pt S_POINT[KEY[k]] title S_NAME[KEY[k]]
  unset multiplot
  unset output
}
