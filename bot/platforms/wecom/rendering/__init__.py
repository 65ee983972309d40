"""Cards into what WeCom shows: one table of limits, one module for each way of writing, all of it pure."""
