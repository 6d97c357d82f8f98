"""The HTML of a post or profile → plain text, read by a parser and never by pattern.

`<br>` is a new line, a paragraph's end a blank line. A quote's fallback line (`.quote-inline`) is left out, because
the quote itself is told apart. Spans marked `invisible` hide the ends of long addresses: kept inside links only.

Two of the standard library's parsers feed the same writer. What Mastodon sends is nearly always well formed, and expat
reads that several times as fast as html.parser (40 µs against 170 µs for a reply: most of the cost of reading a post).
Whatever expat does not take goes to html.parser, which takes anything, but looks for the end of each unfinished tag all the
way down: 80 kB of "<a " kept it busy for 107 s. So unfinished tags, comments and odd quotes are taken out first.
"""

import re
from collections.abc import Mapping
from html.parser import HTMLParser
from xml.parsers import expat

_BLOCKS = frozenset({"p", "blockquote", "pre", "ul", "ol", "div", "h1", "h2", "h3", "h4", "h5", "h6", "table"})
_LINES = frozenset({"li", "tr"})
_SILENT = frozenset({"script", "style", "template", "head"})
LONGEST = 250_000  # characters; the longest posts on any server we know are a fifth of that
_UNFINISHED = re.compile(r"<(?=[A-Za-z/!?])[^<>]*(?=<|\Z)")
_TAG = re.compile(r"<[^<>]*>")
_VOID = frozenset({"br", "img", "hr", "wbr", "input", "meta", "link", "source", "area", "base", "col", "embed"})


class UnreadableHtml(ValueError):
    """Markup that is not worth the time it would take."""


def html_text(html: str) -> str:
    """Plain text of a post's or a profile's HTML. Raises UnreadableHtml when it is far longer than any post."""
    if len(html) > LONGEST:
        raise UnreadableHtml("the markup is too long to be read")
    if "<" not in html and "&" not in html:
        return _tidy(html.replace("\n", " "))
    # A declaration could define entities; none belongs into a post.
    writer = _well_formed(html) if "<!" not in html and "<?" not in html else None
    return _tidy("".join((writer or _any(html)).parts))


class _NotLowerCase(Exception):
    """expat keeps the case of <P>; html.parser does not."""


class _Writer:
    """Collects text. `_dropped` is the depth of open elements inside one that is left out; 0: we are reading."""

    __slots__ = ("_dropped", "_kept_as_is", "_links", "parts")

    def __init__(self) -> None:
        self.parts: list[str] = []
        self._dropped = 0
        self._links = 0
        self._kept_as_is = 0

    def start(self, tag: str, attributes: Mapping[str, str | None]) -> None:
        classes = attributes.get("class")
        if tag in _VOID:
            if tag == "br" and not self._dropped:
                self.parts.append("\n")
        elif self._dropped:
            self._dropped += 1
        elif tag in _SILENT or (classes and self._is_left_out(classes.split())):
            self._dropped = 1
        elif tag == "a":
            self._links += 1
        elif tag == "pre":
            self._kept_as_is += 1
        elif tag in _LINES:
            self.parts.append("\n")
        elif not tag.islower():
            raise _NotLowerCase

    def end(self, tag: str) -> None:
        if tag in _VOID:
            return
        if self._dropped:
            self._dropped -= 1
        elif tag == "a":
            self._links = max(0, self._links - 1)
        elif tag in _BLOCKS:
            self._kept_as_is = max(0, self._kept_as_is - (tag == "pre"))
            self.parts.append("\n\n")

    def data(self, text: str) -> None:
        if not self._dropped:
            self.parts.append(text if self._kept_as_is else text.replace("\n", " "))

    def _is_left_out(self, classes: list[str]) -> bool:
        return "quote-inline" in classes or ("invisible" in classes and not self._links)


def _well_formed(html: str) -> _Writer | None:
    """Read by expat; None: it does not take it."""
    writer = _Writer()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = writer.start
    parser.EndElementHandler = writer.end
    parser.CharacterDataHandler = writer.data
    try:
        parser.Parse(f"<post>{html.replace('<br>', '<br/>')}</post>", True)
    except (expat.ExpatError, UnicodeEncodeError, _NotLowerCase):
        return None
    return writer


class _Forgiving(HTMLParser):
    """html.parser, told to write."""

    def __init__(self, writer: _Writer) -> None:
        super().__init__(convert_charrefs=True)
        self._writer = writer

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._writer.start(tag, dict(attrs))

    def handle_endtag(self, tag: str) -> None:
        self._writer.end(tag)

    def handle_data(self, data: str) -> None:
        self._writer.data(data)


def _any(html: str) -> _Writer:
    writer = _Writer()
    parser = _Forgiving(writer)
    parser.feed(_TAG.sub(_even, _UNFINISHED.sub("", html)))
    parser.close()
    return writer


def _even(tag: re.Match[str]) -> str:
    """The tag without its quotes if one of them never ends: else the parser takes what follows for its value. No comments."""
    found = tag[0]
    if found.startswith(("<!", "<?")):
        return ""
    is_odd = found.count('"') % 2 or found.count("'") % 2
    return found.replace('"', "").replace("'", "") if is_odd else found


def _tidy(text: str) -> str:
    """No spaces at the ends of lines, never two blank lines, none at either end."""
    if "\n" not in text:
        return text.strip()
    lines = [line.rstrip() for line in text.strip().split("\n")]
    return "\n".join(line for place, line in enumerate(lines) if line or lines[place - 1])
