"""Pages and health of this process."""
