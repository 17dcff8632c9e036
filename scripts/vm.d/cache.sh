# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
# A volatile CPU cache in front of the NVDIMMs (powercut/nvcache.c): the plugin
# wants QEMU 10, memory as shared files and NVDIMMs at known addresses.
# shellcheck disable=SC2034,SC2154 # $cache, $build, ... are scripts/vm's

# Sets $qemu_bin: the system's QEMU where it is 10 or newer, else Debian's from
# the backports of this release, unpacked below $build; the host's apt has lists
# of its own and is left as it is. Fetched once.
cache_qemu() {
	local v root=$build/qemu10
	v=$(qemu-system-x86_64 --version | sed -n '1s/.*version \([0-9]*\).*/\1/p')
	qemu_bin=(qemu-system-x86_64)
	[ "${v:-0}" -lt 10 ] || return 0
	exec 9>"$build/lock"
	flock 9
	[ -e "$root/usr" ] || cache_fetch "$root"
	exec 9>&-
	qemu_bin=("$root/usr/bin/qemu-system-x86_64" -L "$root/usr/share/qemu"
		-L /usr/share/seabios -L /usr/lib/ipxe/qemu)
}

cache_fetch() {
	local root=$1 tmp uri name apt p
	need apt-get:apt dpkg-deb:dpkg
	# The mirror that this machine's own packages come from.
	# shellcheck disable=SC2016 # apt's words
	read -r uri name < <(apt-get indextargets \
		--format '$(REPO_URI) $(CODENAME)' 'Created-By: Packages' \
		'Origin: Debian' 2>/dev/null | awk '$2 !~ /-/') || true
	[ -n "${name-}" ] || die "QEMU is older than 10, and there is no Debian" \
		"mirror to have a newer one from; mend: apt-get update"
	say "fetching QEMU from $name-backports"
	tmp=$(mktemp -d "$build/qemu.tmp.XXXXXX")
	mkdir -p "$tmp/lists/partial" "$tmp/x"
	echo "deb $uri $name-backports main" >"$tmp/sources.list"
	apt=(apt-get -q -o "Dir::Etc::sourcelist=$tmp/sources.list"
		-o Dir::Etc::sourceparts=- -o "Dir::State::lists=$tmp/lists"
		-o APT::Sandbox::User=root)
	("${apt[@]}" update && cd "$tmp" && for p in x86 common data; do
		"${apt[@]}" download "qemu-system-$p/$name-backports" || exit
	done) >"$tmp/log" 2>&1 ||
		die "QEMU 10 cannot be fetched ($(grep '^E:' "$tmp/log" | head -n 1))"
	for p in "$tmp"/*.deb; do
		dpkg-deb -x "$p" "$tmp/x"
	done
	rm -rf "$root"
	mv "$tmp/x" "$root"
	rm -rf "$tmp"
	! ldd "$root/usr/bin/qemu-system-x86_64" | grep 'not found' >&2 ||
		die "QEMU from backports lacks libraries here (above)"
}

# The plugin's argument for what machine() has made: $1 the directory of the
# NVDIMMs' contents.
cache_plugin() {
	local i size at=0 arg=$build/../nvcache.so
	[ -e "$arg" ] || die "build/nvcache.so is missing: make"
	for ((i = 0; i < nodes; i++)); do
		size=$(stat -c %s "$work/ram$i")
		arg+=,ram=$work/ram$i:$at:$size
		at=$((at + size))
	done
	for i in "${!dimms[@]}"; do
		size=${dimms[i]%@*}
		[ "$labels" -eq 0 ] || size=$((size - 16))
		arg+=,dimm=$1/dimm$i:$(cache_address "$i"):$((size << 20)):$cache/durable$i
	done
	qemu+=(-plugin "$arg,log=$cache/log${cache_forget:+,forget=$cache_forget}")
}

# Where NVDIMM $1 begins: above memory, a GiB for each.
cache_address() {
	echo $(((4 + $1) << 30))
}
