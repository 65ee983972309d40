"""The doctor: connects to everything that is configured, step by step, and says in words what is missing."""
