"""P1 and P2: durable chat commands, from the platform's callback to the committed reply."""
