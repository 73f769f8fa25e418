"""Runs one XSLT stylesheet on documents that come in on the standard input; a process of its own, see `tests.official.saxon`.

A document is its length in 8 bytes, most significant first, then its bytes; the answer is the same, and the result in UTF-8.
"""

import sys
from typing import BinaryIO

from saxonche import PySaxonProcessor


def serve(stylesheet: str, source: BinaryIO, sink: BinaryIO) -> None:
    """Answer until the input ends."""
    with PySaxonProcessor(license=False) as processor:
        compiled = processor.new_xslt30_processor().compile_stylesheet(stylesheet_file=stylesheet)
        while size := int.from_bytes(source.read(8), "big"):
            document = processor.parse_xml(xml_text=source.read(size).decode("utf-8-sig"))
            result = compiled.transform_to_string(xdm_node=document).encode()
            sink.write(len(result).to_bytes(8, "big") + result)
            sink.flush()


if __name__ == "__main__":
    serve(sys.argv[1], sys.stdin.buffer, sys.stdout.buffer)
