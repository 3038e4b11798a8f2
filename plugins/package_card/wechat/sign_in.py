"""Who is paid: WeChat's sign-in with the scope `snsapi_base`, which asks the person nothing and tells an open id."""

from urllib.parse import quote

from core.sdk import BadSettings, HttpClient, IdentityClaim, Refused, Request, Throttled, Unreachable
from core.sdk import vendor_json as told
from plugins.package_card.accounts import RewardAccounts

AUTHORIZE = "https://open.weixin.qq.com/connect/oauth2/authorize"
EXCHANGE = "https://api.weixin.qq.com/sns/oauth2/access_token"
ACCOUNT = {"40013", "40125", "41002", "41004", "40164"}


def sign_in_address(settings: RewardAccounts) -> str:
    """The address with both places open; empty where the brand's own mini-program tells the open id, or nobody pays."""
    if not settings.pay_app_id or not settings.pay_app_secret.get_secret_value():
        return ""
    app = quote(settings.pay_app_id, safe="")
    return (
        f"{AUTHORIZE}?appid={app}&redirect_uri={{back}}&response_type=code&scope=snsapi_base&state={{state}}"
        "#wechat_redirect"
    )


def read_payee(http: HttpClient, settings: RewardAccounts, request: Request) -> IdentityClaim:
    """Exchange the code that came back, which works once and for five minutes."""
    code = dict(request.query).get("code", "")
    if not code:
        raise Refused("the person did not allow it", code="no_code")
    asked = {
        "appid": settings.pay_app_id,
        "secret": settings.pay_app_secret.get_secret_value(),
        "code": code,
        "grant_type": "authorization_code",
    }
    answer = told.inner(http.send("GET", EXCHANGE, repeatable=True, params=asked).json())
    person, error = told.text(answer, "openid", limit=200), told.text(answer, "errcode")
    if person:
        return IdentityClaim(kind="openid", value=person, app=settings.pay_app_id)
    said = f"WeChat answered {error}: {told.text(answer, 'errmsg', limit=200)}"
    if error in ACCOUNT:
        raise BadSettings(f"{said}. Check pay_app_id, pay_app_secret and the allowed addresses.", code=error)
    if error == "45009":
        raise Throttled(said, code=error)
    if error == "-1":
        raise Unreachable(said, code=error)
    raise Refused(said, code=error or "no_openid")
