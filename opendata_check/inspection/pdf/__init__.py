"""What a PDF says: its pages, its tables, its scans, and what it would run."""
