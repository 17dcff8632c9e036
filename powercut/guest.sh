# shellcheck shell=dash disable=SC2154
# SPDX-License-Identifier: BSD-2-Clause
# Inside the machine: makes the targets of ./targets, says where they are (AT lines), then audits the
# config $1 without end. See powercut.py.
. ./tests/vm/lib.sh
config=$1 devices=''

# Nothing is written back by itself but what a strategy asks for.
echo 0 >/proc/sys/vm/dirty_writeback_centisecs
modprobe xfs
echo 720000 >/proc/sys/fs/xfs/xfssyncd_centisecs
{ ndctl disable-region all; ndctl init-labels all; ndctl enable-region all; } >/dev/null 2>&1
# mkfs.xfs makes small ones for its own tests alone.
export TEST_DIR=1 TEST_DEV=1 QA_CHECK_FS=1

die() { echo "powercut: $*"; exit 1; }
option() { # option NAME DEFAULT: of $options
	value=$2
	for _o in $options; do
		[ "${_o%%=*}" != "$1" ] || value=${_o#*=}
	done
	value=$(echo "$value" | tr ',' ' ')
}
resource() { # resource VARIABLE FILE...: the first that is there, as a number
	_v=$1
	shift
	for _f; do
		[ -e "$_f" ] || continue
		read -r _n <"$_f"
		eval "$_v=$((_n))"
		return
	done
	die "no $*"
}
make_fs() { # of $kind on /dev/$dev, mounted at /mnt/$name
	option mkfs ''
	mkdir -p "/mnt/$name"
	case $kind in
	ext4)
		# shellcheck disable=SC2086
		mkfs.ext4 -q -F -b 4096 -J size=8 $value "/dev/$dev" >/tmp/mkfs 2>&1 || die "$(cat /tmp/mkfs)"
		keep=commit=300 ;;
	xfs)
		# shellcheck disable=SC2086
		mkfs.xfs -q -f $value "/dev/$dev" >/tmp/mkfs 2>&1 || die "$(cat /tmp/mkfs)"
		keep=noatime ;;
	esac
	option mount ''
	more=$(echo "$value" | tr ' ' ',')
	option dax always
	mount -t "$kind" -o "dax=$value,$keep${more:+,$more}" "/dev/$dev" "/mnt/$name" || die "mount $name"
	[ "$value" != inode ] || xfs_io -c 'chattr +x' "/mnt/$name"
	option chattr ''
	[ -z "$value" ] || chattr "+$value" "/mnt/$name"
}

virtio() { # sets dev, at, bytes: all of the virtio-pmem device
	for _b in /sys/block/pmem*; do
		case $(readlink -f "$_b/device") in
		*/virtio*) ;;
		*) continue ;;
		esac
		dev=${_b##*/}
		get bytes "$_b/size"
		bytes=$((bytes * 512))
		return
	done
	die "no virtio-pmem device"
}
namespace() { # sets dev, at, bytes
	region region "$dimm"
	case $kind in
	ext4|xfs|fsdax) set -- fsdax -M mem ;;
	devdax) set -- devdax -M mem ;;
	sector) option sector 4096; set -- sector -l "$value" ;;
	raw) set -- raw ;;
	esac
	create dev "$dimm" -n "$name" -s "${size}M" -m "$@" >/tmp/made || die "$name: $(cat /tmp/made)"
	resource base "/sys/bus/nd/devices/$region/resource"
	case $kind in
	devdax)
		resource at "/sys/bus/dax/devices/$dev/resource"
		resource bytes "/sys/bus/dax/devices/$dev/size" ;;
	sector)
		at=$(readlink -f "/sys/block/$dev/device")
		read -r ns <"$at/namespace"
		resource at "/sys/bus/nd/devices/$ns/resource"
		resource bytes "/sys/bus/nd/devices/$ns/size" ;;
	*)
		at=$(readlink -f "/sys/block/$dev/device")
		resource bytes "$at/size"
		resource at "$at/resource" ;;
	esac
}
queue_is() { # what option $1 says into $2 of the device's own
	option "$1" ''
	case $value in
	'') ;;
	through) echo 'write through' >"/sys/block/$dev/$2" ;;
	back) echo 'write back' >"/sys/block/$dev/$2" ;;
	*) echo "$value" >"/sys/block/$dev/$2" ;;
	esac || die "$name: $1=$value"
}
beside_is() { # a line of /run/beside: ACT DIR FILE
	option beside alone
	case $value in
	alone) ;;
	*@other)
		dd if=/dev/zero "of=/mnt/$name/other" bs=4096 count=64 conv=fsync 2>/dev/null
		echo "${value%@*} /mnt/$name /mnt/$name/other" >>/run/beside ;;
	*)	echo "$value /mnt/$name /mnt/$name/daxmark-*/data-*" >>/run/beside ;;
	esac
}
# shellcheck disable=SC1090,SC2034 # a script sees $dir and $file
besides() { # what other programs do, in turn
	while :; do
		while read -r act dir files; do
			for file in $files; do
				[ ! -f "$file" ] || . "./powercut/beside/$act.sh"
			done
		done </run/beside
		sleep 0.1
	done
}

while read -r dimm name kind size options; do
	option on ''
	case $value in
	virtio-pmem) virtio; image=virtio-pmem offset=0 ;;
	*) namespace; image=dimm$dimm offset=$((at - base)) ;;
	esac
	queue_is queue queue/write_cache
	queue_is dax-cache dax/write_cache
	case $kind in ext4|xfs) make_fs; beside_is ;; esac
	echo "AT $name /dev/$dev $image $offset $bytes"
	case $kind in fsdax|devdax|sector|raw) devices="$devices --destroy-data=$name" ;; esac
done <targets
sync
audit="--set mode=audit --set settle=fixed --set repeats=1000 --set max_repeats=1000 --set windows=1"
audit="--kernel-path build/powercut/kernels $audit"
echo PLAN
# shellcheck disable=SC2086
run-bench plan --json $audit "$config"
echo NALP
echo AUDIT
if [ -e /run/beside ]; then
	besides >/tmp/beside 2>&1 &
	renice -n 10 -p $! >/dev/null
fi
# shellcheck disable=SC2086
run-bench run -q --acks /dev/ttyS3 $audit $devices "$config" -o /tmp/r 2>&1 | tail -n 20
echo "the audit ended"
