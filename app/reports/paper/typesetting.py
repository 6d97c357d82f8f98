"""A report → PDF, through Typst: tagged, with its language, title and alternative texts, as PDF/UA-1 wants it.

Typst refuses to write PDF/UA-1 where a picture has no alternative text, a heading is skipped or a sign has no letter-form.
"""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import font_source_sans_pro
import typst

from app.errors import Stopped

_FOLDER = Path(__file__).parent
_NO_FONT = r"could not be displayed with (?:any font|font)|no font could be found|missing glyph"


def typeset(template: str, content: Mapping[str, Any], *, size: float, made_at: datetime) -> bytes:
    """The template of that name filled with `content`, in letters of `size` points. Raises Stopped: no font has them."""
    try:
        document = typst.compile(
            _FOLDER / template,
            pdf_standards=["ua-1"],
            timestamp=made_at.replace(microsecond=0),  # it refuses fractions
            **_typst_arguments(content, size),
        )
    except typst.TypstError as error:
        if no_font := re.search(_NO_FONT, str(error)):
            raise Stopped(
                f"some letters have no font on this computer ({no_font[0]}); install one, on Debian: apt install fonts-noto-core"
            ) from error
        raise
    assert isinstance(document, bytes)  # noqa: S101 without an output file it returns the bytes
    return document


def largest_fitting_size(template: str, content: Mapping[str, Any], sizes: Sequence[float], pages: int) -> float:
    """The largest of the sizes at which it takes no more pages; the smallest where none does."""
    for size in sizes[:-1]:
        pages_count = typst.query(
            _FOLDER / template, "<pages>", field="value", one=True, **_typst_arguments(content, size)
        )
        if int(pages_count) <= pages:
            return size
    return sizes[-1]


def _typst_arguments(content: Mapping[str, Any], size: float) -> dict[str, Any]:
    return {
        "root": _FOLDER,
        "font_paths": [Path(font_source_sans_pro.font_directory)],
        "sys_inputs": {"told": json.dumps(content, ensure_ascii=False), "size": str(size)},
    }
