# SPDX-License-Identifier: BSD-2-Clause
# What the laboratory found lost: a row an op, a column what another program did beside it.
#: title   What a power cut takes
#: mirrors new
#: form    matrix
#: data    classes
#: x       op "beside it"
#: y       lost "what runs beside it"
#: series  beside
#: panel   place
#: config  powercut reflink
load 'verdict-matrix.vars.gp'
load 'form-matrix.gp'
