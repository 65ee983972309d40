"""A plant with years behind it: rows that the plant's own acts would have left, made from a seed."""
