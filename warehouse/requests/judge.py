"""Judge one post: which rules fire, what they add up to, which support is asked for or given."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import exp, sqrt

from warehouse.requests.language import detect_language
from warehouse.requests.matcher import Hit, find_hits
from warehouse.requests.tokenizer import Reading, correct_spelling, tokenize
from warehouse.requests.word_lists import Rule, WordList, languages, unlisted_thanks, word_list

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


_START = -2.2  # points of a post of which nothing is known: about one in ten is an ask
_PLIGHT = 2.4  # the most that trouble told can add: enough for the queue, never enough to be counted
_LONG = 70  # words; a phrase like "just sharing" says less of a post the longer that is
_BELOW_COUNT = 0.6  # points to which what a post speaks of can lift it: in the queue, not counted
_ASKED = 1.2  # points of an ask or question that is plainly one
_TOLD = 0.9  # how much of it counts in a post in which nothing is put as an ask or a question
_FIRM = 0.5  # how much of what a post speaks of counts when something is plainly asked
_GIVING_AND_ASKING = 0.4  # how much thanks or support given still says when something is asked
_MOST_WORDS = 9  # of a bearing; more say nothing more
_SHOWN = 6  # reasons beside a pick; more is noise


def judge(text: str, language: str | None = None, title: str | None = None) -> Judgement:
    """Is this post, addressed to a self-help group, an ask?

    language: the network's tag, possibly wrong or missing. title: a forum's heading, read like the text. Never raises
    for any text; offsets of what fired are characters of text (or of title).
    """
    readings = [tokenize(title)] if title else []
    readings.append(tokenize(text))
    words = tuple(word for reading in readings for word in reading.words)
    if not words:
        return Judgement(None, True, 0.0, False, False, False, (), None, None)
    named = detect_language(words, language)
    if named is None or named not in languages():
        is_thanks = "?" not in text and not unlisted_thanks(named).isdisjoint(words)
        return Judgement(named, False, 0.0, False, False, is_thanks, (), None, None)
    known = word_list(named, is_asked=False)
    if known.splits_apostrophes:
        readings = [tokenize(title, True)] if title else []
        readings.append(tokenize(text, True))
    readings = [correct_spelling(reading, known.spellings) for reading in readings]
    hits = _hits(readings, known)
    verdict = _weigh(hits, named, min(1.0, _LONG / len(words)))
    if not verdict.is_queue:
        return verdict
    asked = _support(hits + _hits(readings, word_list(named, is_asked=True)), "asked")
    return replace(verdict, support_asked=asked[0] if asked else "unsure")


def _hits(readings: list[Reading], known: WordList) -> list[Hit]:
    last = len(readings) - 1
    return [hit for at, reading in enumerate(readings) for hit in find_hits(reading, known, at < last)]


def _weigh(hits: list[Hit], language: str, trust: float) -> Judgement:
    """trust: how much a phrase that speaks against an ask says of the whole post; little in a long one."""
    asks: dict[str, float] = {}
    plights: dict[str, float] = {}
    against: dict[str, float] = {}
    bearings: dict[Rule, int] = {}
    questions: dict[tuple[bool, int], dict[str, float]] = {}
    for hit in hits:
        rule, kind = hit.rule, hit.rule.kind
        if kind == "bearing":
            bearings[rule] = bearings.get(rule, 0) + len(hit.words)
        elif kind in ("question", "opener"):
            questions.setdefault((hit.is_in_title, hit.sentence), {})[rule.rule_id] = rule.weight
        elif kind == "ask":
            asks[rule.rule_id] = rule.weight
        elif kind == "plight":
            plights[rule.rule_id] = rule.weight
        elif kind == "against":
            against[rule.rule_id] = rule.weight
    best = max(questions, key=lambda key: sum(questions[key].values()), default=None)
    question = 0.0 if best is None else sum(questions[best].values())
    adds = [*asks.values(), min(_PLIGHT, _fading(plights.values()))]
    if best is not None:
        adds.append(question)
    points = _START + _fading(adds) + trust * sum(against.values())
    strongest = max([question, *asks.values()])
    is_put = bool(questions) or strongest >= 1
    giving = sum({rule.rule_id: rule.telling for rule in (hit.rule for hit in hits) if rule.telling}.values())
    giving *= trust * (_GIVING_AND_ASKING if is_put else 1)
    points = _borne(points + giving, bearings, is_put, strongest >= _ASKED)
    score = 1 / (1 + exp(-points))
    is_queue = score >= QUEUE_SCORE
    counted = [
        hit for hit in hits if hit.rule.kind not in ("question", "opener") or (hit.is_in_title, hit.sentence) == best
    ]
    # A thanks with a new question in it still waits, however softly the question is put.
    asked = max((sum(rules.values()) for rules in questions.values()), default=0.0)
    is_thanks = not is_queue and asked <= 0 and any(hit.rule.kind == "thanks" for hit in hits)
    given = _support(hits, "given")
    return Judgement(
        language=language,
        is_checked=True,
        score=round(score, 3),
        is_queue=is_queue,
        is_count=score >= COUNT_SCORE,
        is_thanks=is_thanks,
        fired=_shown(counted),
        support_asked=None,  # looked for only in what is picked
        support_given=given[0] if given else None,
        all_given=given,
    )


def _borne(points: float, bearings: dict[Rule, int], is_put: bool, is_asked: bool) -> float:
    """The points, moved by what the post speaks of: lifted to the queue at most, unless something is plainly asked.

    bearings: how many different words of each rule. is_put: some ask or question, however weak.
    """
    whole = firm = points
    for rule, words in bearings.items():
        if rule.is_for_tellings and is_put:
            continue
        move = rule.weight * sqrt(min(_MOST_WORDS, words))
        if move > 0 and not is_put:
            move *= _TOLD
        whole += move
        if move < 0:
            firm += move
        elif rule.is_for_count:
            firm += move * _FIRM
    moved = min(whole, max(points, _BELOW_COUNT))
    return max(moved, firm) if is_asked else moved


def _fading(weights: Iterable[float]) -> float:
    """The strongest in full, the next by half, and so on: a long post does not become an ask by its length."""
    return sum(weight * 0.5**at for at, weight in enumerate(sorted(weights, reverse=True)))


def _support(hits: list[Hit], kind: str) -> tuple[str, ...]:
    """Kinds of support named, the likeliest first. A rule speaks for its kind once."""
    weights: dict[str, dict[str, float]] = {}
    for hit in hits:
        rule = hit.rule
        if rule.support and (rule.kind == kind or (kind == "asked" and rule.kind in ("ask", "question", "plight"))):
            weights.setdefault(rule.support, {})[rule.rule_id] = abs(rule.weight)
    totals = {support: sum(rules.values()) for support, rules in weights.items()}
    return tuple(sorted((support for support in totals if totals[support] >= 1), key=lambda support: -totals[support]))


def _shown(hits: list[Hit]) -> tuple[Fired, ...]:
    first: dict[str, Hit] = {}
    for hit in hits:
        if hit.rule.kind in ("ask", "question", "opener", "plight", "bearing", "against"):
            first.setdefault(hit.rule.rule_id, hit)
    ordered = sorted(first.values(), key=lambda hit: -abs(hit.rule.weight))[:_SHOWN]
    return tuple(
        Fired(hit.rule.rule_id, hit.rule.reason, *hit.reading.span(*hit.place()), hit.is_in_title) for hit in ordered
    )
