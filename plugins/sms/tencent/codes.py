"""Tencent Cloud's error codes as our failures: who must act, and when to try again."""

from core.sdk import BadSettings, ChannelFailure, Refused, Throttled, Unknown, now
from plugins.sms.batches import OfOnePhone
from plugins.sms.hours import seconds_until_open

HOUR = 3600.0

OF_RECIPIENT = {
    "FailedOperation.PhoneNumberInBlacklist": "the person opted out, or the carrier blocks this number",
    "FailedOperation.PhoneNumberOnBlacklist": "the person opted out, or the carrier blocks this number",
    "InvalidParameterValue.IncorrectPhoneNumber": "this is no phone number",
    "UnsupportedOperation.UnsuportedRegion": "Tencent does not send to this country",
    "UnsupportedOperation.UnsupportedRegion": "Tencent does not send to this country",
    "InvalidParameterValue.ContentLengthLimit": "the text is too long with these variables",
    "InvalidParameterValue.ProhibitedUseUrlInTemplateParameter": "a variable holds an address",
}
OPTED_OUT = {"FailedOperation.PhoneNumberInBlacklist", "FailedOperation.PhoneNumberOnBlacklist"}
"""Tencent does not say which of the two it was. Either way the person is not to be written to."""

OF_ONE_PHONE = {
    "LimitExceeded.PhoneNumberThirtySecondLimit": 30.0,
    "LimitExceeded.PhoneNumberOneHourLimit": HOUR,
    "LimitExceeded.PhoneNumberDailyLimit": 6 * HOUR,
    "LimitExceeded.PhoneNumberSameContentDailyLimit": 6 * HOUR,
    "LimitExceeded.DeliveryFrequencyLimit": HOUR,
}
"""Seconds to wait before this phone may be tried again."""

OF_ALL_PHONES = {"LimitExceeded.AppDailyLimit": 6 * HOUR, "LimitExceeded.DailyLimit": 6 * HOUR}
OUT_OF_HOURS = "FailedOperation.MarketingSendTimeConstraint"
IN_DOUBT = {
    "InternalError",
    "InternalError.Timeout",
    "InternalError.SendAndRecvFail",
    "InternalError.UnknownError",
    "InternalError.OtherError",
    "InternalError.ParseBackendResponseFail",
}
OF_ACCOUNT = {
    "AuthFailure.SecretIdNotFound": "there is no such SecretId",
    "AuthFailure.SignatureFailure": "the SecretKey is wrong",
    "AuthFailure.SignatureExpire": "this server's clock is off by more than five minutes",
    "AuthFailure.UnauthorizedOperation": "the sub-account lacks the SMS permission",
    "UnauthorizedOperation.RequestIpNotInWhitelist": "this server's address is not on the application's list",
    "UnauthorizedOperation.RequestPermissionDeny": "the account lacks this permission",
    "UnauthorizedOperation.SerivceSuspendDueToArrears": "the account is in arrears",
    "UnauthorizedOperation.SdkAppIdIsDisabled": "the SMS application is disabled",
    "UnauthorizedOperation.SmsSdkAppIdVerifyFail": "the SdkAppId is not this account's",
    "UnauthorizedOperation.IndividualUserMarketingSmsPermissionDeny": "a personal account may not send marketing texts",
    "InvalidParameterValue.SdkAppIdNotExist": "there is no such SdkAppId",
    "FailedOperation.InsufficientBalanceInSmsPackage": "the SMS package is used up",
    "FailedOperation.SignatureIncorrectOrUnapproved": "the signature is not approved",
    "FailedOperation.TemplateIncorrectOrUnapproved": "the template is not approved, or wants other variables",
    "FailedOperation.ContainSensitiveWord": "the text holds forbidden words",
    "InvalidParameterValue.MarketingTemplateWithoutUnsubscribe": "the approved template lacks 拒收请回复R at its end",
    "InvalidParameterValue.TemplateParameterLengthLimit": (
        "the account's variables are too short for the link's code of 14 characters; "
        "certify the account as a company's, which lifts the limit"
    ),
    "UnsupportedOperation.UnsupportedTemplateVariable": "this kind of template takes no variables",
}
"""Nothing will go out until a human acts: account, signature or template."""


def failure_of(code: str) -> ChannelFailure:
    """The failure that a code other than Ok means.

    A code that nobody listed stops the send and asks a human: refusing recipients for good would be worse.
    """
    if code in OF_RECIPIENT:
        said = f"Tencent refuses this one: {OF_RECIPIENT[code]}"
        return Refused(said, code=code, opted_out=code in OPTED_OUT)
    if code in OF_ONE_PHONE:
        return OfOnePhone("Tencent limits messages to this number", code=code, retry_after=OF_ONE_PHONE[code])
    if code in OF_ALL_PHONES:
        return Throttled("the application's own limit is reached", code=code, retry_after=OF_ALL_PHONES[code])
    if code == OUT_OF_HOURS:
        wait = seconds_until_open(now()) or HOUR
        return Throttled("marketing texts go out between 08:00 and 22:00", code=code, retry_after=wait)
    if code.startswith("RequestLimitExceeded"):
        return Throttled("Tencent asks to slow down", code=code, retry_after=5.0)
    if code in IN_DOUBT:
        return Unknown("Tencent failed inside; it may have sent", code=code)
    return BadSettings(f"Tencent says {code}: {OF_ACCOUNT.get(code, 'see its list of error codes')}", code=code)
