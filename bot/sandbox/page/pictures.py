"""What kind of picture some bytes are, by their first bytes: only these are shown inside the page."""

TYPES = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"BM", "image/bmp"),
)


def type_of(content: bytes) -> str:
    """Return the media type of a picture, or nothing if it is none."""
    for magic, kind in TYPES:
        if content.startswith(magic):
            return kind
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    brand = content[4:12]
    return "image/heic" if brand in (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftypheif") else ""
