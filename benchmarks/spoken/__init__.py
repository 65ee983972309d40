"""P5 and P9: the whole process on the sandbox, as a plant runs it."""
