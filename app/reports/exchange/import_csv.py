"""Parser of the CSV file of offline counts: its lines, or what is wrong with each and the cure. Pure. See docs/import.md."""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from warehouse.storage.offline_counts import OfflineCount

COLUMNS = ("what", "place", "date", "id", "likes", "shares", "comments", "followers", "asked", "answered")
KINDS = {"post": ("likes", "shares", "comments"), "tally": ("followers", "asked", "answered")}
TEMPLATE = """what,place,date,id,likes,shares,comments,followers,asked,answered
post,Facebook group,2026-11-03,first-coffee,12,3,4,,,
post,Facebook group,2026-11-10,second-coffee,9,0,2,,,
tally,Facebook group,2026-11-10,,,,,214,6,5
tally,Thursday meeting,2026-11-12,,,,,,4,4
"""
_WORDS = ("text", "message", "body", "name", "author", "content", "post text", "comment text")
_LONGEST = 60  # characters of a place or an id
_MOST = 10**9
_NETWORKS = ("mastodon", "bluesky")


class CannotImport(Exception):
    """The file cannot be imported: one sentence for each line that is wrong, with the cure."""

    def __init__(self, wrong: list[str]) -> None:
        super().__init__("\n".join(wrong))
        self.wrong = wrong


@dataclass(frozen=True, slots=True)
class _Wrong(Exception):
    """What is wrong with one line."""

    words: str


def parse_lines(content: bytes, today: date) -> list[OfflineCount]:
    """The file's lines. `today` where the group is: no day to come is counted. Raises CannotImport with every mistake."""
    rows = _rows(content)
    wrong: list[str] = []
    line_of: dict[tuple[str, ...], int] = {}
    counted: list[OfflineCount] = []
    for number, row in rows:
        try:
            line = _line(row, today)
            same = (line.what, line.place.casefold(), line.on.isoformat() if line.what == "tally" else "", line.item)
            if same in line_of:
                what = "this place and day" if line.what == "tally" else f"the id {line.item!r} at this place"
                raise _Wrong(f"{what} stood in line {line_of[same]} already; keep one of them")
            line_of[same] = number
            counted.append(line)
        except _Wrong as error:
            wrong.append(f"line {number}: {error.words}")
    if wrong:
        raise CannotImport(wrong)
    if not counted:
        raise CannotImport(["there is no line below the headings; see: mutuals import-csv --template"])
    return counted


def _rows(content: bytes) -> Iterator[tuple[int, Mapping[str, str]]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise CannotImport(["the file is not plain text in UTF-8; save it as “CSV UTF-8”"]) from None
    first = text.split("\n", 1)[0]
    sheet = csv.reader(io.StringIO(text, newline=""), delimiter=";" if first.count(";") > first.count(",") else ",")
    try:
        table = [(sheet.line_num, cells) for cells in sheet if any(cell.strip() for cell in cells)]
    except csv.Error as error:
        raise CannotImport(
            [f"line {sheet.line_num}: it cannot be read as CSV ({error}); is a quote missing?"]
        ) from None
    headings = [cell.strip().casefold() for cell in table[0][1]] if table else []
    if problem := _headings(headings):
        raise CannotImport(problem)
    for number, cells in table[1:]:
        values = [cell.strip() for cell in cells] + [""] * (len(headings) - len(cells))
        yield (
            number,
            {**dict(zip(headings, values, strict=False)), **({"": "more"} if len(cells) > len(headings) else {})},
        )


def _headings(headings: list[str]) -> list[str]:
    wrong = []
    for name in headings:
        if name in _WORDS:
            wrong.append(f"line 1: the column {name!r} holds words or names, and those are never imported; take it out")
        elif name not in COLUMNS:
            near = get_close_matches(name, COLUMNS, 1)
            cure = f"did you mean {near[0]!r}?" if near else f"there are: {', '.join(COLUMNS)}"
            wrong.append(f"line 1: there is no column {name!r}; {cure}")
    wrong += [f"line 1: the column {name!r} is missing; add it" for name in COLUMNS[:3] if name not in headings]
    wrong += [
        f"line 1: the column {name!r} stands there twice" for name in sorted(set(headings)) if headings.count(name) > 1
    ]
    return wrong


def _line(row: Mapping[str, str], today: date) -> OfflineCount:
    if "" in row:
        raise _Wrong("it has more cells than there are headings; is a comma inside a name? Put that name in quotes")
    what = row["what"].casefold()
    if what not in KINDS:
        raise _Wrong(f"'what' is {row['what']!r}; write post (one of the group's own) or tally (counts of a day)")
    numbers = {name: _number(name, row.get(name, "")) for names in KINDS.values() for name in names}
    for name, value in numbers.items():
        if value is not None and name not in KINDS[what]:
            raise _Wrong(f"a {what} has no {name!r}; leave that cell empty, or write it on a line of its own")
    if all(numbers[name] is None for name in KINDS[what]):
        raise _Wrong(f"nothing was counted; fill in at least one of: {', '.join(KINDS[what])}")
    if (numbers["answered"] or 0) > (numbers["asked"] or 0):
        raise _Wrong("more were answered than asked; 'answered' are those of 'asked' who got an answer")
    item = row.get("id", "")
    if what == "post" and not item:
        raise _Wrong("a post needs an 'id': any short name of yours that no other post at this place has")
    if what == "tally" and item:
        raise _Wrong("a tally has no 'id'; leave that cell empty")
    return OfflineCount(
        _name("place", row["place"]), what, _day(row["date"], today), _name("id", item) if item else "",
        numbers["likes"], numbers["shares"], numbers["comments"], numbers["followers"], numbers["asked"], numbers["answered"],
    )  # fmt: skip


def _name(column: str, value: str) -> str:
    if not value:
        raise _Wrong(f"{column!r} is empty; write what your group calls it")
    if len(value) > _LONGEST:
        raise _Wrong(f"{column!r} is longer than {_LONGEST} characters; a short name is enough")
    if column == "place" and ("@" in value or "://" in value or not value.isprintable()):
        raise _Wrong(
            f"{column!r} must be the name of a place, not an address or a person; write it like 'Thursday meeting'"
        )
    if column == "place" and value.casefold() in _NETWORKS:
        raise _Wrong(f"{value} is read by itself; a file is for places that cannot be")
    return value


def _day(value: str, today: date) -> date:
    try:
        on = date.fromisoformat(value)
    except ValueError:
        raise _Wrong(f"'date' is {value!r}; write year, month, day, like 2026-11-12") from None
    if on > today:
        raise _Wrong(f"{value} is still to come")
    if on.year < 2004:
        raise _Wrong(f"{value} is before there was anything to count; is the year right?")
    return on


def _number(column: str, value: str) -> int | None:
    if not value:
        return None
    if not re.fullmatch(r"[0-9]+", value) or int(value) > _MOST:
        raise _Wrong(f"{column!r} is {value!r}; write a whole number in digits, like 1234, or leave it empty")
    return int(value)
