"""A pretend world: people, chats and the clouds that carry what they say, for the demo and the tests."""
