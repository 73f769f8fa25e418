"""Where folders may lie: nothing that flux writes may come back to it as a flow."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from flux.config import Settings, advise, read
from flux.errors import ConfigError
from tests.unit.test_config import GATEWAY, ROOT, SFTP, SUPPLIER, TODAY

Ends = Mapping[str, Mapping[str, object]]


def read_ends(acme: Ends, zeta: Ends | None = None, root: Path = ROOT) -> Settings:
    partners = {"acme": {**SUPPLIER, **acme}, "zeta": {**SUPPLIER, **(zeta or {})}}
    return read({"gateway": GATEWAY, "partners": partners}, root=root, environ={})


@pytest.mark.parametrize(
    ("tables", "words"),
    [
        ({"gateway": GATEWAY | {"inbox": "x", "outbox": "x"}}, "gateway.inbox: /srv/flux/x is the same as gateway.outbox"),
        ({"gateway": GATEWAY | {"outbox": "inbox/out"}}, "gateway.inbox: /srv/flux/inbox holds gateway.outbox"),
        ({"gateway": GATEWAY, "vault": {"path": "inbox/../outbox/v"}}, "gateway.outbox: /srv/flux/outbox holds vault.path"),
        ({"gateway": GATEWAY, "vault": {"spool": "inbox"}}, "gateway.inbox: /srv/flux/inbox holds vault.spool"),
        ({"gateway": GATEWAY, "ledger": {"url": "sqlite:///inbox/l.db"}}, "ledger.url: /srv/flux/inbox/l.db lies in gateway.inbox"),
        ({"gateway": GATEWAY, "register": {"sirene": "outbox/s"}}, "register.sirene: /srv/flux/outbox/s lies in gateway.outbox"),
    ],
)  # fmt: skip
def test_folders_of_ours_that_would_feed_each_other_are_refused(tables: dict[str, object], words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        read(tables, root=ROOT, environ={})


@pytest.mark.parametrize(
    ("end", "path", "words"),
    [
        ("delivery", "inbox", "is the same as gateway.inbox"),
        ("delivery", "inbox/zeta", "lies in gateway.inbox"),
        ("delivery", ".", "holds gateway.inbox"),
        ("delivery", "var/vault", "is the same as vault.path"),
        ("delivery", "var/spool", "holds vault.spool"),
        ("delivery", "", "a folder needs its path"),
        ("pickup", "outbox/other", "lies in gateway.outbox"),
        ("pickup", "inbox/acme", "lies in gateway.inbox"),
        ("pickup", "outbox/zeta", "where the files of zeta are delivered"),
        ("pickup", "var", "ledger.url /srv/flux/var/ledger.db lies in it"),
        ("pickup", ".", "config.toml /srv/flux/config.toml lies in it"),
    ],
)
def test_a_partner_s_folder_that_would_feed_us_is_refused(end: str, path: str, words: str) -> None:
    with pytest.raises(ConfigError, match=rf"partners\.acme\.{end}.*{words}"):
        read_ends({end: {"path": path}})


@pytest.mark.parametrize(
    "ends",
    [
        {"delivery": {"path": "outbox/acme"}},
        {"pickup": {"path": "homes/acme"}, "delivery": {"path": "homes/acme/replies"}},
        {"pickup": {"path": "homes/acme/out"}, "delivery": {"path": "homes/acme"}},
        {"pickup": {"path": "inbox-of-acme"}},
        {"pickup": SFTP | {"path": "out"}, "delivery": SFTP | {"path": "in"}},
    ],
)
def test_folders_that_lie_apart_are_taken(ends: Ends) -> None:
    assert read_ends(ends).partners.keys() == {"acme", "zeta"}


def test_what_is_delivered_to_a_server_is_not_fetched_from_it() -> None:
    with pytest.raises(ConfigError, match="would come back as new flows"):
        read_ends({"pickup": SFTP | {"path": "x/"}}, {"delivery": SFTP | {"path": "x", "host": "SFTP.acme.example"}})


def test_two_partners_cannot_be_fetched_from_one_folder() -> None:
    with pytest.raises(ConfigError, match=r"partners\.zeta\.pickup: the folder of partners\.acme\.pickup"):
        read_ends({"pickup": {"path": "in"}}, {"pickup": {"path": "./in/"}})


def test_two_partners_who_read_one_folder_are_told_of() -> None:
    settings = read_ends({"delivery": {"path": "out"}}, {"delivery": {"path": "out"}})
    assert any("the files of acme go there too" in each for each in advise(settings, TODAY))


def test_a_link_is_the_folder_that_it_leads_to(tmp_path: Path) -> None:
    (tmp_path / "inbox").mkdir()
    (tmp_path / "elsewhere").symlink_to(tmp_path / "inbox")
    with pytest.raises(ConfigError, match=r"is the same as gateway\.inbox"):
        read_ends({"delivery": {"path": "elsewhere"}}, root=tmp_path)
