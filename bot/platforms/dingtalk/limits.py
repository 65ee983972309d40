"""How many bytes each kind of DingTalk message holds: one table; all are bytes of UTF-8 JSON."""

from typing import Final, Literal

Kind = Literal["session", "webhook", "push", "text"]

MOST_BYTES: Final[dict[Kind, int]] = {
    "session": 20_000,  # whole request body of sendBySession; 460101 above, met by many in production
    "webhook": 20_000,  # whole request body of a group's custom robot (robot/send), same code
    "push": 15_000,  # msgParam of groupMessages/send and oToMessages/batchSend; msgParam.tooLong above
    "text": 2_048,  # plain text of a work notification (corpconversation/asyncsend_v2)
}
CARD_VALUE: Final = (
    1_000  # one value of cardParamMap: 1 KB by createAndDeliver's page, 100 KB in all by another
)
TITLE: Final = 120  # what notifications show of it; ours, no page gives a number
MOST_MENTIONS: Final = 50  # atUserIds
