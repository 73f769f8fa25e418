"""What was said of a document cut from a larger one, in the lines and paths of the larger."""

from dataclasses import replace

from flux.formats.position import position_of
from flux.formats.tree import Element
from flux.model.finding import Finding
from flux.model.unit import UnitPlace
from flux.model.verdict import Judgment


def restore_positions(judgment: Judgment, place: UnitPlace, holder: Element | None) -> Judgment:
    """The judgment of a cut document, its findings placed in the whole one.

    `holder` is the unit in the cut document, None where no tree could be made of it.
    """
    if not judgment.findings:
        return judgment
    path = "" if holder is None else position_of(holder).xpath
    return replace(judgment, findings=tuple(_restore(finding, place, path) for finding in judgment.findings))


def _restore(finding: Finding, place: UnitPlace, path: str) -> Finding:
    line, xpath = finding.line, finding.xpath
    if xpath is None:
        return finding if line is None else replace(finding, line=place.line_of(line, is_in_unit=line > place.cut_line))
    is_in_unit = path != "" and xpath.startswith(path)
    if is_in_unit:
        xpath = f"{path.removesuffix('[1]')}[{place.unit + 1}]{xpath[len(path) :]}"
    return replace(finding, line=None if line is None else place.line_of(line, is_in_unit=is_in_unit), xpath=xpath)
