"""Held invoices from drop to release, by the command line."""

import json
from pathlib import Path

import pytest

from flux.demo.samples import Sample, write_ubl
from flux.demo.scenario import write_archive
from tests.acceptance.installation import FRN001, GATEWAY, Installation, wait_until

NAME = FRN001.format(42)
FREE = write_ubl(Sample(number="F1"))
VALIDATED = write_ubl(Sample(number="V1")).replace(b">A1<", b">A9<")
REASON = "letter of the project manager"


@pytest.fixture
def held(tmp_path: Path) -> Installation:
    """One invoice went on, one waits for its validator."""
    installation = Installation(tmp_path)
    installation.drop("frn001", NAME, write_archive([FREE, VALIDATED]))
    installation.run_once()
    return installation


def release(installation: Installation, *arguments: str) -> tuple[int, str]:
    done = installation.flux("flows", "release", "1", *arguments, "--config", str(installation.config))
    return done.returncode, done.stdout + done.stderr


def test_the_entity_sees_only_what_needs_no_validator(held: Installation) -> None:
    assert held.only("sei001", "FSO*").read_bytes() == FREE
    assert len(held.put_out("frn001", "FEN1200A*")) == 1


def test_the_sender_reads_that_it_is_accepted_and_waits(held: Installation) -> None:
    page = held.only("frn001", f"rapports/{NAME}.html").read_text(encoding="utf-8")
    assert page.count("acceptée, en attente du valideur") == 1


def test_operators_see_what_is_held_and_why(held: Installation) -> None:
    [flow] = held.json("flows", "list")
    [delivery] = held.json("deliveries", "list", "--state", "held")
    [history] = held.json("flows", "show", "1")
    reasons = [each["held_reason"] for each in history["deliveries"]]  # type: ignore[attr-defined]
    assert (flow["state"], flow["held_forwards"], delivery["reason"]) == ("closed", 1, "validator")
    assert reasons.count("validator") == 1
    assert flow["held_for"] == {"validator": 1}
    assert "1 validator" in held.flux("flows", "list", "--config", str(held.config)).stdout


def test_it_goes_by_a_word_with_a_reason(held: Installation) -> None:
    [done] = held.json("flows", "release", "1", "--reason", REASON, "--by", "claire", "--invoice", "V1")
    assert [each["invoices"] for each in done["released"]] == [["V1"]]  # type: ignore[attr-defined]
    held.run_once()
    assert VALIDATED in [file.read_bytes() for file in held.put_out("sei001", "FSO*")]
    [history] = held.json("flows", "show", "1")
    assert history["held_forwards"] == 0


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ((), "--reason"),
        (("--reason", ""), "say why"),
        (("--reason", REASON, "--invoice", "V9"), "not held in flow 1: V9"),
    ],
)
def test_it_does_not_go_otherwise(held: Installation, arguments: tuple[str, ...], why: str) -> None:
    code, said = release(held, *arguments)
    assert (code, why in said, "Traceback" in said) == (2, True, False)


def test_a_gateway_at_work_sends_it_within_seconds(held: Installation) -> None:
    with held.running():
        wait_until(lambda: "gateway_started" in (held.root / "flux.log").read_text(), "the gateway starts")
        assert release(held, "--reason", REASON) == (
            0,
            "goes to sei001: FSO1100A_FLX001_FLX0011100000000000000003 (V1)\n",
        )
        wait_until(lambda: len(held.put_out("sei001", "FSO*")) == 2, "the held invoice is forwarded", limit=20)


def test_a_supplier_s_deposit_for_another_is_refused_in_neutral_words(tmp_path: Path) -> None:
    partners = """
[partners.frn001]
role = "supplier"
application_code = "FRN001"
interfaces = ["FSO1100A"]
sirets = ["35600000000048"]
"""
    installation = Installation(tmp_path, partners=partners)
    installation.drop("frn001", NAME, FREE)
    installation.run_once()
    report = installation.only("frn001", "CSO*").read_text(encoding="utf-8")
    assert "SENDER_NOT_ENTITLED" in report
    assert "35600000000048" not in report


def test_without_a_register_a_required_register_holds_the_flow(tmp_path: Path) -> None:
    gateway = GATEWAY.replace("workers = 2", 'workers = 2\nlayers = ["schema", "identity", "register"]')
    installation = Installation(tmp_path, gateway=gateway)
    installation.drop("frn001", NAME, FREE)
    installation.run_once()
    [flow] = installation.json("flows", "list")
    assert (flow["state"], flow["verdict"]) == ("held", "not_judged")
    assert installation.put_out("frn001") == installation.put_out("sei001") == []
    [done] = installation.json("flows", "release", "1", "--reason", "register imported")
    assert done["attempt"] == 2


def test_a_held_forward_tells_in_words_what_lets_it_go(held: Installation) -> None:
    shown = held.flux("flows", "show", "1", "--config", str(held.config)).stdout
    assert "(validator)" in shown
    assert 'flux flows release 1 --reason "..."' in shown


def test_a_flow_shows_its_invoices_with_their_seller(held: Installation) -> None:
    shown = held.flux("flows", "show", "1", "--config", str(held.config)).stdout
    lines = [line for line in shown.splitlines() if line.startswith(("F1 ", "V1 "))]
    seller = Sample().supplier_name
    assert [line.split("  ")[0] for line in lines] == ["F1", "V1"]
    assert [seller in line for line in lines] == [True, True]


def test_a_recipient_that_nobody_configured_is_named_with_what_to_add(tmp_path: Path) -> None:
    installation = Installation(tmp_path)
    installation.drop("frn001", NAME, write_ubl(Sample(number="F1", buyer_siret="55208131766522")))
    installation.run_once()
    shown = installation.flux("flows", "show", "1", "--config", str(installation.config)).stdout
    assert "55208131766522" in shown
    assert "`sirets`" in shown


def test_doctor_counts_held_forwards_and_names_the_list_that_shows_them(held: Installation) -> None:
    told = held.flux("doctor", "--json", "--config", str(held.config)).stdout
    [waiting] = [each for each in map(json.loads, told.splitlines()) if each["subject"] == "waiting for a person"]
    assert waiting["advice"] == "`flux deliveries list --state held`"


def test_a_list_that_was_cut_says_so(held: Installation) -> None:
    cut = held.flux("deliveries", "list", "--limit", "1", "--config", str(held.config))
    whole = held.flux("deliveries", "list", "--config", str(held.config))
    assert ["there are more" in each.stderr for each in (cut, whole)] == [True, False]


def test_a_delivery_that_does_not_go_again_is_told_why(held: Installation) -> None:
    [waiting] = held.json("deliveries", "list", "--state", "held")
    held.flux("deliveries", "close", str(waiting["id"]), "--reason", REASON, "--config", str(held.config))
    [delivered, *_] = held.json("deliveries", "list", "--state", "delivered")
    ids = [str(each["id"]) for each in (delivered, waiting)]
    said = held.flux("deliveries", "retry", *ids, "--config", str(held.config)).stdout
    assert said.splitlines()[0] == "0 going again"
    assert f"delivery {delivered['id']} was delivered 2" in said
    assert f"delivery {waiting['id']} was closed by a person's word" in said


def test_a_retry_with_nothing_to_retry_says_so(held: Installation) -> None:
    said = held.flux("deliveries", "retry", "--partner", "sei001", "--config", str(held.config)).stdout
    assert said == "0 going again\nnothing is dead or uncertain for sei001\n"
