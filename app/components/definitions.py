"""What the numbers of a section mean: the models' own words, folded beside them."""

import streamlit as st

from app.ui.markup import join, tag
from app.ui.words import t
from warehouse.transform.definitions import definitions


def means(*models: str) -> None:
    """The definition of each model and of its measures, folded."""
    with st.expander(t("page.means"), key=f"means-{models[0]}"):
        for name in models:
            told = definitions()[name]
            measures = (
                part
                for column, sentence in told.measures.items()
                for part in (
                    tag("dt", column.replace("_", " ").capitalize()),
                    tag("dd", sentence[:1].upper() + sentence[1:]),
                )
            )
            st.html(
                join(
                    tag("p", tag("strong", told.title), ". ", told.sentence, cls="defined"),
                    tag("dl", *measures, cls="measures") if told.measures else "",
                )
            )


def sentence(model: str) -> str:
    """What a model is, in its own words."""
    return definitions()[model].sentence


def cannot(model: str) -> None:
    """What a model cannot show."""
    st.html(tag("p", tag("strong", t("page.cannot_show")), ": ", definitions()[model].cannot_show, cls="small"))
