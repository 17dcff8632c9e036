# shellcheck shell=dash disable=SC2154
# SPDX-License-Identifier: BSD-2-Clause
# vm: --cpu -clwb -d 176M@0 --append without=CLWB
# vm: --cpu -clwb,-clflushopt -d 176M@0 --append without=CLFLUSHOPT
# What the CPU lacks is skipped by name, everything else runs: an instruction that is not
# there would be an illegal one here.
. ./tests/vm/lib.sh

run-bench prepare --print devdax,map=mem >/tmp/make
try "a devdax" sh /tmp/make
echo 'version: 1
targets: [{name: t, devdax: {namespace: devdax}}]
defaults: {settle: fixed, repeats: 1, windows: 1, window: 1ms, warmup: 0, working_set: 64K}
benches: [{name: b, kernel: all, size: 4K}]' >/tmp/c.yaml
try "every kernel" run-bench /tmp/c.yaml -q -o /tmp/r --destroy-data=devdax
status() { sed -n "s/^[^,]*,[^,]*,[^,]*,b,$1,.*,\"\?\(ok\|skip:[^\"]*\|fail:.*\)\"\?$/\1/p" /tmp/r/latest/points.csv; }
is "$(status clwb)" "skip:lacks CLWB" "clwb is skipped by name"
if [ "$without" = CLFLUSHOPT ]; then
	is "$(status clflushopt)" "skip:lacks CLFLUSHOPT" "and clflushopt"
else
	is "$(status clflushopt)" ok "clflushopt runs"
fi
for k in clflush ntstore store load null libpmem; do
	is "$(status $k)" ok "$k runs"
done
is "$(grep -c 'fail:' /tmp/r/latest/points.csv)" 0 "nothing failed"
finish
