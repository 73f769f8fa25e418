"""A password that the server wants changed: told in words a person can act on, and no new one is made up."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from flux.errors import TransportError, TransportRefused
from flux.transport.probe import ProbeStatus, ProbeStep, probe
from flux.transport.settings import TransportSettings
from flux.transport.sftp import SftpTransport
from tests.servers.misbehaving_sftp import Behaviour, Expired, MisbehavingSftp

PASSWORD = "once"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[MisbehavingSftp]:
    (tmp_path / "remote").mkdir()
    with MisbehavingSftp(tmp_path / "remote", password=PASSWORD) as server:
        yield server


def put(server: MisbehavingSftp, tmp_path: Path, password: str = PASSWORD) -> None:
    source = tmp_path / "source"
    source.write_bytes(b"<flow/>")
    transport = SftpTransport(server.bind(TransportSettings(password=password, timeout_seconds=5.0)))
    try:
        transport.put(source, "", "a.xml")
    finally:
        transport.close()


def test_a_password_that_is_good_lets_us_in(server: MisbehavingSftp, tmp_path: Path) -> None:
    put(server, tmp_path)
    assert set(server.visible()) == {"a.xml"}


@pytest.mark.parametrize("expired", Expired)
def test_an_expired_password_is_told_as_such_however_the_server_asks(
    server: MisbehavingSftp, tmp_path: Path, expired: Expired
) -> None:
    server.behave(Behaviour(expired=expired))
    with pytest.raises(
        TransportRefused, match=r"^the password of sftp://flux@.* has expired: the server wants it changed"
    ):
        put(server, tmp_path)
    assert server.visible() == {}


def test_the_words_of_the_server_are_told(server: MisbehavingSftp, tmp_path: Path) -> None:
    server.behave(Behaviour(expired=Expired.SESSION))
    with pytest.raises(TransportRefused, match="WARNING: Your password has expired"):
        put(server, tmp_path)


def test_the_old_password_is_never_offered_as_the_new_one(server: MisbehavingSftp, tmp_path: Path) -> None:
    server.behave(Behaviour(expired=Expired.QUESTIONS))
    with pytest.raises(TransportRefused):
        put(server, tmp_path)
    assert server.record.answers == [PASSWORD, "", ""]


def test_another_question_gets_no_answer_and_is_shown(server: MisbehavingSftp, tmp_path: Path) -> None:
    server.behave(Behaviour(asks_more=True))
    with pytest.raises(TransportRefused, match=r"asks for more than the password \('Verification code:'\)"):
        put(server, tmp_path)
    assert server.record.answers == [PASSWORD, ""]


@pytest.mark.parametrize("expired", [None, *Expired])
def test_a_password_that_is_wrong_is_not_called_expired(
    server: MisbehavingSftp, tmp_path: Path, expired: Expired | None
) -> None:
    server.behave(Behaviour(expired=expired))
    with pytest.raises(TransportRefused, match="refuses the password; have the partner register it"):
        put(server, tmp_path, password="another")  # noqa: S106 - opens nothing


@pytest.mark.parametrize("expired", Expired)
def test_a_probe_names_an_expired_password(server: MisbehavingSftp, expired: Expired) -> None:
    server.behave(Behaviour(expired=expired))
    report = probe(server.bind(TransportSettings(password=PASSWORD)))
    reasons = {result.step: result.reason for result in report.results if result.status is not ProbeStatus.OK}
    assert "has expired" in reasons[ProbeStep.LIST] or "has expired" in reasons[ProbeStep.AUTHENTICATION]
    assert not report.is_ok


def test_a_session_that_ends_for_another_reason_may_pass(
    server: MisbehavingSftp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.servers.misbehaving_sftp.EXPIRED_WORDS", b"The disk is\nbeing checked.\n")
    server.behave(Behaviour(expired=Expired.SESSION))
    with pytest.raises(TransportError, match=r"it says: 'The disk is being checked\.'") as failed:
        put(server, tmp_path)
    assert not isinstance(failed.value, TransportRefused)


def test_a_session_that_ends_without_a_word_is_told_with_what_that_may_mean(
    server: MisbehavingSftp, tmp_path: Path
) -> None:
    server.behave(Behaviour(ends_at_once=True))
    with pytest.raises(TransportError, match=r"at once \(status 1\): so does OpenSSH where .* has expired") as failed:
        put(server, tmp_path)
    assert not isinstance(failed.value, TransportRefused)
