"""The parts of the JSON answers that several commands share."""
