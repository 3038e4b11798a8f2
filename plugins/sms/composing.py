"""From a message to the text that goes out, or the reason why it may not."""

from core.sdk import BadSettings, Message, Preview, Refused
from plugins.sms.settings import AliyunProvider, SmsSettings
from plugins.sms.wording import (
    LONGEST,
    count_parts,
    expand_link,
    fill_in,
    find_template_problems,
    find_variable_problems,
    is_domestic,
    sign_text,
)


def template_of(message: Message, settings: SmsSettings) -> str:
    """The template a message is made from, with its link written out.

    Raises `BadSettings` when it breaks the rules, or is not the approved one: the whole send must stop.
    """
    template = expand_link(message.text or settings.template, settings.link_prefix)
    if not template:
        raise BadSettings("the message has no text, and the channel no template", code="template")
    approved = expand_link(settings.template, settings.link_prefix)
    if isinstance(settings.provider, AliyunProvider) and template != approved:
        raise BadSettings("Aliyun sends the approved template only; leave the campaign's text empty", code="template")
    problems = find_template_problems(
        template,
        link_prefix=settings.link_prefix,
        opt_out_text=settings.opt_out_text,
        is_marketing=message.purpose == "marketing",
    )
    if problems:
        raise BadSettings(" ".join(problem.en for problem in problems), code="template")
    return template


def compose(message: Message, settings: SmsSettings) -> str:
    """The whole text for one person. Raises `Refused` for their variables or number, `BadSettings` for the template."""
    template = template_of(message, settings)
    if message.to.kind != "phone" or not message.to.value.startswith("+"):
        raise Refused("a text message needs a phone number with its country code", code="number")
    problems = find_variable_problems(template, message.variables)
    if problems:
        raise Refused(" ".join(problem.en for problem in problems), code="variables")
    text = sign_text(fill_in(template, message.variables), settings.signature)
    if len(text) > LONGEST:
        raise Refused(f"the text is over {LONGEST} characters", code="length")
    return text


def write_preview(message: Message, settings: SmsSettings) -> Preview:
    """The text as the person reads it, its parts, and everything that is wrong with it."""
    template = expand_link(message.text or settings.template, settings.link_prefix)
    text = sign_text(fill_in(template, message.variables), settings.signature)
    problems = find_template_problems(
        template,
        link_prefix=settings.link_prefix,
        opt_out_text=settings.opt_out_text,
        is_marketing=message.purpose == "marketing",
    ) + find_variable_problems(template, message.variables)
    return Preview(text=text, parts=count_parts(text, is_domestic=is_domestic(message.to.value)), problems=problems)
