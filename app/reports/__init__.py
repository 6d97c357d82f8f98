"""What leaves the dashboard: exports, the trustees' report, the members' sheet, the weekly mail."""
