"""What a form calls its questions: which answer is a phone, an e-mail, a name."""

import re
import unicodedata

PHONES = (
    "phone phone_number phonenumber mobile mobile_phone mobile_number telephone telphone tel cell work_phone"
    " 手机 手机号 手机号码 电话 电话号码 联系电话 联系手机 联系方式 您的手机号 您的电话 手機號碼"
)
EMAILS = "email e_mail mail work_email email_address 邮箱 电子邮箱 邮箱地址 电子邮件"
NAMES = "name full_name fullname first_name last_name user_name nickname nick_name 姓名 称呼 您的姓名 名字 昵称 联系人"
WECHATS = "wechat weixin wx wechat_id wechatid 微信 微信号 您的微信号 微信账号"

Labels = frozenset[str]


def plain_label(label: str) -> str:
    """A label without case, spaces, punctuation and width, so that `Phone number：` is `phonenumber`."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", label).casefold())


def _set(words: str) -> Labels:
    return frozenset(plain_label(word) for word in words.split())


PHONE_LABELS, EMAIL_LABELS = _set(PHONES), _set(EMAILS)
NAME_LABELS, WECHAT_LABELS = _set(NAMES), _set(WECHATS)
