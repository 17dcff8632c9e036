#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""overlap.py FILE.svg...: texts that lie over each other, or beyond the sheet, as Chromium lays them out.

Prints one line a pair and exits 1 where there is any.  Slanted words are compared as slanted boxes.
"""
import html, os, re, subprocess, sys, tempfile

SCRIPT = """
const out = [];
function corners(t) {
  const b = t.getBBox(), m = t.getScreenCTM(), s = 1.0;
  return [[b.x+s, b.y+2*s], [b.x+b.width-s, b.y+2*s], [b.x+b.width-s, b.y+b.height-2*s], [b.x+s, b.y+b.height-2*s]]
    .map(([x, y]) => [m.a*x + m.c*y + m.e, m.b*x + m.d*y + m.f]);
}
function apart(p, q) {
  for (const r of [p, q])
    for (let i = 0; i < 2; i++) {
      const nx = r[i+1][1] - r[i][1], ny = r[i][0] - r[i+1][0];
      const on = s => s.map(([x, y]) => x*nx + y*ny);
      const a = on(p), b = on(q);
      if (Math.max(...a) <= Math.min(...b) || Math.max(...b) <= Math.min(...a)) return true;
    }
  return false;
}
for (const d of document.querySelectorAll('div')) {
  const texts = [...d.querySelectorAll('text')].filter(t => t.textContent.trim()), box = texts.map(corners);
  const sheet = d.querySelector('svg').getBoundingClientRect();
  if (texts.length === 0) out.push(d.id + ': no text');
  for (let i = 0; i < texts.length; i++) {
    for (const [x, y] of box[i])
      if (x < sheet.left - 1 || x > sheet.right + 1 || y < sheet.top - 1 || y > sheet.bottom + 1) {
        out.push(d.id + ': beyond the sheet: ' + texts[i].textContent.trim());
        break;
      }
    for (let k = 0; k < i; k++)
      if (!apart(box[i], box[k]))
        out.push(d.id + ': ' + texts[k].textContent.trim() + ' | ' + texts[i].textContent.trim());
  }
}
document.body.innerHTML = '<pre id=result></pre>';
document.getElementById('result').textContent = out.length ? out.join('\\n') : 'none';
"""


def main():
    with tempfile.TemporaryDirectory() as tmp:
        page = os.path.join(tmp, "page.html")
        with open(page, "w", encoding="utf-8") as f:
            f.write("<!doctype html><meta charset=utf-8><body style='margin:0'>")
            for path in sys.argv[1:]:
                svg = re.sub(r"<\?xml.*?\?>|<!DOCTYPE.*?>", "", open(path, encoding="utf-8").read(), flags=re.S)
                f.write(f"<div id='{html.escape(os.path.basename(path))}' style='position:relative'>{svg}</div>")
            f.write(f"<script>{SCRIPT}</script>")
        dom = subprocess.run(
            ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
             "--disable-dev-shm-usage", f"--user-data-dir={tmp}/profile", "--dump-dom", "file://" + page],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=120, check=True).stdout.decode()
    found = re.search(r"<pre id=\"result\">(.*?)</pre>", dom, re.S)
    if not found:
        sys.exit("overlap.py: Chromium did not run the page")
    said = html.unescape(found[1])
    print(said)
    sys.exit(said != "none")


main()
