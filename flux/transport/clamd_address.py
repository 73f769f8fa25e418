"""Where a ClamAV daemon listens: the path of its socket, or host:port."""


def is_socket_path(address: str) -> bool:
    """True for the path of a socket, False for host:port."""
    return address.startswith("/")


def fault_of(address: str) -> str:
    """What is wrong with an address, empty where it can be one."""
    if is_socket_path(address):
        return ""
    host, _, port = address.rpartition(":")
    if host and port.isascii() and port.isdigit() and 0 < int(port) < 2**16:
        return ""
    return f"the path of a socket or host:port expected, found {address!r}"


def split_address(address: str) -> tuple[str, int]:
    """Host and port of an address that is no path; an IPv6 address stands in square brackets."""
    host, _, port = address.rpartition(":")
    return host.strip("[]"), int(port)
