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

	# On a busy host the timer may be late, which is no reason to panic.
	arguments="console=ttyS0 panic=-1 tsc=reliable no_timer_check"
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
	# One thread for all CPUs: with one each QEMU (7.2) may go on running code
	# that another CPU has changed meanwhile, and the kernel, which changes its
	# own when perf events or kprobes come and go, panics ("Oops: int3"), here
	# in one boot of ten. Where host CPUs are few it is faster, too.
	qemu=(-accel "tcg,thread=single" -cpu "max${features:+,$features}"
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
		if [ -n "$cache" ]; then
			truncate -s "${size}M" "$work/ram$i"
			qemu+=(-object "memory-backend-file,id=ram$i,size=${size}M,share=on,mem-path=$work/ram$i")
		else
			qemu+=(-object "memory-backend-ram,id=ram$i,size=${size}M")
		fi
		qemu+=(-numa "$d")
	done

	for i in "${!dimms[@]}"; do
		d=${dimms[i]}
		size=${d%@*}
		d=nvdimm,id=dimm$i,node=${d#*@}
		[ "$labels" -eq 0 ] || d+=,label-size=16M
		[ -z "$cache" ] || d+=,addr=$(cache_address "$i")
		memory_device "$dir/dimm$i" "$size" "$d"
	done
	[ -z "$virtio_pmem" ] || memory_device "$dir/virtio-pmem" \
		"$virtio_pmem" virtio-pmem-pci,id=virtio-pmem
	if [ -n "$out" ]; then
		truncate -s "${mem}M" "$work/out"
		qemu+=(-drive "file=$work/out,format=raw,if=none,id=out"
			-device "virtio-blk-pci,drive=out,serial=daxmark-out")
	fi
	[ -z "$cache" ] || cache_plugin "$dir"
	qemu+=("${qemu_more[@]}")
}

# The machine has ended and sent no status: says what is known of why, and
# exits. $1: the status of timeout(1), which is QEMU's unless it was ended;
# $2: after how many seconds, $3: of how many.
no_status() {
	local rc=$1 why code=125
	# 137 is also that of a QEMU that somebody else killed.
	if [ "$rc" -eq 124 ] || { [ "$rc" -eq 137 ] && [ "$2" -ge "$3" ]; }; then
		why="ended after $3 s (--timeout)" code=124
	elif [ "$rc" -gt 128 ]; then
		why="QEMU was killed by SIG$(kill -l "$rc") after $2 s"
		[ "$rc" -ne 137 ] || why+=' (out of memory? see dmesg)'
		[ "$rc" -ne 135 ] || why+=" (no room left in ${work%/*}?)"
	elif [ "$rc" -ne 0 ]; then
		why="QEMU failed with $rc after $2 s"
	elif grep -q 'Kernel panic' "$work/console" 2>/dev/null; then
		why="the kernel inside panicked after $2 s"
	else
		why="the machine went off or reset itself after $2 s"
	fi
	say "$why, without a status"
	say "the command $(sed -n 's/.*vm-init: //p' "$work/console" \
		2>/dev/null | tail -n 1 | grep . || echo 'did not begin')"
	df -Pm "$work" | awk 'NR == 2 { print "vm: room in " $6 ": " $4 "M" }' >&2
	if [ -z "$verbose" ]; then
		say "its last kernel messages:"
		tail -n 60 "$work/console" >&2 2>/dev/null || true
	fi
	exit "$code"
}

# Draws what came back of a run: there is no gnuplot inside.
figures() {
	local d
	tar -tf "$work/out" | sed -n 's|^\./\([^/]*\)/run\.json$|\1|p' |
		while read -r d; do
			say "$out/$d"
			DAXMARK_DATADIR=$top "$top/build/run-bench" report -q \
				"$out/$d" >/dev/null || say "it has no figures"
		done
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
	[ -z "$cache" ] || cache_qemu
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
		setpriv --pdeathsig KILL "${qemu_bin[@]}" "${qemu[@]}" <&3 &
	vm_pid=$!
	started=$SECONDS
	wait "$vm_pid" 2>/dev/null || rc=$?
	vm_pid=''

	[ -z "$verbose" ] || cat "$work/console" >&2
	status=$(tr -dc 0-9 2>/dev/null <"$work/status") || true
	[ -n "$status" ] || no_status "$rc" $((SECONDS - started)) "$seconds"
	if [ -n "$out" ]; then
		mkdir -p "$out"
		tar -xf "$work/out" --no-same-owner -C "$out" ||
			die "what came back cannot be unpacked"
		[ "$verb" != bench ] || figures
	fi
	exit "$status"
}
