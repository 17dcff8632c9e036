# SPDX-License-Identifier: BSD-2-Clause
# Bars that stand on each other.
load 'common.gp'

do for [t in FORMATS] {
  eval begin(t)
  set multiplot
  eval frame
  eval legend(t)
  set style fill solid 0.55 border
  do for [i=1:PANELS] {
    eval panel(i)
    eval "plot NaN notitle" \
      . each(P_SERIES[i], 1, DATA."using 1:2:($1-BOX):($1+BOX):6:2 with boxxyerror lc rgb S_COLOR[%d] lw 0.8")
    unset label
  }
  eval key
  plot NaN notitle, for [k=1:KEYS] keyentry with boxes lc rgb S_COLOR[KEY[k]] title S_NAME[KEY[k]]
  unset multiplot
  unset output
}
