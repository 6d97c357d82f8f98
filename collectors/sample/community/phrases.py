"""The sample's words: read from texts/*.toml, filled in, and taken in turn so that no page repeats itself."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, TypeVar

from collectors.sample.community.activity_hours import rng

_FOLDER = Path(__file__).parent / "texts"
_TOGETHER = re.compile(r"\{([^{}|]*/[^{}|]*)\}")  # {mum/dad} … {she/he}: the same place throughout a text
_APART = re.compile(r"\{([^{}]*\|[^{}]*)\}")  # {spring|autumn}: each by itself
_T = TypeVar("_T")


@cache
def texts(name: str) -> Mapping[str, Any]:
    """One file of texts, by its name without the ending."""
    return tomllib.loads((_FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def fill(text: str, rng: Random, **words: str) -> str:
    """The text with its choices made and its named places filled."""
    place = rng.randrange(60)
    text = _TOGETHER.sub(lambda found: _at(found.group(1).split("/"), place), text)
    text = _APART.sub(lambda found: rng.choice(found.group(1).split("|")), text)
    for name, word in words.items():
        text = text.replace(f"{{{name}}}", word)
    return text[:1].upper() + text[1:]


def _at(choices: list[str], place: int) -> str:
    return choices[place % len(choices)]


@cache
def _order(seed: int, name: str, length: int) -> tuple[int, ...]:
    return tuple(rng(seed, "order", name).sample(range(length), length))


def in_turn(seed: int, name: str, number: int, pool: Sequence[_T]) -> _T:
    """The `number`th of a pool in an order of its own; nothing comes again before all others have."""
    return pool[_order(seed, name, len(pool))[number % len(pool)]]
