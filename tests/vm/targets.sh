# shellcheck shell=dash disable=SC2154
# SPDX-License-Identifier: BSD-2-Clause
# vm:
# What `list targets` says is what ndctl says, mounts and uses beside it; a config
# finds a namespace by its uuids, its name and its label's name.
. ./tests/vm/lib.sh

run-bench prepare --print fsdax,size=128M,name=ext4 fsdax,size=32M,align=4K,map=mem,name=small \
	sector,size=32M,sector=512,name=sec512 sector,size=32M,name=sec4k sector,size=32M,sector=4160,name=sec4160 \
	devdax,size=64M,name=dax2m devdax,size=32M,align=4K,name=dax4k raw,size=32M >/tmp/make
try "namespaces are made" sh /tmp/make
create off 3 -m fsdax -s 32M -n off
off=${off#pmem}
[ "${off%.*}" != "$off" ] || off=$off.0
try "one is disabled" ndctl disable-namespace "namespace$off"

ndctl list -RNDivv | awk -f tests/vm/flat.awk | sort | grep -v ' raw - 0 ' >/tmp/want
run-bench list targets --json >/tmp/json
awk -f tests/vm/flat.awk /tmp/json | sort >/tmp/got
while read -r name alias uuid rest; do
	line=$(grep "^$name " /tmp/got)
	case $alias in
	sec4160)
		# The driver keeps 64 bytes of a sector: 4096 can be used.
		rest=$(echo "$rest" | sed 's/ 4160 / 4096 /') ;;
	off)
		# What it would hold: nobody can tell before it is enabled.
		like "$line" "$name $alias *" "a disabled namespace is listed"
		continue ;;
	esac
	is "$line" "$name $alias $uuid $rest" "$alias: list targets says what ndctl says"
done </tmp/want
want=$(wc -l </tmp/want)
is "$(wc -l </tmp/got)" "$want" "no more and no fewer: $want"

has() { # has TEXT NAME: on a line of the table
	if grep -q -- "$1" /tmp/text; then
		ok "$2"
	else
		not_ok "$2" "no line with: $1"
	fi
}
run-bench list targets | tr -s ' ' >/tmp/text
has ' /mnt/ext4 ext4 fsdax: /mnt/ext4 25 kernels' "mounted: its mount point is the target"
has ' devdax: /dev/dax[0-9.]* 1[0-9] kernels' "devdax: its device"
has ' sector: /dev/pmem[0-9.]*s 25 kernels' "sector: the BTT's device"
has 'nothing: disabled: ndctl enable-namespace' "disabled: says how to mend it"
has 'fsdax-mnt-[a-z0-9]* fsdax: /mnt/[a-z0-9]* ' "auto would use the mounted one"
if grep -q '^[a-z0-9-]* \(raw\|sector\|devdax\): ' /tmp/text; then
	not_ok "auto uses no device"
else
	ok "auto uses no device"
fi

# found ID KIND DEVICE NAME: a config that names ID finds the device.
found() {
	cat >/tmp/c.yaml <<END
version: 1
targets: [{name: t, $2: {namespace: $1}}]
benches: [{name: b, kernel: null}]
END
	exits 5 "$4 is found" run-bench /tmp/c.yaml -o /tmp/r
	# Refused without consent, and that names the device.
	grep -q "refused: $3 would be overwritten" /tmp/try || not_ok "$4: $3 is what was found" "$(cat /tmp/try)"
}
while read -r name alias uuid _ device _; do
	case $alias in
	dax2m)
		found "$name" devdax "$device" "namespace by name"
		found "$alias" devdax "$device" "namespace by its label's name"
		found "$uuid" devdax "$device" "namespace by uuid" ;;
	sec4k) found "$uuid" sector "$device" "BTT by uuid" ;;
	raw) found "$uuid" raw "$device" "raw by uuid" ;;
	esac
done </tmp/want
raw_uuid=$(sed -n '/"alias": "sec4k"/,/raw_uuid/s/.*"raw_uuid": "\(.*\)".*/\1/p' /tmp/json)
sec4k=$(sed -n 's/^[^ ]* sec4k [^ ]* sector \([^ ]*\) .*/\1/p' /tmp/got)
found "$raw_uuid" sector "$sec4k" "BTT by its namespace's own uuid"


# lost ID PATTERN NAME
lost() {
	cat >/tmp/c.yaml <<END
version: 1
targets: [{name: t, raw: {namespace: $1}}]
benches: [{name: b, kernel: null}]
END
	exits 2 "$3 is an error" run-bench /tmp/c.yaml -o /tmp/r
	like "$(cat /tmp/try)" "$2" "$3: it says so"
}
lost 00000000-1111-2222-3333-444444444444 '*no namespace is called*list targets*' "a uuid that is nobody's"
lost off '*is disabled; ndctl enable-namespace namespace[0-9.]*' "a disabled namespace"
finish
