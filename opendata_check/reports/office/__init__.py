"""What the formats for an office share: tables of findings, plans of work, workbooks, calendars, Markdown, Turtle."""
