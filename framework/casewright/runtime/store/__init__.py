"""What is kept: the tables, the statements of the durable step, and the one place that runs them."""
