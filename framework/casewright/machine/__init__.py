"""The pure core: plans, snapshots, commands and effects, and the one function that decides."""
