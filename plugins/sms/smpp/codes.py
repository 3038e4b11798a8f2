"""Command statuses of SMPP 3.4 as our failures. What is retried is practice of the field, not of the specification."""

from core.sdk import BadSettings, ChannelFailure, Refused, Throttled

OF_RECIPIENT = {
    0x01: "the message is too long for this centre",
    0x0B: "the number is not valid",
    0x34: "the number cannot be delivered to",
    0x48: "the type of the number is not valid",
    0x51: "the number plan is not valid",
    0x65: "refused by the application of the centre",
    0x66: "refused by the application of the centre",
}
BUSY = {0x08: 60.0, 0x14: 120.0, 0x58: 5.0, 0x64: 60.0}
"""Seconds to wait: a system error, a full queue, throttled, a passing error of the application."""

OF_ACCOUNT = {
    0x04: "the bind does not allow this command",
    0x05: "this account is bound already, as often as it may be",
    0x0A: "the sender is not allowed",
    0x0D: "the bind failed",
    0x0E: "the password is wrong",
    0x0F: "the system id is not known",
    0x53: "the system type is not valid",
}


def failure_of(status: int) -> ChannelFailure:
    """The failure that a status means. A status that nobody listed stops the send and asks a human."""
    code = f"0x{status:08X}"
    if status in OF_RECIPIENT:
        return Refused(f"the message centre refuses this one: {OF_RECIPIENT[status]}", code=code)
    if status in BUSY:
        return Throttled("the message centre asks to slow down", code=code, retry_after=BUSY[status])
    return BadSettings(
        f"the message centre answered {code}: {OF_ACCOUNT.get(status, 'see its list of codes')}", code=code
    )
