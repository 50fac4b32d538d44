"""What the formats read by a continuous-integration chain share: places in a repository, levels, one line a fault."""
