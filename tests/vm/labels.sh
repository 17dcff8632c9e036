# shellcheck shell=dash disable=SC2154
# SPDX-License-Identifier: BSD-2-Clause
# vm: -d 336M@0 -d 320M@0
# fresh: nobody has written labels yet
# timeout: 60
# Regions without labels get them by what prepare prints.
. ./tests/vm/lib.sh
run-bench prepare --print raw,size=64M,name=a devdax,size=64M,name=b >/tmp/make
like "$(cat /tmp/make)" "*ndctl disable-region region*
ndctl init-labels nmem*
ndctl enable-region region*" "they are made first"
try "it works" sh /tmp/make
is "$(ndctl list -N | grep -c '"name":"[ab]"')" 2 "and the region is divided"
run-bench prepare --print raw,size=64M,name=c >/tmp/make
case $(cat /tmp/make) in
*init-labels*) not_ok "once alone" "$(cat /tmp/make)" ;;
*) ok "once alone" ;;
esac
: >/run/labelled
finish
