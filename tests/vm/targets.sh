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
create loose 3 -m fsdax -s 32M -n loose

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
has ' /mnt/ext4 ext4 fsdax: /mnt/ext4 [23][0-9] kernels' "mounted: its mount point is the target"
has ' devdax: /dev/dax[0-9.]* 1[0-9] kernels' "devdax: its device"
has ' sector: /dev/pmem[0-9.]*s [23][0-9] kernels' "sector: the BTT's device"
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

# An fsdax namespace stands for where it is mounted.
config() { # config TARGET
	echo "version: 1
targets: [{name: t, $1}]
defaults: {settle: fixed, repeats: 1, windows: 1, window: 1ms, warmup: 0, working_set: 64K}
benches: [{name: b, kernel: clwb}]" >/tmp/c.yaml
}
# fact KEY: of the one target in run.json.
fact() { sed -n '/"targets"/,/"caps"/s/^ *"'"$1"'": "\(.*\)",$/\1/p' /tmp/r/latest/run.json; }
# mounted ID DIR NAME [REST]: a run on {namespace: ID REST} works in DIR, and says where it was.
mounted() {
	config "fsdax: {namespace: $1${4-}}, size: 8M"
	try "fsdax by $3: runs" run-bench /tmp/c.yaml -q -o /tmp/r
	is "$(fact path) $(fact namespace) $(fact fstype)" "$2 $ext4_name ext4" "fsdax by $3: run.json says where"
}
while read -r name alias uuid _ device _; do
	case $alias in
	ext4) ext4_name=$name ext4_device=$device ext4_uuid=$uuid ;;
	small) small_device=$device ;;
	esac
done </tmp/want
ext4_raw=$(sed -n '/"alias": "ext4"/,/raw_uuid/s/.*"raw_uuid": "\(.*\)".*/\1/p' /tmp/json)
mounted ext4 /mnt/ext4 "its label's name"
is "$(fact device)" "$ext4_device" "and on which device"
mounted "$ext4_name" /mnt/ext4 "the kernel's name"
mounted "$ext4_uuid" /mnt/ext4 "uuid"
mounted "$ext4_raw" /mnt/ext4 "its namespace's own uuid"
mkdir -p "/mnt/ext4/a b/c" /mnt/other
mounted ext4 "/mnt/ext4/a b/c" "name and dir" ', dir: "a b/c"'
is "$(ls /mnt/ext4 "/mnt/ext4/a b/c")" "/mnt/ext4:
a b
lost+found

/mnt/ext4/a b/c:" "and nothing is left in them"
# Mounted elsewhere, by another name of the device; hidden under another mount.
umount /mnt/ext4
ln -s "$ext4_device" /tmp/link
mount -t ext4 -o dax=always /tmp/link /mnt/other
mounted ext4 /mnt/other "name, where it is mounted now"
mount -t tmpfs none /mnt/other
mount -t ext4 -o dax=always "$ext4_device" /mnt/ext4
mounted ext4 /mnt/ext4 "name, where one can get at it"
umount /mnt/other /mnt/other

# lost KIND ID PATTERN NAME
lost() {
	config "$1: {namespace: $2}"
	exits 2 "$4 is an error" run-bench /tmp/c.yaml -o /tmp/r
	# shellcheck disable=SC2254
	case $(cat /tmp/try) in
	*$3*) ok "$4: it says so" ;;
	*) not_ok "$4: it says so" "$(cat /tmp/try)" ;;
	esac
}
lost raw 00000000-1111-2222-3333-444444444444 'no namespace is called*list targets' "a uuid that is nobody's"
lost raw off 'is disabled; ndctl enable-namespace namespace[0-9.]' "a disabled namespace"
lost fsdax off 'is disabled; ndctl enable-namespace namespace[0-9.]' "fsdax: a disabled namespace"
lost fsdax loose "namespace loose (/dev/$loose) is not mounted; mount it: mount -o dax=always /dev/$loose*prepare --print" \
	"fsdax: not mounted"
umount /mnt/small
lost fsdax small "namespace small ($small_device) is not mounted*" "fsdax: no longer mounted"
lost fsdax sec4k "namespace sec4k ($sec4k) is sector, not fsdax*sector: {namespace: sec4k}" "fsdax on a BTT"
lost fsdax raw "is raw, not fsdax" "fsdax on a raw namespace"
lost fsdax dax4k "(/dev/dax[0-9.]*) is devdax, not fsdax" "fsdax on a devdax namespace"
config 'fsdax: {namespace: ext4, dir: nowhere}'
exits 2 "fsdax: a directory that is not there is an error" run-bench /tmp/c.yaml -o /tmp/r
like "$(cat /tmp/try)" '*/mnt/ext4/nowhere: no such directory*' "it says so"
config 'fsdax: {namespace: loose}, optional: true'
exits 3 "fsdax: not mounted but optional is a skip" run-bench /tmp/c.yaml -o /tmp/r
like "$(cat /tmp/try)" '*namespace loose * is not mounted*' "it says so"
finish
