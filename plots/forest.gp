# SPDX-License-Identifier: BSD-2-Clause
# Platforms against each other: the ratio of times of every point, with its interval.
#: title     One platform against another
#: mirrors   new
#: form      forest
#: data      compare
#: config    quick
load 'forest.vars.gp'
load 'form-forest.gp'
