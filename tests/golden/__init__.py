"""What each card looks like on each platform, kept as files: a change of any rendering is seen and read."""
