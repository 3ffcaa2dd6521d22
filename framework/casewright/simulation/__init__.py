"""Scenarios: rules played on the real engine with a clock of their own, narrated, and checked against expectations."""
