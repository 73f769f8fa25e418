"""`flux rules compare`: which invoices flip between two versions of the rules, and by which rule."""

import json
from collections import Counter
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from flux.app.rule_comparison import (
    Archived,
    Compared,
    LeftOut,
    OurVersion,
    Ruling,
    Subject,
    Tally,
    compare_versions,
    open_version,
)
from flux.cli.rules import command
from flux.demo.afnor_samples import AFNOR_SAMPLE, write_afnor_ubl
from flux.errors import ConfigError
from flux.model.interface import INTERFACES, Deposit, Syntax
from tests.official.ours import CONTEXT

UBL = write_afnor_ubl(AFNOR_SAMPLE)
# The stylesheet of a publisher who wants every invoice to bear a number that none bears.
STRICT = """<xsl:stylesheet version="2.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
  <xsl:template match="/">
    <svrl:schematron-output xmlns:svrl="http://purl.oclc.org/dsdl/svrl">
      <svrl:failed-assert id="BR-99" flag="fatal" location="/"><svrl:text>[BR-99]-none</svrl:text></svrl:failed-assert>
    </svrl:schematron-output>
  </xsl:template>
</xsl:stylesheet>"""


class Saying:
    """A version whose sets say what they are told to say."""

    def __init__(self, fatal: Mapping[str, str], failure: str = "") -> None:
        self._fatal = fatal
        self._failure = failure

    def holds(self, ruleset: str, syntax: Syntax) -> bool:
        return ruleset in self._fatal

    def ask(self, subject: Subject, ruleset: str) -> Ruling:
        return Ruling(fatal=Counter(self._fatal[ruleset].split()), failure=self._failure)


def compare(old: Mapping[str, str], new: Mapping[str, str], failure: str = "", xml: bytes | None = UBL) -> Compared:
    invoice = Archived(file="a.xml", xml=xml)
    (compared,) = compare_versions([invoice], Saying(old), Saying(new, failure), today=CONTEXT.today)
    return compared


def run(*arguments: str) -> Result:
    return CliRunner().invoke(command, ["compare", *arguments], catch_exceptions=False)


@pytest.fixture
def stylesheets(tmp_path: Path) -> Path:
    folder = tmp_path / "stylesheets"
    folder.mkdir()
    (folder / "br-fr-ubl.xslt").write_text(STRICT)
    return folder


@pytest.fixture
def invoice(tmp_path: Path) -> Path:
    file = tmp_path / "invoice.xml"
    file.write_bytes(UBL)
    return file


def test_an_invoice_that_one_version_alone_refuses_flips_by_the_rules_that_it_alone_sees() -> None:
    compared = compare({"br-fr": ""}, {"br-fr": "BR-FR-12 BR-FR-05 BR-FR-05"})
    assert compared.flips
    assert (compared.appeared, compared.vanished) == (("BR-FR-05", "BR-FR-12"), ())


def test_an_invoice_that_both_refuse_by_other_rules_differs_and_does_not_flip() -> None:
    compared = compare({"br-fr": "BR-FR-05"}, {"br-fr": "BR-FR-12"})
    assert (compared.differs, compared.flips) == (True, False)
    assert (compared.appeared, compared.vanished) == (("BR-FR-12",), ("BR-FR-05",))


def test_only_the_sets_that_both_versions_hold_are_asked() -> None:
    compared = compare({"extended-ctc-fr": "BR-02", "br-fr": ""}, {"br-fr": ""})
    assert compared.sets == ("br-fr",)
    assert not compared.differs


@pytest.mark.parametrize(
    ("compared", "reason"),
    [
        (compare({"br-fr": ""}, {"extended-ctc-fr": ""}), LeftOut.NO_COMMON_SET),
        (compare({"br-fr": ""}, {"br-fr": ""}, xml=b"%PDF"), LeftOut.NO_OFFICIAL_SYNTAX),
        (compare({"br-fr": ""}, {"br-fr": ""}, xml=None), LeftOut.NO_OFFICIAL_SYNTAX),
        (compare({"br-fr": "BR-FR-05"}, {"br-fr": ""}, "gave_up"), LeftOut.NOT_JUDGED),
    ],
)
def test_what_is_left_out_has_its_reason_and_does_not_flip(compared: Compared, reason: LeftOut) -> None:
    assert compared.left_out is reason
    assert not compared.flips


def test_a_legacy_deposit_asks_no_set_of_the_reform() -> None:
    invoice = Archived(file="a.xml", xml=UBL, deposit=Deposit(interface=INTERFACES["FSO1110A"]))
    (compared,) = compare_versions([invoice], Saying({"br-fr": ""}), Saying({"br-fr": ""}), today=CONTEXT.today)
    assert compared.left_out is LeftOut.NO_COMMON_SET


def test_the_tally_counts_invoices_by_rule_and_by_turn() -> None:
    tally = Tally()
    for each in (compare({"br-fr": ""}, {"br-fr": "BR-FR-05"}), compare({"br-fr": "BR-FR-12"}, {"br-fr": ""})):
        tally.count(each)
    assert (tally.compared, tally.refused, tally.accepted) == (2, 1, 1)
    assert tally.by_rule() == {"BR-FR-05": (1, 0), "BR-FR-12": (0, 1)}


def test_our_version_sees_what_the_gateway_would_refuse() -> None:
    wrong = write_afnor_ubl(replace(AFNOR_SAMPLE, number=""))
    (compared,) = compare_versions([Archived(file="a", xml=wrong)], OurVersion(), OurVersion(), today=CONTEXT.today)
    assert "BR-02" in compared.old.fatal
    assert not compared.differs


def test_a_rule_that_no_publisher_tests_makes_nothing_flip() -> None:
    ahead = write_afnor_ubl(replace(AFNOR_SAMPLE, issue_date=CONTEXT.today + timedelta(days=1)))
    (compared,) = compare_versions(
        [Archived(file="a", xml=ahead)], OurVersion(), Saying({"br-fr": ""}), today=CONTEXT.today
    )
    assert not compared.differs


def test_ours_and_the_shipped_stylesheets_agree_on_a_good_invoice(invoice: Path) -> None:
    result = run("flux", "official", str(invoice))
    assert result.exit_code == 0
    assert "1 compared: 0 accepted → rejected, 0 rejected → accepted" in result.output


def test_a_folder_of_stylesheets_is_a_version_whose_flips_are_named(invoice: Path, stylesheets: Path) -> None:
    result = run("flux", str(stylesheets), str(invoice))
    assert result.exit_code == 1
    assert f"{invoice}  accepted → rejected  +BR-99" in result.output
    assert "1 compared: 1 accepted → rejected" in result.output


def test_as_json_each_invoice_is_one_object(invoice: Path, stylesheets: Path) -> None:
    (line,) = run("--json", "flux", str(stylesheets), str(invoice)).output.splitlines()
    told = json.loads(line)
    assert (told["flips"], told["old"], told["new"], told["sets"]) == (True, [], ["BR-99"], ["br-fr"])


@pytest.mark.parametrize(
    ("name", "reason"), [("nowhere", "nor a folder of stylesheets"), (".", "no stylesheet by a name that flux knows")]
)
def test_what_is_no_version_is_told(name: str, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with ExitStack() as stack, pytest.raises(ConfigError, match=reason):
        open_version(name, stack)
