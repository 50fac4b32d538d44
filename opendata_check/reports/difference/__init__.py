"""What changed between two audits of one body, for whoever reads it: on a screen, in Markdown, in JSON."""
