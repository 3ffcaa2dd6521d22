"""Layers to an application: resolve, parse, link, lower, in one readable line."""
