"""The HTML of a post or profile → plain text, read by a parser and never by pattern.

`<br>` is a new line, a paragraph's end a blank line. A quote's fallback line (`.quote-inline`) is left out, because
the quote itself is told apart. Spans marked `invisible` hide the ends of long addresses: kept inside links only.
"""

from html.parser import HTMLParser

_BLOCKS = frozenset({"p", "blockquote", "pre", "ul", "ol", "div", "h1", "h2", "h3", "h4", "h5", "h6", "table"})
_LINES = frozenset({"li", "tr"})
_SILENT = frozenset({"script", "style", "template", "head"})
_VOID = frozenset({"br", "img", "hr", "wbr", "input", "meta", "link", "source", "area", "base", "col", "embed"})


class UnreadableHtml(ValueError):
    """Markup that even the forgiving parser gives up on."""


class _Text(HTMLParser):
    """Collects text. `_dropped` is the depth of open elements inside one that is left out; 0: we are reading."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._dropped = 0
        self._links = 0
        self._kept_as_is = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _VOID:
            if tag == "br" and not self._dropped:
                self.parts.append("\n")
            return
        if self._dropped:
            self._dropped += 1
        elif tag in _SILENT or self._is_left_out(attrs):
            self._dropped = 1
        elif tag == "a":
            self._links += 1
        elif tag == "pre":
            self._kept_as_is += 1
        elif tag in _LINES:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID:
            return
        if self._dropped:
            self._dropped -= 1
        elif tag == "a":
            self._links = max(0, self._links - 1)
        elif tag in _BLOCKS:
            self._kept_as_is = max(0, self._kept_as_is - (tag == "pre"))
            self.parts.append("\n\n")

    def handle_data(self, data: str) -> None:
        if not self._dropped:
            self.parts.append(data if self._kept_as_is else data.replace("\n", " "))

    def _is_left_out(self, attrs: list[tuple[str, str | None]]) -> bool:
        for name, value in attrs:
            if name == "class" and value:
                classes = value.split()
                if "quote-inline" in classes or ("invisible" in classes and not self._links):
                    return True
        return False


def html_text(html: str) -> str:
    """Plain text of a post's or a profile's HTML. Raises UnreadableHtml on markup that cannot be read at all."""
    if "<" not in html and "&" not in html:
        return html.strip()
    parser = _Text()
    try:
        parser.feed(html)
        parser.close()
    except AssertionError as error:  # the standard parser's answer to declarations such as "<![x["
        raise UnreadableHtml("the markup cannot be read") from error
    lines = "".join(parser.parts).strip().split("\n")
    return "\n".join(line.rstrip() for index, line in enumerate(lines) if line.strip() or lines[index - 1].strip())
