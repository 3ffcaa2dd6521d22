"""Text to nodes with places, and problems back to text."""
