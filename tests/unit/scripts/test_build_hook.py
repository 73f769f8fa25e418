"""The wheel carries a bill of materials where there is one."""

import zipfile
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder

CHECKOUT = Path(__file__).resolve().parents[3]
PYPROJECT = """
[project]
name = "thing"
version = "1"
[tool.hatch.build.targets.wheel]
packages = ["thing"]
[tool.hatch.build.targets.wheel.hooks.custom]
path = "scripts/build_hook.py"
"""


@pytest.mark.parametrize("bills", [[], ["thing.cdx.json"]])
def test_a_bill_of_materials_lies_where_the_standard_says(tmp_path: Path, bills: list[str]) -> None:
    for folder in ("thing", "scripts", "build/sbom"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "pyproject.toml").write_text(PYPROJECT, encoding="utf-8")
    (tmp_path / "thing" / "__init__.py").touch()
    hook = "scripts/build_hook.py"
    (tmp_path / hook).write_bytes((CHECKOUT / hook).read_bytes())
    for bill in bills:
        (tmp_path / "build" / "sbom" / bill).write_text("{}", encoding="utf-8")
    (wheel,) = WheelBuilder(str(tmp_path)).build(directory=str(tmp_path / "dist"))
    names = zipfile.ZipFile(wheel).namelist()
    assert [name for name in names if "/sboms/" in name] == [f"thing-1.dist-info/sboms/{bill}" for bill in bills]
