"""A value → what may stand in a cell of a table that somebody opens in a spreadsheet. Pure.

A spreadsheet takes text that begins with one of a few signs for a formula, also in a CSV, and runs it. Such text gets an
apostrophe in front (https://owasp.org/www-community/attacks/CSV_Injection). Numbers stay numbers: −3 is no formula.
"""

from datetime import datetime
from typing import Any

# Full-width forms and the real minus count as well: some programs read them as the plain sign.
_SIGNS = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20\u2212"
_BLANKS = " \t\r\n\u00a0\u3000\ufeff\u200b"


def cell(value: Any) -> str:
    """Nothing for None; true, false and numbers without ornament; dates and times (with zones) in ISO 8601; harmless text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return f"{value:.6g}"
    return value.isoformat(timespec="seconds") if isinstance(value, datetime) else text(str(value))


def text(value: str) -> str:
    """Text on one line that no spreadsheet takes for a formula."""
    one_line = value.replace("\r", " ").replace("\n", " ").replace("\x00", "")
    begins = one_line.lstrip(_BLANKS)[:1]
    return f"'{one_line}" if value[:1] in tuple(_SIGNS) or begins in tuple(_SIGNS) else one_line
