"""What the pages say when something is wrong, in the reader's language and by the error's code."""

from core.errors import Invalid, SiyuError

_WORDS = {
    "wrong_login": ("邮箱或密码不正确。请再试一次。", "This e-mail and password do not belong together. Try again."),
    "too_many": ("尝试次数过多。请等 {seconds} 秒再试。", "Too many attempts. Try again in {seconds} seconds."),
    "unavailable": ("现在登录的人很多，请稍候再试。", "Many people are signing in. Try again in a moment."),
    "not_found": (
        "邀请已经使用过、已过期或不存在。请让机构管理员再发一个。",
        "This invitation was used, has expired or never was. Ask an owner of your agency for a new one.",
    ),
    "differ": ("两次输入的密码不一样。", "The two passwords differ."),
    "too_short": ("密码太短：至少 10 个字符。", "Too short: use at least 10 characters."),
    "too_long": ("密码太长：最多 200 个字符。", "Too long: use at most 200 characters."),
    "too_easy": ("这个密码太容易被猜到，请换一个。", "This password would be guessed early. Choose another."),
}


def said(error: SiyuError, language: str) -> str:
    """One or two sentences for the reader."""
    code = error.fields[0].code if isinstance(error, Invalid) and error.fields else error.code
    chinese, english = _WORDS.get(code, ("没有成功，请再试一次。", "That did not work. Try again."))
    return (chinese if language == "zh" else english).format(seconds=error.retry_after or 5)
