"""What we use of Streamlit that is not promised to stay: after an upgrade these tests say what moved."""

import ast
import re
import socket
from pathlib import Path

import pytest
from itsdangerous import BadData
from streamlit import net_util
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.web.server.starlette import starlette_auth_routes
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value
from websockets import http11

import app
from app import streamlit_internals as internals

ROOT = Path(app.__file__).parent
ORIGIN = "http://localhost:8501"


@pytest.fixture(autouse=True)
def secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(internals, "get_cookie_secret", lambda: "a secret of at least thirty-two letters")
    monkeypatch.setattr(
        "streamlit.web.server.starlette.starlette_websocket.get_cookie_secret",
        lambda: "a secret of at least thirty-two letters",
    )


def signed(value: str, name: str = internals.USER_COOKIE_NAME) -> str:
    return create_signed_value("a secret of at least thirty-two letters", name, value).decode()


def test_nobody_else_touches_what_streamlit_keeps_to_itself() -> None:
    inner = re.compile(
        r"streamlit\.(web|proto|runtime|net_util|elements|delta_generator)\b|streamlit\S*\._\w|websockets"
    )
    found = [
        f"{path.relative_to(ROOT)}: {module}"
        for path in sorted(ROOT.rglob("*.py"))
        if path.name != "streamlit_internals.py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for module in (
            [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else []
        )
        if inner.match(module)
    ]
    assert found == []


def test_the_start_page_has_one_inline_script() -> None:
    assert internals.start_page_html().count("<script>") == 1


def test_scripts_lie_in_the_static_folder_under_names_with_a_hash() -> None:
    assert list((internals.STATIC_FOLDER / "js").glob("PlotlyChart.*.js"))


def test_a_cookie_that_streamlit_signed_says_who_it_is_and_a_forged_one_says_nothing() -> None:
    cookie = signed(f'{{"origin": "{ORIGIN}", "is_logged_in": true, "email": "sam@riverside.example"}}')
    assert internals.user_claims({internals.USER_COOKIE_NAME: cookie}, ORIGIN)["email"] == "sam@riverside.example"
    assert internals.user_claims({internals.USER_COOKIE_NAME: cookie[:-1] + "x"}, ORIGIN) == {}
    assert internals.user_claims({}, ORIGIN) == {}


def test_the_signer_reads_each_cookie_by_its_own_name() -> None:
    value, _ = internals.cookie_signer("one").loads(signed("chunks-2", "one"), return_timestamp=True)
    assert value == "chunks-2"
    with pytest.raises(BadData):
        internals.cookie_signer("another").loads(signed("chunks-2", "one"))


def test_a_message_is_known_by_its_kind() -> None:
    operation = BackMsg()
    operation.backend_operation_request.install_skills.SetInParent()
    assert internals.message_kind(BackMsg(stop_script=True).SerializeToString()) == ("stop_script", "")
    assert internals.message_kind(operation.SerializeToString()) == ("backend_operation_request", "install_skills")
    assert internals.message_kind(b"\xff\xff") == ("", "")


def test_streamlit_asks_nobody_for_our_address(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("_external_ip", "_internal_ip"):
        monkeypatch.setattr(net_util, name, None)
    internals.keep_address_at_home()

    def refuse(*_: object) -> None:
        raise AssertionError("somebody outside was asked")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    assert net_util.get_external_ip() == net_util.get_internal_ip() == "127.0.0.1"


def test_long_headers_are_let_through(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http11, "MAX_LINE_LENGTH", 8192)
    internals.allow_long_headers()
    assert http11.MAX_LINE_LENGTH == 65_536


def test_streamlit_logs_a_failed_sign_in_under_the_name_we_filter() -> None:
    assert starlette_auth_routes.__name__ == internals.SIGN_IN_LOGGER


def test_its_sign_in_has_the_routes_we_stand_around() -> None:
    source = Path(starlette_auth_routes.__file__).read_text(encoding="utf-8")
    for route in internals.LOGIN_ROUTES:
        assert route.strip("/") in source
