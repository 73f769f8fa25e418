"""When a probe is content: the steps that the profile relies on, and no others."""

import errno
from pathlib import Path

import pytest

from flux.transport.folder import LocalFiles
from flux.transport.probe import ProbeStatus, ProbeStep, probe
from flux.transport.settings import RenameMode, TransportSettings


@pytest.fixture
def refused_rename(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> RenameMode:
    """A place that refuses one of the two ways to rename."""
    rename = LocalFiles.rename
    refused: RenameMode = request.param

    def refuse(self: LocalFiles, old: str, new: str, mode: RenameMode) -> None:
        if mode is refused:
            raise OSError(errno.ENOTSUP, "Operation unsupported")
        rename(self, old, new, mode)

    monkeypatch.setattr(LocalFiles, "rename", refuse)
    return refused


@pytest.mark.parametrize(
    ("refused_rename", "profile", "is_ok"),
    [
        (RenameMode.PLAIN, RenameMode.POSIX, True),  # nobody asks for the other
        (RenameMode.PLAIN, RenameMode.PLAIN, False),
        (RenameMode.PLAIN, RenameMode.NONE, True),  # nobody asks for either
        (RenameMode.POSIX, RenameMode.POSIX, False),
        (RenameMode.POSIX, RenameMode.PLAIN, True),
    ],
    indirect=["refused_rename"],
)
def test_a_rename_is_needed_where_the_profile_asks_for_it(
    tmp_path: Path, refused_rename: RenameMode, profile: RenameMode, *, is_ok: bool
) -> None:
    report = probe(TransportSettings(path=str(tmp_path), rename=profile))
    failed = {result.step for result in report.results if result.status is ProbeStatus.FAILED}
    assert failed == {ProbeStep(f"{refused_rename.value}_rename")}
    assert report.is_ok is is_ok


def test_a_folder_that_cannot_be_written_is_never_well(tmp_path: Path) -> None:
    assert not probe(TransportSettings(path=str(tmp_path / "absent"), rename=RenameMode.NONE)).is_ok
