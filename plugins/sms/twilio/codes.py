"""Twilio's error codes as our failures: who must act, and when to try again."""

from core.sdk import BadSettings, ChannelFailure, Refused, Throttled

OF_RECIPIENT = {
    "21211": "this is no phone number",
    "21217": "this is no phone number",
    "21401": "this is no phone number",
    "21408": "the account may not send to this country; allow it under geo permissions",
    "21421": "this is no phone number",
    "21610": "the person opted out",
    "21612": "there is no way from the sender to this number",
    "21614": "this is no mobile number",
    "21617": "the text is over 1,600 characters",
    "60410": "the number is blocked",
}
BUSY = {"14107": 60.0, "20429": 30.0, "21611": 120.0, "63038": 6 * 3600.0}
"""Seconds to wait: too many requests, the sender's queue is full, the account's daily limit is reached."""

OF_ACCOUNT = {
    "20003": "the Account SID or auth token is wrong, or the account is suspended or out of credit",
    "20404": "there is no such account",
    "21212": "the sender is not valid",
    "21603": "a sender is missing",
    "21606": "the sender is not a number of this account that can send messages",
    "21609": "the webhook address is not valid: no underscore in its host, and reachable from outside",
    "21659": "the sender is not a number of this account",
    "21660": "the sender belongs to another account",
    "21703": "the messaging service has no numbers",
}
OPTED_OUT = "21610"


def failure_of(code: str, status: int) -> ChannelFailure:
    """The failure that an error answer means.

    A code that nobody listed stops the send and asks a human: refusing recipients for good would be worse.
    """
    if code in OF_RECIPIENT:
        said = f"Twilio refuses this one: {OF_RECIPIENT[code]}"
        return Refused(said, code=code, opted_out=code == OPTED_OUT)
    if code in BUSY:
        return Throttled("Twilio asks to slow down", code=code, retry_after=BUSY[code])
    said = OF_ACCOUNT.get(code, f"see twilio.com/docs/api/errors/{code}" if code else "no code")
    return BadSettings(f"Twilio answered {status}, {code}: {said}", code=code or str(status))
