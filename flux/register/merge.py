"""How what a file says changes what is held: nothing is taken back, stretches of days are closed and others begun.

A file that gives a day is believed. Where it gives none, what is told for the first time holds as far back as one can
see, and what changes afterwards changes on the day of the import.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import NamedTuple

from flux.model.register import AccountKind, DeclaredAccount, Service, Validity
from flux.register.given import State, StatedService

GONE = State(is_active=False)


class HeldAccount(NamedTuple):
    """An account of the register.

    One that was imported is closed by the full file that no longer names it; one that a person declared or closed stays as
    that person left it, unless a file gives it another last day.
    """

    account: DeclaredAccount
    is_imported: bool


class AccountKey(NamedTuple):
    """What makes two lines speak of one account of a supplier."""

    kind: AccountKind
    number: str
    factor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """Who vouches for an import, when; `approves` where a second pair of eyes is not asked for."""

    by: str
    at: datetime
    approves: bool

    def sign(self, account: DeclaredAccount) -> DeclaredAccount:
        """The account declared, and approved where the file says by whom or where no other eyes are asked for."""
        signed = replace(account, declared_by=account.declared_by or self.by, declared_at=self.at)
        if account.is_approved or not self.approves:
            return signed
        return replace(signed, approved_by=self.by, approved_at=self.at)


def merge_stretches(held: Sequence[Validity], state: State, today: date) -> tuple[Validity, ...]:
    """The stretches of activity after a file gave its state; one that was begun and closed on one day is none."""
    after = _merge(sorted(filter(_has_days, held), key=_by_start), state, today)
    return tuple(filter(_has_days, after))


def _merge(held: Sequence[Validity], state: State, today: date) -> tuple[Validity, ...]:
    if not held:
        return tuple(_begin(state))
    *earlier, last = held
    is_open = last.end is None or last.end >= today
    if not state.is_active:
        end = state.end or (_before(today) if is_open else last.end)
        return _follow(earlier, _correct(last, state, end))
    if is_open or (state.start is not None and last.end is not None and state.start <= last.end):
        return _follow(earlier, _correct(last, state, state.end))
    if state.start is None and state.end is not None and state.end < today:
        return tuple(held)
    return (*earlier, last, Validity(start=state.start or today, end=state.end))


def merge_services(
    held: Sequence[Service], given: Sequence[StatedService], today: date, *, is_full: bool
) -> tuple[Service, ...]:
    """The services of a public entity after a file gave some, or all, of them."""
    by_code: dict[str, list[Service]] = {}
    for service in held:
        by_code.setdefault(service.code, []).append(service)
    merged = [each for stated in given for each in _merge_service(by_code.pop(stated.code, []), stated, today)]
    for services in by_code.values():
        merged += _end_services(services, today) if is_full else services
    return tuple(merged)


def merge_accounts(
    held: Sequence[HeldAccount],
    given: Sequence[DeclaredAccount],
    signature: Signature,
    today: date,
    *,
    is_first: bool,
    is_full: bool,
) -> tuple[HeldAccount, ...]:
    """The sheet of a supplier after a file gave some, or all, of its accounts.

    `is_first`: the supplier was unknown, so that its accounts are not new to it. A changed account is declared afresh; one
    that only ends sooner stays approved.
    """
    merged: list[HeldAccount] = []
    named = {key_of(account) for account in given}
    for account in given:
        periods = [
            each for each in held if key_of(each.account) == key_of(account) and _has_days(each.account.validity)
        ]
        periods.sort(key=_account_start)
        merged += _merge_account(periods, account, signature, today, is_first=is_first)
    for each in held:
        if key_of(each.account) not in named:
            merged.append(_end_account(each, today) if is_full and each.is_imported else each)
    return tuple(merged)


def key_of(account: DeclaredAccount) -> AccountKey:
    """What an account is told apart by."""
    return AccountKey(account.kind, account.number, account.factor)


def end_account(account: DeclaredAccount, last_day: date) -> DeclaredAccount:
    """The account with its last day, approved as it was."""
    return replace(account, validity=replace(account.validity, end=last_day))


def _correct(last: Validity, state: State, end: date | None) -> Validity:
    """The stretch with another last day, and the file's first day unless it lies behind that.

    The first day that was known goes too where the file's own last day lies before it.
    """
    for start in (state.start or last.start, last.start):
        corrected = Validity(start=start, end=end)
        if _has_days(corrected):
            return corrected
    return Validity(end=end) if state.end is not None else corrected


def _follow(earlier: Sequence[Validity], last: Validity) -> tuple[Validity, ...]:
    """The stretches with one after them; what a file's day lets it overlap is part of it."""
    start = _by_start(last)
    kept = (each for each in earlier if _by_start(each) < start)
    return (*(each if each.end and each.end < start else replace(each, end=_before(start)) for each in kept), last)


def _begin(state: State) -> Iterator[Validity]:
    if state.is_active or state.end is not None:
        yield Validity(start=state.start, end=state.end)


def _merge_service(held: Iterable[Service], stated: StatedService, today: date) -> Iterator[Service]:
    """The stretches of one service; its words are the file's in the last one and what they were in those before."""
    earlier = {service.validity.start: service for service in held if _has_days(service.validity)}
    held_days = tuple(service.validity for service in earlier.values())
    stretches = merge_stretches(held_days, stated.state, today) or (Validity(end=_before(today)),)
    for validity in stretches[:-1]:
        yield replace(earlier[validity.start], validity=validity)
    yield Service(
        code=stated.code,
        label=stated.label,
        requires_engagement=stated.requires_engagement,
        validity=stretches[-1],
    )


def _end_services(held: Sequence[Service], today: date) -> Iterator[Service]:
    for service in held:
        is_open = service.validity.end is None or service.validity.end >= today
        yield replace(service, validity=replace(service.validity, end=_before(today))) if is_open else service


def _merge_account(
    periods: Sequence[HeldAccount], given: DeclaredAccount, signature: Signature, today: date, *, is_first: bool
) -> tuple[HeldAccount, ...]:
    """The periods of one account: those that stay are the same values, the others are as the file has them."""
    if not periods:
        is_over = given.validity.end is not None and given.validity.end < today
        start = given.validity.start or (None if is_first or is_over else today)
        first = replace(given, validity=replace(given.validity, start=start))
        return (HeldAccount(signature.sign(first), is_imported=True),)
    *earlier, last = periods
    former = last.account
    if not last.is_imported and former.validity.end is not None and given.validity.end is None:
        return tuple(periods)
    stretches = _merge((former.validity,), State(start=given.validity.start, end=given.validity.end), today)
    told = _fill(given, former, stretches[-1])
    if len(stretches) > 1:
        return (*periods, HeldAccount(signature.sign(told), is_imported=True))
    if _says_the_same(told, former):
        return tuple(periods)
    return (*earlier, HeldAccount(_sign(told, signature, former), is_imported=True))


def _fill(given: DeclaredAccount, former: DeclaredAccount, validity: Validity) -> DeclaredAccount:
    """The account as the file has it, with what the file leaves empty."""
    return replace(
        given,
        bic=given.bic or former.bic,
        holder=given.holder or former.holder,
        source_document=given.source_document or former.source_document,
        validity=validity,
    )


def _says_the_same(one: DeclaredAccount, other: DeclaredAccount) -> bool:
    return _content(one) == _content(other)


def _content(account: DeclaredAccount) -> tuple[object, ...]:
    return (key_of(account), account.bic, account.holder, account.source_document, account.validity)


def _sign(account: DeclaredAccount, signature: Signature, former: DeclaredAccount) -> DeclaredAccount:
    """Approved as before where all that changed is a sooner end; else declared afresh."""
    end, former_end = account.validity.end, former.validity.end
    if end is not None and (former_end is None or end <= former_end):
        ended = end_account(former, end)
        if _says_the_same(account, ended):
            return ended
    return signature.sign(account)


def _end_account(held: HeldAccount, today: date) -> HeldAccount:
    end = held.account.validity.end
    if end is not None and end < today:
        return held
    return held._replace(account=end_account(held.account, _before(today)))


def _has_days(validity: Validity) -> bool:
    return validity.start is None or validity.end is None or validity.start <= validity.end


def _before(day: date) -> date:
    return day - timedelta(days=1)


def _by_start(validity: Validity) -> date:
    return validity.start or date.min


def _account_start(held: HeldAccount) -> date:
    return _by_start(held.account.validity)
