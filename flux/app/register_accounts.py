"""The accounts on the sheets of an installation's suppliers: shown, declared, approved and closed."""

from dataclasses import replace
from datetime import date

from flux.app.register import closing, is_made, name_of, open_existing, parse_as, tell_time
from flux.config import Settings
from flux.errors import ConfigError
from flux.model.masking import mask_account
from flux.model.register import AccountKind, DeclaredAccount, IdentifierType, StructureId, Validity
from flux.register.account_numbers import parse_bic, parse_iban, parse_rib
from flux.register.accounts import (
    AccountLine,
    approve_accounts,
    close_account,
    declare_account,
    list_accounts,
    pending_of,
)

__all__ = ["AccountLine", "approve", "close", "declare", "list_of_accounts"]


def list_of_accounts(
    settings: Settings, supplier: StructureId | None, *, pending_only: bool
) -> tuple[AccountLine, ...]:
    """The accounts of a supplier or of all. Raises RegisterError."""
    if not is_made(settings.register):
        return ()
    with closing(open_existing(settings.register)) as database:
        return list_accounts(database, supplier, pending_only=pending_only)


def declare(
    settings: Settings,
    supplier: StructureId,
    number: str,
    *,
    validity: Validity,
    bic: str = "",
    holder: str = "",
    factor: str = "",
    document: str = "",
    by: str = "",
) -> AccountLine:
    """Put an IBAN, or a RIB, on a supplier's sheet. Raises ConfigError for what is neither, RegisterError."""
    account = replace(
        _parse_account(number, validity),
        bic=_parse_bic(bic),
        holder=holder,
        factor=parse_as(IdentifierType.SIRET, factor).value if factor else "",
        source_document=document,
    )
    with closing(open_existing(settings.register)) as database:
        return declare_account(
            database, supplier, account, by=name_of(by), at=tell_time(), four_eyes=settings.register.four_eyes
        )


def _parse_account(text: str, validity: Validity) -> DeclaredAccount:
    for kind, parse in ((AccountKind.IBAN, parse_iban), (AccountKind.RIB, parse_rib)):
        number = parse(text)
        if number is not None:
            return DeclaredAccount(kind=kind, number=number, validity=validity)
    raise ConfigError(f"{mask_account(text)}: neither an IBAN whose check digits hold nor a RIB whose key holds")


def _parse_bic(text: str) -> str:
    found = parse_bic(text) if text else ""
    if found is None:
        raise ConfigError(f"--bic {text}: 8 or 11 characters expected")
    return found


def approve(settings: Settings, numbers: tuple[int, ...], *, act: int | None, by: str) -> tuple[AccountLine, ...]:
    """Make accounts count: these, and all that wait of an import. Raises RegisterError."""
    with closing(open_existing(settings.register)) as database:
        wanted = tuple(dict.fromkeys((*numbers, *(pending_of(database, act) if act is not None else ()))))
        if not wanted:
            return ()
        return approve_accounts(database, wanted, by=name_of(by), at=tell_time(), four_eyes=settings.register.four_eyes)


def close(settings: Settings, number: int, last_day: date, *, by: str) -> AccountLine:
    """Give an account its last day. Raises RegisterError."""
    with closing(open_existing(settings.register)) as database:
        return close_account(database, number, last_day, by=name_of(by), at=tell_time())
