"""However an account is written, neither what check prints nor the excerpt around it holds it whole."""

import unicodedata
from pathlib import Path

import pytest
from click.testing import CliRunner

from flux.cli.check import command
from flux.demo.samples import SUPPLIER_IBAN
from tests.faults.hostile.documents import changed

WRONG = SUPPLIER_IBAN[:-1] + "7"
SECRET = WRONG[4:-4]
WIDE = {ord("0") + digit: 0xFF10 + digit for digit in range(10)}
WRITTEN = {
    "plain": WRONG,
    "spaced": " ".join(WRONG[start : start + 4] for start in range(0, len(WRONG), 4)),
    "comment": f"{WRONG[:9]}<!-- -->{WRONG[9:]}",
    "CDATA": f"<![CDATA[{WRONG[:9]}]]>{WRONG[9:]}",
    "references": "".join(f"&#{ord(sign)};" for sign in WRONG),
    "full-width": WRONG.translate(WIDE),
    "no-break spaces": "\u00a0".join(WRONG[start : start + 4] for start in range(0, len(WRONG), 4)),
}


def bare(text: str) -> str:
    """The text as a person who wants the account would read it."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", text) if sign.isalnum())


@pytest.mark.parametrize("option", ["--json", "--show-xml"])
def test_an_account_is_masked_wherever_it_is_printed(tmp_path: Path, option: str) -> None:
    for name, written in WRITTEN.items():
        (tmp_path / f"{name}.xml").write_bytes(changed((SUPPLIER_IBAN, written)))
    done = CliRunner().invoke(command, [option, str(tmp_path)])
    assert all(f"{name}.xml" in done.stdout for name in WRITTEN)
    shown = bare(done.stdout)
    assert SECRET not in shown
    assert not [name for name, written in WRITTEN.items() if bare(written) in shown]
