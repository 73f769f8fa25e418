"""Texts of a message as values, and the observations on those that cannot be read.

A reader of a message goes on after a fault, so that its sender learns of every one at once.
"""

import re
from base64 import b64decode
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TypeVar

from lxml import etree

from flux.formats.fault import shorten
from flux.formats.position import position_of
from flux.formats.tree import Element
from flux.model.finding import Observation
from flux.model.paris import PARIS, in_paris
from flux.model.term import Term

_Value = TypeVar("_Value")

_XML_SPACE = " \t\r\n"
_DIGITS = re.compile(r"(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d))?", re.ASCII)
_END_OF_DAY = re.compile(r"T24:00:00(?:\.0*)?(?:Z|[+-][\d:]+)?$", re.ASCII)
_WORDS = {"true": True, "1": True, "false": False, "0": False}


class Faults:
    """The observations that a reading gathers."""

    def __init__(self) -> None:
        self._observations: list[Observation] = []

    @property
    def observations(self) -> tuple[Observation, ...]:
        """What was seen, in the order of the document."""
        return tuple(self._observations)

    def missing(self, parent: Element, name: str) -> None:
        """Note that an element lacks what must be there."""
        line, xpath = position_of(parent)
        self._observations.append(Observation(code="MESSAGE_MISSING", expected=name, line=line, xpath=xpath))

    def required(self, value: _Value | None, parent: Element, name: str, instead: _Value) -> _Value:
        """The value; where it is absent that is noted, and `instead` fills the place until the reading is refused."""
        if value is not None:
            return value
        self.missing(parent, name)
        return instead

    def several(self, values: tuple[_Value, ...], parent: Element, name: str) -> tuple[_Value, ...]:
        """The values; that there are none is noted."""
        if not values:
            self.missing(parent, name)
        return values

    def read(self, element: Element | None, parse: Callable[[str], _Value | None], expected: str) -> _Value | None:
        """What `parse` makes of the text of an element; None where there is no element, and, noted, no such value."""
        if element is None:
            return None
        text = code_of(element)
        value = parse(text)
        if value is None:
            line, xpath = position_of(element)
            self._observations.append(
                Observation(
                    code="MESSAGE_VALUE",
                    found=shorten(text),
                    expected=expected,
                    detail=etree.QName(element).localname,
                    line=line,
                    xpath=xpath,
                )
            )
        return value


def text_in(parent: Element | None, tag: str) -> str | None:
    """The text of a child as it stands, None where there is no such child."""
    child = None if parent is None else parent.find(tag)
    return None if child is None else child.text or ""


def code_of(element: Element) -> str:
    """The text of an element without outer white space, which no code and no identifier has."""
    return (element.text or "").strip(_XML_SPACE)


def code_in(parent: Element | None, tag: str) -> str | None:
    """The same of a child, None where there is no such child."""
    child = None if parent is None else parent.find(tag)
    return None if child is None else code_of(child)


def parse_time(text: str) -> date | datetime | None:
    """The day (YYYYMMDD, format 102) or the moment on the clocks of Paris (YYYYMMDDhhmmss, format 204), by its length.

    A moment of the hour that autumn repeats is taken for the first of the two.
    """
    digits = _DIGITS.fullmatch(text)
    if digits is None:
        return None
    numbers = [int(group) for group in digits.groups() if group is not None]
    try:
        return date(*numbers) if len(numbers) == 3 else datetime(*numbers, tzinfo=PARIS)  # type: ignore[arg-type, misc]  # six numbers
    except ValueError:
        return None


def parse_moment(text: str) -> datetime | None:
    """The moment that fourteen digits or an xsd:dateTime write, on the clocks of Paris; without a zone it is of Paris."""
    if "T" not in text:
        time = parse_time(text)
        return time if isinstance(time, datetime) else None
    is_end_of_day = bool(_END_OF_DAY.search(text))  # the one hour that XML Schema knows and Python does not
    try:
        moment = datetime.fromisoformat(text.replace("T24:", "T00:", 1) if is_end_of_day else text)
        local = in_paris(moment if moment.tzinfo else moment.replace(tzinfo=PARIS))
        return local + timedelta(days=1) if is_end_of_day else local
    except (ValueError, OverflowError):  # no such day; or one that leaves the calendar on its way to Paris
        return None


def parse_day(text: str) -> date | None:
    """The day that an xsd:date writes, its zone left aside."""
    return Term(text).date


def parse_decimal(text: str) -> Decimal | None:
    """The number, without an exponent."""
    return Term(text).decimal


def parse_whole(text: str) -> int | None:
    """The whole number: `1`, `001`, `1.0`."""
    number = Term(text).decimal
    return int(number) if number is not None and number == number.to_integral_value() else None


def parse_indicator(text: str) -> bool | None:
    """The indicator, of either schema type."""
    return _WORDS.get(text.lower())


def parse_base64(text: str) -> bytes | None:
    """The bytes; white space inside is no fault."""
    try:
        return b64decode("".join(text.split()), validate=True)
    except ValueError:
        return None
