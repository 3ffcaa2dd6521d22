"""The durable runtime: the engine, its store, and the jobs that carry out what a decision asked for."""
