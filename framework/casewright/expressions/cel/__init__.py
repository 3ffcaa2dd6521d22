"""CEL to the letter: its values, its functions, and how its rules differ from the house's in each pass."""
