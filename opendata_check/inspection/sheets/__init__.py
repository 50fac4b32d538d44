"""Workbooks (XLSX, ODS, XLS): their sheets, their tables, what they hide."""
