"""Where did a visit come from? Rules for utm parameters, click ids and referrers, the same for every plugin."""

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlsplit

from core.sdk.values import Frozen, Scalar, Word

CLICK_IDS: dict[str, str] = {
    "gclid": "google",
    "gbraid": "google",
    "wbraid": "google",
    "fbclid": "facebook",
    "ttclid": "tiktok",
    "msclkid": "bing",
    "bd_vid": "baidu",
    "gdt_vid": "tencent",
    "qz_gdt": "tencent",
    "clickid": "",
}
"""Click id parameter -> the platform that adds it ("" when several do)."""

SEARCH_HOSTS = {
    "google.": "google",
    "bing.com": "bing",
    "baidu.com": "baidu",
    "so.com": "so",
    "sogou.com": "sogou",
    "sm.cn": "shenma",
    "yahoo.": "yahoo",
}
SOCIAL_HOSTS = {
    "weixin.qq.com": "wechat",
    "weibo.com": "weibo",
    "weibo.cn": "weibo",
    "douyin.com": "douyin",
    "kuaishou.com": "kuaishou",
    "xiaohongshu.com": "xiaohongshu",
    "zhihu.com": "zhihu",
    "bilibili.com": "bilibili",
    "facebook.com": "facebook",
    "instagram.com": "instagram",
    "tiktok.com": "tiktok",
    "t.co": "x",
}
_UTM = ("source", "medium", "campaign", "term", "content", "id")


class Traffic(Frozen):
    """The source of a visit. All empty for a direct one.

    `source` is utm_source, else the platform of a click id, else the referrer's name; `medium` likewise (`cpc` for
    a click id, `organic`, `social` or `referral` for a referrer). `code` is our own tracked link's. `is_marked` says
    that somebody put a mark on the link (utm, a click id, our code): such a visit is always a touch.
    """

    source: Word = ""
    medium: Word = ""
    campaign: Word = ""
    term: Word = ""
    content: Word = ""
    id: Word = ""
    code: Word = ""
    click_ids: dict[str, Word] = {}
    referrer_host: Word = ""
    is_marked: bool = False

    def as_detail(self) -> dict[str, Scalar]:
        """The parts that are not empty, flat, for the `detail` of a touch (`utm_source`, ..., `gclid`, `referrer`)."""
        flat: dict[str, Scalar] = {f"utm_{name}": getattr(self, name) for name in _UTM if getattr(self, name)}
        flat |= dict(self.click_ids)
        if self.referrer_host:
            flat["referrer"] = self.referrer_host
        return flat


def read_traffic(
    url: str = "",
    *,
    referrer: str = "",
    campaign: Mapping[str, object] | None = None,
    own_hosts: tuple[str, ...] = (),
) -> Traffic:
    """Read the source of a visit from the page's address, its referrer and an SDK's `context.campaign`.

    The address wins over `campaign`, and both over the referrer. A referrer on the page's own host or one of
    `own_hosts` is none. Never raises: what cannot be read is left empty, long values are cut at 500 characters.
    """
    query, page_host = _split(url)
    told = {str(name).removeprefix("utm_"): str(value) for name, value in (campaign or {}).items() if value}
    if "name" in told:
        told.setdefault("campaign", told["name"])
    marks = {name: _cut(query.get(f"utm_{name}") or told.get(name, "")) for name in _UTM}
    click_ids = {name: _cut(query[name]) for name in CLICK_IDS if query.get(name)}
    referrer_host = _split(referrer)[1]
    if referrer_host in {page_host, *own_hosts}:
        referrer_host = ""
    code = _cut(query.get("siyu_code", ""))
    is_marked = bool(any(marks.values()) or click_ids or code)
    guessed_source, guessed_medium = _guess_source(click_ids, referrer_host)
    if not marks["source"] and not marks["medium"]:
        marks["source"], marks["medium"] = guessed_source, guessed_medium
    return Traffic(**marks, code=code, click_ids=click_ids, referrer_host=referrer_host, is_marked=is_marked)


def _guess_source(click_ids: Mapping[str, str], referrer_host: str) -> tuple[str, str]:
    for name in click_ids:
        if CLICK_IDS[name]:
            return CLICK_IDS[name], "cpc"
    for hosts, medium in ((SOCIAL_HOSTS, "social"), (SEARCH_HOSTS, "organic")):
        for part, name in hosts.items():
            if _is_within(referrer_host, part):
                return name, medium
    return (referrer_host, "referral") if referrer_host else ("", "")


def _is_within(host: str, part: str) -> bool:
    dotted = f".{host}"
    return f".{part}" in dotted if part.endswith(".") else dotted.endswith(f".{part}")


def _split(url: str) -> tuple[dict[str, str], str]:
    try:
        parts = urlsplit(url[:8000])
        return dict(parse_qsl(parts.query, max_num_fields=200)), _cut((parts.hostname or "").removeprefix("www."))
    except ValueError:
        return {}, ""


def _cut(text: str) -> str:
    return "".join(char for char in text[:500] if char != "\x00" and not "\ud800" <= char <= "\udfff").strip()
