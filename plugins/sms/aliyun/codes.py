"""Aliyun's error codes as our failures: who must act, and when to try again."""

import re

from core.sdk import BadSettings, ChannelFailure, Refused, Throttled, Unknown
from plugins.sms.batches import OfOnePhone

OF_RECIPIENT = {
    "isv.MOBILE_NUMBER_ILLEGAL",
    "isv.DOMESTIC_NUMBER_NOT_SUPPORTED",
    "isv.MOBILE_COUNT_OVER_LIMIT",
    "isv.PARAM_LENGTH_LIMIT",
    "isv.BLACK_KEY_CONTROL_LIMIT",
}
OF_ACCOUNT = {
    "isv.OUT_OF_SERVICE": "the account is out of service or out of credit",
    "isv.AMOUNT_NOT_ENOUGH": "the account is out of credit",
    "isv.PRODUCT_UN_SUBSCRIPT": "SMS is not activated in this account",
    "isv.PRODUCT_UNSUBSCRIBE": "SMS is not activated in this account",
    "isv.ACCOUNT_ABNORMAL": "the account is abnormal",
    "isv.ACCOUNT_NOT_EXISTS": "there is no such account",
    "isp.RAM_PERMISSION_DENY": "the RAM user lacks the SMS permission",
    "isv.DENY_IP_RANGE": "this server's address is not on the account's list",
    "isv.SMS_SIGNATURE_SCENE_ILLEGAL": "the signature does not suit this kind of message",
    "isv.SMS_SIGN_ILLEGAL": "the signature is not approved",
    "isv.SMS_SIGNATURE_ILLEGAL": "the signature is not approved",
    "isv.SIGN_STATE_ILLEGAL": "the signature is not usable; see its state in the console",
    "isv.SMS_TEMPLATE_ILLEGAL": "the template is not approved",
    "isv.SMS_CONTENT_ILLEGAL": "the text holds forbidden words",
    "isv.TEMPLATE_MISSING_PARAMETERS": "the template wants other variables",
    "isv.TEMPLATE_PARAMS_ILLEGAL": "the template forbids these variables",
    "isv.EXTEND_CODE_ERROR": "the extend code belongs to another signature",
    "SignatureDoesNotMatch": "the AccessKey secret is wrong",
    "InvalidAccessKeyId.NotFound": "there is no such AccessKey ID",
    "InvalidTimeStamp.Expired": "this server's clock is off by more than 15 minutes",
}
"""Nothing will go out until a human acts: account, signature or template."""

OF_ONE_PHONE = "isv.BUSINESS_LIMIT_CONTROL"
OF_ALL_PHONES = {"isv.DAY_LIMIT_CONTROL": 3600.0 * 6, "isv.MONTH_LIMIT_CONTROL": 86_400.0}
WINDOWS = {"分钟": 60.0, "小时": 3600.0, "天": 6 * 3600.0}
IN_DOUBT = {"isp.SYSTEM_ERROR", "isp.GATEWAY_TIMEOUT", "InternalError"}


def failure_of(code: str, message: str) -> ChannelFailure:
    """The failure that a code other than OK means.

    A code that nobody listed stops the send and asks a human: refusing recipients for good would be worse.
    """
    if code in OF_RECIPIENT:
        return Refused(f"Aliyun refuses this number or its variables: {code}", code=code)
    if code == OF_ONE_PHONE:
        return OfOnePhone("Aliyun limits messages to this number", code=code, retry_after=_window(message))
    if code in OF_ALL_PHONES:
        return Throttled("the account's own limit is reached", code=code, retry_after=OF_ALL_PHONES[code])
    if code.startswith("Throttling"):
        return Throttled("Aliyun asks to slow down", code=code, retry_after=5.0)
    if code in IN_DOUBT or code.startswith("ServiceUnavailable"):
        return Unknown("Aliyun failed inside; it may have sent", code=code)
    return BadSettings(f"Aliyun says {code}: {OF_ACCOUNT.get(code, 'see its list of error codes')}", code=code)


def _window(message: str) -> float:
    found = re.search("|".join(WINDOWS), message)
    return WINDOWS[found[0]] if found else 3600.0
