"""The web server: Streamlit as an ASGI app, with what stands before it (headers, compression, who may come in) and its routes.

The only package that touches Streamlit's private parts. May import every other package of the dashboard but the command line.
"""
