"""`flux check`: what it prints, and how it ends."""

import json
import tarfile
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest

from flux.demo.afnor_samples import AFNOR_SAMPLE, write_afnor_ubl
from flux.demo.facturx_samples import write_facturx
from flux.demo.samples import Sample, write_cii, write_ubl
from flux.demo.scenario import write_archive
from tests.acceptance.installation import run_flux, run_process

GOOD = write_ubl(Sample())
REJECTED = write_ubl(Sample(number="F2026-0118", supplier_siret="73282932000075"))
INVOICE_KEYS = {
    "file", "member", "unit", "syntax", "profile", "interface", "document", "verdict", "layers", "findings",
}  # fmt: skip
DOCUMENT_KEYS = {"number", "type", "issue_date", "supplier", "buyer"}
LAYER_KEYS = {"name", "ruleset", "version", "status", "reason"}
FINDING_KEYS = {
    "code", "detail", "severity", "audience", "layer", "ruleset", "term", "line", "xpath", "found", "expected",
    "message", "message_en", "fix", "who",
}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "b-good.xml").write_bytes(GOOD)
    (tmp_path / "a-bad.xml").write_bytes(REJECTED)
    return tmp_path


def check(folder: Path, *arguments: str, stdin: bytes = b"") -> tuple[int, list[dict[str, object]]]:
    done = run_flux("check", "--json", *arguments, cwd=folder, stdin=stdin)
    assert "Traceback" not in done.stderr
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()]


def test_a_process_of_its_own_answers_the_same(folder: Path) -> None:
    done = run_process("check", "--json", "a-bad.xml", "-", cwd=folder, stdin=GOOD)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert (done.returncode, done.stderr) == (1, "")
    assert [(line["file"], line["verdict"]) for line in lines] == [("a-bad.xml", "rejected"), ("-", "accepted")]


def test_a_good_invoice_is_accepted_and_the_command_ends_with_0(folder: Path) -> None:
    code, [line] = check(folder, "b-good.xml")
    assert (code, line["verdict"], line["file"], line["member"]) == (0, "accepted", "b-good.xml", None)


def test_a_rejected_invoice_makes_the_command_end_with_1(folder: Path) -> None:
    code, [line] = check(folder, "a-bad.xml")
    assert (code, line["verdict"]) == (1, "rejected")


def test_a_required_layer_that_cannot_run_leaves_the_invoice_not_judged_and_ends_with_3(folder: Path) -> None:
    code, [line] = check(folder, "--layer", "schema", "--layer", "register", "b-good.xml")
    assert (code, line["verdict"]) == (3, "not_judged")


def test_the_rules_run_where_they_are_asked_for(folder: Path) -> None:
    code, [line] = check(folder, "--layer", "rules", "b-good.xml")
    told = [(layer["ruleset"], layer["status"]) for layer in line["layers"] if layer["name"] == "rules"]  # type: ignore[attr-defined]
    assert (code, told) == (0, [("chorus", "passed")])


def test_a_line_holds_exactly_the_keys_of_the_contract(folder: Path) -> None:
    _, [line] = check(folder, "a-bad.xml")
    assert set(line) == INVOICE_KEYS
    assert set(line["document"]) == DOCUMENT_KEYS  # type: ignore[call-overload]  # an object of the contract
    assert all(set(layer) == LAYER_KEYS for layer in line["layers"])  # type: ignore[attr-defined]
    assert all(set(finding) == FINDING_KEYS for finding in line["findings"])  # type: ignore[attr-defined]


def test_every_layer_is_told_whether_it_ran_or_not(folder: Path) -> None:
    _, [line] = check(folder, "b-good.xml")
    told = [(layer["name"], layer["status"], layer["reason"]) for layer in line["layers"]]  # type: ignore[attr-defined]
    assert told == [
        ("intake", "passed", None),
        ("schema", "passed", None),
        ("rules", "passed", None),
        ("identity", "passed", None),
        ("register", "not_run", "register_absent"),
    ]


def test_a_layer_that_was_not_asked_for_does_not_run(folder: Path) -> None:
    _, [line] = check(folder, "--layer", "schema", "a-bad.xml")
    identity = next(layer for layer in line["layers"] if layer["name"] == "identity")  # type: ignore[attr-defined]
    assert (line["verdict"], identity["status"], identity["reason"]) == ("accepted", "not_run", "not_requested")


def test_a_finding_says_where_what_and_what_to_do(folder: Path) -> None:
    _, [line] = check(folder, "a-bad.xml")
    finding = line["findings"][0]  # type: ignore[index]
    assert (finding["code"], finding["term"], finding["found"]) == ("SIRET_CHECKSUM", "BT-29", "73282932000075")
    assert (folder / "a-bad.xml").read_text(encoding="utf-8").splitlines()[finding["line"] - 1].count("73282932000075")
    assert all(finding[key] for key in ("message", "message_en", "fix", "who", "xpath", "expected"))


def test_an_account_is_never_printed_whole(folder: Path) -> None:
    (folder / "iban.xml").write_bytes(write_ubl(Sample(iban="FR1420041010050500013M02605")))
    done = run_flux("check", "--json", "--as", "FSO1100A", "iban.xml", cwd=folder)
    assert "IBAN_CHECKSUM" in done.stdout
    assert "20041010050500013" not in done.stdout


def test_a_folder_is_checked_in_the_order_of_its_names(folder: Path) -> None:
    _, lines = check(folder, ".")
    assert [line["file"] for line in lines] == ["a-bad.xml", "b-good.xml"]


def test_paths_are_answered_in_the_order_given(folder: Path) -> None:
    _, lines = check(folder, "b-good.xml", "a-bad.xml")
    assert [line["file"] for line in lines] == ["b-good.xml", "a-bad.xml"]


def test_standard_input_is_a_file_too(folder: Path) -> None:
    code, [line] = check(folder, "-", stdin=GOOD)
    assert (code, line["file"], line["verdict"]) == (0, "-", "accepted")


def test_each_invoice_of_an_archive_has_its_line(folder: Path) -> None:
    (folder / "flow").write_bytes(write_archive([GOOD, REJECTED]))
    _, lines = check(folder, "flow")
    told = [(line["member"], line["verdict"]) for line in lines]
    assert told == [("facture-0001.xml", "accepted"), ("facture-0002.xml", "rejected")]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        # one line for each way of holding no invoice
        (b"", "FLOW_EMPTY"),
        (b"<Invoice", "XML_SYNTAX"),
        (b"%PDF-1.7 nothing", "PDF_UNREADABLE"),
        (b"<html/>", "SYNTAX_UNKNOWN"),
        (b"\x1f\x8b\x08 cut", "ARCHIVE_DAMAGED"),
        (b"PK\x03\x04 cut", "ARCHIVE_DAMAGED"),
    ],
)
def test_a_file_without_invoice_gives_one_line_that_says_why(folder: Path, data: bytes, code: str) -> None:
    (folder / "odd").write_bytes(data)
    ended, [line] = check(folder, "odd")
    assert (ended, line["verdict"], line["document"]) == (1, "rejected", None)
    assert code in {finding["code"] for finding in line["findings"]}  # type: ignore[attr-defined]


def test_a_cii_is_judged_by_the_whole_schema_and_measured_against_its_profile(folder: Path) -> None:
    (folder / "cii.xml").write_bytes(write_cii(Sample()))
    _, [line] = check(folder, "cii.xml")
    rulesets = [layer["ruleset"] for layer in line["layers"] if layer["name"] == "schema"]  # type: ignore[attr-defined]
    assert rulesets == ["cii-d22b", "facturx-en16931"]


@pytest.mark.parametrize(
    ("deposit", "severity"),
    [
        # the legacy family refuses an IBAN that fails its key
        ("FSO1100A", "fatal"),
        # the AFNOR family has neither rule nor motif for it
        ("FSO1150A", "warning"),
    ],
)
def test_the_deposit_decides_which_family_judges(folder: Path, deposit: str, severity: str) -> None:
    (folder / "iban.xml").write_bytes(write_ubl(replace(Sample(), iban="FR1420041010050500013M02605")))
    _, [line] = check(folder, "--as", deposit, "iban.xml")
    weights = {finding["code"]: finding["severity"] for finding in line["findings"]}  # type: ignore[attr-defined]
    assert weights["IBAN_CHECKSUM"] == severity


def test_a_syntax_that_the_deposit_does_not_take_is_refused(folder: Path) -> None:
    code, [line] = check(folder, "--as", "cii/en16931", "b-good.xml")
    assert (code, line["findings"][0]["code"]) == (1, "SYNTAX_INTERFACE")  # type: ignore[index]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("missing.xml",), "missing.xml: no such file or folder"),
        (("--as", "FSO9999A", "b-good.xml"), "neither an interface"),
        (("--layer", "taste", "b-good.xml"), "'taste' is not one of"),
        ((), "Missing argument 'PATH...'"),
        (("--config", "none.toml", "b-good.xml"), "none.toml"),
    ],
)
def test_wrong_use_is_one_sentence_and_exit_code_2(folder: Path, arguments: tuple[str, ...], sentence: str) -> None:
    done = run_flux("check", *arguments, cwd=folder)
    assert (done.returncode, "Traceback" in done.stderr) == (2, False)
    assert sentence in done.stderr


def test_a_pdf_that_had_to_be_mended_leaves_no_word_beside_the_answer(folder: Path) -> None:
    whole = write_facturx()
    (folder / "facture.pdf").write_bytes(whole[: whole.rindex(b"startxref")] + b"startxref\n7\n%%EOF\n")
    done = run_process("check", "--json", "facture.pdf", cwd=folder)
    assert (done.returncode, done.stderr, json.loads(done.stdout)["syntax"]) == (0, "", "facturx")


def read_text(folder: Path, *arguments: str) -> str:
    done = run_flux("check", *arguments, cwd=folder)
    assert "Traceback" not in done.stderr
    return done.stdout


def test_a_person_sees_a_cause_once_with_its_count_and_the_lines_at_fault(folder: Path) -> None:
    wrong = write_afnor_ubl(replace(AFNOR_SAMPLE, line_count=40)).replace(b'unitCode="C62"', b'unitCode="BOITE"')
    (folder / "units.xml").write_bytes(wrong)

    shown = read_text(folder, "--layer", "rules", "--show-xml", "units.xml")

    assert shown.count("BR-CL-23") == 1
    assert "BR-CL-23 ×40 (BT-130, lignes " in shown
    assert [line.strip() for line in shown.splitlines() if "▸" in line] == [
        '▸   105 │   <cbc:InvoicedQuantity unitCode="BOITE">120</cbc:InvoicedQuantity>'
    ]


@pytest.mark.parametrize(("argument", "is_shown"), [("--show-xml", True), ("--no-show-xml", False)])
def test_the_lines_at_fault_are_shown_where_they_are_asked_for(folder: Path, argument: str, *, is_shown: bool) -> None:
    assert ("▸" in read_text(folder, argument, "a-bad.xml")) is is_shown


def test_on_a_pipe_the_lines_at_fault_are_left_out(folder: Path) -> None:
    assert "▸" not in read_text(folder, "a-bad.xml")


def test_remarks_of_rules_do_not_drown_what_refuses(folder: Path) -> None:
    unused = b"<cbc:UUID>1</cbc:UUID><cbc:IssueDate>"
    wrong = write_afnor_ubl().replace(b"<cbc:IssueDate>", unused, 1).replace(b'unitCode="C62"', b'unitCode="BOITE"')
    (folder / "both.xml").write_bytes(wrong)

    shown = read_text(folder, "--layer", "rules", "both.xml").splitlines()

    assert [line.split()[1] for line in shown if "✗" in line] == ["BR-CL-23"]
    assert [line.strip() for line in shown if "UBL-" in line] == [
        "! remarques de règles, sans effet (--json les dit en entier) : UBL-CR-005"
    ]


def test_nothing_is_written(folder: Path) -> None:
    (folder / "flow").write_bytes(write_archive([GOOD]))
    before = sorted(folder.rglob("*"))
    check(folder, ".")
    assert sorted(folder.rglob("*")) == before


def test_an_archive_made_of_signatures_beside_their_invoice_counts_the_invoice_alone(folder: Path) -> None:
    buffer = BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name, data in (
            ("facture.xml", GOOD),
            ("facture.xml.sig", b'<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"/>'),
        ):
            header = tarfile.TarInfo(name)
            header.size = len(data)
            archive.addfile(header, BytesIO(data))
    (folder / "flow").write_bytes(buffer.getvalue())
    code, lines = check(folder, "flow")
    assert (code, [line["member"] for line in lines]) == (0, ["facture.xml"])
