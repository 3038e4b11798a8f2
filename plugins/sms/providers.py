"""Which provider a channel's settings choose."""

from plugins.sms.aliyun.account import AliyunAccount
from plugins.sms.aliyun.provider import AliyunSms
from plugins.sms.gateway.account import GatewayAccount
from plugins.sms.gateway.provider import GatewaySms
from plugins.sms.provider import OpenHttp, Provider
from plugins.sms.sandbox import SandboxSms
from plugins.sms.settings import SmsSettings
from plugins.sms.smpp.account import SmppAccount
from plugins.sms.smpp.provider import SmppSms
from plugins.sms.tencent.account import TencentAccount
from plugins.sms.tencent.provider import TencentSms
from plugins.sms.twilio.account import TwilioAccount
from plugins.sms.twilio.provider import TwilioSms


def provider_of(settings: SmsSettings, open_http: OpenHttp) -> Provider:
    """The chosen provider with its account."""
    match settings.provider:
        case AliyunAccount() as account:
            return AliyunSms(account, settings, open_http)
        case TencentAccount() as account:
            return TencentSms(account, settings, open_http)
        case TwilioAccount() as account:
            return TwilioSms(account, settings, open_http)
        case GatewayAccount() as account:
            return GatewaySms(account, settings, open_http)
        case SmppAccount() as account:
            return SmppSms(account, settings)
        case _:
            return SandboxSms(settings)
