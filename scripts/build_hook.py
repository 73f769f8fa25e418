"""Puts the bill of materials into the wheel (PEP 770) where `make dist` has made one."""

from pathlib import Path

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class BillOfMaterials(BuildHookInterface):  # type: ignore[type-arg]  # of a configuration that we do not have
    """Hatchling's hook."""

    def initialize(self, version: str, build_data: dict[str, object]) -> None:  # noqa: ARG002 - the signature of hatchling
        """Name what is there; an editable installation has none."""
        made = Path(self.root, "build", "sbom").glob("*.cdx.json")
        build_data["sbom_files"] = [str(file.relative_to(self.root)) for file in sorted(made)]
