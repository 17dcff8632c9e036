#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# report.html: what it says first, and how it looks where there is little room or light, or paper.

load helper

# gnuplot's scripts are found wherever the binary lies.
setup() { common_setup; export DAXMARK_DATADIR=$top; }

fake() { "$top/tests/fake/run" "$@"; }

# A run whose second target nobody can judge, with a strategy there that buys nothing.
two_targets() {
	fake A points=8
	awk -F, -v OFS=, '
		NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i }
		NR > 1 && $at["kernel"] == "osync" { $at["target"] = $at["role"] = "other"; $at["medium"] = ""; $at["durable"] = "" }
		NR > 1 && $at["kernel"] == "msync" { $at["durable"] = "no" }
		NR > 1 && $at["kernel"] == "clwb" { $at["medium"] = "optane" }
		{ print }' A/points.csv >points
	mv points A/points.csv
}

# sections: the ids of the page's sections, in order.
sections() { grep -oE '<section id="[a-z]+"' A/report.html | cut -d'"' -f2 | tr '\n' ' '; }

@test "first what was found, then the ladder, then what to hold against it" {
	two_targets
	bench report A >/dev/null
	[[ $(sections) == 'found headline what figures missing environment reproduce '* ]]
	grep -E '<p class="found">64 B made durable on pm: clwb [0-9.]+ \[[0-9.]+, [0-9.]+\] ns, ntstore [0-9.]+ \[[0-9.]+, [0-9.]+\] ns, amortised; 2\.0 times as long\. ' A/report.html
	grep 'Not durable: msync\.</p>' A/report.html
	# What nobody knows is not guessed, and is no no.
	grep '<p class="found">64 B made durable on other, if it is pmem (nobody said): nothing that was measured is known to do it. Not known whether durable: osync.</p>' A/report.html
	# Each section that the page links to is there.
	for id in $(grep -oE '<a href="#[a-z]+"' A/report.html | cut -d'#' -f2 | tr -d '"'); do
		grep -q "id=\"$id\"" A/report.html
	done
}

@test "yes is hollow on what is no persistent memory, full where it is; unknown stays unknown" {
	two_targets
	bench report A >/dev/null
	# Row by row: strategy, mark.
	row() { grep "<td class=\"s\">$1</td>" A/report.html; }
	[[ $(row ntstore) == *'>○ yes, if pmem<'* ]]
	[[ $(row clwb) == *'>● yes<'* ]]
	[[ $(row msync) == *'>■ no<'* ]]
	[[ $(row osync) == *'unknown<'* ]]
}

@test "the table of the terminal says of durability what the report says" {
	two_targets
	COLUMNS=120 bench report A >table
	grep -qE '^pm +ntstore .* MB/s yes, if pmem +[0-9]+/' table
	grep -qE '^pm +clwb .* MB/s yes +[0-9]+/' table
	grep -qE '^pm +msync .* MB/s no +[0-9]+/' table
	grep -qE '^other +osync .* MB/s unknown +[0-9]+/' table
}

@test "a caption goes on where the picture stops: the title stands there once" {
	need gnuplot
	fake A points=40
	"$bin" list figures --json >figures.json
	for bare in '' --bare; do
		bench report A $bare >/dev/null
		BARE=$bare python3 - <<-'E'
			import html, json, os, re
			titles = {f["figure"]: f["title"] for f in json.load(open("figures.json"))}
			page = open("A/report.html").read()
			found = re.findall(r'<figure id="fig-(.*?)">.*?<figcaption><b>Figure \d+\.</b> (.*?)<span', page, re.S)
			assert len(found) >= 2, found
			for name, caption in found:
			    caption = html.unescape(caption)
			    assert "  " not in caption and "Mirrors new" not in caption, caption
			    assert caption.startswith(titles[name] + ". ") == bool(os.environ["BARE"]), caption
		E
	done
}

@test "no script, nothing from elsewhere, and a text for every picture" {
	need gnuplot
	fake A points=40
	bench report A >/dev/null
	! grep -iE '<script|src=|@import|url\(.?http|<link' A/report.html
	grep -q "default-src 'none'" A/report.html
	[ "$(grep -o '<svg' A/report.html | wc -l)" -ge 2 ]
	[ "$(grep -oE '<svg role="img" aria-label="[^"]+"' A/report.html | wc -l)" = "$(grep -o '<svg' A/report.html | wc -l)" ]
}

# browser OPTION... PAGE: the title that the page gave itself.
browser() {
	chromium --headless --no-sandbox --disable-gpu --disable-background-networking --user-data-dir="$PWD/profile" \
		--allow-file-access-from-files --virtual-time-budget=5000 --dump-dom "$@" 2>/dev/null |
		sed -n 's/.*<title>\(.*\)<\/title>.*/\1/p' | head -n 1
}

# page SCRIPT: m.html, the report with a script that sets the title, and frame.html, which shows it 360 px wide.
page() {
	sed -e 's/<meta http-equiv[^>]*>//' -e 's|</body>||' -e 's|</html>||' A/report.html >m.html
	printf '<script>document.title = %s</script></body></html>\n' "$1" >>m.html
	echo '<iframe id=i src=m.html style="width:360px;height:3000px;border:0"></iframe>' \
		'<script>onload = () => document.title = document.getElementById("i").contentDocument.title</script>' >frame.html
	sed -i '1i <title>-</title>' frame.html
}

@test "360 px: the page does not scroll sideways, and the durable column is on it" {
	need gnuplot chromium
	two_targets
	sed -i 's/,msync,pm,pm,/,msync_with_a_name_that_is_long,pm,pm,/' A/points.csv
	bench report A >/dev/null
	page '[document.documentElement.scrollWidth, ...[".ladder .d", "figure svg"].map(s =>
		Math.max(...[...document.querySelectorAll(s)].map(e => e.getBoundingClientRect().right)))].map(Math.ceil).join(" ")'
	run browser "file://$PWD/frame.html"
	echo "$output"
	[[ $output =~ ^[0-9]+\ [0-9]+\ [0-9]+$ ]]
	for right in $output; do [ "$right" -le 360 ]; done
}

@test "dark where the reader's screen is, figures included; nothing on the console" {
	need gnuplot chromium
	fake A points=40
	bench report A >/dev/null
	page '[document.body, document.querySelector("figure svg")].map(e =>
		getComputedStyle(e).backgroundColor + " " + getComputedStyle(e).filter).join("; ")'
	run browser --blink-settings=preferredColorScheme=0 "file://$PWD/m.html"
	[ "$output" = 'rgb(27, 27, 25) none; rgba(0, 0, 0, 0) invert(0.9) hue-rotate(180deg)' ]
	run browser --blink-settings=preferredColorScheme=1 "file://$PWD/m.html"
	[ "$output" = 'rgb(253, 253, 251) none; rgba(0, 0, 0, 0) none' ]
	chromium --headless --no-sandbox --disable-gpu --disable-background-networking --user-data-dir="$PWD/profile" \
		--enable-logging=stderr --dump-dom "file://$PWD/A/report.html" >dom 2>log
	grep -q '<svg' dom
	! grep CONSOLE log
}
