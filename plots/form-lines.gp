# SPDX-License-Identifier: BSD-2-Clause
# Medians joined by straight lines, with their intervals.  JOIN = 0: marks alone, of SIZE.
load 'common.gp'
if (!exists("JOIN")) JOIN = 1
if (!exists("SIZE")) SIZE = 0.65

do for [t in FORMATS] {
  eval begin(t)
  set multiplot
  eval frame
  eval legend(t)
  do for [i=1:PANELS] {
    eval panel(i)
    eval "plot NaN notitle" . yline \
      . (JOIN ? each(P_SERIES[i], 1, DATA."using 1:2 with lines lc rgb S_COLOR[%d] dt S_DASH[%d] lw 1.3") : "") \
      . each(P_BARS[i], 1, DATA."using 1:(bar($2)):3:4 with yerrorbars lc rgb S_COLOR[%d] pt 0 ps 0 lw 1.3") \
      . each(P_SERIES[i], 1, DATA."using 1:2 with points lc rgb S_COLOR[%d] pt S_POINT[%d] ps SIZE lw 0.8")
    unset label
  }
  if (KEY_HIGH > 0.05) {
    eval key
    if (JOIN) {
      plot NaN notitle, for [k=1:KEYS] keyentry with linespoints lc rgb S_COLOR[KEY[k]] pt S_POINT[KEY[k]] dt S_DASH[KEY[k]] title S_NAME[KEY[k]]
    } else {
      plot NaN notitle, for [k=1:KEYS] keyentry with points lc rgb S_COLOR[KEY[k]] pt S_POINT[KEY[k]] title S_NAME[KEY[k]]
    }
  }
  unset multiplot
  unset output
}
