"""A tag is believed unless the words speak against it; a language without a list is said not to be checked."""

import pytest

from warehouse.requests import judge

LISTED = [
    ("de", "Hallo in die Runde, wie habt ihr eurem Chef von der Depression erzählt?"),
    ("fr", "Bonjour, comment avez-vous vécu les premières semaines ?"),
    ("es", "Hola, a mi hijo le han diagnosticado TDAH. ¿Por dónde empiezo?"),
    ("nl", "Hallo allemaal, mijn man heeft dementie. Hoe regelen jullie de nachten?"),
    ("cy", "Helo bawb, oes rhywun yn gwybod sut mae gwneud cais am PIP?"),
    ("en", "Hello all, my husband has dementia. How do you manage the nights?"),
]
UNLISTED = [
    ("pl", "Cześć, czy ktoś wie jak złożyć wniosek o zasiłek dla opiekuna?"),
    ("it", "Ciao a tutti, qualcuno ha provato questi cerotti? Mia madre non dorme più"),
    ("pt", "Alguém sabe como pedir o apoio para cuidadores? Não sei o que fazer."),
    ("ar", "هل لدى أحد نصيحة؟"),
    ("uk", "Чи хтось знає, де знайти групу підтримки?"),
    ("ja", "誰か助けてください。どうすればいいですか？"),
]


@pytest.mark.parametrize(("language", "text"), LISTED)
@pytest.mark.parametrize("tag", ["right", None, "wrong"])
def test_an_ask_is_found_in_its_own_language_whatever_the_tag_says(language: str, text: str, tag: str | None) -> None:
    given = {"right": language, None: None, "wrong": "en" if language != "en" else "de"}[tag]
    verdict = judge(text, given)
    assert verdict.language == language
    assert verdict.is_checked
    assert verdict.is_queue


@pytest.mark.parametrize(("language", "text"), UNLISTED)
@pytest.mark.parametrize("tag", ["right", None, "en"])
def test_a_language_without_a_list_is_not_checked_and_in_no_threshold(
    language: str, text: str, tag: str | None
) -> None:
    verdict = judge(text, language if tag == "right" else tag)
    assert not verdict.is_checked
    assert not verdict.is_queue
    assert not verdict.is_count
    assert verdict.fired == ()


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Guten Morgen zusammen, wie geht es euch heute?"),
        ("fr", "Bonjour à tous, comment allez-vous ?"),
        ("es", "Buenos días a todos, ¿cómo estáis?"),
        ("nl", "Goedemorgen, hoe gaat het met iedereen?"),
        ("cy", "Sut mae pawb heddiw?"),
    ],
)
def test_a_greeting_is_no_ask_in_any_language(language: str, text: str) -> None:
    assert not judge(text, language).is_queue


def test_a_region_in_the_tag_does_not_matter() -> None:
    assert judge("Weiß jemand Rat?", "de-AT").language == "de"
    assert judge("Any advice?", "EN_gb").language == "en"
