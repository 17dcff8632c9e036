# SPDX-License-Identifier: BSD-2-Clause
# Writes to block devices, and what a BTT costs beside a raw device: lines against size, or rows
# where there is one size.
load 'sector-raw.vars.gp'
load 'common.gp'

do for [t in FORMATS] {
  eval begin(t)
  set multiplot
  do for [i=1:PANELS] {
    eval frame
    if (i == 1) { eval legend(t) }
    if (ROWS) {
      eval rows(i)
      plot for [s=P_FIRST[i]:P_LAST[i]] NAME.'.dat' index (s-1) using 2:(bar($1)):3:4 with xerrorbars lc rgb S_COLOR[s] pt 0 ps 0 lw 2, \
           for [s=P_FIRST[i]:P_LAST[i]] '' index (s-1) using 2:1 with points lc rgb S_COLOR[s] pt S_POINT[s] ps 0.75
      # What the BTT costs.
      eval strip(i)
      plot for [s=P_FIRST[i]:P_LAST[i]] NAME.'.dat' index (s-1) using (0.1):1:8 with labels left
    } else {
      set logscale x 2
      eval xticks
      eval panel(i)
      plot for [s=P_FIRST[i]:P_LAST[i]] NAME.'.dat' index (s-1) using 1:2 with lines lc rgb S_COLOR[s] dt S_DASH[s] lw 1.3, \
           for [s=P_FIRST[i]:P_LAST[i]] '' index (s-1) using 1:(bar($2)):3:4 with yerrorbars lc rgb S_COLOR[s] pt 0 ps 0 lw 1.3, \
           for [s=P_FIRST[i]:P_LAST[i]] '' index (s-1) using 1:2 with points lc rgb S_COLOR[s] pt S_POINT[s] lw 0.8
    }
  }
  # The key: a strip of its own below all panels; rows have their names.
  eval key
  if (!ROWS) {
    plot NaN notitle, for [k=1:KEYS] keyentry with linespoints lc rgb S_COLOR[KEY[k]] pt S_POINT[KEY[k]] dt S_DASH[KEY[k]] title S_NAME[KEY[k]]
  }
  unset multiplot
  unset output
}
