"""Measures the HTML report of many findings: seconds to write, weight, and seconds to open in Chromium.

Asked, for 5 000 findings: written in at most 1 s, at most 2 MB, opened in at most 1 s. Beyond, the weight stays bounded.
Opening is timed by the browser itself, from the start of navigation to the end of the load event and the first picture.
Needs Chromium and playwright for the last measure. Run: python benchmarks/html_report.py [findings…]
"""

from __future__ import annotations

import resource
import shutil
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "reports"))
COUNTS = (500, 5_000, 100_000)
ROUNDS = 3
TIMES = """() => {
  const [load] = performance.getEntriesByType('navigation');
  const paint = performance.getEntriesByName('first-contentful-paint')[0];
  return [load.loadEventEnd, paint ? paint.startTime : 0, document.querySelectorAll('*').length];
}"""


def written(count: int, file: Path) -> tuple[float, float, float]:
    """Write a report of ``count`` findings; return CPU seconds, seconds and megabytes."""
    import large_reports

    from opendata_check import reports

    report = large_reports.report_of(count)
    reports.render(large_reports.report_of(10), "html")  # imports and templates are paid once a run, not a report
    cpu, clock = [], []
    for _ in range(ROUNDS if count < 50_000 else 1):
        started, at = time.process_time(), time.perf_counter()
        text = reports.render(report, "html")
        cpu.append(time.process_time() - started)
        clock.append(time.perf_counter() - at)
    file.write_text(text, encoding="utf-8")
    return median(cpu), median(clock), file.stat().st_size / 1e6


def opened(file: Path) -> tuple[float, float, int] | None:
    """Return seconds to the end of loading and to the first picture, and how many elements; None without a browser."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return None
    if chromium is None:
        return None
    found = []
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for _ in range(ROUNDS):
            tab = browser.new_page()
            tab.goto(file.as_uri(), wait_until="load")
            tab.wait_for_timeout(200)
            found.append(tab.evaluate(TIMES))
            tab.close()
        browser.close()
    load, paint, elements = (median(values) for values in zip(*found, strict=True))
    return load / 1000, paint / 1000, int(elements)


def main() -> None:
    """Print one line a count."""
    counts = tuple(map(int, sys.argv[1:])) or COUNTS
    with tempfile.TemporaryDirectory() as folder:
        for count in counts:
            file = Path(folder) / f"{count}.html"
            cpu, clock, weight = written(count, file)
            line = f"{count:>7} findings: {cpu:.2f} CPU s ({clock:.2f} s) to write, {weight:.2f} MB"
            seen = opened(file)
            if seen:
                line += f"; opened in {seen[0]:.2f} s, first picture at {seen[1]:.2f} s, {seen[2]} elements"
            print(f"{line}; peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")


if __name__ == "__main__":
    main()
