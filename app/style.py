"""The style sheet: the palette as variables, then style.css."""

from functools import cache
from pathlib import Path

import streamlit as st

from app import theme


@cache
def sheet() -> str:
    """Variables and rules in one <style> element."""
    rules = Path(__file__).with_name("style.css").read_text(encoding="utf-8")
    return f"<style>{theme.style_variables()}\n{rules}</style>"


def apply() -> None:
    """Put the style sheet on the page."""
    st.html(sheet())
