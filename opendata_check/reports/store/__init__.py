"""What the store of audits answers, told to people (screen, Markdown, tables) and to programs (JSON, Parquet)."""
