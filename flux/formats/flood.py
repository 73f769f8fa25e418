"""Documents in which very many elements may be at fault: libxml2 counts all the siblings of each to say where it is.

Read as a stream, which knows no places, such a document is decided in a moment. Where it is refused, all but what stands
around the first fault is left out for as long as libxml2 looks for the places.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from io import BytesIO
from itertools import islice

from lxml import etree

from flux.formats.tree import Element

# Elements between two looks at what the validator has said: the parser reads ahead by some hundreds.
_STRIDE = 500
# Children of one name that are left of more, beside those around the fault.
_FEW = 1_000


def find_refused(root: Element, validator: etree.XMLSchema) -> range | None:
    """The elements, counted in the order of the document, around the first fault; None where the schema accepts."""
    stream = etree.iterparse(
        BytesIO(etree.tostring(root)), events=("start", "end"), schema=validator, huge_tree=True, resolve_entities=False
    )
    started = 0
    # All that it raises of a document that was read before is about the schema, and stands in its log.
    with suppress(etree.XMLSyntaxError):
        for event, element in stream:
            if event == "end":
                element.clear()
                continue
            started += 1
            if started % _STRIDE == 0 and len(stream.error_log):
                break
    return range(max(started - 2 * _STRIDE, 0), started + 2 * _STRIDE) if len(stream.error_log) else None


@contextmanager
def left_out(root: Element, keep: range) -> Iterator[None]:
    """As long as this lasts the floods of the document are without what does not stand in `keep`, see `find_refused`."""
    kept = set(islice(root.iter(etree.Element), keep.start, keep.stop))
    kept.update([above for element in tuple(kept) for above in element.iterancestors()])
    flooded = [parent for parent in root.iter(etree.Element) if len(parent) > 2 * _FEW]
    whole = [(parent, list(parent)) for parent in flooded]
    try:
        for parent, children in whole:
            parent[:] = list(_thin(children, kept.__contains__))
        yield
    finally:
        for parent, children in whole:
            parent[:] = children


def _thin(children: list[Element], is_kept: Callable[[Element], bool]) -> Iterator[Element]:
    """The first few of each name, and those that are kept."""
    seen: dict[object, int] = {}
    for child in children:
        count = seen[child.tag] = seen.get(child.tag, 0) + 1
        if count <= _FEW or is_kept(child):
            yield child
