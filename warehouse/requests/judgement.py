"""What the rules say of one post, with the reason for every word of it."""

from dataclasses import dataclass

DETECTOR_VERSION = "4"  # moves on with every change of a rule or weight, so that figures can be told apart
QUEUE_SCORE = 0.35  # from here a volunteer is shown it: a missed ask costs more than a glance
COUNT_SCORE = 0.65  # from here reports count it without a person's word


@dataclass(frozen=True, slots=True)
class Fired:
    """A rule that fired. start, end: the phrase in the original text (the title's offsets when is_in_title)."""

    rule_id: str
    reason: str
    start: int
    end: int
    is_in_title: bool = False


@dataclass(frozen=True, slots=True)
class Judgement:
    """score: how sure the rules are, 0 to 1, that this is an ask; nothing else. is_checked: its language has a list."""

    language: str | None
    is_checked: bool
    score: float
    is_queue: bool
    is_count: bool
    is_thanks: bool
    fired: tuple[Fired, ...]
    support_asked: str | None
    support_given: str | None
    detector_version: str = DETECTOR_VERSION
    all_given: tuple[str, ...] = ()
