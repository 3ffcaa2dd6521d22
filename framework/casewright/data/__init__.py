"""Data pages and connectors: everything that is asked of other systems, on one loop thread."""
