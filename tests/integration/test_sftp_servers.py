"""The campaign over real servers in short, on OpenSSH: `make sftp-servers` has more breaks, and ProFTPD too."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from flux.demo.sshd import LoopbackSshd
from flux.ledger.memory import open_memory
from flux.transport.settings import RenameMode
from tests.contract.ledger_desk import Desk
from tests.faults.sftp_servers import WELL, Bench, WatchedSite, break_deliveries, break_pulls, try_replacing

BREAKS = 6


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with LoopbackSshd() as server, closing(open_memory()) as database:
        site = WatchedSite(server, server.home("partner"))
        with site.watched():
            yield Bench(server=server, site=site, desk=Desk(database), root=tmp_path, breaks=BREAKS)


@pytest.mark.parametrize("rename", [RenameMode.POSIX, RenameMode.PLAIN])
def test_a_link_that_is_reset_on_a_delivery_s_way_leaves_the_file_there_once(bench: Bench, rename: RenameMode) -> None:
    assert break_deliveries(bench, rename).startswith(WELL)


def test_sessions_that_are_killed_on_a_delivery_s_way_leave_the_file_there_once(bench: Bench) -> None:
    assert break_deliveries(bench, RenameMode.POSIX, bench.server.drop_connections).startswith(WELL)


def test_a_link_that_is_reset_on_a_pull_s_way_makes_one_whole_flow(bench: Bench) -> None:
    assert break_pulls(bench).startswith(WELL)


def test_another_file_of_that_name_is_replaced_or_left_alone_as_the_profile_says(bench: Bench) -> None:
    assert try_replacing(bench) == WELL
