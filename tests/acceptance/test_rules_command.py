"""`flux rules compare` on what an installation has archived."""

from pathlib import Path

from flux.demo.afnor_samples import AFNOR_SAMPLE, write_afnor_ubl
from tests.acceptance.installation import Installation


def test_archived_invoices_are_judged_again_and_the_archive_stays_as_it_was(tmp_path: Path) -> None:
    installation = Installation(tmp_path)
    installation.drop("libre", "facture.xml", write_afnor_ubl(AFNOR_SAMPLE))
    installation.drop("libre", "illisible.xml", b"<Invoice")
    installation.run_once()
    archived = sorted(tmp_path.joinpath("var").rglob("*"))

    done = installation.flux("rules", "compare", "flux", "official", "--config", str(installation.config))

    assert (done.returncode, done.stderr) == (0, "")
    assert "1 compared: 0 accepted → rejected, 0 rejected → accepted" in done.stdout
    assert "1 left out: neither UBL, nor CII, nor Factur-X" in done.stdout
    assert sorted(tmp_path.joinpath("var").rglob("*")) == archived
