import doctest
import importlib

import pytest


@pytest.mark.parametrize("module", ["siren", "siret", "vat", "iban", "rib", "bic", "country"])
def test_the_examples_of_the_documentation_run(module: str) -> None:
    outcome = doctest.testmod(importlib.import_module(f"flux.rules.{module}"))
    assert outcome.attempted > 0
    assert outcome.failed == 0
