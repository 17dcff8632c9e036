# SPDX-License-Identifier: BSD-2-Clause
# How often an op took at least as long: steps as measured, a mark each decade.
load 'common.gp'

do for [t in FORMATS] {
  eval begin(t)
  set multiplot
  eval frame
  eval legend(t)
  do for [i=1:PANELS] {
    eval panel(i)
    eval "plot NaN notitle" \
      . each(P_SERIES[i], 1, DATA."using 1:2 with fsteps lc rgb S_COLOR[%d] dt S_DASH[%d] lw 1.5") \
      . each(P_MARKS[i], 1, DATA."using 1:6 with points lc rgb S_COLOR[%d] pt S_POINT[%d] lw 0.8")
    unset label
  }
  eval key
  plot NaN notitle, for [k=1:KEYS] keyentry with linespoints lc rgb S_COLOR[KEY[k]] pt S_POINT[KEY[k]] dt S_DASH[KEY[k]] title S_NAME[KEY[k]]
  unset multiplot
  unset output
}
