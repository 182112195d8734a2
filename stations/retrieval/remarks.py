"""What people are told beside an answer: whether it was found, and what the check of its sentences means."""

from collections.abc import Mapping

from stations.retrieval.answer import Answer, Check
from stations.texts import Language, say

_CHECKS: Mapping[Check, str] = {
    "supported": "answer.supported",
    "unsupported": "answer.unsupported",
    "open": "answer.open",
}


def remark(answer: Answer, language: Language) -> str:
    """Return what to say about an answer as a whole; ``""`` while it is being written."""
    if answer.outcome == "not_found":
        return say("answer.not_found" if answer.sources else "answer.empty", language)
    if answer.outcome == "stopped":
        return say("answer.stopped", language)
    if answer.outcome != "answered":
        return ""
    doubtful = any(statement.check == "unsupported" for statement in answer.statements)
    said = say("answer.doubtful" if doubtful else "answer.check", language)
    if not answer.missing:
        return said
    return f"{said} {say('answer.missing_words', language, words=', '.join(answer.missing))}"


def check_remark(check: Check, language: Language) -> str:
    """Return what the check says about one sentence."""
    return say(_CHECKS[check], language)
