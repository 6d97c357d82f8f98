"""Where the dashboard listens: an address that only this computer reaches, and a port that is free."""

import errno
import socket
from contextlib import closing
from ipaddress import ip_address

from app.errors import Stopped
from warehouse.settings.schema import SignIn


def dashboard_url(host: str, port: int) -> str:
    """What to open in a browser."""
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"


def is_loopback(host: str) -> bool:
    """Can only this computer reach that address?"""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def require_safe_address(host: str, sign_in: SignIn) -> None:
    """Raise Stopped unless only this computer can reach that address, or people sign in."""
    if not is_loopback(host) and not sign_in:
        raise Stopped(
            f"--host {host}: other computers could open the dashboard there, and nobody signs in. Leave --host away, and reach "
            "it from elsewhere through an SSH tunnel: ssh -L 8501:127.0.0.1:8501 you@this-computer; or let people sign in: "
            "docs/sign-in.md says how"
        )


def require_free_port(host: str, port: int) -> None:
    """Ask for the port before Streamlit does, whose message names no cure. Raises Stopped: it cannot be had."""
    kind = socket.AF_INET6 if ":" in host else socket.AF_INET
    with closing(socket.socket(kind, socket.SOCK_STREAM)) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OverflowError as error:
            raise Stopped(f"--port {port}: a port is a number from 1 to 65535, for example --port 8501.") from error
        except OSError as error:
            raise Stopped(_why_not(host, port, error)) from error


def _why_not(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {port} is taken: another program, or a Mutuals that is still running, listens there. "
            f"Stop it, or choose another port: --port {port + 1}"
        )
    if error.errno in (errno.EACCES, errno.EPERM):
        return f"Port {port} may not be used by you: those below 1024 belong to the system. Choose another: --port 8501"
    return f"Cannot listen on {host}, port {port}: {error.strerror}. Leave --host away to use this computer only."
