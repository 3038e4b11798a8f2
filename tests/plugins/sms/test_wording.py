"""The rules of a text hold: parts, opt-out, links and variables."""

import pytest

from plugins.sms.wording import (
    DEFAULT_WORDS,
    count_parts,
    expand_link,
    fill_in,
    find_template_problems,
    find_text_problems,
    find_variable_problems,
    is_domestic,
    read_opt_out,
)

PREFIX = "https://go.example.com/t/"


@pytest.mark.parametrize(
    ("length", "parts"), [(1, 1), (70, 1), (71, 2), (134, 2), (135, 3), (160, 3), (201, 3), (202, 4)]
)
def test_domestic_parts_follow_the_rule(length: int, parts: int) -> None:
    assert count_parts("中" * length, is_domestic=True) == parts
    assert count_parts("a" * length, is_domestic=True) == parts


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("中" * 70, 1),
        ("中" * 71, 2),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
        ("a" * 152 + "€" + "a" * 151 + "€" + "b", 3),  # neither pair fits behind 152 letters: both move on whole
        ("中" * 66 + "😀" + "中" * 66, 3),
        ("a\f" * 53, 1),
        ("`" * 71, 2),
    ],
)
def test_foreign_parts_follow_the_alphabet(text: str, parts: int) -> None:
    assert count_parts(text, is_domestic=False) == parts


@pytest.mark.parametrize("reply", ["R", "r", " Ｒ ", "td。", "ＴＤ", "退订", "退订！", "【退订】", "\tn\n", "取消."])
def test_opt_out_is_understood(reply: str) -> None:
    assert read_opt_out(reply, DEFAULT_WORDS)


@pytest.mark.parametrize("reply", ["", "。", "OK", "红色", "RT", "不要退订", "什么时候到货", "R" * 1000])
def test_other_replies_are_no_opt_out(reply: str) -> None:
    assert read_opt_out(reply, DEFAULT_WORDS) is None


@pytest.mark.parametrize(
    "template",
    [
        "新品到店 拒收请回复R",
        "点击 https://go.example.com/t/${code} 拒收请回复R",
        "点击 ${link} 查看，拒收请回复R",
        "点击 go.example.com/t/${code} 拒收请回复R",
        "满9.9元减2.0 V2.0版 拒收请回复R",
        "看 https://go.example.com/t/${code}，拒收请回复R",
        "看 https://go.example.com/t/${code}. 拒收请回复R",
        "看 https://go.example.com/t/fixed 拒收请回复R",
    ],
)
def test_lawful_templates_pass(template: str) -> None:
    assert not find_template_problems(template, link_prefix=PREFIX, opt_out_text="拒收请回复R", is_marketing=True)


@pytest.mark.parametrize(
    "template",
    [
        "新品到店",
        "拒收请回复R 新品到店",
        "【别家】新品到店 拒收请回复R",
        "https://evil.example/ 拒收请回复R",
        "点击t.cn/abc领取 拒收请回复R",
        "https://go.example.com.evil.cn/t/ 拒收请回复R",
        "WWW.EVIL.COM 拒收请回复R",
        "https://${host}/x 拒收请回复R",
        "https://go.example.com/t/${code}/${name} 拒收请回复R",
        "https://go.example.com/t/${name} 拒收请回复R",
        "https://go.example.com/t/x?to=${code} 拒收请回复R",
    ],
)
def test_unlawful_templates_are_told(template: str) -> None:
    assert len(find_template_problems(template, link_prefix=PREFIX, opt_out_text="拒收请回复R", is_marketing=True)) == 1


def test_pieces_make_no_address() -> None:
    text = fill_in("看 ${a}${b} 拒收请回复R", {"a": "evil.", "b": "com/x"})
    assert find_text_problems(text, link_prefix=PREFIX, longest=500)
    assert find_text_problems(text, link_prefix="", longest=500)
    assert not find_text_problems(f"【思域】看 {PREFIX}Ab12 拒收请回复R", link_prefix=PREFIX, longest=500)
    assert find_text_problems("中" * 501, link_prefix=PREFIX, longest=500)


def test_link_needs_its_prefix() -> None:
    assert find_template_problems("看 ${link} 退订回T", link_prefix="", opt_out_text="退订回T", is_marketing=True)


def test_notices_need_no_opt_out() -> None:
    assert not find_template_problems("您的订单已发货", link_prefix="", opt_out_text="退订回T", is_marketing=False)


@pytest.mark.parametrize("value", ["", "看 https://x.cn", "x.com/a", "【假】", "a\nb"])
def test_variables_smuggle_nothing_in(value: str) -> None:
    assert len(find_variable_problems("你好${name}", {"name": value})) == 1
    assert not find_variable_problems("你好${name}", {"name": "王小明"})


def test_missing_variables_stay_visible() -> None:
    assert fill_in("你好${name}，${code}", {"code": "x"}) == "你好${name}，x"
    assert expand_link("看 ${link}", PREFIX) == "看 https://go.example.com/t/${code}"


@pytest.mark.parametrize(
    ("phone", "domestic"), [("+8613900000001", True), ("+8612900000001", False), ("+85291234567", False)]
)
def test_mainland_mobiles_are_known(phone: str, domestic: bool) -> None:
    assert is_domestic(phone) is domestic
