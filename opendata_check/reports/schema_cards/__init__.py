"""How schemas are listed, told and turned into templates to fill in."""
