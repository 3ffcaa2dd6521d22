"""The code that ours is raced against."""
