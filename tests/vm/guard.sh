# shellcheck shell=dash disable=SC2154
# SPDX-License-Identifier: BSD-2-Clause
# vm: -d 96M@0 -d 96M@1
# files: /usr/bin/cmp
# The guard against real devices: whatever is in use, signed or not named is
# refused with exit 5 and not one byte of any device is changed; with consent, written.
. ./tests/vm/lib.sh

# Small ones: there is less to compare.
for r in /sys/bus/nd/devices/region*; do
	echo 2097152 >"$r/align"
done
m=size=4M
run-bench prepare --print raw,$m,name=raw fsdax,size=16M,map=mem,name=mounted sector,size=18M,name=btt \
	devdax,size=16M,map=mem,align=4K,name=dax raw,$m,name=swap raw,size=16M,name=lvm raw,$m,name=md1 \
	raw,$m,name=md2 raw,$m,name=signed raw,$m,name=looped raw,size=16M,name=parts raw,size=16M,name=table \
	raw,$m,name=blank >/tmp/make
try "namespaces are made" sh /tmp/make

# Names to devices, $dev_NAME, and the uuid of one.
run-bench list targets --json >/tmp/json
while read -r key value _; do
	value=${value#\"}
	value=${value%\",}
	case $key in
	'"alias":') alias=$value ;;
	'"uuid":') [ "$alias" != signed ] || other=$value ;;
	'"device":') eval "dev_$alias=\$value" ;;
	esac
done </tmp/json
for name in raw mounted btt dax swap lvm md1 md2 signed looped parts table blank; do
	eval "dev=\$dev_$name"
	[ -e "$dev" ] || not_ok "$name is there" "$dev"
done

# What holds them. LVM by hand: what it makes of a volume is a dm table.
mkswap "$dev_swap" >/dev/null
try "swap is on" swapon "$dev_swap"
modprobe -a dm-mod md-mod raid1 loop
# They come from the host, where `make deps` installs them.
for tool in lvm:lvm2 mdadm:mdadm; do
	command -v "${tool%:*}" >/dev/null || not_ok "${tool%:*} is there" "on the host: apt-get install ${tool#*:}"
done
try "LVM has a volume" sh -c "lvm pvcreate -qq -y $dev_lvm && lvm vgcreate -qq vg $dev_lvm &&
	lvm lvcreate -qq -y -an -Zn -Wn -l 2 -n lv vg && lvm vgchange -qq -ay --noudevsync vg"
try "md has an array" mdadm -q -C /dev/md7 -R -l 1 -n 2 --assume-clean -e 1.2 --homehost=any \
	"$dev_md1" "$dev_md2"
mkfs.ext4 -q -F "$dev_signed"
losetup /dev/loop0 "$dev_looped"
for dev in "$dev_parts" "$dev_table"; do
	printf 'n\np\n1\n\n\nw\n' | fdisk "$dev" >/dev/null 2>&1
done
mkdir -p /mnt/p
try "a partition is mounted" sh -c "mkfs.ext4 -q -F ${dev_parts}p1 2>/dev/null && mount -o ro ${dev_parts}p1 /mnt/p"
sync

# A copy of every device, to compare with (checksums take ten times as long in emulation); a
# devdax can only be mapped: its head is looked at.
mkdir /tmp/copy
head() { xfs_io -r -c "mmap -r 0 64k" -c "mread -v 0 64k" "$dev_dax"; }
snapshot() {
	for d in /dev/pmem*; do
		dd if="$d" of="/tmp/copy/${d##*/}" bs=4M 2>/dev/null
	done
	head >/tmp/copy/head
}
changed() { # the devices that have, on one line
	list=
	for d in /dev/pmem*; do
		./cmp -s "$d" "/tmp/copy/${d##*/}" || list="$list $d"
	done
	head | ./cmp -s - /tmp/copy/head || list="$list $dev_dax"
	echo "$list"
}
like "$(./cmp --version 2>&1)" 'cmp (GNU*' "cmp is the fast one"
snapshot

# refused KIND PATH PATTERN NAME [OPTION...]: the run ends with 5 and says why.
refused() {
	kind=$1
	path=$2
	pattern=$3
	what=$4
	shift 4
	cat >/tmp/c.yaml <<END
version: 1
targets: [{name: t, $kind: $path}]
defaults: {settle: fixed, repeats: 1, windows: 1, window: 1ms, warmup: 0, working_set: 64K}
benches: [{name: b, kernel: [sector, clwb], size: 4K}]
END
	exits 5 "$what: refused" run-bench /tmp/c.yaml -o /tmp/r "$@"
	# shellcheck disable=SC2254
	case $(cat /tmp/try) in
	*refused:*$pattern*) ok "$what: says why" ;;
	*) not_ok "$what: says why" "$(cat /tmp/try)" ;;
	esac
}
# in_use PATH PATTERN NAME: whatever the user allows.
in_use() { refused raw "$1" "$2" "$3" --overwrite-nonblank --destroy-data="$1"; }

refused raw "$dev_raw" 'would be overwritten*--destroy-data' "no consent"
refused raw "$dev_raw" 'would be overwritten*--destroy-data' "consent for another name" --destroy-data="$dev_blank"
refused raw "$dev_raw" 'would be overwritten*--destroy-data' "consent for another's uuid" --destroy-data="$other"
refused devdax "$dev_dax" 'would be overwritten*--destroy-data' "devdax without consent"
in_use "$dev_mounted" 'is mounted*umount' "mounted"
in_use "$dev_swap" 'is swap space*swapoff' "swap"
in_use "$dev_lvm" 'is held by dm-*stop that first' "LVM"
in_use "$dev_md1" 'is held by md7*stop that first' "md"
in_use "$dev_looped" 'lies under /dev/loop0*losetup -d' "under somebody's loop device"
refused raw "$dev_signed" 'carries ext4*--overwrite-nonblank' "signed" --destroy-data="$dev_signed"
refused raw "$dev_table" 'carries a dos partition table*--overwrite-nonblank' "partitioned" --destroy-data="$dev_table"
in_use "$dev_parts" 'is mounted*umount' "the disk of a mounted partition"
refused raw "${dev_table}p1" 'would be overwritten' "a partition, consent for its disk" \
	--overwrite-nonblank --destroy-data="$dev_table"

# Below a BTT the kernel shows no device while the BTT is there, see the end.
if [ -e "${dev_btt%s}" ]; then
	in_use "${dev_btt%s}" 'same namespace' "sibling of a BTT"
else
	echo "version: 1
targets: [{name: t, raw: ${dev_btt%s}}]
benches: [{name: b, kernel: null}]" >/tmp/c.yaml
	exits 2 "the kernel shows no sibling beside a BTT" run-bench /tmp/c.yaml \
		--destroy-data="${dev_btt%s}"
fi
is "$(changed)" "" "all devices are as they were, to the byte"

# written KIND PATH NAME OPTION...: allowed.
written() {
	echo "version: 1
targets: [{name: t, $1: $2}]
defaults: {settle: fixed, repeats: 1, windows: 1, window: 1ms, warmup: 0, working_set: 64K}
benches: [{name: b, kernel: [sector, clwb], size: 4K}]" >/tmp/c.yaml
	what=$3
	shift 3
	try "$what: runs" run-bench /tmp/c.yaml -q -o /tmp/r "$@"
}
written raw "$dev_raw" "consent by path" --destroy-data="$dev_raw"
written raw '{namespace: blank}' "consent by name" --destroy-data=blank
written raw "$dev_signed" "consent by uuid, for a signed one" --destroy-data="$other" --overwrite-nonblank
written sector "$dev_btt" "a BTT" --destroy-data="$dev_btt"
written devdax "$dev_dax" "a devdax" --destroy-data="$dev_dax"
for d in $(changed); do
	echo "$d"
done | sort >/tmp/got
printf '%s\n' "$dev_raw" "$dev_blank" "$dev_signed" "$dev_btt" | sort >/tmp/want
is "$(cat /tmp/got)" "$(cat /tmp/want)" "those have changed, no other"
written devdax "$dev_dax" "a devdax again, left blank by the run" --destroy-data="$dev_dax"

# What a BTT lies on, without its driver.
ns=namespace${dev_btt#/dev/pmem}
ns=${ns%s}
[ "${ns%.*}" != "$ns" ] || ns=$ns.0
raw=${dev_btt%s}
ndctl disable-namespace "$ns" >/dev/null 2>&1
echo 1 >"/sys/bus/nd/devices/$ns/force_raw"
ndctl enable-namespace "$ns" >/dev/null 2>&1
cat "$raw" >/tmp/copy/raw
refused raw "$raw" 'carries a BTT*--overwrite-nonblank' "the bytes beneath a BTT" --destroy-data="$raw"
try "and they are as they were" ./cmp "$raw" /tmp/copy/raw
swapoff "$dev_swap"
lvm vgchange -qq -an --noudevsync vg
mdadm -q -S /dev/md7
losetup -d /dev/loop0
finish
