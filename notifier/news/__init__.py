"""Who hears what of an event: a file a topic, each with its `RULES`; `notifier/announce.py` joins them."""
