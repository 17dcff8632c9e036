# SPDX-License-Identifier: BSD-2-Clause
# What all figures share: the two files, type, frame, panels and the key.
# A figure's script is run in its own directory, beside its data:
#   NAME.dat      the numbers        NAME.vars.gp   words, ranges, layout
# `gnuplot NAME.gp` draws NAME.svg and NAME.pdf again.

set encoding utf8
unset mouse
if (!exists("FORMATS")) FORMATS = 'svg pdf'

SOFT = '#5b5b5b'
GRID = '#e3e3e3'

# 120 px or one inch for an inch of layout; type is 8 pt on paper, 13 px on a screen (cairo's PDF
# has 4/3 pt for a point, and halves the type unless told).
terminal(t) = t eq 'svg' \
  ? sprintf("set terminal svg size %d,%d noenhanced font 'sans-serif,13' linewidth 1.3 background '#ffffff'", \
            int(W*120), int(H*120)) \
  : t eq 'png' \
  ? sprintf("set terminal pngcairo size %d,%d noenhanced font 'Sans,9.6' linewidth 1.3 background '#ffffff'", \
            int(W*120), int(H*120)) \
  : sprintf("set terminal pdfcairo size %.3fin,%.3fin noenhanced font 'Sans,8' fontscale 0.75 linewidth 1.3 background '#ffffff'", W, H)
# Every format starts from nothing: no tick or label of the one before is left.
begin(t) = "reset; " . terminal(t) . sprintf("; set output '%s.%s'", NAME, t)

frame = "unset key; unset arrow; unset label; " \
  . "set border 3 lc rgb SOFT lw 0.8; set grid xtics ytics lc rgb GRID lw 0.8 lt 1; " \
  . "set tics nomirror out scale 0.6,0.3; set xtics textcolor rgb '#000000'; set ytics textcolor rgb '#000000'; " \
  . "set bars 0.5; set pointsize 0.65"

# Title and note stand on the first panel; gnuplot draws them at screen positions.
small(t) = t eq 'svg' ? 'sans-serif,11' : t eq 'png' ? 'Sans,7.9' : 'Sans,6.5'
large(t) = t eq 'svg' ? 'sans-serif,15' : t eq 'png' ? 'Sans,10.8' : 'Sans,9'
notes(t,j) = j > NOTES ? "" : sprintf("; set label %d NOTE[%d] at screen %.4f, screen %.4f left font '%s' textcolor rgb SOFT front", \
                                      110+j, j, 0.10/W, (0.09+0.13*(NOTES-j))/H, small(t)) . notes(t,j+1)
legend(t) = sprintf("set label 101 TITLE at screen %.4f, screen %.4f left font '%s' front", 0.10/W, 1-0.14/H, large(t)) . notes(t,1)

# Panel i: its place, axes, title and label.
place(i) = sprintf("set lmargin at screen %.5f; set rmargin at screen %.5f; set tmargin at screen %.5f; set bmargin at screen %.5f", \
                   P_LEFT[i], P_RIGHT[i], P_TOP[i], P_BOTTOM[i])
scale(i) = P_LINEAR[i] ? "unset logscale y" : "set logscale y 10"
xticks = "set xtics nomirror " . (strlen(XTICKS) ? "(" . XTICKS . ")" : "autofreq")
xgrid = "set xtics nomirror (" . XGRID . ")"
yticks(i) = "set ytics nomirror " . (strlen(P_YTICKS[i]) ? "(" . P_YTICKS[i] . ")" : "autofreq")
ranges(i) = "set xrange " . XRANGE . "; set yrange " . P_YRANGE[i]
# Not `set ylabel`: that moves with the width of the ticks.
ylabel(i) = sprintf("set label 104 P_YLABEL[%d] at screen %.5f, screen %.5f center rotate by 90", \
                    i, P_LEFT[i]-0.74/W, (P_TOP[i]+P_BOTTOM[i])/2)
panel(i) = place(i) . "; " . scale(i) . "; " . ranges(i) . "; " . yticks(i) . "; " . ylabel(i) \
  . sprintf("; set title P_TITLE[%d] offset 0,-0.6; set xlabel XLABEL offset 0,0.4", i)

# A panel of rows: words at both sides, one x axis, below the last panel.
rows(i) = place(i) . "; set border 1; set logscale x 10; " . ranges(i) . "; set ytics scale 0 (" . P_YTICKS[i] . "); " \
  . (i == PANELS ? xticks . "; set xlabel XLABEL offset 0,0.4" : xgrid . "; unset xlabel") \
  . sprintf("; set title P_TITLE[%d] offset 0,%.1f", i, strlen(P_SUBTITLE[i]) ? 0.4 : -0.6)
# The strip at the right of its rows, x in inches.
strip(i) = "unset label; unset title; unset grid; unset border; unset tics; unset xlabel; unset logscale x; " \
  . sprintf("set lmargin at screen %.5f; set rmargin at screen 0.999; set xrange [0:%.3f]", P_RIGHT[i], W*(0.999-P_RIGHT[i]))

# Intervals: a point without one has NaN there and no bar.
bar(y) = strcol(3) ne 'NaN' ? y : NaN

# An empty plot in the strip at the foot, for the key alone.
key = sprintf("unset border; unset tics; unset grid; unset title; unset xlabel; unset ylabel; unset label; unset arrow; unset logscale; " \
  . "set lmargin at screen 0.02; set rmargin at screen 0.98; set bmargin at screen %.5f; set tmargin at screen %.5f; " \
  . "set xrange [0:1]; set yrange [0:1]; " \
  . "set key at screen 0.5, screen %.5f center bottom horizontal Left reverse samplen 2 width 1 spacing 1.0 maxcols %d", \
  FOOT/H, (FOOT+KEY_HIGH)/H, (FOOT+0.02)/H, KEY_COLUMNS)
