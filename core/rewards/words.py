"""What the page of a reward says, in words a customer understands."""

from core.sdk.values import Text

TITLE = {
    "transfer": Text(zh="你的红包", en="Your red packet"),
    "coupon": Text(zh="你的优惠券", en="Your coupon"),
    "none": Text(zh="领取成功", en="Done"),
    "absent": Text(zh="没有找到", en="Not found"),
}
SAID: dict[str, Text] = {
    "done": Text(zh="谢谢，这张卡已经记到你名下。", en="Thank you: this card is yours."),
    "scan_code": Text(zh="长按图片识别，或用微信扫一扫。", en="Press and hold the picture, or scan it with WeChat."),
    "making_code": Text(zh="正在准备二维码，请稍等……", en="Preparing the code, one moment…"),
    "absent": Text(
        zh="这个页面不存在，请重新扫描卡片上的二维码。", en="There is no such page. Please scan the card again."
    ),
    "sign_in": Text(
        zh="点下面的按钮领取，红包会发到你的微信零钱。", en="Press the button: it goes to your WeChat balance."
    ),
    "again": Text(
        zh="刚才没有认出你的微信，请再点一次。",
        en="WeChat did not tell who you are. Please press the button once more.",
    ),
    "open_in_wechat": Text(
        zh="请在微信里打开这个页面领取：用微信扫下面的码，或把网址发给自己再点开。",
        en="Please open this page in WeChat to claim: scan the code with WeChat, or send yourself the address.",
    ),
    "by_brand": Text(zh="红包已经记下，请按品牌的说明领取。", en="It is kept for you; claim it as the brand told you."),
    "preparing": Text(zh="正在准备红包，请稍等……", en="Preparing your red packet, one moment…"),
    "checking": Text(
        zh="正在和微信支付核对，通常几分钟内有结果。这一页会自己更新。",
        en="We are checking with WeChat Pay, which takes a few minutes. This page updates itself.",
    ),
    "confirm": Text(zh="点“确认收款”，钱就到你的微信零钱。", en="Press “Take it” and it is in your WeChat balance."),
    "arrived": Text(zh="已经到账，请在微信零钱里查看。", en="It has arrived in your WeChat balance."),
    "coupon": Text(zh="下单时填这个码。每个码只能用一次。", en="Type this code when you order. It works once."),
    "failed": Text(
        zh="红包暂时没有发出，品牌会处理，请稍后再打开这一页。",
        en="It could not be sent yet. The brand will see to it; please open this page again later.",
    ),
    "cancelled": Text(
        zh="红包超过时间没有领取，已经退回。请联系客服。",
        en="It was not taken in time and went back. Please contact us.",
    ),
    "budget": Text(
        zh="今天的名额已经领完了，你的这一份已记下，请过后再看这一页。",
        en="Today's are all gone. Yours is noted: please look at this page again later.",
    ),
    "person": Text(
        zh="每人能领的份数已经用完了。如有疑问请联系客服。",
        en="You have had as many as one person may. If you think this is wrong, please contact us.",
    ),
    "no_coupon": Text(
        zh="优惠券暂时发完了，你的这一份已记下，请过后再看这一页。",
        en="We have run out of coupons. Yours is noted: please look at this page again later.",
    ),
}
SIGN_IN = Text(zh="领取红包", en="Claim it")
CONFIRM = Text(zh="确认收款", en="Take it")
CONFIRM_IN_SIMULATOR = Text(zh="在模拟器里确认收款", en="Take it in the simulator")
OLD_WECHAT = Text(zh="你的微信版本太旧，请更新后再试。", en="Your WeChat is too old: please update it and try again.")
