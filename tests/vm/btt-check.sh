# shellcheck shell=dash disable=SC2154
# SPDX-License-Identifier: BSD-2-Clause
# vm: -d 80M@0 -d 80M@0
# What run-bench btt-check says of a frozen BTT is what ndctl check-namespace and nd_btt say of it.
. ./tests/vm/lib.sh

raw() { # raw NAMESPACE 1|0: its own bytes as a block device, or the BTT again
	ndctl disable-namespace "$1" >/tmp/try 2>&1
	echo "$2" >"/sys/bus/nd/devices/$1/force_raw"
	ndctl enable-namespace "$1" >/tmp/try 2>&1
}
agree() { # agree STATUS NAME: both of them, of $image and of the namespace that holds it
	exits "$1" "btt-check: $2" run-bench btt-check "$image"
	ndctl disable-namespace "$ns" >/tmp/try 2>&1
	if ndctl check-namespace "$ns" >/tmp/check 2>&1; then said=0; else said=1; fi
	is "$said" "$1" "check-namespace: $2"
}
number() { # number OFFSET: four bytes of the image
	word=$(dd if="$image" bs=4 skip=$(($1 / 4)) count=1 2>/dev/null | od -An -tu4)
	word=$((word))
}
put() { # put OFFSET VALUE: four bytes into the namespace and the image
	for _f in "$image" "/dev/$block"; do
		# shellcheck disable=SC2059
		printf "$(printf '\\%03o\\%03o\\%03o\\%03o' $(($2 & 255)) $(($2 >> 8 & 255)) $(($2 >> 16 & 255)) \
			$(($2 >> 24 & 255)))" | dd of="$_f" bs=4 seek=$(($1 / 4)) conv=notrunc 2>/dev/null
	done
	sync
}
field() { # field NAME: of the first arena
	value=$(run-bench btt-check --json "$image" | sed -n "s/.*\"$1\": \([0-9]*\).*/\1/p" | head -n 1)
}

dimm=0
for size in 512 4096; do
	create dev $dimm -m sector -l $size
	ns=$(ndctl list -N | sed -n "/\"blockdev\":\"$dev\"/!{s/.*\"dev\":\"\(namespace[^\"]*\)\".*/\1/p}" | tail -n 1)
	# (A pattern that names itself: which sector, whose turn.)
	run-bench -q -k sector -t "/dev/$dev" -s $size -o /tmp/r --destroy-data="/dev/$dev" --quick \
		--set settle=fixed --set repeats=1 --set ops=400 >/tmp/try 2>&1 || said </tmp/try
	dd if="/dev/$dev" of=/tmp/seen bs=$size count=64 2>/dev/null
	raw "$ns" 1
	block=${dev%s}
	image=/tmp/image
	dd if="/dev/$block" of=$image bs=1M 2>/dev/null
	agree 0 "$size: as the driver left it"

	raw "$ns" 1
	field start; start=$value
	field map; map=$((start + value))
	field flog; flog=$((start + value))
	# The power cut between the flog and the map: the map says the old block again. (Lanes are CPUs.)
	lane=0 lba=0 before=0 after=0
	while [ $lane -lt 2 ]; do
		at=$((flog + 64 * lane))
		number $((at + 12)); s0=$word
		number $((at + 28)); s1=$word
		if [ "$s1" -ne 0 ] && [ "$s1" -eq $((s0 % 3 + 1)) ]; then at=$((at + 16)); fi
		number $at; lba=$word
		number $((at + 4)); before=$((word & 0x3fffffff))
		number $((at + 8)); after=$((word & 0x3fffffff))
		[ $before -ne $after ] && break
		lane=$((lane + 1))
	done
	number $((map + 4 * lba)); entry=$word
	is $((entry & 0x3fffffff)) "$after" "$size: lane $lane wrote sector $lba last"
	put $((map + 4 * lba)) $((0xc0000000 | before))
	like "$(run-bench btt-check $image)" '*; 1 to roll forward*' "$size: one lane to roll forward"
	raw "$ns" 0
	dd if="/dev/$dev" of=/tmp/after bs=$size count=64 2>/dev/null
	try "$size: nd_btt rolls it forward to what was there" cmp /tmp/seen /tmp/after
	raw "$ns" 1
	dd if="/dev/$block" of=$image bs=1M 2>/dev/null
	like "$(run-bench btt-check $image)" '*; 0 to roll forward*' "$size: and nothing is left to do"

	number $((map + 4 * 9)); entry=$word
	number $((map + 4 * 8)); other=$word
	put $((map + 4 * 9)) $((0xc0000000 | (other >> 30 ? other & 0x3fffffff : 8)))
	agree 1 "$size: two sectors in one block"
	raw "$ns" 1
	put $((map + 4 * 9)) "$entry"
	number $((flog + 64 * 200 + 12)); entry=$word
	put $((flog + 64 * 200 + 12)) 7
	agree 1 "$size: a flog out of sequence"
	raw "$ns" 1
	put $((flog + 64 * 200 + 12)) "$entry"
	agree 0 "$size: mended"
	dimm=$((dimm + 1))
done
finish
