"""Text documents and presentations of office suites, new and old."""
