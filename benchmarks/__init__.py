"""Our code against its peers, side by side in one run: `python -m benchmarks [NAME ...]`, one question a module."""
