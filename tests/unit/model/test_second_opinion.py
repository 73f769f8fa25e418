"""Which documents the official rules look at, and in what they and ours disagree."""

import hashlib
from collections import Counter

import pytest

from flux.model.second_opinion import Disagreement, compare, is_sampled, share_of

HASHES = [hashlib.sha256(str(number).encode()).hexdigest() for number in range(4000)]


@pytest.mark.parametrize(
    ("setting", "share"), [("off", 0.0), ("sample 1%", 0.01), ("sample 2.5%", 0.025), ("always", 1.0)]
)
def test_a_setting_says_how_many_documents_are_looked_at(setting: str, share: float) -> None:
    sampled = sum(is_sampled(each, setting) for each in HASHES) / len(HASHES)

    assert share_of(setting) == share
    assert sampled == pytest.approx(share, abs=0.01)


@pytest.mark.parametrize("setting", ["", "on", "sample", "sample 1", "sample -1%", "sample 101%", "sample 1 %"])
def test_any_other_setting_is_refused(setting: str) -> None:
    with pytest.raises(ValueError, match="sample 1%"):
        share_of(setting)


def test_a_document_is_in_the_sample_whenever_it_is_judged_and_in_every_larger_one() -> None:
    small = [each for each in HASHES if is_sampled(each, "sample 5%")]

    assert small == [each for each in HASHES if is_sampled(each, "sample 5%")]
    assert all(is_sampled(each, "sample 10%") for each in small)


def test_two_that_fire_the_same_rules_as_often_agree() -> None:
    assert not compare(Counter({"BR-21": 2}), Counter({"BR-21": 2}))


def test_a_disagreement_names_each_side_by_rule_and_count() -> None:
    assert compare(Counter({"BR-21": 3, "BR-02": 1}), Counter({"BR-21": 1, "BR-16": 2})) == Disagreement(
        ours_only=(("BR-02", 1), ("BR-21", 2)), theirs_only=(("BR-16", 2),)
    )
