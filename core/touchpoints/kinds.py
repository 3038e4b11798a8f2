"""The closed list of what a touchpoint can be."""

INBOUND = ("impression", "click", "scan", "redeem", "visit", "lead", "joined", "reply", "comment")
OUTBOUND = ("message_sent", "message_delivered")
KINDS = (*INBOUND, *OUTBOUND, "conversion")
