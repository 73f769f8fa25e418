"""Runs XSLT stylesheets on documents: the whole of a process that `flux.engine.official` starts, not to be imported by it.

A request is the path of a stylesheet, the seconds that it may take and a document; an answer is one byte, 1 where the
engine came to the end, then what it wrote or why it gave up in UTF-8, then the most memory that the process ever had, in
bytes. Each part is its length in 8 bytes, most significant first, then its bytes; a number is its digits.
"""

import resource
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from lxml import etree
from saxonche import PySaxonApiError, PySaxonProcessor, PyXslt30Processor, PyXsltExecutable

# What is left to the parent to end a process that is late, before the kernel does it.
GRACE_SECONDS = 5
_UNIT_OF_MEMORY = 1 if sys.platform == "darwin" else 1024


class Stylesheets:
    """The stylesheets of a process, each compiled when it is first asked for."""

    def __init__(self, compiler: PyXslt30Processor) -> None:
        self._compiler = compiler
        self._compiled: dict[str, PyXsltExecutable] = {}

    def compiled(self, path: str) -> PyXsltExecutable:
        """The stylesheet of a path. Raises PySaxonApiError."""
        if path not in self._compiled:
            self._compiled[path] = self._compiler.compile_stylesheet(stylesheet_file=path)
        return self._compiled[path]


def serve(source: BinaryIO, sink: BinaryIO) -> None:
    """Answer until the input ends."""
    with PySaxonProcessor(license=False) as processor:
        stylesheets = Stylesheets(processor.new_xslt30_processor())
        while path := receive(source).decode():
            # A parent that was killed ends nobody: an engine that never comes back is then the kernel's to end.
            signal.alarm(int(float(receive(source))) + GRACE_SECONDS)
            done, result = transform(processor, stylesheets, path, receive(source))
            signal.alarm(0)
            sink.write(bytes([done]))
            send(sink, result)
            send(sink, str(peak_memory()).encode())
            sink.flush()


def transform(processor: PySaxonProcessor, stylesheets: Stylesheets, path: str, document: bytes) -> tuple[bool, bytes]:
    """Whether the engine came to the end, and the result or why not."""
    try:
        compiled = stylesheets.compiled(path)
        node = processor.parse_xml(xml_text=text_of(document))
        return True, compiled.transform_to_string(xdm_node=node).encode()
    except (PySaxonApiError, etree.XMLSyntaxError) as error:
        return False, str(error).encode()


def text_of(document: bytes) -> str:
    """The document as text, which is all that the engine takes. Raises XMLSyntaxError."""
    try:
        return document.decode("utf-8-sig")
    except UnicodeDecodeError:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
        return str(etree.tostring(etree.fromstring(document, parser), encoding="unicode"))


def peak_memory() -> int:
    """The most bytes that this process ever held.

    Where the kernel counts them for the program: what getrusage says begins with the memory of whoever started it.
    """
    with suppress(OSError), Path("/proc/self/status").open(encoding="ascii", errors="replace") as status:
        for line in status:
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _UNIT_OF_MEMORY


def receive(source: BinaryIO) -> bytes:
    """The next part, empty at the end of the input."""
    return source.read(int.from_bytes(source.read(8), "big"))


def send(sink: BinaryIO, part: bytes) -> None:
    """Write one part."""
    sink.write(len(part).to_bytes(8, "big") + part)


if __name__ == "__main__":
    # Ctrl-C and SIGTERM reach the whole group: what they mean is the gateway's to decide, and this process ends with its input.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    serve(sys.stdin.buffer, sys.stdout.buffer)
