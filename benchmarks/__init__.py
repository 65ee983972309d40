"""What each promise costs, measured: one module, one promise or two."""
