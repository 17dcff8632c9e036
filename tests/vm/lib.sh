# shellcheck shell=dash disable=SC2154 # `get` and others set variables
# SPDX-License-Identifier: BSD-2-Clause
# For the tests that run inside the virtual machine; each starts with
# . ./tests/vm/lib.sh and ends with `finish`. Forks cost 10 ms and more in
# emulation: builtins and `get`, no $(cat ...).

# ok NAME, not_ok NAME [WHY], skip NAME WHY: one result each, as the driver
# tests/vm/run reads them.
ok() { echo "ok $1"; }

not_ok() {
	echo "not ok $1"
	[ -z "${2-}" ] || said <<END
$2
END
}

skip() { echo "skip $1: $2"; }

# is GOT WANT NAME
is() {
	if [ "$1" = "$2" ]; then
		ok "$3"
	else
		not_ok "$3" "got '$1', want '$2'"
	fi
}

# like GOT PATTERN NAME: a pattern of the shell's.
like() {
	# shellcheck disable=SC2254
	case $1 in
	$2) ok "$3" ;;
	*) not_ok "$3" "got '$1', want $2" ;;
	esac
}

# try NAME CMD...: the command works; what it says is shown when not.
try() {
	_name=$1
	shift
	if "$@" >/tmp/try 2>&1; then
		ok "$_name"
	else
		not_ok "$_name" "status $? of: $*"
		said </tmp/try
	fi
}

# fails NAME CMD...: the command does not work.
fails() {
	_name=$1
	shift
	if "$@" >/tmp/try 2>&1; then
		not_ok "$_name" "worked: $*"
		said </tmp/try
	else
		ok "$_name"
	fi
}

# exits STATUS NAME CMD...: the command ends with exactly this status.
exits() {
	_want=$1
	_name=$2
	shift 2
	_got=0
	"$@" >/tmp/try 2>&1 || _got=$?
	is "$_got" "$_want" "$_name"
	[ "$_got" = "$_want" ] || said </tmp/try
}

# Lines as comments.
said() {
	while IFS= read -r _line || [ -n "$_line" ]; do
		echo "# | $_line"
	done
}

# get VARIABLE FILE: a file's first line; empty when there is none. Not for
# cpulist files: the shell reads by the byte, and those then say nothing.
get() {
	eval "$1="
	[ ! -e "$2" ] || read -r "$1" <"$2" || :
}

# region VARIABLE DIMM: the name of the region on the DIMM (from 0, in the order
# of --dimm); empty when there is none. Regions are numbered as they are found,
# in no order; the NFIT handle counts the DIMMs from 1.
region() {
	eval "$1="
	for _r in /sys/bus/nd/devices/region*; do
		[ -e "$_r/mapping0" ] || continue
		IFS=, read -r _nmem _ <"$_r/mapping0"
		get _handle "/sys/bus/nd/devices/$_nmem/nfit/handle"
		if [ $((_handle)) -eq $(($2 + 1)) ]; then
			eval "$1=${_r##*/}"
			return
		fi
	done
}

# create VARIABLE DIMM ARG...: ndctl create-namespace on that DIMM; the variable
# gets the device's name (pmem0, pmem0s, dax0.0); empty and a failed test if
# there is none.
create() {
	_var=$1
	region _region "$2"
	shift 2
	eval "$_var="
	_made=$(ndctl create-namespace -r "$_region" "$@" 2>&1)
	case $_made in
	*'"chardev":"'*) _made=${_made#*'"chardev":"'} ;;
	*'"blockdev":"'*) _made=${_made#*'"blockdev":"'} ;;
	*)
		not_ok "create-namespace $*" "$_made"
		return 1 ;;
	esac
	eval "$_var=\${_made%%'\"'*}"
}

# kernel_has MAJOR.MINOR: this kernel or a newer one.
kernel_has() {
	get _release /proc/sys/kernel/osrelease
	_minor=${_release#*.}
	_minor=${_minor%%[!0-9]*}
	[ "${_release%%.*}" -gt "${1%.*}" ] || {
		[ "${_release%%.*}" -eq "${1%.*}" ] && [ "$_minor" -ge "${1#*.}" ]
	}
}

# Empties every NVDIMM that has a label area: no mounts, no namespaces.
# tests/vm/guest does it before each test.
regions_empty() {
	while read -r _ _dir _; do
		case $_dir in
		/mnt|/mnt/*) umount "$_dir" ;;
		esac
	done </proc/mounts
	for _r in /sys/bus/nd/devices/nmem*; do
		[ -e "$_r" ] || return 0
		break
	done
	# The first time the kernel has made one namespace of each region, as
	# it does without labels.
	if [ ! -e /run/labelled ]; then
		ndctl disable-region all
		ndctl init-labels all
		ndctl enable-region all
		: >/run/labelled
	else
		ndctl destroy-namespace -f all
	fi >/tmp/empty 2>&1
}

# Without this a test that broke off would look like one that passed.
finish() {
	echo "end"
	exit
}
