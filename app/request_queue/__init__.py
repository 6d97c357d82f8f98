"""Everything on the page *Waiting for a reply*: the lists, a card, the words of a post, what can be pressed, the keys.

Draws with Streamlit. May import components, data, auth, queries and ui.
"""
