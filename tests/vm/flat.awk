# SPDX-License-Identifier: BSD-2-Clause
# `ndctl list -RNvv` or `run-bench list targets --json`: one line for each namespace with what
# both say: name alias uuid mode device size sector align node target region domain.
function value(line) {
	sub(/^ *"[a-z_]*": ?/, "", line)
	sub(/,$/, "", line)
	gsub(/"/, "", line)
	return line == "null" ? "" : line
}
function put(key) { return got[key] == "" ? "-" : got[key] }
function flush() {
	if (got["name"] != "")
		print put("name"), put("alias"), put("uuid"), put("mode"), put("device"), put("size"), \
			put("sector_size"), put("align"), put("numa_node"), put("target_node"), \
			put("region"), put("domain")
	split("", got)
}
{
	match($0, /^ */)
	indent = RLENGTH
	key = $0
	sub(/^ *"/, "", key)
	sub(/".*/, "", key)
}
# ndctl: a region, then its namespaces, whose own keys are indented as their first one.
key == "dev" && value($0) ~ /^region/ { flush(); region = value($0); domain = "unknown" }
key == "persistence_domain" { domain = value($0) }
key == "dev" && value($0) ~ /^namespace/ {
	flush()
	at = indent
	got["name"] = value($0)
	got["region"] = region
	got["domain"] = domain
	next
}
at && indent == at && key == "name" { got["alias"] = value($0); next }
at && (key == "blockdev" || key == "chardev") { got["device"] = "/dev/" value($0) }
at && indent == at && key ~ /^(uuid|mode|size|sector_size|align|numa_node|target_node)$/ { got[key] = value($0) }
# Ours: an object for each, its name first.
!at && key == "name" && value($0) ~ /^namespace/ { flush(); ours = 1 }
!at && ours && key == "auto" { flush(); ours = 0 }
!at && ours && key ~ /^(name|alias|uuid|mode|device|size|sector_size|align|numa_node|target_node|region)$/ {
	got[key] = value($0)
}
!at && ours && key == "persistence_domain" { got["domain"] = value($0) }
END { flush() }
