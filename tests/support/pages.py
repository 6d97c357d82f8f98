"""What a test does with a page that Streamlit's AppTest runs: read its words, press a button by its label."""

from streamlit.testing.v1 import AppTest


def words(app: AppTest) -> str:
    """All that stands in the page's own HTML."""
    return "\n".join(element.proto.body for element in app.get("html"))


def press(app: AppTest, label: str) -> AppTest:
    """The page after its button of that label was pressed."""
    return next(button for button in app.button if button.label == label).click().run()
