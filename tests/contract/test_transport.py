"""What every Transport promises, on a folder and on a real OpenSSH server."""

import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from flux.demo.sshd import LoopbackSshd
from flux.errors import SourceUnreadable, TransportError, TransportRefused
from flux.model.ports import Transport
from flux.transport.connect import open_transport
from flux.transport.settings import RenameMode, TransportKind, TransportSettings

Open = Callable[..., Transport]


@pytest.fixture(scope="module")
def sshd() -> Iterator[LoopbackSshd]:
    with LoopbackSshd() as server:
        yield server


@pytest.fixture
def home(sshd: LoopbackSshd, tmp_path: Path) -> Path:
    """The partner's folder, as the partner sees it."""
    return sshd.home(tmp_path.name)


@pytest.fixture(params=list(TransportKind), ids=lambda kind: str(kind.value))
def settings(request: pytest.FixtureRequest, sshd: LoopbackSshd, home: Path) -> TransportSettings:
    return TransportSettings(
        kind=request.param,
        path=str(home),
        host=sshd.host,
        port=sshd.port,
        user=sshd.user,
        key_file=sshd.key_file,
        host_keys=(sshd.known_hosts,),
    )


@pytest.fixture
def open_with(settings: TransportSettings) -> Iterator[Open]:
    opened: list[Transport] = []

    def open_(**changes: object) -> Transport:
        opened.append(open_transport(replace(settings, **changes)))  # type: ignore[arg-type]
        return opened[-1]

    yield open_
    for transport in opened:
        transport.close()


@pytest.fixture
def transport(open_with: Open) -> Transport:
    return open_with()


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return file_of(tmp_path, b"<flow/>")


def file_of(folder: Path, content: bytes) -> Path:
    path = folder / f"source-{len(content)}"
    path.write_bytes(content)
    return path


def visible(home: Path) -> dict[str, bytes]:
    """Every file of the partner's folder, hidden ones too."""
    return {str(path.relative_to(home)): path.read_bytes() for path in home.rglob("*") if path.is_file()}


def test_a_file_arrives_whole_and_alone(transport: Transport, source: Path, home: Path) -> None:
    transport.put(source, "", "CSO1100A.xml")
    assert visible(home) == {"CSO1100A.xml": b"<flow/>"}


def test_the_same_file_put_twice_is_there_once(transport: Transport, source: Path, home: Path) -> None:
    transport.put(source, "", "a.xml")
    transport.put(source, "", "a.xml")
    assert visible(home) == {"a.xml": b"<flow/>"}


def test_a_file_already_there_with_our_size_is_not_written_again(
    transport: Transport, source: Path, home: Path
) -> None:
    (home / "a.xml").write_bytes(b"<FLOW/>")
    transport.put(source, "", "a.xml")
    assert visible(home) == {"a.xml": b"<FLOW/>"}


@pytest.mark.parametrize("rename", list(RenameMode))
def test_another_file_of_that_name_is_replaced_where_the_profile_allows(
    open_with: Open, source: Path, home: Path, rename: RenameMode
) -> None:
    (home / "a.xml").write_bytes(b"something longer")
    open_with(rename=rename).put(source, "", "a.xml")
    assert visible(home) == {"a.xml": b"<flow/>"}


@pytest.mark.parametrize("rename", list(RenameMode))
def test_another_file_of_that_name_is_left_alone_where_the_profile_forbids(
    open_with: Open, source: Path, home: Path, rename: RenameMode
) -> None:
    (home / "a.xml").write_bytes(b"something longer")
    with pytest.raises(TransportRefused, match="another file"):
        open_with(rename=rename, overwrite=False).put(source, "", "a.xml")
    assert visible(home) == {"a.xml": b"something longer"}


@pytest.mark.parametrize("rename", list(RenameMode))
def test_each_way_to_rename_leaves_the_file_alone_under_its_name(
    open_with: Open, source: Path, home: Path, rename: RenameMode
) -> None:
    open_with(rename=rename).put(source, "", "a.xml")
    assert visible(home) == {"a.xml": b"<flow/>"}


@pytest.mark.parametrize("rename", list(RenameMode))
def test_a_partner_that_lets_nobody_look_gets_the_file_all_the_same(
    open_with: Open, source: Path, home: Path, rename: RenameMode
) -> None:
    transport = open_with(rename=rename, list=False)
    transport.put(source, "", "a.xml")
    transport.put(source, "", "a.xml")
    assert visible(home) == {"a.xml": b"<flow/>"}


def test_a_file_of_ours_that_cannot_be_read_is_not_the_partners_fault(
    transport: Transport, tmp_path: Path, home: Path
) -> None:
    with pytest.raises(SourceUnreadable):
        transport.put(tmp_path / "gone", "", "a.xml")
    with pytest.raises(SourceUnreadable):
        transport.put(tmp_path, "", "a.xml")
    assert visible(home) == {}


def test_missing_folders_are_made(transport: Transport, source: Path, home: Path) -> None:
    transport.put(source, "rapports/2026", "a.html")
    assert visible(home) == {"rapports/2026/a.html": b"<flow/>"}


@pytest.mark.parametrize(
    "name",
    [
        "Facture n° 117 mars.xml",  # space and sign
        "été ça €.xml",  # accents
        "-rf.xml",  # looks like an option
        "*?[a].xml",  # looks like a pattern
        "x" * 255,  # the longest name there is
        "é" * 127,  # the same in bytes
    ],
)
def test_unusual_names_go_and_come_back(transport: Transport, source: Path, tmp_path: Path, name: str) -> None:
    transport.put(source, "", name)
    assert [file.name for file in transport.list("")] == [name]
    transport.fetch("", name, tmp_path / "target")
    assert (tmp_path / "target").read_bytes() == b"<flow/>"


@pytest.mark.parametrize(
    ("folder", "name"),
    [
        ("", "../a.xml"),  # up
        ("", ".."),  # up, nothing else
        ("../other", "a.xml"),  # up by the folder
        ("/etc", "a.xml"),  # from the root
        ("", "a\0.xml"),  # cut short by the system
    ],
)
def test_names_that_lead_out_of_the_folder_are_refused(
    transport: Transport, source: Path, folder: str, name: str
) -> None:
    with pytest.raises(TransportRefused, match="no name"):
        transport.put(source, folder, name)


def test_an_empty_file_arrives(transport: Transport, tmp_path: Path, home: Path) -> None:
    transport.put(file_of(tmp_path, b""), "", "empty")
    assert visible(home) == {"empty": b""}


def test_five_hundred_files_are_listed_each_once(transport: Transport, home: Path) -> None:
    for number in range(500):
        (home / f"f{number}").write_bytes(b"x" * number)
    listed = [(file.name, file.size_bytes) for file in transport.list("")]
    assert sorted(listed) == sorted((f"f{number}", number) for number in range(500))


def test_only_regular_files_are_listed(transport: Transport, home: Path) -> None:
    (home / "folder").mkdir()
    (home / "link").symlink_to("/etc/passwd")
    (home / "file").write_bytes(b"x")
    assert [file.name for file in transport.list("")] == ["file"]


def test_a_listing_tells_when_a_file_was_changed(transport: Transport, home: Path) -> None:
    (home / "file").write_bytes(b"x")
    (listed,) = transport.list("")
    assert int(listed.modified) == int((home / "file").stat().st_mtime)


def test_listing_a_folder_that_is_absent_fails_with_its_name(transport: Transport) -> None:
    with pytest.raises(TransportError, match="list its files"):
        transport.list("absent")


def test_a_file_may_be_fetched_and_removed_while_its_folder_is_being_listed(
    open_with: Open, home: Path, tmp_path: Path
) -> None:
    transport = open_with(channels=1)
    for number in range(3):
        (home / f"f{number}").write_bytes(b"x")
    for file in transport.list(""):
        transport.fetch("", file.name, tmp_path / file.name)
        transport.remove("", file.name)
    assert visible(home) == {}


def test_a_large_file_is_fetched_whole(transport: Transport, home: Path, tmp_path: Path) -> None:
    content = bytes(range(256)) * 20_000
    (home / "large").write_bytes(content)
    transport.fetch("", "large", tmp_path / "target")
    assert (tmp_path / "target").read_bytes() == content


def test_a_fetch_that_fails_leaves_nothing_behind(transport: Transport, tmp_path: Path) -> None:
    here = tmp_path / "here"
    here.mkdir()
    with pytest.raises(TransportError, match=r"absent\.xml"):
        transport.fetch("", "absent.xml", here / "target")
    assert list(here.iterdir()) == []


def test_removing_what_is_gone_is_no_error(transport: Transport, source: Path, home: Path) -> None:
    transport.put(source, "", "a.xml")
    transport.remove("", "a.xml")
    transport.remove("", "a.xml")
    assert visible(home) == {}


def test_a_file_that_is_as_it_was_taken_is_removed(transport: Transport, home: Path) -> None:
    (home / "a.xml").write_bytes(b"taken")
    (taken,) = transport.list("")
    transport.remove("", "a.xml", taken)
    transport.remove("", "a.xml", taken)
    assert visible(home) == {}


@pytest.mark.parametrize(("content", "later"), [(b"longer than before", 0), (b"TAKEN", 60)])
def test_another_file_that_bears_the_name_of_the_one_taken_stays(
    transport: Transport, home: Path, content: bytes, later: int
) -> None:
    (home / "a.xml").write_bytes(b"taken")
    (taken,) = transport.list("")
    (home / "a.xml").write_bytes(content)
    os.utime(home / "a.xml", (taken.modified + later, taken.modified + later))
    transport.remove("", "a.xml", taken)
    assert visible(home) == {"a.xml": content}


def test_eight_threads_put_files_at_the_same_time(transport: Transport, source: Path, home: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: transport.put(source, f"d{number % 3}", f"f{number}"), range(80)))
    assert visible(home) == {f"d{number % 3}/f{number}": b"<flow/>" for number in range(80)}


def test_a_transport_that_was_closed_opens_again(transport: Transport, source: Path, home: Path) -> None:
    transport.put(source, "", "a.xml")
    transport.close()
    transport.put(source, "", "b.xml")
    assert set(visible(home)) == {"a.xml", "b.xml"}


@pytest.mark.parametrize("rename", [RenameMode.POSIX, RenameMode.PLAIN])
def test_a_file_is_never_seen_half_written_under_its_name(
    open_with: Open, home: Path, tmp_path: Path, rename: RenameMode
) -> None:
    content = b"x" * 20_000_000
    source = file_of(tmp_path, content)
    sizes: set[int] = set()
    done = threading.Event()
    looking = threading.Event()

    def look() -> None:
        while not done.is_set():
            sizes.update(path.stat().st_size for path in home.glob("large"))
            looking.set()

    watcher = threading.Thread(target=look)
    watcher.start()
    assert looking.wait(5)
    open_with(rename=rename).put(source, "", "large")
    done.set()
    watcher.join()
    assert sizes <= {len(content)}
    assert visible(home) == {"large": content}
