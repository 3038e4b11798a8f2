"""One hook address for every vendor: who is calling is told by the headers and the query that each of them sends."""

from core.sdk import Request
from plugins.livestream.door import Door
from plugins.livestream.douyin.push import LivePush
from plugins.livestream.douyin.webhook import DouyinHook
from plugins.livestream.hook.door import AnyHook
from plugins.livestream.kuaishou.door import KuaishouHook
from plugins.livestream.settings import LiveSettings
from plugins.livestream.wechat.door import WechatPush


def door_of(request: Request, settings: LiveSettings) -> Door:
    """The door that this request is for; what nobody's mark is on goes to the operator's own system."""
    names = {name for name, _ in request.query}
    if "x-douyin-signature" in request.headers:
        return DouyinHook(settings)
    if "x-roomid" in request.headers and "x-msg-type" in request.headers:
        return LivePush(settings)
    if "kwaisign" in request.headers:
        return KuaishouHook(settings)
    if "nonce" in names and names & {"signature", "msg_signature"}:
        return WechatPush(settings)
    return AnyHook(settings)
