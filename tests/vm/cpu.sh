# shellcheck shell=dash disable=SC2154
# SPDX-License-Identifier: BSD-2-Clause
# vm: --cpu -clwb -d 176M@0 --append without=CLWB
# vm: --cpu -clwb,-clflushopt -d 176M@0 --append without=CLFLUSHOPT
# What the CPU lacks is skipped by name, everything else runs, with the best flush that is
# there: an instruction that is not there would be an illegal one here.
. ./tests/vm/lib.sh

run-bench prepare --print fsdax,size=64M,map=mem,name=fs >/tmp/make
try "an ext4 on DAX" sh /tmp/make
# Pages of 4K: less than a page is no first touch.
echo 'version: 1
targets: [{name: t, fsdax: /mnt/fs, size: 8M}]
defaults: {settle: fixed, repeats: 1, windows: 1, window: 1ms, warmup: 0, working_set: 64K, page_size: 4K}
benches: [{name: b, kernel: all, size: 4K}]' >/tmp/c.yaml
try "every kernel" run-bench /tmp/c.yaml -q -o /tmp/r
# KERNEL STATUS of each.
sed -n 's/^[^,]*,[^,]*,[^,]*,b,\([^,]*\),.*,"\?\(ok\|skip:.*\|fail:.*\)$/\1 \2/p' /tmp/r/latest/points.csv >/tmp/status
is "$(wc -l </tmp/status)" "$(run-bench list kernels | grep -c '^[a-z]')" "each has a point"

# TCG has no MOVDIR64B either; the rest is none for a file.
lack="clwb movdir64b"
[ "$without" = CLWB ] || lack="clflushopt $lack"
what="$lack rwf-atomic sector sector-read"
# What libpmem is, this machine decides.
if run-bench list kernels | grep -q libpmem && grep -q '^libpmem .*lacks LIBPMEM' /tmp/status; then
	skip "libpmem" "this binary is built without it"
	sed -i '/^libpmem /d' /tmp/status
fi
is "$(sed -n 's/ skip:.*//p' /tmp/status | sort | tr '\n' ' ')" "$what " "these are skipped"
is "$(grep -v ' ok$\| skip:' /tmp/status)" "" "and the rest runs"
for k in $lack; do
	name=$(echo "$k" | tr '[:lower:]' '[:upper:]')
	like "$(grep "^$k " /tmp/status)" "$k skip:lacks $name: not an instruction of this CPU*" "$k: says so"
done
# What flushes something itself takes the next best.
for k in flush-clean flush-twice touch; do
	is "$(grep "^$k " /tmp/status)" "$k ok" "$k runs without CLWB"
done
finish
