"""Pictures, from their headers alone: their size, the place where they were taken, what an SVG would run."""
