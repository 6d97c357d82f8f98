"""A real reverse proxy, nginx, in front of the dashboard: with the very lines that docs/sign-in.md gives, and a password."""

import os
import re
import shutil
import subprocess
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from tests.sign_in.dashboard import ROOT
from tests.sign_in.provider import SECRET

PASSWORD = "a-password-of-the-test"
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")


def documented(dashboard: str) -> str:
    """The nginx lines of the papers, with a password in the place of a sign-in service, which needs one of its own."""
    [told] = re.findall(r"```nginx\n(.*?)```", (ROOT / "docs" / "sign-in.md").read_text(), flags=re.DOTALL)
    lines = [line for line in told.splitlines() if "auth_request" not in line]
    assert any("$email" in line for line in lines)
    own = "\n".join(lines).replace("$email", "$remote_user").replace("the secret", SECRET)
    assert "http://127.0.0.1:8501" in own
    own = own.replace("http://127.0.0.1:8501", dashboard)
    return own.replace("location / {", 'location / {\n    auth_basic "Mutuals";\n    auth_basic_user_file people;')


def settings(port: int, dashboard: str, people: Path, who: list[str]) -> str:
    """A whole nginx.conf, all of whose files lie in one folder."""
    people.write_text("".join(f"{one}:{{PLAIN}}{PASSWORD}\n" for one in who))
    folder = people.parent
    temporary = "".join(
        f"    {name}_temp_path {folder}/{name};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;\n" if os.getuid() == 0 else ""  # or its workers may not read the test's folder
    return (
        f"{user}daemon off;\nmaster_process on;\nworker_processes 1;\npid {folder}/pid;\nerror_log {folder}/errors;\n"
        f"events {{}}\nhttp {{\n{temporary}    access_log off;\n    server {{\n    listen 127.0.0.1:{port};\n"
        f"    proxy_http_version 1.1;\n{documented(dashboard)}\n    }}\n}}\n"
    )


@contextmanager
def nginx(folder: Path, port: int, dashboard: str, who: list[str]) -> Iterator[str]:
    """Run it; yields its address. Skipped where there is none."""
    if NGINX is None:
        pytest.skip("this test needs nginx (Debian: apt install nginx-light)")
    folder.mkdir()
    (folder / "nginx.conf").write_text(settings(port, dashboard, folder / "people", who))
    process = subprocess.Popen([NGINX, "-p", folder, "-c", folder / "nginx.conf", "-e", folder / "errors"])
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(100):
            try:
                httpx.get(address)
                break
            except httpx.TransportError:
                assert process.poll() is None, (folder / "errors").read_text()
                time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.wait(20)


def password(who: str) -> dict[str, str]:
    """The header by which a browser answers the proxy's question."""
    return {"Authorization": "Basic " + b64encode(f"{who}:{PASSWORD}".encode()).decode()}


def port_of(address: str) -> int:
    """Where it listens."""
    return int(urlsplit(address).port or 0)
