"""The trustees' report and the members' sheet, as PDF (Typst) or HTML. Pure: from rows to a file."""
