"""WeChat Pay tells how a bill ended: signed by the platform, its resource sealed with the API key."""

from pydantic import JsonValue

from core.sdk import Answer, Event, Refused, Request
from core.sdk import vendor_json as told
from core.sdk.signing.wechat_pay import is_from_wechat_pay, open_resource
from plugins.package_card.accounts import RewardAccounts
from plugins.package_card.wechat.transfers import receipt_of

NO: JsonValue = {"code": "FAIL", "message": "失败"}


def is_notice(request: Request) -> bool:
    """Whether a request says that it is WeChat Pay's."""
    return "wechatpay-signature" in request.headers


def answer_notice(request: Request, settings: RewardAccounts) -> Answer:
    """Believed with the platform's signature, and only if the resource opens with our key."""
    try:
        _open(request, settings)
    except (ValueError, Refused):
        return Answer(accepted=False, status=401, reply=NO)
    number = told.text(told.inner(told.load_json(request.body)), "id", limit=150)
    return Answer(accepted=True, dedup_key=f"pay-{number}" if number else None)


def read_notice(request: Request, settings: RewardAccounts) -> list[Event]:
    """The receipt of one bill."""
    try:
        bill = _open(request, settings)
    except ValueError as error:
        raise Refused(f"the notice cannot be read with the present keys: {error}", code="crypto") from None
    receipt = receipt_of(bill, received_at=request.received_at)
    return [receipt] if receipt else []


def _open(request: Request, settings: RewardAccounts) -> dict[str, JsonValue]:
    said = request.headers
    api_key = settings.pay_api_key.get_secret_value()
    if not api_key or said.get("wechatpay-serial") != settings.pay_public_key_id:
        raise ValueError("signed with another key")
    is_genuine = is_from_wechat_pay(
        request.body,
        timestamp=said.get("wechatpay-timestamp", ""),
        nonce=said.get("wechatpay-nonce", ""),
        signature=said.get("wechatpay-signature", ""),
        public_key=settings.pay_public_key,
        at=request.received_at,
    )
    if not is_genuine:
        raise ValueError("the signature is not WeChat Pay's")
    resource = told.inner(told.load_json(request.body), "resource")
    plain = open_resource(
        told.text(resource, "ciphertext", limit=100_000),
        nonce=told.text(resource, "nonce"),
        associated_data=told.text(resource, "associated_data"),
        api_key=api_key,
    )
    return told.inner(told.load_json(plain))
