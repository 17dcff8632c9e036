# SPDX-License-Identifier: BSD-2-Clause
# What all figures share: type, frame, panels and the key.  A figure's script is run in its own
# directory, beside its data:
#   NAME.dat      the numbers        NAME.vars.gp   words, ranges, layout
# `gnuplot NAME.gp` draws it again, in the FORMATS of NAME.vars.gp.

set encoding utf8
unset mouse

SOFT = '#5b5b5b'
GRID = '#e3e3e3'
sans(other) = strlen(FONT) ? FONT : other

# 120 px or one inch for an inch of layout; type is 8 pt on paper, 13 px on a screen (cairo's PDF
# has 4/3 pt for a point, and halves the type unless told; its PNG 100 dots an inch).
terminal(t) = t eq 'svg' \
  ? sprintf("set terminal svg size %d,%d noenhanced font '%s,13' linewidth 1.3 background '#ffffff'", \
            int(W*120+0.5), int(H*120+0.5), sans('sans-serif')) \
  : t eq 'png' \
  ? sprintf("set terminal pngcairo size %d,%d noenhanced font '%s,19.2' linewidth 2.6 pointscale 2 background '#ffffff'", \
            int(W*240+0.5), int(H*240+0.5), sans('Sans')) \
  : t eq 'tex' \
  ? sprintf("set terminal cairolatex pdf input size %.3fin,%.3fin font ',8' linewidth 1.3", W, H) \
  : sprintf("set terminal pdfcairo size %.3fin,%.3fin noenhanced font '%s,8' fontscale 0.75 linewidth 1.3 background '#ffffff'", W, H, sans('Sans'))
file(t) = t eq 'tex' ? NAME.'-latex.tex' : NAME.'.'.t
# Every format starts from nothing: no tick or label of the one before is left, and it has its words.
begin(t) = "reset; set datafile columnheaders; load '" . NAME . (t eq 'tex' ? ".tex.gp" : ".vars.gp") . "'; " \
  . terminal(t) . sprintf("; set output '%s'", file(t))
small(t) = t eq 'svg' ? sans('sans-serif').',10.5' : t eq 'png' ? sans('Sans').',15.6' : t eq 'tex' ? ',6.5' : sans('Sans').',6.5'
large(t) = t eq 'svg' ? sans('sans-serif').',14.5' : t eq 'png' ? sans('Sans').',21.6' : t eq 'tex' ? ',9' : sans('Sans').',9'

frame = "unset key; unset arrow; unset label; unset object; " \
  . "set border 3 lc rgb SOFT lw 0.8; set grid xtics ytics lc rgb GRID lw 0.8 lt 1; " \
  . "set tics nomirror out scale 0.6,0.3; set xtics textcolor rgb '#000000'; set ytics textcolor rgb '#000000'; " \
  . "set bars 0.5; set pointsize 0.65"

# Title and note stand on the first panel; gnuplot draws them at screen positions.
notes(t,j) = j > NOTES ? "" : sprintf("set label %d NOTE[%d] at screen %.5f, screen %.5f left font '%s' textcolor rgb SOFT front; ", \
                                      120+j, j, 0.10/W, (0.09+0.125*(NOTES-j))/H, small(t)) . notes(t,j+1)
titles(t,j) = j > TITLES ? "" : sprintf("set label %d TITLE[%d] at screen %.5f, screen %.5f left font '%s' front; ", \
                                        100+j, j, 0.10/W, 1-(0.13+0.17*(j-1))/H, large(t)) . titles(t,j+1)
legend(t) = titles(t,1) . notes(t,1)

# Panel i: its place, axes, title and label.
place(i) = sprintf("set lmargin at screen %.5f; set rmargin at screen %.5f; set tmargin at screen %.5f; set bmargin at screen %.5f", \
                   P_LEFT[i], P_RIGHT[i], P_TOP[i], P_BOTTOM[i])
yscale(i) = P_LINEAR[i] ? "unset logscale y" : "set logscale y 10"
xscale = XLOG == 0 ? "unset logscale x" : sprintf("set logscale x %d", XLOG)
xticks = "set xtics nomirror " . (SLANTED ? "rotate by 55 right " : "") . (strlen(XTICKS) ? "(" . XTICKS . ")" : "autofreq")
xgrid = "set xtics nomirror (" . XGRID . ")"
yticks(i) = "set ytics nomirror " . (strlen(P_YTICKS[i]) ? "(" . P_YTICKS[i] . ")" : "autofreq")
ranges(i) = "set xrange " . XRANGE . "; set yrange " . P_YRANGE[i]
heading(i,x) = sprintf("set label 105 P_TITLE[%d] at screen %.5f, screen %.5f left", i, x, P_TOP[i]+0.135/H)
# Not `set ylabel`: that moves with the width of the ticks.
ylabel(i) = sprintf("set label 104 YLABEL at screen %.5f, screen %.5f center rotate by 90", \
                    P_LEFT[i]-0.69/W, (P_TOP[i]+P_BOTTOM[i])/2)
# A place of x, with its words at the top.
xlevel(i) = XLEVEL == XLEVEL ? sprintf("set arrow 9 from first %g, graph 0 to first %g, graph 1 nohead lc rgb SOFT dt 3 lw 1.2 back; ", XLEVEL, XLEVEL) \
  . sprintf("set label 109 XLEVEL_TEXT at first %g, graph 0.96 right offset -0.5,0 textcolor rgb SOFT", XLEVEL) : "unset arrow 9; unset label 109"
# Where lines cross.
ring(i,r) = r > RINGS ? "" : (R_PANEL[r] == i ? sprintf("set label %d '' at first %g, first %g point pt 6 ps 1.5 lw 1.2 lc rgb '#000000' front; ", 200+r, R_X[r], R_Y[r]) \
  : sprintf("unset label %d; ", 200+r)) . ring(i,r+1)
panel(i) = place(i) . "; " . xscale . "; " . yscale(i) . "; " . ranges(i) . "; " . xticks . "; " . yticks(i) . "; " . ylabel(i) . "; " \
  . heading(i, P_LEFT[i]-0.70/W) . "; " . xlevel(i) . "; " . ring(i,1) . "set xlabel XLABEL offset 0,0.4"

# A panel of rows: words at both sides, one x axis, below the last panel.
rows(i) = place(i) . "; set border 1; " . xscale . "; " . ranges(i) . "; set ytics scale 0 (" . P_YTICKS[i] . "); " \
  . (i == PANELS ? xticks . "; set xlabel XLABEL offset 0,0.4" : xgrid . "; unset xlabel") . "; " . heading(i, 0.10/W) \
  . (P_APART[i] ? sprintf("; set arrow 8 from graph 0, first %g to graph 1, first %g nohead lc rgb SOFT dt 3 lw 0.8", P_APART[i]+0.5, P_APART[i]+0.5) : "; unset arrow 8")
# The strip at the right of its rows, x in inches.
strip(i) = "unset label; unset arrow; unset grid; unset border; unset tics; unset xlabel; unset logscale x; " \
  . sprintf("set lmargin at screen %.5f; set rmargin at screen 0.999; set xrange [0:%.3f]", P_RIGHT[i], W*(0.999-P_RIGHT[i]))

# Series that have something to draw: `all` of a panel, those with intervals, with tails, with marks.
# each(LIST, 1, SPEC): SPEC for every one of them; %d in it is the series, at most five times.
num(l,k) = int(word(l,k))
each(l,k,spec) = k > words(l) ? "" : sprintf(spec, num(l,k), num(l,k), num(l,k), num(l,k), num(l,k)) . each(l,k+1,spec)
DATA = ", NAME.'.dat' index %d-1 "
yline = LEVEL == LEVEL ? ", LEVEL with lines lc rgb SOFT dt 3 lw 1.5" : ""

# An empty plot in the strip at the foot, for the key alone.
key = sprintf("unset border; unset tics; unset grid; unset title; unset xlabel; unset ylabel; unset label; unset arrow; unset object; unset logscale; " \
  . "set lmargin at screen 0.02; set rmargin at screen 0.98; set bmargin at screen %.5f; set tmargin at screen %.5f; " \
  . "set xrange [0:1]; set yrange [0:1]; " \
  . "set key at screen 0.5, screen %.5f center bottom horizontal Left reverse samplen 2 width 1 spacing 1.0 maxcols %d", \
  FOOT/H, (FOOT+KEY_HIGH)/H, (FOOT+0.02)/H, KEY_COLUMNS)

# Intervals: a point without one has NaN there and no bar.
bar(y) = strcol(3) ne 'NaN' ? y : NaN
# Where bars stand: on zero, or on the foot of a logarithmic axis.
base(i) = P_LINEAR[i] ? 0 : P_YMIN[i]
# The heading of a panel that has a second line.
raise(i) = sprintf("set label 105 P_TITLE[%d] at screen %.5f, screen %.5f left", i, 0.10/W, P_TOP[i]+0.26/H)
