"""Is this post, addressed to a self-help group, an ask, and for which kind of support? Rules that show their reasons.

Severity is never predicted: there are no risk words here and no score of distress, mood or danger. The score says only
how sure the rules are that somebody asks for something, and it ranks nobody: the queue's order is the longest wait.
"""

from warehouse.requests.explain import explain, explain_stream
from warehouse.requests.judge import COUNT_SCORE, DETECTOR_VERSION, QUEUE_SCORE, Fired, Judgement, judge

__all__ = [
    "COUNT_SCORE",
    "DETECTOR_VERSION",
    "QUEUE_SCORE",
    "Fired",
    "Judgement",
    "explain",
    "explain_stream",
    "judge",
]
