"""Data frames → the sentences, tiles and tables of a page, one module per page. Pure: no Streamlit, no database."""
