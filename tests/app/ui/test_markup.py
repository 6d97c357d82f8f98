"""Nothing that anybody wrote becomes HTML or Markdown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.ui.markup import escape_markdown, join_html, safe_link, tag, user_text


def test_text_and_attributes_are_escaped() -> None:
    made = tag("p", '<script>"', title='"><img onerror=x>', cls="a b")
    assert made == '<p class="a b" title="&quot;&gt;&lt;img onerror=x&gt;">&lt;script&gt;&quot;</p>'


def test_what_is_made_here_is_not_escaped_twice() -> None:
    assert tag("p", tag("b", "&")) == "<p><b>&amp;</b></p>"
    assert join_html("<", tag("i", "x")) == "&lt;<i>x</i>"


@given(st.text())
def test_stored_text_never_opens_a_tag(text: str) -> None:
    made = user_text(text)
    assert made.startswith("<bdi>")
    assert "<" not in made.removeprefix("<bdi>").removesuffix("</bdi>")


def test_a_label_cannot_be_markdown() -> None:
    assert (
        escape_markdown("[x](http://y) **z** :red[a]")
        == "\\[x\\]\\(http\\:\u2060\\/\\/y\\) \\*\\*z\\*\\* \\:red\\[a\\]"
    )


@pytest.mark.parametrize("address", ["https://carers.example/@ana/1", "http://127.0.0.1:3000/x"])
def test_a_web_address_may_be_offered(address: str) -> None:
    assert safe_link(address) == address


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "https://carers.example@evil.example/1",
        "https://user:word@carers.example/1",
        "https://carers.example/\u202egpj.exe",
        "https://carers.example/\u200bx",
        "https://carers.example\\@evil.example/",
        "https://carers.example/a b",
        " javascript:alert(1)",
        "data:text/html,x",
        "//evil.example",
        "https://",
        "http://[",
        None,
        float("nan"),
    ],
)
def test_anything_else_is_not_offered_as_a_link(address: object) -> None:
    assert safe_link(address) is None
