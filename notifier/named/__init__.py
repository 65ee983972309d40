"""The tables of names: statuses, kinds of things, acts; `notifier/names.py` reads them."""
