# SPDX-License-Identifier: BSD-2-Clause
# How often an op took at least as long: steps as measured.
load 'ccdf.vars.gp'
load 'common.gp'

do for [t in 'svg pdf'] {
  eval begin(t)
  set multiplot
  eval frame
  eval legend(t)
  set logscale x 10
  set xlabel XLABEL offset 0,0.4
  eval xticks
  do for [i=1:PANELS] {
    eval place(i)
    eval scale(i)
    eval ranges(i)
    eval yticks(i)
    set title P_TITLE[i] offset 0,-0.6
    set ylabel P_YLABEL[i] offset 1,0
    plot for [s=P_FIRST[i]:P_LAST[i]] NAME.'.dat' index (s-1) using 1:2 with steps lc rgb S_COLOR[s] dt S_DASH[s] lw 1.5
    unset label
  }
  # The key: a strip of its own below all panels.
  eval key
  plot NaN notitle, for [k=1:KEYS] keyentry with lines lc rgb S_COLOR[KEY[k]] lw 1.5 dt S_DASH[KEY[k]] title S_NAME[KEY[k]]
  unset multiplot
  unset output
}
