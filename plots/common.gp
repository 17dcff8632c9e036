# SPDX-License-Identifier: BSD-2-Clause
# What all figures share: the two files, type, frame, panels and the key.
# A figure's script is run in its own directory, beside its data:
#   NAME.dat      the numbers        NAME.vars.gp   words, ranges, layout
# `gnuplot NAME.gp` draws NAME.svg and NAME.pdf again.

set encoding utf8
unset mouse

SOFT = '#5b5b5b'
GRID = '#e3e3e3'

# 120 px or one inch for an inch of layout; type is 8 pt on paper, 13 px on a screen.
terminal(t) = t eq 'svg' \
  ? sprintf("set terminal svg size %d,%d noenhanced font 'sans-serif,13' linewidth 1.3 background '#ffffff'", \
            int(W*120), int(H*120)) \
  : sprintf("set terminal pdfcairo size %.3fin,%.3fin noenhanced font 'Sans,8' linewidth 1.1 background '#ffffff'", W, H)
begin(t) = terminal(t) . sprintf("; set output '%s.%s'", NAME, t)

# Panel i: its place; titles and ticks are set by the caller, who may know better.
place(i) = sprintf("set lmargin at screen %.5f; set rmargin at screen %.5f; set tmargin at screen %.5f; set bmargin at screen %.5f", \
                   P_LEFT[i], P_RIGHT[i], P_TOP[i], P_BOTTOM[i])
# Intervals: a point without one has NaN there and no bar.
bar(y) = strcol(3) ne 'NaN' ? y : NaN
scale(i) = P_LINEAR[i] ? "unset logscale y" : "set logscale y 10"
xticks = "set xtics " . (strlen(XTICKS) ? "(" . XTICKS . ")" : "autofreq")
xgrid = "set xtics (" . XGRID . ")"
yticks(i) = "set ytics " . (strlen(P_YTICKS[i]) ? "(" . P_YTICKS[i] . ")" : "autofreq")
ranges(i) = "set xrange " . XRANGE . "; set yrange " . P_YRANGE[i]

frame = "unset key; unset arrow; unset label; " \
  . "set border 3 lc rgb SOFT lw 0.8; set grid xtics ytics lc rgb GRID lw 0.8 lt 1; " \
  . "set tics nomirror out scale 0.6,0.3; set xtics textcolor rgb '#000000'; set ytics textcolor rgb '#000000'; " \
  . "set bars 0.5; set pointsize 0.55"
# Title and note stand on the first panel; gnuplot draws them at screen positions.
small(t) = t eq 'svg' ? 'sans-serif,11' : 'Sans,6.5'
large(t) = t eq 'svg' ? 'sans-serif,15' : 'Sans,9'
legend(t) = sprintf("set label 101 TITLE at screen %.4f, screen %.4f left font '%s' front; ", 0.10/W, 1-0.14/H, large(t)) \
  . sprintf("set label 102 NOTE at screen %.4f, screen %.4f left font '%s' textcolor rgb SOFT front; ", 0.10/W, 0.22/H, small(t)) \
  . sprintf("set label 103 NOTE2 at screen %.4f, screen %.4f left font '%s' textcolor rgb SOFT front", 0.10/W, 0.09/H, small(t))

# An empty plot in the strip at the foot, for the key alone.
key = sprintf("unset border; unset tics; unset grid; unset title; unset xlabel; unset ylabel; unset label; unset logscale; " \
  . "set lmargin at screen 0.02; set rmargin at screen 0.98; set bmargin at screen %.5f; set tmargin at screen %.5f; " \
  . "set xrange [0:1]; set yrange [0:1]; set key at screen 0.5, screen %.5f center bottom horizontal Left reverse samplen 2 width 1 spacing 1.0", \
  0.31/H, KEY_TOP, 0.32/H)
