"""What people can say: one file, one command."""
