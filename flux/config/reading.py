"""A config.toml read: its tables, its faults in words, its paths made absolute."""

import copy
import difflib
import os
import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote

import cattrs
from cattrs.errors import ForbiddenExtraKeysError
from cattrs.gen import make_dict_structure_fn

from flux.config.contradictions import find_contradictions, find_unpinned
from flux.config.settings import LedgerSettings, Settings
from flux.errors import ConfigError
from flux.model.override import Overrides
from flux.model.partner import PartnerRole
from flux.overrides import read_overrides
from flux.register.settings import RegisterSettings
from flux.transport.accounts import AccountKey, read_account_key
from flux.transport.settings import TransportKind, TransportSettings

T = TypeVar("T")
# What any part of the machine can hold, in bytes as in seconds; 30 years of them are more than any wait.
_LARGEST_NUMBER = 2**63 - 1
_LONGEST = 10**9
# In the place of the password, or among the parameters; sqlite:/// has neither.
_PASSWORD_IN_URL = re.compile(
    r"^(?!sqlite:)[^:]+://[^/@:]*:(?!\{password\}@)[^@]+@|[?&]\w*password=(?!\{password\})", re.IGNORECASE
)


def load(path: Path, *, must_pin: bool = True) -> Settings:
    """The settings of a config.toml. Raises ConfigError naming every fault at once.

    `must_pin` is false only for a probe, which tells the host key that is to be pinned.
    """
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ConfigError(f"{path}: no such file; `flux init` makes one") from error
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read: {error}") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: not TOML: {error}") from error
    try:
        return read(tables, root=path.resolve().parent, environ=os.environ, must_pin=must_pin)
    except ConfigError as error:
        raise ConfigError("\n".join(f"{path}: {line}" for line in str(error).splitlines())) from error


def read(tables: Mapping[str, object], *, root: Path, environ: Mapping[str, str], must_pin: bool = True) -> Settings:
    """The settings that the tables of a configuration describe. Raises ConfigError, one line per fault."""
    try:
        settings = _converter(root, environ).structure(dict(tables), Settings)
    except cattrs.BaseValidationError as error:
        faults = [_readable(fault) for fault in _faults_of(error)]
        raise ConfigError("\n".join([*faults, *_further_faults(tables, faults, root, must_pin=must_pin)])) from error
    settings = _from_root(settings, root, environ)
    if found := _contradictions(settings, must_pin=must_pin):
        raise ConfigError("\n".join(found))
    return settings


def _contradictions(settings: Settings, *, must_pin: bool) -> list[str]:
    return [*find_contradictions(settings), *(find_unpinned(settings) if must_pin else ())]


def _faults_of(error: cattrs.BaseValidationError) -> list[str]:
    return cattrs.transform_error(error, path="", format_exception=_explain)


def _further_faults(tables: Mapping[str, object], faults: Sequence[str], root: Path, *, must_pin: bool) -> list[str]:
    """What else is wrong with the tables where what could not be read is left out, so that one look shows everything.

    Nothing is said of a key that is told of already, nor of the tables that it stands in.
    """
    told = [
        _key_of(fault) for fault in faults if ": unknown key " not in fault and not fault.startswith("unknown key ")
    ]
    try:
        settings = _from_root(_without(tables, told, root), root, _Lenient())
    except (cattrs.BaseValidationError, ConfigError):
        return []
    return [
        further
        for further in _contradictions(settings, must_pin=must_pin)
        if not any(_is_part(_key_of(further), key) or _is_part(key, _key_of(further)) for key in told)
    ]


def _without(tables: Mapping[str, object], told: Sequence[str], root: Path) -> Settings:
    """The settings without the keys that are told of; defaults stand in their place."""
    rest = copy.deepcopy(dict(tables))
    for key in told:
        _drop(rest, key)
    _fill(rest.setdefault("gateway", {}), application_code="AAAAAA")
    partners = rest.get("partners")
    for partner in partners.values() if isinstance(partners, dict) else ():
        _fill(partner, application_code="AAAAAA", role=PartnerRole.ENTITY.value)
    return _converter(root, _Lenient(), forbids=False).structure(rest, Settings)


def _drop(table: dict[str, object], key: str) -> None:
    """Take a key out of the tables; one that a table itself bears, as for a missing key, leaves the table as it is."""
    first, _, rest = key.partition(".")
    inner = table.get(first)
    if rest and isinstance(inner, dict):
        _drop(inner, rest)
    elif not isinstance(inner, dict):
        table.pop(first, None)


def _fill(table: object, **values: str) -> None:
    """Give a table that lacks a mandatory key a value that is never wrong."""
    if isinstance(table, dict):
        for key, value in values.items():
            table.setdefault(key, value)


def _key_of(fault: str) -> str:
    return fault.partition(": ")[0]


def _is_part(key: str, of: str) -> bool:
    return key == of or key.startswith(f"{of}.")


class _Lenient(dict[str, str]):
    """An environment in which every variable is set: whether one is has been told."""

    def __missing__(self, variable: str) -> str:
        return ""

    def __contains__(self, variable: object) -> bool:
        return True


def _converter(root: Path, environ: Mapping[str, str], *, forbids: bool = True) -> cattrs.Converter:
    """A converter that coerces nothing: a number in quotes is a fault, not a number. `forbids` unknown keys, or passes over them."""
    converter = cattrs.Converter(forbid_extra_keys=forbids, detailed_validation=True)
    for kind, words in ((str, "text in quotes"), (bool, "true or false")):
        converter.register_structure_hook(kind, _exactly(kind, words))
    converter.register_structure_hook(int, _whole_number)
    converter.register_structure_hook(float, _number)
    structure_path = _exactly(str, "a path in quotes")
    converter.register_structure_hook(Path, lambda value, _: root / structure_path(value, str))
    converter.register_structure_hook_factory(is_dataclass, lambda kind: _table_hook(kind, converter, forbids=forbids))
    converter.register_structure_hook_func(_is_enum, _one_of)
    converter.register_structure_hook_func(_is_text_list, _text_list)
    converter.register_structure_hook_func(
        lambda kind: kind == tuple[Path, ...],
        lambda value, kind: tuple(root / each for each in _text_list(value, kind)),
    )
    structure_end = converter.get_structure_hook(TransportSettings)

    def structure_transport(value: object, kind: type[TransportSettings]) -> TransportSettings:
        table = dict(_exactly(dict, "a table")(value, dict))
        if "password" in table:
            raise ValueError("password: no password stands here; `password_env` names the variable that holds it")
        if isinstance(table.get("host_keys"), str):
            table["host_keys"] = [str(root / table["host_keys"])]
        end: TransportSettings = structure_end(table, kind)
        if end.kind is TransportKind.FOLDER and end.path:
            end = replace(end, path=str(root / end.path))
        return replace(end, password=_secret(end.password_env, environ)) if "password_env" in table else end

    converter.register_structure_hook(TransportSettings, structure_transport)
    structure_keys = converter.get_structure_hook(tuple[AccountKey, ...])
    converter.register_structure_hook(
        AccountKey, lambda value, _: read_account_key(_exactly(dict, "a table")(value, dict), root)
    )
    converter.register_structure_hook_func(
        lambda kind: kind == tuple[AccountKey, ...],
        lambda value, kind: structure_keys(_exactly(list, "a list of tables")(value, list), kind),
    )
    converter.register_structure_hook(Overrides, lambda value, _: read_overrides(root / structure_path(value, str)))
    return converter


def _table_hook(kind: type[T], converter: cattrs.Converter, *, forbids: bool) -> Callable[[object, type[T]], T]:
    structure = make_dict_structure_fn(kind, converter, _cattrs_forbid_extra_keys=forbids)
    return lambda value, _: structure(_exactly(dict, "a table")(value, dict), kind)


def _secret(variable: str, environ: Mapping[str, str]) -> str:
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", variable):
        # Not shown: it may be the password itself.
        raise ValueError("password_env: the name of a variable expected: letters, digits and _")
    if variable not in environ:
        raise ValueError(f"password_env names the variable {variable!r}, which is not set")
    return environ[variable]


def _exactly(kind: type[T], words: str) -> Callable[[object, type[T]], T]:
    def structure(value: object, _: type[T]) -> T:
        if not isinstance(value, kind):
            raise TypeError(f"{words} expected, found {value!r}")
        return value

    return structure


def _whole_number(value: object, _: type[int]) -> int:
    if isinstance(value, int) and value > _LARGEST_NUMBER:
        raise ValueError(f"at most {_LARGEST_NUMBER} expected, found {value}")
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError(f"a whole number, 0 or more, expected, found {value!r}")
    return value


def _number(value: object, _: type[float]) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value < float("inf"):
        raise ValueError(f"a number, 0 or more, expected, found {value!r}")
    if value > _LONGEST:
        raise ValueError(f"at most {_LONGEST} expected, found {value}")
    return float(value)


def _is_enum(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, Enum)


def _one_of(value: object, kind: type[Enum]) -> Enum:
    members = {member.value: member for member in kind}
    if value not in members:
        raise ValueError(f"one of {', '.join(map(repr, members))} expected, found {value!r}")
    return members[value]


def _is_text_list(kind: object) -> bool:
    return kind == tuple[str, ...]


def _text_list(value: object, _: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ValueError(f"a list of texts expected, found {value!r}")
    return tuple(value)


def _explain(fault: BaseException, _: type | None) -> str:
    if isinstance(fault, ForbiddenExtraKeysError):
        return "; ".join(_unknown_key(key, fault.cl) for key in sorted(fault.extra_fields))
    if isinstance(fault, KeyError):
        return f"the key {fault.args[0]!r} is missing"
    return str(fault)


def _unknown_key(key: str, table: type) -> str:
    known = [item.name for item in fields(table) if item.name != "password"]
    near = difflib.get_close_matches(key, known, n=1)
    return f"unknown key {key!r}" + (f", did you mean {near[0]!r}?" if near else f"; known: {', '.join(known)}")


def _readable(fault: str) -> str:
    """Turn "<fault> @ .partners['acme'].role", as cattrs writes it, into "partners.acme.role: <fault>"."""
    message, _, path = fault.rpartition(" @ ")
    key = re.sub(r"\['?([^'\]]+)'?\]", r".\1", path).lstrip(".")
    return f"{key}: {message}" if key else message


def _from_root(settings: Settings, root: Path, environ: Mapping[str, str]) -> Settings:
    """The same settings with every path made absolute; defaults did not go through the converter."""
    gateway, vault = settings.gateway, settings.vault
    return replace(
        settings,
        root=root,
        gateway=replace(gateway, inbox=root / gateway.inbox, outbox=root / gateway.outbox),
        # Emptied at each start: gateways that share a folder must not empty each other's.
        vault=replace(vault, path=root / vault.path, spool=root / vault.spool / gateway.name),
        ledger=replace(settings.ledger, url=_absolute_url("ledger", settings.ledger, root, environ)),
        register=replace(
            settings.register,
            url=_absolute_url("register", settings.register, root, environ),
            sirene=root / settings.register.sirene,
            account_key=root / settings.register.account_key,
        ),
    )


def _absolute_url(
    table: str, settings: LedgerSettings | RegisterSettings, root: Path, environ: Mapping[str, str]
) -> str:
    url = settings.url
    if url.startswith("sqlite:///") and not url.startswith("sqlite:////"):
        url = f"sqlite:///{root / url.removeprefix('sqlite:///')}"
    if _PASSWORD_IN_URL.search(url):
        raise ConfigError(f"{table}.url: no password stands here; write {{password}}, and its variable in password_env")
    if settings.password_env:
        try:
            url = url.replace("{password}", quote(_secret(settings.password_env, environ), safe=""))
        except ValueError as error:
            raise ConfigError(f"{table}: {error}") from error
    return url
