"""HTML of posts and profiles becomes the text a person would read."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.mastodon.html_text import LONGEST, UnreadableHtml, _any, _tidy, _well_formed, html_text

LINK = (
    '<a href="https://example.com/a/b/c"><span class="invisible">https://</span>'
    '<span class="ellipsis">example.com/a</span><span class="invisible">/b/c</span></a>'
)


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("", ""),
        ("plain", "plain"),
        ("<p>one</p><p>two</p>", "one\n\ntwo"),
        ("<p>one<br>two<br />three</p>", "one\ntwo\nthree"),
        ("<p>fish &amp; chips &lt;3 &#39;yes&#39;</p>", "fish & chips <3 'yes'"),
        ("<p>a&nbsp;b</p>", "a\xa0b"),
        (f"<p>see {LINK}</p>", "see https://example.com/a/b/c"),
        ('<p>seen<span class="invisible">unseen</span></p>', "seen"),
        ('<p class="quote-inline">RE: <a href="https://x.example/1">x</a></p><p>mine<br>too</p>', "mine\ntoo"),
        ('<p class="quote-inline">RE: <br><img src="x"><span>x</span></p>mine', "mine"),
        ("<ul><li>one</li><li>two</li></ul>", "one\ntwo"),
        ("<pre>a\nb</pre>", "a\nb"),
        ("<p>a\nb</p>", "a b"),
        ("<p>unclosed <b>bold", "unclosed bold"),
        ("<script>bad()</script><p>good</p>", "good"),
        ("<P>LOUD</P>quiet", "LOUD\n\nquiet"),
        ("</p></a></span>stray", "stray"),
        ("<!-- hidden --><p>shown</p>", "shown"),
        ("half \ud83d of a pair <b>x</b>", "half \ud83d of a pair x"),
        ('<!DOCTYPE x [<!ENTITY a "aaaa">]><p>&a;</p>', "]>&a;"),  # never expanded
    ],
)
def test_html_reads_as_a_person_would_read_it(html: str, text: str) -> None:
    assert html_text(html) == text


def test_markup_that_is_longer_than_any_post_is_said_to_be_unreadable() -> None:
    assert html_text("<p>" + "x" * (LONGEST - 3))
    with pytest.raises(UnreadableHtml):
        html_text("<p>" + "x" * LONGEST)


HOSTILE = [
    "<",
    "<a",
    "<a ",
    "<a b=",
    '<a b="',
    "<a b='\"",
    "<!--",
    "<!-- ]]>",
    "<![x[",
    "<?",
    "</a",
    "<a/",
    "<script>",
    "&#",
]


@pytest.mark.parametrize("before", ["", "<P>", "<script>", "<!--"])
@pytest.mark.parametrize("piece", HOSTILE)
def test_hostile_markup_costs_no_more_than_its_length(piece: str, before: str) -> None:
    """Four times as much of it took sixteen times as long: 107 s for 80 kB."""

    def seconds(size: int) -> float:
        began = time.process_time()
        html_text(before + piece * (size // len(piece)))
        return time.process_time() - began

    seconds(1_000)
    assert seconds(LONGEST - 10) < 2.0, "all that is taken at all; html.parser alone would need a quarter of an hour"


words = st.text(alphabet="ab é&<>'\"\n#@", max_size=6).map(
    lambda text: text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
)
tags = st.sampled_from(
    ["p", "b", "span", "a", "blockquote", 'span class="invisible"', 'p class="quote-inline"', "ul", "li"]
)
trees = st.recursive(
    words | st.just("<br />") | st.just("<br>"),
    lambda inner: st.tuples(tags, st.lists(inner, max_size=4)).map(
        lambda pair: f"<{pair[0]}>{''.join(pair[1])}</{pair[0].split()[0]}>"
    ),
    max_leaves=12,
)


@given(trees)
def test_both_parsers_read_the_same(html: str) -> None:
    """The fast one is only ever a quicker way to the same text."""
    read = _well_formed(html)
    assert read is not None
    assert _tidy("".join(read.parts)) == _tidy("".join(_any(html).parts))


@given(st.text(alphabet="<>/&;!?[]-= \n\"'apbrscript#x0\x00\ud800", max_size=60) | st.text())
def test_nothing_else_is_ever_raised(html: str) -> None:
    try:
        text = html_text(html)
    except UnreadableHtml:
        return
    assert "\n\n\n" not in text
