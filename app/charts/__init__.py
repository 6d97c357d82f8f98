"""Data frame → Plotly figure. Pure: no Streamlit, no database, no clock; colours come from the palette handed in."""
