"""Plain text → the HTML that Mastodon sends: paragraphs, shortened links, anchors for mentions and hashtags."""

import re
from collections.abc import Mapping
from html import escape

TOKEN = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)\]]|@[\w][\w.-]*(?:@[\w.-]+\w)?|#\w+")
PREFIX = re.compile(r"https?://(?:www\.)?")


def link(url: str) -> str:
    """A link as Mastodon shortens it: the scheme and the tail in invisible spans, thirty characters between."""
    found = PREFIX.match(url)
    cut = found.end() if found else 0
    shown, rest = url[cut : cut + 30], url[cut + 30 :]
    style = "ellipsis" if rest else ""
    return (
        f'<a href="{escape(url)}" target="_blank" rel="nofollow noopener" translate="no">'
        f'<span class="invisible">{escape(url[:cut])}</span><span class="{style}">{escape(shown)}</span>'
        f'<span class="invisible">{escape(rest)}</span></a>'
    )


def mention(name: str, url: str) -> str:
    """A mention as Mastodon writes it: only the name is shown, the server stands in the address."""
    return (
        f'<span class="h-card" translate="no"><a href="{escape(url)}" class="u-url mention">'
        f"@<span>{escape(name)}</span></a></span>"
    )


def hashtag(tag: str, domain: str) -> str:
    """A hashtag; its address is in lower case, its text as written."""
    return f'<a href="https://{domain}/tags/{tag.lower()}" class="mention hashtag" rel="tag">#<span>{tag}</span></a>'


def html(
    text: str, *, domain: str, mentions: Mapping[str, str], tags: frozenset[str], quoted: str | None = None
) -> str:
    """The post's content. `mentions`: "@name" and "@name@server" → profile address; they and `tags` in lower case."""

    def token(found: re.Match[str]) -> str:
        word = found.group()
        if word.startswith("http"):
            return link(word)
        if word.startswith("#"):
            return hashtag(word[1:], domain) if word[1:].lower() in tags else escape(word, quote=False)
        url = mentions.get(word.lower())
        return mention(word[1:].partition("@")[0], url) if url else escape(word, quote=False)

    def line(part: str) -> str:
        pieces: list[str] = []
        place = 0
        for found in TOKEN.finditer(part):
            pieces += (escape(part[place : found.start()], quote=False), token(found))
            place = found.end()
        return "".join((*pieces, escape(part[place:], quote=False)))

    paragraphs = [
        "<p>" + "<br />".join(line(part) for part in paragraph.split("\n")) + "</p>"
        for paragraph in re.split(r"\n{2,}", text.strip("\n"))
    ]
    inline = f'<p class="quote-inline">RE: {link(quoted)}</p>' if quoted else ""
    return inline + "".join(paragraphs) if text else inline
