"""What makes two records one dataset, and how they are put together."""
