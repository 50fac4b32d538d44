"""What the commands about portals print: which kind stands at an address, and what its catalogue shows."""
