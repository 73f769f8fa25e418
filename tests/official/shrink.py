"""A mutant brought down to the steps that its disagreement needs."""

from collections.abc import Callable
from dataclasses import replace

from tests.official.draft import Draft
from tests.official.parity import Subject


def shrink(subject: Subject, still_differs: Callable[[bytes], bool]) -> Subject:
    """The same disagreement with fewer steps, none of which can be left out; what is no mutant stays as it is."""
    if subject.base is None:
        return subject
    needed = subject
    for place in reversed(range(len(subject.steps))):
        steps = needed.steps[:place] + needed.steps[place + 1 :]
        try:
            document = Draft(subject.base).do_all(steps).written()
        except LookupError:  # a later step works on what this one made
            continue
        if still_differs(document):
            needed = replace(needed, document=document, steps=steps)
    return needed
