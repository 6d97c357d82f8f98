"""What every page is made of: screen texts, formats, HTML, colours, small numbers. Imports no other part of the app."""
