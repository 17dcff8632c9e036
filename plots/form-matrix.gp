# SPDX-License-Identifier: BSD-2-Clause
# Rows and columns: in each cell a word, and a colour for its verdict.
load 'common.gp'

do for [t in FORMATS] {
  eval begin(t)
  set multiplot
  set style fill solid 0.35 noborder
  do for [i=1:PANELS] {
    eval frame
    if (i == 1) { eval legend(t) }
    eval rows(i)
    unset grid
    eval "plot NaN notitle" \
      . each(P_SERIES[i], 1, DATA."using 2:1:($2-0.47):($2+0.47):($1-0.44):($1+0.44) with boxxyerror lc rgb S_COLOR[%d]") \
      . each(P_SERIES[i], 1, DATA."using 2:1:8 with labels")
  }
  if (KEY_HIGH > 0.05) {
    eval key
    plot NaN notitle, for [k=1:KEYS] keyentry with boxes lc rgb S_COLOR[KEY[k]] title S_NAME[KEY[k]]
  }
  unset multiplot
  unset output
}
