# SPDX-License-Identifier: Apache-2.0
"""Renders report.html in headless Chromium: nothing on the console, every picture drawn, nothing hostile run.

usage: check_report.py <folder that sample_files wrote> <sample_files program>     leaves report.png beside the page
       check_report.py <a run's folder>                                            the page alone, not its picture
"""
import html.parser
import pathlib
import shutil
import subprocess
import sys
import tempfile

from skip import skip

FLAGS = ("--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
         "--disable-component-update --disable-sync --enable-logging=stderr --hide-scrollbars").split()


def chromium():
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if shutil.which(name):
            return name
    skip("no chromium")


def render(program, page, *flags):
    """What the page's document is in the end, and what stands on its console."""
    with tempfile.TemporaryDirectory() as profile:
        run = subprocess.run([program, *FLAGS, f"--user-data-dir={profile}", *flags, page.absolute().as_uri()],
                             capture_output=True, text=True, timeout=120)
    assert run.returncode == 0, run.stderr
    return run.stdout, [line for line in run.stderr.splitlines() if "CONSOLE" in line]


class Outline(html.parser.HTMLParser):
    """Counts elements, and checks that those which must be closed are, in order."""

    EMPTY = {"meta", "link", "br", "img", "rect", "circle", "polyline", "image"}

    def __init__(self, text):
        super().__init__()
        self.open, self.count = [], {}
        self.feed(text)
        self.close()
        assert not self.open, self.open

    def handle_starttag(self, tag, attributes):
        self.count[tag] = self.count.get(tag, 0) + 1
        if tag not in self.EMPTY:
            self.open.append(tag)
        for name, value in attributes:
            assert not name.startswith("on"), name
            if name in ("src", "href"):
                assert value.startswith(("data:", "#", "./")), value

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in self.EMPTY:
            self.open.pop()

    def handle_endtag(self, tag):
        if tag not in self.EMPTY:
            assert self.open.pop() == tag, tag


def main():
    folder = pathlib.Path(sys.argv[1])
    page = folder / "report.html"
    written = Outline(page.read_text(encoding="utf-8")).count
    assert "script" not in written and written["svg"] >= 6, written

    program = chromium()
    with tempfile.TemporaryDirectory() as place:
        bad = pathlib.Path(place) / "bad.html"
        bad.write_text("<script>console.error('seen')</script>")
        assert any("seen" in line for line in render(program, bad, "--dump-dom")[1]), "the console is not being watched"

    document, console = render(program, page, "--dump-dom")
    assert console == [], console
    assert Outline(document).count == written, (Outline(document).count, written)

    if len(sys.argv) < 3:
        return
    picture = folder / "report.png"
    _, console = render(program, page, f"--screenshot={picture}", "--window-size=1200,3400")
    assert console == [], console
    run = subprocess.run([sys.argv[2], "ink", picture], capture_output=True, text=True, check=True)
    width, height, ink, blue, orange = (float(number) for number in run.stdout.split())
    assert (width, height) == (1200, 3400), run.stdout
    assert .01 < ink < .3, run.stdout
    assert blue > 500 and orange > 500, run.stdout  # the first two lines of the plots
    print(f"{picture}: {ink:.3f} of the page is ink")


main()
