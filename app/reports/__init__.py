"""What leaves the dashboard: papers, mails, files. Knows no Streamlit; its rows are handed in by a reader."""
