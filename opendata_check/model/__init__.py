"""The values that pass between rooms: frozen, typed, nothing else in them."""
