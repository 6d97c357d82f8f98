"""Replies inside somebody else's conversation: a question there is put to one person, and not an ask of the group.

"How long has this been going on?" below a request is part of an answer. Only what is put to everybody counts: "has anybody
else …?", "me too, any ideas?".
"""

from dataclasses import replace

from warehouse.requests.judge import Judgement

_PUT_TO_EVERYBODY = frozenset({"anyone", "any-advice", "help-me", "looking-for", "talk-to-me"})


def judge_as_aside(judgement: Judgement) -> Judgement:
    """The verdict on a text that is a reply to somebody other than the group."""
    if _PUT_TO_EVERYBODY & {fired.rule_id for fired in judgement.fired}:
        return judgement
    return replace(judgement, is_queue=False, is_count=False)
