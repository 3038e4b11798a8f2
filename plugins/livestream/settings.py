"""What the operator fills in for livestreams: a section a vendor, each optional. What is not filled in is off."""

from typing import Annotated, Self

from pydantic import SecretStr, StringConstraints, model_validator

from core.sdk import ChannelSettings, Label, Section
from core.sdk.fields import HOOK, NOTHING, DailyCalls, HookHeader, HookSecret, VendorId
from core.sdk.signing.generic import EITHER_WORDS, EitherStyle
from plugins.livestream.hook.fields import FIELDS, KINDS, find_pair_problem

DOUYIN = Section("抖音开放平台", "Douyin open platform")
KEYWORDS = Section("评论口令", "Comment keywords")
OCEAN = Section("巨量引擎线索", "Leads of Oceanengine")
WECHAT = Section("微信视频号与小店", "WeChat Channels and shop")
KUAISHOU = Section("快手", "Kuaishou")
EXPORT = Section("抖店导出表格", "Exports of Douyin's shop")
PAGE = Section("领取页", "Claim page")
Long = Annotated[str, StringConstraints(max_length=500)]


class LiveSettings(ChannelSettings):
    """A brand's livestreams, whichever platforms they are on."""

    douyin_app_id: Annotated[
        VendorId,
        Label(
            "Client key / AppID",
            "Client key / app id",
            "用户的 open id 只在这个应用里有效，不要改。",
            "People's open ids are valid in this app only: do not change it later.",
            section=DOUYIN,
        ),
    ] = ""
    douyin_secret: Annotated[
        SecretStr,
        Label(
            "Client secret",
            "Client secret",
            "用来核对开放平台回调的签名。",
            "Signs the webhooks of the open platform.",
            section=DOUYIN,
        ),
    ] = NOTHING
    douyin_live_secret: Annotated[
        SecretStr,
        Label(
            "直播数据推送密钥",
            "Secret of the live push",
            "评论、礼物、粉丝团推送的密钥（直播小玩法后台）。",
            "Signs pushed comments, gifts and fan clubs.",
            section=DOUYIN,
        ),
    ] = NOTHING
    douyin_app_secret: Annotated[
        SecretStr,
        Label(
            "直播应用的 AppSecret",
            "AppSecret of the live app",
            "填了就在每场开播时自动启动推送；不填就自己启动。",
            "With it the push is started by itself when a session begins; without it, start it yourself.",
            section=DOUYIN,
        ),
    ] = NOTHING
    douyin_kinds: Annotated[
        tuple[str, ...],
        Label(
            "回调事件对应",
            "Events of webhooks",
            f"每项“抖音事件=触点”，没写的事件忽略。触点：{'、'.join(KINDS)}。",
            f"One each as event=kind; events that are not named are left out. Kinds: {', '.join(KINDS)}.",
            section=DOUYIN,
        ),
    ] = ("im_receive_msg=reply", "item_comment_reply=comment", "new_follow_action=visit")
    claim_words: Annotated[
        tuple[str, ...],
        Label(
            "口令",
            "Keywords",
            "评论里说了口令的人会得到一个领取码，例如“领福利”。单个字符的口令要整条评论相同。",
            "Whoever comments with one gets a claim code. One of a single character must be the whole comment.",
            section=KEYWORDS,
        ),
    ] = ()
    keeps_all_comments: Annotated[
        bool,
        Label(
            "保留没有口令的评论",
            "Keep comments without a keyword",
            "热闹的直播一分钟几千条评论，每个评论人都会成为联系人；默认只留带口令的。",
            "A busy session has thousands a minute and each of these people becomes a contact: off by default.",
            section=KEYWORDS,
        ),
    ] = False
    ocean_token: Annotated[
        SecretStr,
        Label(
            "Access token", "Access token", "Marketing API 的 access token。", "Of the Marketing API.", section=OCEAN
        ),
    ] = NOTHING
    ocean_accounts: Annotated[
        tuple[str, ...],
        Label(
            "本地推账户 ID",
            "Local ads account ids",
            "逐个拉取这些账户的线索，只收来自直播的。",
            "Their leads are fetched; only those of live sessions are taken.",
            section=OCEAN,
        ),
    ] = ()
    wechat_app_id: Annotated[
        VendorId, Label("AppID", "App id", "视频号小店的 AppID。", "The shop's app id.", section=WECHAT)
    ] = ""
    wechat_secret: Annotated[
        SecretStr,
        Label("AppSecret", "App secret", "拉取订单和线索用。", "For fetching orders and leads.", section=WECHAT),
    ] = NOTHING
    wechat_token: Annotated[
        SecretStr,
        Label("消息推送 Token", "Token of the push", "与后台填的一致。", "As in the console.", section=WECHAT),
    ] = NOTHING
    wechat_aes_key: Annotated[
        SecretStr,
        Label(
            "EncodingAESKey", "EncodingAESKey", "43 个字符，安全模式。", "43 characters; secure mode.", section=WECHAT
        ),
    ] = NOTHING
    wechat_lead_components: Annotated[
        tuple[str, ...],
        Label(
            "留资组件 ID",
            "Lead component ids",
            "视频号直播间留资组件，逐个拉取。",
            "Components of the live room; their leads are fetched.",
            section=WECHAT,
        ),
    ] = ()
    kuaishou_secret: Annotated[
        SecretStr,
        Label("App secret", "App secret", "核对 kwaisign 签名。", "Checks the header kwaisign.", section=KUAISHOU),
    ] = NOTHING
    kuaishou_fields: Annotated[
        tuple[str, ...],
        Label(
            "字段对应",
            "Field names",
            f"快手没有公开的消息格式：每项“我们的=对方的”，可用点，例如 open_id=data.user.openId。"
            f"我们的字段：{'、'.join(FIELDS)}。",
            "Kuaishou publishes no format: one each as ours=theirs, dots allowed, such as open_id=data.user.openId. "
            f"Ours are: {', '.join(FIELDS)}.",
            section=KUAISHOU,
        ),
    ] = ("id=taskId",)
    hook_secret: HookSecret = NOTHING
    hook_style: Annotated[
        EitherStyle,
        Label(
            "签名方式",
            "Signature",
            "hmac_sha256：请求头里是正文的 HMAC-SHA256（十六进制或 base64）。",
            "hmac_sha256 is the body's HMAC-SHA256 in a header, hex or base64.",
            section=HOOK,
            options=EITHER_WORDS,
        ),
    ] = "standard_webhooks"
    hook_header: HookHeader = "X-Signature"
    hook_items: Annotated[
        VendorId,
        Label(
            "列表字段",
            "List field",
            "正文里列表所在的字段；不填表示正文就是一条或一个列表。",
            "Where the list lies; empty when the body is one item or a list itself.",
            section=HOOK,
        ),
    ] = ""
    hook_fields: Annotated[
        tuple[str, ...],
        Label(
            "字段对应",
            "Field names",
            f"每项“我们的=对方的”，可用点，例如 phone=user.mobile。我们的字段：{'、'.join(FIELDS)}。",
            f"One each as ours=theirs, dots allowed, such as phone=user.mobile. Ours are: {', '.join(FIELDS)}.",
            section=HOOK,
        ),
    ] = ()
    hook_kinds: Annotated[
        tuple[str, ...],
        Label(
            "类型对应（快手同用）",
            "Kinds (Kuaishou's, too)",
            f"每项“对方的=触点”，例如 FOLLOW=visit。触点：{'、'.join(KINDS)}。",
            f"One each as theirs=kind, such as FOLLOW=visit. Kinds: {', '.join(KINDS)}.",
            section=HOOK,
        ),
    ] = ()
    export_columns: Annotated[
        tuple[str, ...],
        Label(
            "改了名的列",
            "Renamed columns",
            "店铺自定义了表头时，每项“标准列名=表里的列名”，例如 订单应付金额=实收。",
            "Where the shop renamed a column: one each as standard=theirs, such as 订单应付金额=实收.",
            section=EXPORT,
        ),
    ] = ()
    export_formats: Annotated[
        tuple[str, ...],
        Label(
            "收哪些流量体裁",
            "Formats that are taken",
            "订单表里“流量体裁”是这些的才收，其余属于别的渠道；留空则全收。",
            "Orders are taken where 流量体裁 is one of these; the others belong to other channels. Empty takes all.",
            section=EXPORT,
        ),
    ] = ("直播",)
    headline: Annotated[
        str,
        StringConstraints(max_length=40),
        Label("标题", "Headline", "领取页和主播卡上的大字。", "On the claim page and the host's card.", section=PAGE),
    ] = "直播间专享福利"
    gift_zh: Annotated[Long, Label("福利（中文）", "Gift (Chinese)", section=PAGE)] = (
        "留下手机号，领取主播刚刚说的福利。"
    )
    gift_en: Annotated[Long, Label("福利（英文）", "Gift (English)", section=PAGE)] = (
        "Leave your phone number to claim what the host just offered."
    )
    done_zh: Annotated[Long, Label("领取成功（中文）", "When done (Chinese)", section=PAGE)] = (
        "领取成功，稍后会有专人联系你。"
    )
    done_en: Annotated[Long, Label("领取成功（英文）", "When done (English)", section=PAGE)] = (
        "Done. We will be in touch."
    )
    asks_consent: Annotated[
        bool,
        Label(
            "询问短信同意",
            "Ask for consent to texts",
            "显示一个可不勾的同意框。",
            "Shows a box that need not be ticked.",
            section=PAGE,
        ),
    ] = True
    daily_calls: DailyCalls = 0

    @property
    def hears_rooms(self) -> bool:
        """Whether pushes out of Douyin's live rooms are taken."""
        return bool(self.douyin_live_secret.get_secret_value())

    @property
    def asks_wechat(self) -> bool:
        """Whether WeChat's account is filled in, so that orders and leads can be fetched."""
        return bool(self.wechat_app_id and self.wechat_secret.get_secret_value())

    @model_validator(mode="after")
    def _pairs_are_whole(self) -> Self:
        problem = (
            find_pair_problem("kuaishou_fields", self.kuaishou_fields, ours=FIELDS)
            or find_pair_problem("hook_fields", self.hook_fields, ours=FIELDS)
            or find_pair_problem("hook_kinds", self.hook_kinds, theirs=KINDS)
            or find_pair_problem("douyin_kinds", self.douyin_kinds, theirs=KINDS)
            or find_pair_problem("export_columns", self.export_columns)
        )
        if problem:
            raise ValueError(problem)
        return self
