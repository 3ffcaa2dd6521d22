"""What can be said of an expression before it runs: what may be empty, is constant or needless, costs too much."""
