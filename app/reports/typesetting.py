"""A report → PDF, through Typst: tagged, with its language, title and alternative texts, as PDF/UA-1 wants it.

Typst refuses to write PDF/UA-1 where a picture has no alternative text, a heading is skipped or a sign has no letter-form.
"""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import font_source_sans_pro
import typst

from app.stopping import Stopped

NORMAL, LARGE = 11.0, 18.0  # points; large print begins at 16
_FOLDER = Path(__file__).parent


def pdf(template: str, told: Mapping[str, Any], *, size: float, made_at: datetime) -> bytes:
    """The template of that name filled with `told`. Raises Stopped: letters for which this computer has no font."""
    try:
        made = typst.compile(
            _FOLDER / template,
            root=_FOLDER,
            font_paths=[Path(font_source_sans_pro.font_directory)],
            sys_inputs={"told": json.dumps(told, ensure_ascii=False), "size": str(size)},
            pdf_standards=["ua-1"],
            timestamp=made_at.replace(microsecond=0),  # it refuses fractions
        )
    except typst.TypstError as error:
        said = str(error)
        if found := re.search(
            r"could not be displayed with (?:any font|font)|no font could be found|missing glyph", said
        ):
            raise Stopped(
                f"some letters have no font on this computer ({found[0]}); install one, on Debian: apt install fonts-noto-core"
            ) from error
        raise
    assert isinstance(made, bytes)  # noqa: S101 without an output file it returns the bytes
    return made
