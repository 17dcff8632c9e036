# shellcheck shell=dash disable=SC2154
# SPDX-License-Identifier: BSD-2-Clause
# vm: -d 336M@0 -d 320M@0
# fresh: nobody has written labels yet
# Regions without labels get them by what prepare prints.
. ./tests/vm/lib.sh
run-bench prepare --print raw,size=64M,name=a devdax,size=64M,name=b >/tmp/make
like "$(cat /tmp/make)" "*ndctl disable-namespace namespace*
ndctl disable-region region*
ndctl init-labels nmem*
ndctl enable-region region*" "they are made first"
for dev in /dev/pmem*; do
	mkswap "$dev" >/dev/null && swapon "$dev"
done
fails "a region that is in use keeps what it holds" sh /tmp/make
swapoff -a
for dev in /dev/pmem*; do
	swapoff "$dev"
done
try "it works" sh /tmp/make
is "$(ndctl list -N | grep -c '"name":"[ab]"')" 2 "and the region is divided"
run-bench prepare --print raw,size=64M,name=c >/tmp/make
case $(cat /tmp/make) in
*init-labels*) not_ok "once alone" "$(cat /tmp/make)" ;;
*) ok "once alone" ;;
esac
: >/run/labelled
finish
