#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Events: every form can be asked for; what cannot be counted says why and stops nothing.

load helper

# counted EVENTS...: a tiny run with them; messages in $stderr.
counted() {
	run -0 --separate-stderr "$bin" -q "${tiny[@]}" --set counting=1 -k clwb -s 64 -t dram:1M --events "$(IFS=,; echo "$*")"
	valid results/latest
	echo "$stderr"
}

# row EVENT PYTHON: holds for its row r of run.json, and its line c of counters.csv (or None).
row() {
	python3 - "$@" <<'END'
import csv, json, sys
event, want = sys.argv[1:]
rows = [x for x in json.load(open("results/latest/run.json"))["counters"] if x["event"] == event]
lines = [x for x in csv.DictReader(open("results/latest/counters.csv")) if x["event"] == event]
if len(rows) != 1:
    sys.exit(f"{len(rows)} rows of {event}")
r, c = rows[0], lines[0] if lines else None
if not eval(want):
    sys.exit(f"{event}: not {want}:\n{r}\n{c}")
END
}

yes='r["available"] and r["counted"] and r["why"] == "" and float(c["value"]) >= 0 and int(c["running_ns"]) > 0 and c["scaled"]'
no='not r["available"] and len(r["why"]) > 20 and c is None'
# Others than root may be allowed less, and are then told why.
[ "$(id -u)" = 0 ] || yes="($yes) or ($no)"

@test "PMU/TERMS/, with commas, and every other form" {
	counted 'software/config=2/' 'software/config=5,config1=0/' 'x/event=1,umask=2/' page-faults:u page-faults:k \
		context-switches@system raw_syscalls:sys_enter kprobe:vfs_write any
	row 'software/config=2/' "$yes"
	row 'software/config=5,config1=0/' "$yes"
	row page-faults:u "$yes"
	row x/event=1,umask=2/ "$no"' and "no PMU" in r["why"]'
	[[ $stderr == *"event x/event=1,umask=2/ is not counted: this machine has no PMU 'x'"* ]]
	# By the set.
	row task-clock "$yes"
	# These are the machine's or the user's to have: a value or a reason.
	for event in page-faults:k context-switches@system raw_syscalls:sys_enter kprobe:vfs_write; do
		row $event "($yes) or ($no)"
	done
	if [ -e /sys/bus/event_source/devices/msr/events/tsc ]; then
		counted msr/tsc/ msr/tsc/u
		row msr/tsc/ "($yes) or ($no)"
		row msr/tsc/u "($yes) or ($no)"
	fi
}

@test "events of a config: a list, a set, one alone; what contains a comma is quoted" {
	printf '%s\n' 'version: 1' 'events: [any, "kprobe:nvdimm_flush", "software/config=2,config1=0/"]' 'counting: 1' \
		'targets: [{name: ram, dram: 1M}]' 'benches: [{name: b, kernel: null}]' >a.yaml
	run -0 --separate-stderr "$bin" -q "${tiny[@]}" a.yaml
	row page-faults "$yes"
	row software/config=2,config1=0/ "$yes"
	row kprobe:nvdimm_flush "($yes) or ($no)"
	sed -i 's/^events: .*/events: software\/config=2\//' a.yaml
	run -0 --separate-stderr "$bin" -q "${tiny[@]}" a.yaml
	row software/config=2/ "$yes"
	"$bin" --print-config a.yaml --events page-faults,x/event=1,umask=2/ >b.yaml
	[ "$("$bin" --print-config b.yaml)" = "$(cat b.yaml)" ]
	run -0 --separate-stderr "$bin" -q "${tiny[@]}" b.yaml
	row software/config=2/ "$yes"
	row page-faults "$yes"
	row x/event=1,umask=2/ "$no"
	"$bin" --help-config | grep -A1 '^  events ' | grep -q 'or a list'
}

@test "an unknown event: said once, with what may have been meant; in run.json and the report; 0" {
	counted foo pagefaults kernal task-clock
	row foo "$no"' and "run-bench list events" in r["why"]'
	row pagefaults "$no"' and "did you mean \x27page-faults\x27?" in r["why"]'
	row kernal "$no"' and "did you mean the event set \x27kernel\x27?" in r["why"]'
	row task-clock "$yes"
	for event in foo pagefaults kernal; do
		[ "$(grep -c "event $event is not counted: " <<<"$stderr")" = 1 ]
		grep -q "unknown event &#39;$event&#39;\|unknown event '$event'" results/latest/report.html
	done
	# Nothing to count is no failure either, and takes no repeat.
	counted foo
	[ "$(grep -c ,counting, results/latest/repeats.csv)" = 0 ]
}

@test "what has no event's form is an error: 2" {
	for event in msr/tsc 'x//' '/event=1/' 'software/event=/' 'page-faults@here' 'context-switches:u'; do
		says 2 'error: ' "'$event'" -- "$bin" -q "${tiny[@]}" -k null -t dram:1M --events "$event"
	done
	[ ! -e results ]
}

@test "a set for other CPUs: each of its events has a row, and the set is named once" {
	if grep -q AuthenticAMD /proc/cpuinfo; then set=optane; else set=amd; fi
	counted $set page-faults
	[ "$(grep -c "event set $set is not counted: " <<<"$stderr")" = 1 ]
	sed -n 's/^event *[^ ]* *//p' "$top/configs/events/$set.txt" >events
	[ "$(wc -l <events)" -ge 2 ]
	while read -r event; do row "$event" "$no"' and "is for the CPUs" in r["why"]'; done <events
	row page-faults "$yes"
}

@test "an event that never gets a counter: no value, the reason, said once" {
	if ldd "$bin" | grep -q 'lib[at]san'; then skip 'a preloaded library and a sanitizer'; fi
	${CC:-cc} -O1 -shared -fPIC -o starve.so "$BATS_TEST_DIRNAME/starve.c"
	LD_PRELOAD=$PWD/starve.so counted task-clock page-faults context-switches@system
	row task-clock "$yes"
	row page-faults "$yes"
	python3 -c 'import json; exit(json.load(open("results/latest/run.json"))["counters"][2].get("scope") != "system")' ||
		skip 'no @system here'
	row context-switches@system 'not r["available"] and "never on a counter: ask for fewer" in r["why"]'
	row context-switches@system 'c["value"] == "" and c["running_ns"] == "0" and int(c["enabled_ns"]) > 0 and c["scaled"] == ""'
	[ "$(grep -c 'event context-switches@system is not counted: ' <<<"$stderr")" = 1 ]
	[ "$(grep -c context-switches results/latest/reps.csv)" = 0 ]
	grep -q 'never on a counter' results/latest/report.html
}

@test "a counter that read what a known load did is checked, the others are open or n/a" {
	counted any x/event=1,umask=2/
	row page-faults "($yes)"' and r["proof"] == "checked" and "proof_why" not in r or not r["available"]'
	row task-clock 'r["proof"] == "open" and "proof_why" not in r or not r["available"]'
	row x/event=1,umask=2/ 'r["proof"] == "n/a"'
	if [[ $(python3 -c 'import json; print(json.load(open("results/latest/run.json"))["counters"][0]["available"])') == True ]]; then
		grep -q '^counters read what a known load did,PASS,[1-9]' results/latest/checks.csv
		"$bin" list events | grep -q '^page-faults .* checked '
	fi
	# One that reads nothing under it is told.
	sed -i '0,/"proof": "checked"/s//"proof": "open", "proof_why": "reads 0 under a load of 4096"/' results/latest/run.json
	grep -q proof_why results/latest/run.json || skip 'nothing can be counted here'
	"$bin" report results/latest >/dev/null
	grep -q '^counters read what a known load did,WARN,1,1,page-faults reads 0' results/latest/checks.csv
	grep -q 'reads 0 under a load of 4096' results/latest/report.html
}

@test "list events fits the terminal; a pipe gets a row a line" {
	for width in 80 132; do
		COLUMNS=$width "$bin" list events >table
		[ "$(wc -L <table)" -le "$width" ]
		grep -q '^page-faults ' table
		grep -q '^optane ' table
	done
	[ "$("$bin" list events | grep -c '^page-faults ')" = 1 ]	# to a pipe: a row a line
	"$bin" list events --json | python3 -c '
import json, sys
d = json.load(sys.stdin)
assert all(e["here"] or e["why"] for e in d["events"]), d
assert {"any", "optane"} <= {s["set"] for s in d["sets"]}'
}

@test "the sets and the events that docs/events.md names are there" {
	for event in page-faults task-clock context-switches; do
		"$bin" list events --json | grep -q "\"event\": \"$event\""
	done
	for set in any core optane ddr amd cxl; do [ -s "$top/configs/events/$set.txt" ]; done
	for set in optane ddr amd cxl; do grep -q '_write_bytes_per_byte ' "$top/configs/events/$set.txt"; done
	# Bytes at the controller are not called what only the media know.
	! grep -rqi 'amplification.*[0-9]' "$top/configs/events"
}
