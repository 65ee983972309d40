"""The frames between the reader of pictures and its worker; the bot need not load what decodes for them."""

import struct

HEADER = struct.Struct("!II")  # in: length of the picture, processor milliseconds to spend; then the picture
LENGTH = struct.Struct("!I")  # out: length of the answer; then the answer, JSON
