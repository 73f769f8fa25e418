"""Runs one XSLT stylesheet on documents that come in on the standard input; a process of its own, see `tests.official.saxon`.

A document is its length in 8 bytes, most significant first, then its bytes. The answer is one byte, 0 where the engine gave
up, then in the same way the result, or why it gave up, in UTF-8.
"""

import sys
from typing import BinaryIO

from saxonche import PySaxonApiError, PySaxonProcessor, PyXsltExecutable


def serve(stylesheet: str, source: BinaryIO, sink: BinaryIO) -> None:
    """Answer until the input ends."""
    with PySaxonProcessor(license=False) as processor:
        compiled = processor.new_xslt30_processor().compile_stylesheet(stylesheet_file=stylesheet)
        while size := int.from_bytes(source.read(8), "big"):
            done, result = transform(processor, compiled, source.read(size))
            sink.write(bytes([done]) + len(result).to_bytes(8, "big") + result)
            sink.flush()


def transform(processor: PySaxonProcessor, compiled: PyXsltExecutable, document: bytes) -> tuple[bool, bytes]:
    """Whether the engine came to the end, and the result or why not."""
    try:
        node = processor.parse_xml(xml_text=document.decode("utf-8-sig"))
        return True, compiled.transform_to_string(xdm_node=node).encode()
    except PySaxonApiError as error:
        return False, str(error).encode()


if __name__ == "__main__":
    serve(sys.argv[1], sys.stdin.buffer, sys.stdout.buffer)
