# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
# What is booted: Debian's kernel package, unpacked (never installed), and an
# initramfs in two parts. The base (modules, tools) is cached under $build,
# named after a hash of what it is made of; our own files change with every
# build and go into a second archive, which the kernel unpacks over the first.
# shellcheck disable=SC2154 # $top, $build, $kernel, ... are scripts/vm's

# Loaded by init, by a mount or by a test. Unknown ones are left out: kernels
# differ in what they have built in.
modules="nfit nd_pmem nd_btt dax_pmem device_dax nd_e820 virtio_pmem kmem
xfs ext4 libcrc32c crc32c_generic crc32c-intel loop brd md-mod raid0 raid1
dm-mod dm-flakey dm-log-writes dm-delay scsi_debug sd_mod
virtio_pci virtio_blk"

# Command and Debian package.
tools="busybox:busybox-static ndctl:ndctl daxctl:daxctl mkfs.ext4:e2fsprogs
mkfs.xfs:xfsprogs xfs_io:xfsprogs"
tools_host="qemu-system-x86_64:qemu-system-x86 cpio:cpio flock:util-linux
setpriv:util-linux"
# Taken along when they are here.
tools_optional="dmidecode mdadm lvm dmsetup blkid wipefs chattr lsattr strace numactl"

# Dies with the mend when one of the NAME:PACKAGE given is missing.
need() {
	local t missing='' packages=''
	for t; do
		command -v "${t%:*}" >/dev/null && continue
		missing+=" ${t%:*}"
		packages+=" ${t#*:}"
	done
	[ -z "$missing" ] ||
		die "missing:$missing; mend: apt-get install$packages"
}

# The release of the kernel in the file $1: what `uname -r` says in it.
kernel_release() {
	local at
	[ "$(od -An -c -j514 -N4 "$1" | tr -d ' ')" = HdrS ] ||
		die "$1 is no bzImage"
	at=$(od -An -tu2 -j526 -N2 "$1")
	dd if="$1" bs=1 skip=$((at + 512)) count=64 2>/dev/null | tr '\0\n' '  ' | cut -d' ' -f1
}

# Sets $kdir, of somebody's own kernel: $kernel is BZIMAGE[,MODULES], where
# MODULES holds what `make modules_install` made: lib/modules/RELEASE, RELEASE,
# or that directory's contents. Without, what is needed is built in.
kernel_own() {
	local image=${kernel%%,*} modules='' from='' v d
	[ "$image" = "$kernel" ] || modules=${kernel#*,}
	[ -r "$image" ] || die "cannot read the kernel $image"
	v=$(kernel_release "$image") || exit
	for d in "$modules/lib/modules/$v" "$modules/$v" "$modules"; do
		[ -z "$modules" ] || [ -n "$from" ] || [ ! -d "$d/kernel" ] || from=$d
	done
	[ -z "$modules" ] || [ -n "$from" ] ||
		die "no modules of $v (that is $image) in $modules"
	# Another build of the same name is another kernel.
	kernel=own-$(stat -Lc '%n %s %y' "$image" ${from:+"$from" "$from/kernel"} |
		sha256sum | cut -c1-12)
	kdir=$build/kernel-$kernel
	find "$build" -maxdepth 1 -name '*-own-*' -mmin +60 -exec rm -rf {} +
	[ ! -e "$kdir/package" ] || return 0
	rm -rf "$kdir"
	mkdir -p "$kdir/lib/modules/$v"
	cp -L "$image" "$kdir/vmlinuz"
	if [ -n "$from" ]; then
		cp -r "$from/." "$kdir/lib/modules/$v"
		modules_ready "$kdir" "$v"
	fi
	echo "$v $kernel" >"$kdir/package"
}

# The modules of $2 below $1 as busybox' depmod and modprobe read them: not all
# kinds of compression.
modules_ready() {
	find "$1/lib" -name '*.ko.xz' -exec xz -d {} +
	find "$1/lib" -name '*.ko.zst' -exec zstd -q --rm -d {} +
	busybox depmod -b "$1" "$2"
}

# Sets $kdir: vmlinuz, lib/modules and the file `package`. Fetched once; to
# have a newer one, remove build/vm.
kernel_unpack() {
	local meta pkg tmp v
	case $kernel in */*) kernel_own; return ;; esac
	kdir=$build/kernel-$kernel
	[ ! -e "$kdir/package" ] || return 0
	meta=linux-image-$kernel-cloud-amd64
	[ "$kernel" != "$("$top/scripts/vm.d/kernel")" ] || meta=linux-image-cloud-amd64
	need apt-cache:apt apt-get:apt dpkg-deb:dpkg xz:xz-utils
	pkg=$(apt-cache depends "$meta" 2>/dev/null |
		awk '$1 == "Depends:" && !n++ { print $2 }') || true
	case $pkg in
	"linux-image-$kernel"[.+-]*) ;;
	'') die "no package $meta here; mend: apt-get update, on Debian 12" \
		"or 13, or another KERNEL" ;;
	*) die "$meta is $pkg here, not $kernel; mend: set KERNEL to that" ;;
	esac
	say "fetching $pkg"
	rm -rf "$kdir" "$build"/kernel.tmp.*
	tmp=$(mktemp -d "$build/kernel.tmp.XXXXXX")
	(cd "$tmp" && apt-get -q download "$pkg") >"$tmp/log" 2>&1 ||
		die "cannot download $pkg; mend: apt-get update" \
			"($(grep '^E:' "$tmp/log" | head -n 1))"
	dpkg-deb -x "$tmp/$pkg"_*.deb "$tmp/x"
	# Debian 13 has everything below usr/.
	[ -d "$tmp/x/lib" ] || mv "$tmp/x/usr/lib" "$tmp/x"
	v=$(ls "$tmp/x/lib/modules")
	mkdir "$tmp/k"
	mv "$tmp/x/boot/vmlinuz-$v" "$tmp/k/vmlinuz"
	mv "$tmp/x/lib" "$tmp/k/lib"
	modules_ready "$tmp/k" "$v"
	(cd "$tmp" && echo "$pkg"_*.deb) >"$tmp/k/package"
	mv "$tmp/k" "$kdir"
	rm -rf "$tmp"
}

# Copies the libraries that the programs given need below $1, where /lib is the
# link to usr/lib that it is on the host.
copy_libs() {
	local root=$1 lib dir
	shift
	{ ldd "$@" 2>/dev/null || true; } |
		sed -En 's/^\t(.* => )?(\/[^ ]*) .*/\2/p' | sort -u |
		while read -r lib; do
			dir=$(cd "${lib%/*}" && pwd -P)
			mkdir -p "$root$dir"
			cp -Lf "$lib" "$root$dir/"
		done
}

# Copies $modules and what they depend on below $1.
copy_modules() {
	local root=$1 m f line dep mods
	mods=$(echo "$kdir"/lib/modules/*)
	dep=$mods/modules.dep
	[ -e "$dep" ] || return 0
	mods=lib/modules/${mods##*/}
	for m in $modules; do
		line=$(grep -E "(^|/)$m\.ko:" "$dep") || continue
		for f in ${line/:/}; do
			mkdir -p "$root/usr/$mods/${f%/*}"
			cp "$kdir/$mods/$f" "$root/usr/$mods/$f"
		done
	done
	cp "$kdir/$mods"/modules.{order,builtin,builtin.modinfo} \
		"$root/usr/$mods/"
	busybox depmod -b "$root" "${mods##*/}"
}

# The directory $1 as an archive; everything belongs to root.
pack() {
	(cd "$1" && find . -print0 | cpio --null -o -H newc -R 0:0 --quiet)
}

# Sets $base, the cached archive, and $kdir.
image_base() {
	local t p paths=() hash root
	# shellcheck disable=SC2086
	need $tools $tools_host
	mkdir -p "$build"
	exec 9>"$build/lock"
	flock 9
	kernel_unpack
	for t in $tools; do
		paths+=("$(command -v "${t%:*}")")
	done
	for t in $tools_optional; do
		p=$(command -v "$t") && paths+=("$p")
	done
	hash=$({ cat "$kdir/package" "$top"/scripts/vm.d/{image.sh,init}
		stat -Lc '%n %s %Y' "${paths[@]}"; } | sha256sum | cut -c1-12)
	base=$build/base-$kernel-$hash.cpio
	if [ ! -e "$base" ]; then
		rm -rf "$build/base-$kernel-"*.cpio "$build"/root.*
		root=$(mktemp -d "$build/root.XXXXXX")
		mkdir -p "$root"/{usr/bin,usr/lib,usr/lib64,etc,proc,sys,dev,tmp} \
			"$root"/{run,mnt,out,root,var/lib}
		ln -s usr/bin "$root/bin"
		ln -s usr/bin "$root/sbin"
		ln -s bin "$root/usr/sbin"
		ln -s usr/lib "$root/lib"
		ln -s usr/lib64 "$root/lib64"
		ln -s /proc/mounts "$root/etc/mtab"
		echo root:x:0:0::/root:/bin/sh >"$root/etc/passwd"
		echo root:x:0: >"$root/etc/group"
		for t in $(busybox --list); do
			ln -s busybox "$root/usr/bin/$t"
		done
		# --remove-destination: never through a link to busybox.
		cp -L --remove-destination "${paths[@]}" "$root/usr/bin/"
		[ ! -e "$root/usr/bin/lvm" ] ||
			ln -s lvm "$root/usr/bin/pvcreate"
		copy_libs "$root" "${paths[@]}"
		# Loaded by name when a thread ends; ldd does not tell.
		cp -L "$(ldconfig -p | awk '/libgcc_s.so.1 .*x86-64/ {
			print $NF; exit }')" "$root/usr/lib/" 2>/dev/null || true
		for t in mke2fs.conf ndctl.conf.d daxctl.conf.d; do
			[ ! -e /etc/$t ] || cp -r "/etc/$t" "$root/etc/"
		done
		copy_modules "$root"
		cp "$top/scripts/vm.d/init" "$root/init"
		chmod 755 "$root/init"
		pack "$root" >"$base.tmp"
		mv "$base.tmp" "$base"
		rm -rf "$root"
	fi
	exec 9>&-
}

# Where a file of the host lies inside.
inside() {
	local dir
	dir=$(cd "$(dirname "$1")" && pwd)
	case $dir/ in
	"$top"/*) dir=${dir#"$top"}/ ;;
	*) dir=/ ;;
	esac
	echo "/daxmark$dir$(basename "$1")"
}

# Packs our own files and the command (script and settings for init) into the
# archive $1.
image_extra() {
	local archive=$1 command=$2 root=$work/root f to programs
	mkdir -p "$root/daxmark" "$root/vm"
	for f in configs plots tests/vm build/run-bench build/run-bench-worker; do
		[ ! -e "$top/$f" ] || files+=("$top/$f")
	done
	for f in "${files[@]}"; do
		to=$root$(inside "$f")
		mkdir -p "${to%/*}"
		cp -rLT "$f" "$to"
	done
	if [ -e "$root/daxmark/build/run-bench" ]; then
		ln -s build/run-bench "$root/daxmark/run-bench"
	fi
	mapfile -t programs < <(find "$root/daxmark" -type f -perm -u+x)
	[ ${#programs[@]} -eq 0 ] || copy_libs "$root" "${programs[@]}"
	printf '%s\n' "$command" >"$root/vm/command"
	[ -z "$out" ] || touch "$root/vm/out"
	[ -n "$command" ] || stty size >"$root/vm/shell"
	pack "$root" >"$archive"
	rm -rf "$root"
}
