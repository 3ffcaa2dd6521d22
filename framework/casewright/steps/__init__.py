"""The step types, one folder each, and what they share: the contract, the scope they compile in, fields, sequences."""
