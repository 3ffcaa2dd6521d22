"""The functions and operators of the language: their signatures, what carries them out, and those of packages."""
