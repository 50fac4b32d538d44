"""opendata-check: which open-data obligations bind a French local body, what it publishes, and what to do first."""

__version__ = "0.1.0"
