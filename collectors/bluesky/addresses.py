"""May an address be asked that somebody else named? Not one inside this computer, this house or this data centre."""

import socket
from ipaddress import ip_address
from urllib.parse import urlsplit


def is_public(url: str) -> bool:
    """Whether this is https at a named host, on the usual port, whose every address is a public one.

    A name that cannot be looked up here (behind a proxy) passes: a connection to it would not leave this computer either.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    host = (parts.hostname or "").rstrip(".")
    if parts.scheme != "https" or port not in (None, 443) or parts.username is not None or "." not in host:
        return False
    if host.rpartition(".")[2] in ("localhost", "local", "internal", "lan", "home", "arpa"):
        return False
    try:
        found = {str(info[4][0]) for info in socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)}
    except OSError:
        return True
    return all(ip_address(address.partition("%")[0]).is_global for address in found)
