# SPDX-License-Identifier: BSD-2-Clause
# One row a strategy, panels below each other.  Mark: median; thick: its interval; thin: to the
# percentile that was asked for.  RIGHT: what stands above the words at the right.
load 'common.gp'
if (!exists("RIGHT")) RIGHT = ''

do for [t in FORMATS] {
  eval begin(t)
  set multiplot
  do for [i=1:PANELS] {
    eval frame
    if (i == 1) { eval legend(t) }
    eval rows(i)
    set label 104 RIGHT at screen 1-0.06/W, screen P_TOP[i]+0.135/H right textcolor rgb SOFT
    if (LEVEL == LEVEL) { set arrow 7 from first LEVEL, graph 0 to first LEVEL, graph 1 nohead lc rgb SOFT dt 3 lw 1.2 back }
    eval "plot NaN notitle" \
      . each(P_MARKS[i], 1, DATA."using 2:1:2:(strcol(7) ne 'NaN' ? $7 : strcol(6) ne 'NaN' ? $6 : $2) with xerrorbars lc rgb S_COLOR[%d] pt 0 ps 0 lw 0.8") \
      . each(P_BARS[i], 1, DATA."using 2:(bar($1)):3:4 with xerrorbars lc rgb S_COLOR[%d] pt 0 ps 0 lw 3") \
      . each(P_SERIES[i], 1, DATA."using 2:1 with points lc rgb S_COLOR[%d] pt S_POINT[%d] ps 0.75")
    # Mark and word once more, in a column.
    if (P_RIGHT[i] < 1 - 0.2/W) {
      eval strip(i)
      eval "plot NaN notitle" \
        . each(P_SERIES[i], 1, DATA."using (0.12):1 with points lc rgb S_COLOR[%d] pt S_POINT[%d] ps 0.75") \
        . each(P_SERIES[i], 1, DATA."using (0.21):1:8 with labels left")
    }
  }
  if (KEY_HIGH > 0.05) {
    eval key
    plot NaN notitle, for [k=1:KEYS] keyentry with points lc rgb S_COLOR[KEY[k]] pt S_POINT[KEY[k]] title S_NAME[KEY[k]]
  }
  unset multiplot
  unset output
}
