"""Cards into what WeCom shows: one table of limits, one module for each way of writing, all of it pure.

A door asks `cards.render` for a template card where buttons can be pressed, else `speech.speech` for the
messages of its kind; `speech.text_of` where an envelope holds one text only.
"""
