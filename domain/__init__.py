"""What is true, how it may change, who is responsible."""
