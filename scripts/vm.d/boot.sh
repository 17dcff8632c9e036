# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
# One machine: its QEMU command line, its life, and what comes back from it.
# Serial ports: 0 kernel messages, 1 the command's output (or the shell),
# 2 its exit status. Apart, so that none can break into another.
# shellcheck disable=SC2154 # $dimms, $mem, ... are scripts/vm's

work='' vm_pid='' tty=''

# A directory for the machine's files: memory is faster than a disk when
# there is enough for all of them written full ($1 MiB).
work_make() {
	local room free where=${TMPDIR:-/tmp}
	room=$(df -Pm /dev/shm 2>/dev/null | awk 'NR == 2 { print $4 }')
	free=$(awk '/^MemAvailable/ { print int($2 / 1024) }' /proc/meminfo)
	if [ -w /dev/shm ] && [ "${room:-0}" -ge "$1" ] &&
		[ "$free" -ge $(($1 + mem)) ]; then
		where=/dev/shm
	fi
	work=$(mktemp -d "$where/daxmark-vm.XXXXXX")
}

cleanup() {
	if [ -n "$vm_pid" ]; then
		kill -TERM "$vm_pid" 2>/dev/null || true
		wait "$vm_pid" 2>/dev/null || true
	fi
	[ -z "$tty" ] || stty "$tty"
	[ -z "$work" ] || rm -rf "$work"
}

# A sparse file of $2 MiB; one kept from an earlier boot must fit.
backing() {
	local have
	if [ -e "$1" ]; then
		have=$(stat -c %s "$1")
		[ "$have" -eq $(($2 << 20)) ] ||
			die "$1 has $((have >> 20))M, asked for $2M"
	else
		truncate -s "$2M" "$1"
	fi
}

# Adds a device backed by the file $1 of $2 MiB; $3: the device, an id of its
# own and more properties.
memory_device() {
	local id=file-${1##*/}
	backing "$1" "$2"
	qemu+=(-object "memory-backend-file,id=$id,share=on,mem-path=$1,size=$2M"
		-device "$3,memdev=$id")
}

# Sets $qemu, all arguments that describe the machine; the devices' contents
# lie in $1.
machine() {
	local dir=$1 i d size at type=q35 total=$mem share arguments first

	arguments="console=ttyS0 panic=-1 tsc=reliable"
	[ -n "$verbose" ] || arguments+=" quiet"
	# memmap= needs memory that nothing else is in. q35 has 2 GiB of a
	# larger memory below 4 GiB, the rest from there.
	if [ ${#e820[@]} -gt 0 ]; then
		total=$((mem > 3072 ? mem : 3072))
		at=4096
		for size in "${e820[@]}"; do
			arguments+=" memmap=${size}M!${at}M"
			at=$((at + size))
			total=$((total + size))
		done
	fi

	if [ ${#dimms[@]} -gt 0 ]; then
		type+=,nvdimm=on
		[ "$persistence" = none ] ||
			type+=,nvdimm-persistence=$persistence
	fi
	size=${total}M,slots=$((${#dimms[@]} + 1)),maxmem=$((total + 65536))M
	qemu=(-accel "tcg,thread=multi" -cpu "max${features:+,$features}"
		-M "$type" -m "$size" -smp "$cpus"
		-nodefaults -no-user-config -display none -no-reboot
		-kernel "$kdir/vmlinuz" -initrd "$work/initrd"
		-append "$arguments$append")

	share=$((mem / nodes))
	for ((i = 0; i < nodes; i++)); do
		# Node 0 has what the others leave, memmap='s memory too.
		size=$((i ? share : total - share * (nodes - 1)))
		first=$((i * cpus / nodes))
		d=node,nodeid=$i,memdev=ram$i
		d+=,cpus=$first-$(((i + 1) * cpus / nodes - 1))
		qemu+=(-object "memory-backend-ram,id=ram$i,size=${size}M"
			-numa "$d")
	done

	for i in "${!dimms[@]}"; do
		d=${dimms[i]}
		size=${d%@*}
		d=nvdimm,id=dimm$i,node=${d#*@}
		[ "$labels" -eq 0 ] || d+=,label-size=16M
		memory_device "$dir/dimm$i" "$size" "$d"
	done
	[ -z "$virtio_pmem" ] || memory_device "$dir/virtio-pmem" \
		"$virtio_pmem" virtio-pmem-pci,id=virtio-pmem
	if [ -n "$out" ]; then
		truncate -s "${mem}M" "$work/out"
		qemu+=(-drive "file=$work/out,format=raw,if=none,id=out"
			-device "virtio-blk-pci,drive=out,serial=daxmark-out")
	fi
	qemu+=("${qemu_more[@]}")
}

# boot COMMAND SECONDS: exits with the command's status.
boot() {
	local command=$1 seconds=$2 room=$mem d stdio=signal=off foreground=()
	local rc=0 status started
	image_base
	trap cleanup EXIT
	trap 'exit 129' HUP
	trap 'exit 130' INT
	trap 'exit 143' TERM
	for d in "${dimms[@]}"; do
		room=$((room + ${d%@*}))
	done
	work_make "$room"
	[ -z "$keep" ] || mkdir -p "$keep"
	image_extra "$work/extra" "$command"
	cat "$base" "$work/extra" >"$work/initrd"
	machine "${keep:-$work}"

	exec 3</dev/null
	if [ -z "$command" ]; then
		exec 3<&0
		tty=$(stty -g)
		stdio+=,mux=on
		# In its own process group it could not read the terminal.
		foreground=(--foreground)
	fi
	qemu+=(-serial "file:$work/console" -chardev "stdio,id=out,$stdio"
		-serial chardev:out -serial "file:$work/status")
	# Each of the two dies with its parent, however that ends. (The shell
	# would give a background job /dev/null to read without <&3.)
	setpriv --pdeathsig TERM timeout "${foreground[@]}" -k 5 "$seconds" \
		setpriv --pdeathsig KILL qemu-system-x86_64 "${qemu[@]}" <&3 &
	vm_pid=$!
	started=$SECONDS
	wait "$vm_pid" 2>/dev/null || rc=$?
	vm_pid=''

	[ -z "$verbose" ] || cat "$work/console" >&2
	status=$(tr -dc 0-9 2>/dev/null <"$work/status") || true
	if [ -z "$status" ]; then
		# 137 is also that of a QEMU that somebody else killed.
		if [ "$rc" -eq 124 ] || { [ "$rc" -eq 137 ] &&
			[ $((SECONDS - started)) -ge "$seconds" ]; }; then
			say "ended after $seconds s (--timeout)"
			exit 124
		fi
		say "the machine ended without a status (QEMU's: $rc)"
		[ -n "$verbose" ] || tail -n 15 "$work/console" 2>/dev/null >&2 ||
			true
		exit 125
	fi
	if [ -n "$out" ]; then
		mkdir -p "$out"
		tar -xf "$work/out" --no-same-owner -C "$out" ||
			die "what came back cannot be unpacked"
	fi
	exit "$status"
}
