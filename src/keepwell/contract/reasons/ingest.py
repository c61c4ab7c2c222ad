"""Why a delivered row was not accepted."""

from __future__ import annotations

from keepwell.contract.schema import Code


class QuarantineReason(Code):
    """Why a delivered row was not accepted."""

    MISSING_VALUE = "missing_value", "Required value is missing", "缺少必填值"
    NOT_A_NUMBER = "not_a_number", "Not a number in the declared form", "不是约定格式的数字"
    NOT_A_DATE = "not_a_date", "Not a date in the declared form", "不是约定格式的日期"
    NOT_AN_INSTANT = "not_an_instant", "Not a time in the declared form", "不是约定格式的时间"
    NOT_A_BOOLEAN = "not_a_boolean", "Neither true nor false", "不是是否值"
    UNKNOWN_CODE = "unknown_code", "Code is not in the list", "代码不在列表中"
    TOO_PRECISE = "too_precise", "More decimal digits than the column holds", "小数位数超出"
    OUT_OF_BOUNDS = "out_of_bounds", "Outside the allowed range", "超出允许范围"
    TOO_LONG = "too_long", "Text is too long", "文本过长"
    CONTROL_CHARACTER = "control_character", "Control characters in the text", "含控制字符"
    FORMULA = "formula", "Cell holds a formula", "单元格是公式"
    LOST_DIGITS = "lost_digits", "Number too long for a cell: digits are lost", "单元格数字过长，已丢失末位"
    WRONG_WIDTH = "wrong_width", "Wrong number of fields in the line", "字段数不符"
    BAD_ENCODING = "bad_encoding", "Bytes are not valid in the file's encoding", "编码无效"
    DUPLICATE_KEY = "duplicate_key", "Another row has the same key", "主键重复"
    UNKNOWN_REFERENCE = "unknown_reference", "Refers to a row that was not delivered", "引用的记录不存在"
    WRONG_ORDER = "wrong_order", "Dates are in the wrong order", "日期先后颠倒"
    AFTER_CUT = "after_cut", "Lies after the as-of date", "晚于数据截止日"
    REFUSED_FILE = "refused_file", "The whole file was refused", "整个文件被拒收"
