"""Names of people who do not exist: common surnames by rough frequency, common characters of given names."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from keepwell.engine.simulator.emit import pick
from keepwell.engine.simulator.streams import Floats, Integers

SURNAMES = {
    "王": 725, "李": 719, "张": 683, "刘": 538, "陈": 453,
    "杨": 308, "黄": 223, "赵": 223, "吴": 200, "周": 192,
    "徐": 148, "孙": 145, "马": 127, "朱": 126, "胡": 116, "郭": 115, "何": 107, "高": 100, "林": 97, "罗": 86,
    "郑": 85, "梁": 83, "谢": 72, "宋": 70, "唐": 69, "许": 67, "韩": 67, "冯": 64, "邓": 62, "曹": 60,
    "彭": 58, "曾": 57, "肖": 57, "田": 56, "董": 52, "袁": 52, "潘": 48, "于": 48, "蒋": 47, "蔡": 46,
    "余": 44, "杜": 44, "叶": 43, "程": 42, "苏": 42, "魏": 41, "吕": 40, "丁": 40, "任": 39, "沈": 38,
    "姚": 37, "卢": 36, "姜": 36, "崔": 35, "钟": 34, "谭": 33, "陆": 32, "汪": 31, "范": 31, "金": 30,
    "石": 30, "廖": 29, "贾": 28, "夏": 28, "韦": 27, "付": 27, "方": 26, "白": 26, "邹": 25, "孟": 24,
    "熊": 24, "秦": 24, "邱": 23, "江": 23, "尹": 22, "薛": 22, "闫": 21, "段": 21, "雷": 20, "侯": 20,
    "龙": 19, "史": 18, "陶": 18, "黎": 18, "贺": 17, "顾": 17, "毛": 16, "郝": 16, "龚": 15, "邵": 15,
    "万": 15, "钱": 15, "严": 14, "覃": 14, "武": 13, "戴": 13, "莫": 12, "孔": 12, "向": 11, "汤": 11,
    "欧阳": 6, "上官": 1, "诸葛": 1, "司马": 1,
}  # fmt: skip  # rows of pairs read better
MALE = (
    "伟强磊军洋勇杰涛超明刚平辉鹏华飞鑫波斌宇浩凯健俊帆志建国"
    "文博峰晨阳林海龙亮东成瑞晓毅旭宁思远嘉诚子轩泽睿昊天一鸣翔"
)
FEMALE = (
    "芳娜敏静丽艳娟霞秀燕玲桂英婷雪琳洁倩颖莉红梅兰萍云莹慧蓉"
    "佳欣怡悦思雨梓涵诗雅晓文君妍丹璐瑶琪菲月蕾若曦晴可心语嫣"
)
MIDDLE = "志建文晓海国玉春明永金丽小秀俊子佳思雨家德宏振立学世天庆维泽亚宇一梓若欣雅嘉乐安景慕承书怀"
COMPANY_FRONT = (
    "云栖",
    "锦程",
    "恒泰",
    "启明",
    "瑞丰",
    "长青",
    "海川",
    "远山",
    "天衡",
    "中澜",
    "嘉禾",
    "博观",
    "盛景",
    "同晟",
    "鼎和",
    "卓越",
)
COMPANY_BODY = (
    "投资管理",
    "贸易",
    "科技",
    "实业",
    "建材",
    "电子",
    "医药",
    "物流",
    "食品",
    "纺织",
    "机械",
    "新能源",
)
SECTOR = (
    "科技",
    "股份",
    "医药",
    "能源",
    "电子",
    "材料",
    "银行",
    "地产",
    "传媒",
    "汽车",
    "食品",
    "重工",
    "通信",
    "环保",
    "航空",
    "物流",
)
HOMOPHONES = {
    "伟": "炜",
    "磊": "蕾",
    "静": "靖",
    "丽": "莉",
    "志": "智",
    "文": "雯",
    "华": "桦",
    "明": "铭",
    "英": "瑛",
    "辉": "晖",
}
TRADITIONAL = {
    "张": "張", "刘": "劉", "陈": "陳", "杨": "楊", "黄": "黃",
    "赵": "趙", "吴": "吳", "孙": "孫", "马": "馬", "郑": "鄭",
    "伟": "偉", "强": "強", "军": "軍", "国": "國", "华": "華",
    "丽": "麗", "艳": "艷", "云": "雲", "龙": "龍", "东": "東",
}  # fmt: skip  # the same
_FAMILY = list(SURNAMES)
_ENDS = np.cumsum(np.array(list(SURNAMES.values()), float))
_ENDS /= _ENDS[-1]


def surname_at(u: Floats) -> Integers:
    """Place of a surname in the list, by frequency."""
    return np.searchsorted(_ENDS, u).astype(np.int64)


def full_names(surname: Integers, bits: Integers, male: Integers) -> pa.Array:
    """Names from the place of the surname, 62 random bits and the sex: a quarter have one given character."""
    last = (bits >> 8) % 997
    middle = pick(["", *MIDDLE], np.where(bits % 4 == 0, 0, 1 + (bits >> 20) % len(MIDDLE)))
    his = pick(list(MALE), last % len(MALE))
    hers = pick(list(FEMALE), last % len(FEMALE))
    given = pc.if_else(pa.array(male.astype(bool)), his, hers)
    return pc.binary_join_element_wise(pick(_FAMILY, surname), middle, given, "")


def company_names(city: pa.Array, bits: Integers) -> pa.Array:
    """Names of companies that do not exist."""
    return pc.binary_join_element_wise(
        city,
        pick(COMPANY_FRONT, bits % len(COMPANY_FRONT)),
        pick(COMPANY_FRONT, (bits >> 8) % len(COMPANY_FRONT)),
        pick(COMPANY_BODY, (bits >> 16) % len(COMPANY_BODY)),
        pick(["有限公司", "有限责任公司", "股份有限公司"], (bits >> 24) % 3),
        "",
    )


def product_client_names(bits: Integers) -> pa.Array:
    """Names of products of asset managers that are clients."""
    number = pick([f"{k}号" for k in range(1, 61)], (bits >> 24) % 60)
    front = pick(COMPANY_FRONT, bits % len(COMPANY_FRONT))
    return pc.binary_join_element_wise(
        front,
        pick(["稳健", "进取", "量化", "丰利", "价值"], (bits >> 8) % 5),
        number,
        pick(["私募证券投资基金"], bits * 0),
        "",
    )


def one_name(bits: int, u: float, *, male: bool) -> str:
    """A single name, for staff."""
    array = full_names(
        surname_at(np.array([u])), np.array([bits], np.int64), np.array([1 if male else 0], np.int64)
    )
    return str(array[0].as_py())


def variant(name: pa.Array, kind: Integers) -> pa.Array:
    """The name as it was mistyped: 1 homophone, 2 traditional, 3 full-width space, 4 a character lost; 0 unchanged.

    5 is the name of somebody else, next in the list, who came along.
    """
    homophone, traditional = name, name
    for plain, other in HOMOPHONES.items():
        homophone = pc.replace_substring(homophone, plain, other)
    for plain, other in TRADITIONAL.items():
        traditional = pc.replace_substring(traditional, plain, other)
    spaced = pc.binary_join_element_wise(
        pc.utf8_slice_codeunits(name, 0, 1), pc.utf8_slice_codeunits(name, 1, 9), "\u3000"
    )
    cut = pc.binary_join_element_wise(
        pc.utf8_slice_codeunits(name, 0, 1), pc.utf8_slice_codeunits(name, 2, 9), ""
    )
    short = pc.if_else(pc.greater(pc.utf8_length(name), 2), cut, homophone)
    following = name.take(pa.array((np.arange(len(name)) + 1) % max(len(name), 1)))
    somebody = pc.if_else(pc.less_equal(pc.utf8_length(following), 4), following, name)  # no company's
    chosen = pc.choose(pa.array(kind), name, homophone, traditional, spaced, short, somebody)
    return chosen.cast(pa.string())
