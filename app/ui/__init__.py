"""The ground of the face: words, HTML, colours, and how small numbers are written. Knows nothing above it."""
