"""What the numbers of a section mean: the models' own words, folded beside them."""

import streamlit as st

from app.ui.markup import escape_markdown, join_html, tag
from app.ui.words import t
from warehouse.transform.definitions import definitions


def draw_definitions(*models: str) -> None:
    """The definition of each model and of its measures, folded."""
    with st.expander(t("page.means"), key=f"means-{models[0]}"):
        for name in models:
            model = definitions()[name]
            measures = (
                part
                for column, sentence in model.measures.items()
                for part in (
                    tag("dt", column.replace("_", " ").capitalize()),
                    tag("dd", sentence[:1].upper() + sentence[1:]),
                )
            )
            st.html(
                join_html(
                    tag("p", tag("strong", model.title), ". ", model.sentence, cls="defined"),
                    tag("dl", *measures, cls="measures") if model.measures else "",
                )
            )


def sentence_of(model: str) -> str:
    """What a model is, in its own words."""
    return definitions()[model].sentence


def draw_cannot_show(model: str) -> None:
    """What a model cannot show."""
    st.html(tag("p", tag("strong", t("page.cannot_show")), ": ", definitions()[model].cannot_show, cls="small"))


def definition_of(model: str, measure: str = "") -> str:
    """The sentence that defines a number, from the same file as the calculation; '' where there is none."""
    model_words = definitions().get(model)
    if model_words is None:
        return ""
    return escape_markdown(model_words.measures.get(measure, "") or model_words.sentence)


def cannot_show(model: str) -> str:
    """What a model cannot show, in its own words."""
    model_words = definitions().get(model)
    return model_words.cannot_show if model_words else ""
