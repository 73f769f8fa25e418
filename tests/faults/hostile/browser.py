"""The readable report in a real browser: whatever a sender wrote, nothing runs and nothing is fetched."""

import shutil
import subprocess
from collections.abc import Iterator
from html import unescape
from pathlib import Path

from flux.demo.samples import Sample, write_ubl
from tests.acceptance.installation import ONE_WORKER, Installation
from tests.faults.hostile.beacon import Beacon

_SECONDS = 90
_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
RAN = "a script ran"


def payloads(beacon: str) -> tuple[str, ...]:
    """Markup that runs, or fetches, in any page that prints it as it is."""
    act = f"document.title='{RAN}';fetch('{beacon}/script')"
    return (
        f"<script>{act}</script>",
        f'<img src=x onerror="{act}">',
        f'<svg onload="{act}"></svg>',
        f'" autofocus onfocus="{act}" x="',
        f'<a href="javascript:{act}">x</a>',
        f"<img src={beacon}/picture>",
        f"<style>@import url({beacon}/style);body{{background:url({beacon}/background)}}</style>",
        f"</style><link rel=stylesheet href={beacon}/sheet>",
        f"<iframe src={beacon}/frame></iframe>",
        f"<meta http-equiv=refresh content=0;url={beacon}/refresh>",
        f"<base href={beacon}/>",
        f"</title></textarea></script><script>{act}</script>",
    )


def hostile_reports(installation: Installation, beacon: str) -> list[Path]:
    """The readable reports on flows whose every string is hostile: accepted, refused for its values, refused for its bytes."""
    for number, payload in enumerate(payloads(beacon)):
        named = Sample(
            number=payload[:60] + str(number), supplier_name=payload, buyer_name=payload, code_service=payload
        )
        wrong = Sample(
            number=f"W-{number}{payload[:40]}",
            supplier_name=payload,
            iban=payload,
            supplier_siret=payload,
            vat_total=payload,
        )
        installation.drop("libre", f"{number}-{payload.replace('/', '')[:120]}.xml", write_ubl(named))
        installation.drop("libre", f"w{number}.xml", write_ubl(wrong))
        installation.drop("libre", f"b{number}.xml", payload.encode())
    installation.run_once()
    return sorted(installation.put_out("libre", "rapports/*.html"))


def find_what_ran(folder: Path, beacon: Beacon) -> Iterator[str]:
    """What a browser did that it must not have done, once it opened every report; nothing where all is inert."""
    browser = next((found for name in _BROWSERS if (found := shutil.which(name))), None)
    if browser is None:
        yield "no browser here to open it: install chromium"
        return
    folder.mkdir(parents=True)
    yield from _see_control(browser, folder, beacon)
    reports = hostile_reports(Installation(folder, gateway=ONE_WORKER), beacon.url)
    if len(reports) != 3 * len(payloads(beacon.url)):
        yield f"{len(reports)} reports"
    for report in reports:
        dumped = _open(browser, report, folder)
        if "</html>" not in dumped:
            yield f"{report.name} was not shown"
        title = unescape(dumped.partition("<title>")[2].partition("</title>")[0])
        if title == RAN:
            yield f"{report.name}: {RAN}"
        if beacon.asked:
            yield f"{report.name}: asked for {', '.join(beacon.asked)}"
            beacon.asked.clear()


def _see_control(browser: str, folder: Path, beacon: Beacon) -> Iterator[str]:
    """A page that prints the same texts as they are must run and fetch, or this proves nothing."""
    page = folder / "control.html"
    page.write_text(f"<html><title>x</title>{''.join(payloads(beacon.url)[:6])}</html>", encoding="utf-8")
    dumped = _open(browser, page, folder)
    if RAN not in dumped.partition("</title>")[0] or "/picture" not in beacon.asked:
        yield "the control page did not run"
    beacon.asked.clear()


def _open(browser: str, page: Path, folder: Path) -> str:
    """The document as the browser has it, scripts run and pictures fetched."""
    done = subprocess.run(
        [
            browser,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--virtual-time-budget=2000",
            f"--user-data-dir={folder / 'profile'}",
            "--dump-dom",
            page.as_uri(),
        ],
        capture_output=True,
        timeout=_SECONDS,
        check=False,
    )
    return done.stdout.decode("utf-8", "replace")
