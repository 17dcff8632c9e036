# SPDX-License-Identifier: BSD-2-Clause
# A number in a cell, and a colour that says how great it is.
load 'common.gp'

do for [t in FORMATS] {
  eval begin(t)
  set multiplot
  eval frame
  eval legend(t)
  set style fill solid 1 noborder
  do for [i=1:PANELS] {
    eval panel(i)
    unset grid
    eval "plot NaN notitle" \
      . each(P_SERIES[i], 1, DATA."using 1:2:($1-0.48):($1+0.48):($2-0.48):($2+0.48):7 with boxxyerror lc rgb variable") \
      . each(P_SERIES[i], 1, DATA."using 1:2:8 with labels font small(t)")
    unset label
  }
  unset multiplot
  unset output
}
