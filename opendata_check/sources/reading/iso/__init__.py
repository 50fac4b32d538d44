"""From an ISO 19139 or 19115-3 record to a dataset: one mapping for both."""
