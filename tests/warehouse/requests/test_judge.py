"""What the rules make of a post: asks, what only looks like one, thanks, support, and where it says so."""

import pytest

from warehouse.requests import COUNT_SCORE, DETECTOR_VERSION, QUEUE_SCORE, judge

ASKS = [
    "Has anyone tried hydrotherapy for fibro?",
    "any advice on filling in the form",
    "I don't know what to do any more, he won't eat",
    "wondering if anyone else gets this after the injections",
    "Looking for a carers' group near Bangor",
    "is it normal that I still set two plates",
    "can someone explain what mandatory reconsideration is",
    "How do you all cope with the nights?",
    "I need help with the appeal, please",
    "Struggling with the new dose, what helped you?",
    "Am I the only one who dreads Christmas?",
    "I just need someone to talk to tonight",
]
NOT_ASKS = {
    "rhetorical": "Well, who cares about forms anyway? Not me!",
    "tag": "Lovely weather for the walk, isn't it?",
    "greeting": "Good morning everyone, how are you all today?",
    "promotion": "Sign up now for our free webinar on sleep! https://example.org/sleep",
    "poll": "Question of the day: tea or coffee? Vote below!",
    "offer": "If anyone needs to talk tonight, my inbox is open.",
    "quoted question": 'My aunt keeps saying "have you tried getting out more?" and I just smile.',
    "quoted line": "> Does anyone know when it starts?\nIt starts at seven.",
    "reported question": "People always ask me how I manage. I manage badly.",
    "link": "https://example.org/does-anyone-know?what=should-i-do",
    "thanks": "Thank you all so much, that really helped!",
    "good news": "I walked to the shop and back today.",
    "advice": "You should ask your GP for a referral.",
    "reply to one person": "@ann@example.org did you see the match?",
    "a link with words": "Carers strike today https://example.org/news?q=help",
}


@pytest.mark.parametrize("text", ASKS)
def test_an_ask_is_put_in_the_queue_and_counted(text: str) -> None:
    verdict = judge(text, "en")
    assert verdict.is_queue
    assert verdict.is_count
    assert verdict.fired


@pytest.mark.parametrize("text", NOT_ASKS.values(), ids=NOT_ASKS.keys())
def test_what_only_looks_like_an_ask_is_left_alone(text: str) -> None:
    assert not judge(text, "en").is_queue


@pytest.mark.parametrize("text", ["I can't do this any more", "i cant do this anymore", "I feel so alone tonight"])
def test_trouble_told_to_the_group_is_worth_a_glance_but_is_not_counted(text: str) -> None:
    verdict = judge(text, "en")
    assert verdict.is_queue
    assert not verdict.is_count


def test_however_much_trouble_is_told_it_is_not_counted_as_an_ask() -> None:
    text = (
        "I feel so alone. I can't cope with this. I hate myself. My husband left me. I'm so worried. I cry every night."
    )
    assert not judge(text, "en").is_count


def test_the_phrase_is_marked_in_the_original_text() -> None:
    text = "Hi all 👋🏽  — sorry!  “It’s fine”, they say. Has\u200b any\u00adone tried it?"
    marked = {fired.rule_id: text[fired.start : fired.end] for fired in judge(text, "en").fired}
    assert marked["anyone"] == "Has\u200b any\u00adone"
    assert marked["question"] == "Has\u200b any\u00adone tried it?"


def test_a_phrase_in_the_title_is_marked_in_the_title() -> None:
    title = "Any advice on sleeping upright?"
    verdict = judge("I slide down every night.", "en", title)
    assert verdict.is_count
    first = next(fired for fired in verdict.fired if fired.rule_id == "any-advice")
    assert first.is_in_title
    assert title[first.start : first.end].startswith("Any advice")


def test_the_same_words_without_their_title_are_not_counted() -> None:
    assert not judge("I slide down every night.", "en").is_count


def test_a_thanks_is_told_from_a_thanks_that_still_asks() -> None:
    assert judge("Thank you everyone, that helped 💛", "en").is_thanks
    still_asking = judge("Thanks, but I still don't know what to do.", "en")
    assert still_asking.is_queue
    assert not still_asking.is_thanks


GOOD_NEWS = [
    "They said yes! I was going to come and tell you all.",
    "You remembered! We're all right. Small steps.",
    "Still waiting, but now I know whom I'm waiting for. It helps.",
    "Getting there. I've thought of what you said more than once.",
    "Better than I dared to think.",
    "That did the trick. He slept right through.",
]


@pytest.mark.parametrize("text", GOOD_NEWS)
def test_telling_that_it_went_well_is_like_a_thanks(text: str) -> None:
    assert judge(text, "en").is_thanks


@pytest.mark.parametrize(
    "text",
    [
        "A hard week again, to be honest.",
        "They said no.",
        "Still waiting. Nobody rings back.",
        "It worked for a day and now he's up all night again. What else is there?",
        "Thank you. Does it still count if we live just over the county line?",
        "Thanks, that helps. Who pays for it though?",
        "It helps a bit, but I can't cope with the nights.",
    ],
)
def test_bad_news_and_a_new_question_still_wait(text: str) -> None:
    assert not judge(text, "en").is_thanks


def test_thanks_are_known_in_some_languages_without_a_list_but_not_with_a_question() -> None:
    assert judge("Bardzo dziękuję, to wiele dla mnie znaczy.", "pl").is_thanks
    assert judge("Щиро дякую, це дуже допомогло.", "uk").is_thanks
    assert not judge("Dziękuję! A kto za to płaci?", "pl").is_thanks
    assert not judge("Dzisiaj było znowu bardzo ciężko.", "pl").is_thanks


@pytest.mark.parametrize(
    "text",
    [
        "Quiet so far. I don't trust it but I'll take it.",
        "Awake, kettle on. Tell her you're not going anywhere. Then don't say anything for a bit.",
    ],
)
def test_company_kept_at_night_is_no_ask(text: str) -> None:
    assert not judge(text, "en").is_queue


def test_a_greeting_does_not_hide_the_ask_after_it() -> None:
    assert judge("How is everyone? How is everyone managing with the new forms?", "en").is_count


def test_thanks_in_advance_is_an_ask() -> None:
    verdict = judge("Does the chemist deliver on Sundays? Thanks in advance", "en")
    assert verdict.is_count
    assert not verdict.is_thanks


def test_me_too_is_like_a_request() -> None:
    assert judge("me too?", "en").is_queue
    assert judge("Following, I need this too", "en").is_queue


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Can anyone give me a lift to dialysis on Tuesday?", "practical"),
        ("Which form do I need for the appeal?", "informational"),
        ("I just need someone to talk to, I feel so alone", "emotional"),
    ],
)
def test_the_kind_of_support_asked_for_is_named(text: str, kind: str | None) -> None:
    assert judge(text, "en").support_asked == kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("I'm so sorry, sending hugs. You're not alone.", "emotional"),
        ("You should ask for a mandatory reconsideration.", "informational"),
        ("I can drive you there on Monday.", "practical"),
        ("lol", None),
    ],
)
def test_the_kind_of_support_given_is_named(text: str, kind: str | None) -> None:
    assert judge(text, "en").support_given == kind


def test_an_ask_of_no_clear_kind_is_unsure_and_no_ask_has_no_kind() -> None:
    assert judge("Please, somebody answer.", "en").support_asked == "unsure"
    assert judge("It was a fine day.", "en").support_asked is None


def test_the_score_agrees_with_the_two_thresholds() -> None:
    for text in [*ASKS, *NOT_ASKS.values()]:
        verdict = judge(text, "en")
        assert verdict.is_queue == (verdict.score >= QUEUE_SCORE)
        assert verdict.is_count == (verdict.score >= COUNT_SCORE)
        assert verdict.detector_version == DETECTOR_VERSION


def test_the_same_post_gets_the_same_verdict_twice() -> None:
    assert judge(ASKS[2], "en") == judge(ASKS[2], "en")


TOLD_AND_TOLD_GLADLY = {
    "en": ("My mum won't eat and the hospital cancelled again.", "We laughed all day, it was a lovely party!"),
    "de": ("Meine Mutter isst nichts und die Klinik hat wieder abgesagt.", "Wir haben gelacht, ein wunderbares Fest!"),
    "fr": ("Ma mère est malade et l'hôpital a encore annulé.", "On a ri toute la journée, une belle fête !"),
    "es": (
        "Mi madre está enferma y el hospital ha cancelado la cita.",
        "Nos reímos todo el día, ¡qué fiesta preciosa!",
    ),
    "nl": ("Mijn moeder is ziek en het ziekenhuis heeft weer afgezegd.", "We hebben gelachen, wat een prachtig feest!"),
    "cy": ("Mae mam yn sâl ac mae'r ysbyty wedi gwrthod eto.", "Roedd hi'n barti hyfryd, chwerthin mawr!"),
}


@pytest.mark.parametrize("language", TOLD_AND_TOLD_GLADLY)
def test_trouble_told_without_a_question_is_put_in_the_queue_uncounted_and_gladness_is_not(language: str) -> None:
    trouble, gladness = TOLD_AND_TOLD_GLADLY[language]
    assert judge(trouble, language).is_queue
    assert not judge(trouble, language).is_count
    assert not judge(gladness, language).is_queue


@pytest.mark.parametrize("text", ["Was it worth it? Yes, every penny.", "Do I miss it? God no."])
def test_a_question_answered_in_the_same_breath_is_no_ask(text: str) -> None:
    assert not judge(text, "en").is_queue


@pytest.mark.parametrize(
    "text",
    [
        "@carers@group.example is there step-free access at the new place",
        "#AskDisabled how do you carry a tray on crutches",
        "sorry to butt in - is that backdated",
    ],
)
def test_an_unmarked_question_is_found_behind_a_name_a_hashtag_or_a_dash(text: str) -> None:
    assert judge(text, "en").is_queue


def test_who_gives_comfort_or_a_hand_does_not_ask() -> None:
    assert not judge("So sorry about your dad, the hospital should be ashamed.", "en").is_queue
    assert not judge("I can drive your mum to the clinic on Thursday.", "en").is_queue


def test_texting_spellings_are_read_as_their_words_and_marked_as_they_stand() -> None:
    text = "can ne1 tell me abt this"
    verdict = judge(text, "en")
    assert verdict.is_count
    assert text[verdict.fired[0].start : verdict.fired[0].end].startswith("can ne1")


@pytest.mark.parametrize(
    "text",
    [
        "Shout if you know a good plumber who does instalments.",
        "I hate to ask but we are out of options this month.",
        "Completely stumped by the letter from the council.",
        "Talk me out of texting him.",
        "Calling all parents of teens with type 1.",
        "I can't be the only one who hides in the car.",
        "Emergency babysitter required for tonight.",
        "Still £60 short for the rent, anything helps.",
    ],
)
def test_an_ask_that_is_no_question_is_put_in_the_queue(text: str) -> None:
    assert judge(text, "en").is_queue


@pytest.mark.parametrize(
    "text",
    [
        "Shout if you need anything, my door is open.",
        "Not sure what I'd do without you lot.",
        "Wanted to let everyone know: thank you, it worked.",
        "The hall is warm and the kettle is on.",
        "Was it worth it? Yes, every penny.",
    ],
)
def test_what_only_sounds_like_an_ask_is_left_out(text: str) -> None:
    assert not judge(text, "en").is_queue
