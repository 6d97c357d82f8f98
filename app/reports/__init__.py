"""What leaves the dashboard: printed reports, mails, files. Knows no Streamlit; its rows come from a reader that is handed in."""
