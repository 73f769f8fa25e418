"""Names on a partner's side."""

import pytest

from flux.errors import TransportRefused
from flux.transport.names import parent_paths, remote_path, temporaries_of, temporary_path


@pytest.mark.parametrize(
    ("base", "folder", "name", "expected"),
    [
        ("/in", "", "a.xml", "/in/a.xml"),
        ("/in/", "", "a.xml", "/in/a.xml"),  # a slash too many
        ("/", "", "a.xml", "/a.xml"),  # the root
        ("/", "rapports", "a.xml", "/rapports/a.xml"),
        ("in", "rapports", "a.xml", "in/rapports/a.xml"),  # below the folder of the login
        ("in", "a/b/", "", "in/a/b"),  # a folder
        ("", "", "a.xml", "a.xml"),  # in the folder of the login
        ("", "", "", "."),  # that folder itself
        ("/", "", "", "/"),
        ("/in", "", "", "/in"),
    ],
)
def test_base_folder_and_name_make_a_path(base: str, folder: str, name: str, expected: str) -> None:
    assert remote_path(base, folder, name) == expected


@pytest.mark.parametrize(("folder", "name"), [("..", "a"), ("a/../b", "a"), ("/a", "b"), ("", "a/b"), ("", ".")])
def test_what_leads_elsewhere_is_refused(folder: str, name: str) -> None:
    with pytest.raises(TransportRefused):
        remote_path("/in", folder, name)


def test_a_temporary_name_is_hidden_beside_the_final_one_and_never_the_same() -> None:
    first, second = temporary_path("in/a.xml"), temporary_path("in/a.xml")
    assert first.startswith("in/.a.xml.")
    assert first.endswith(".part")
    assert first != second


@pytest.mark.parametrize("name", ["a" * 255, "é" * 127, "\udce7" * 255])
def test_a_temporary_name_fits_where_the_final_one_does(name: str) -> None:
    assert len(temporary_path(name).encode()) <= 255


@pytest.mark.parametrize("name", ["a.xml", "a" * 255, "é" * 127, "a\nb"])
def test_a_temporary_name_is_known_again_by_its_final_one(name: str) -> None:
    temporary = temporary_path(name)
    assert temporaries_of([name], [temporary, name, f".{name}.part", temporary_path("other")]) == [temporary]


@pytest.mark.parametrize(
    ("path", "expected"),
    [("/a/b/c", ["/a", "/a/b"]), ("a/b/c", ["a", "a/b"]), ("c", []), ("/c", []), ("./a/c", ["./a"])],
)
def test_the_folders_that_lead_to_a_file(path: str, expected: list[str]) -> None:
    assert parent_paths(path) == expected
