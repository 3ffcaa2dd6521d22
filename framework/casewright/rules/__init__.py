"""The rule kinds, one folder each, and what they share: the contract, the registry, and the composing of schemas."""
