# SPDX-License-Identifier: BSD-2-Clause
# A value that holds from one place of x to the next: histograms.
load 'common.gp'

do for [t in FORMATS] {
  eval begin(t)
  set multiplot
  eval frame
  eval legend(t)
  do for [i=1:PANELS] {
    eval panel(i)
    eval "plot NaN notitle" . yline \
      . each(P_SERIES[i], 1, DATA."using 1:2 with steps lc rgb S_COLOR[%d] dt S_DASH[%d] lw 1.6")
    unset label
  }
  eval key
  plot NaN notitle, for [k=1:KEYS] keyentry with lines lc rgb S_COLOR[KEY[k]] dt S_DASH[KEY[k]] lw 1.6 title S_NAME[KEY[k]]
  unset multiplot
  unset output
}
