"""A stub of the ClamAV daemon: it knows one virus, and can be made to fail as the real one does."""

import socketserver
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

# The test file that every scanner knows, in two parts so that this file is none.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR" + b"-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
TOO_LONG = "INSTREAM size limit exceeded. ERROR"
OK, FOUND = "stream: OK", "stream: Eicar-Test-Signature FOUND"


class _Stub(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True
    always = ""


class _Handler(socketserver.StreamRequestHandler):
    server: _Stub

    def handle(self) -> None:
        """Answer one command."""
        command = b""
        while not command.endswith(b"\0"):
            command += self.rfile.read(1)
        if command == b"zPING\0":
            self.wfile.write(b"PONG\0")
        elif command == b"zINSTREAM\0" and self.server.always == TOO_LONG:
            self.rfile.read(4)
            self.wfile.write(f"{TOO_LONG}\0".encode())
        elif command == b"zINSTREAM\0":
            received = b"".join(self._chunks())
            answer = self.server.always or (FOUND if EICAR in received else OK)
            self.wfile.write(b"" if answer == "nothing" else f"{answer}\0".encode())

    def _chunks(self) -> Iterator[bytes]:
        while size := int.from_bytes(self.rfile.read(4)):
            yield self.rfile.read(size)


@contextmanager
def stub_clamd(socket: Path, *, always: str = "") -> Iterator[str]:
    """A daemon on a socket, and its address; `always` is what it says of everything, "nothing" for silence."""
    with _Stub(str(socket), _Handler) as server:
        server.always = always
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield str(socket)
        finally:
            server.shutdown()
            thread.join()
