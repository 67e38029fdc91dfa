"""Questions about a document itself: who signed it, when it was issued, since when it has effect, to whom it goes."""

from __future__ import annotations

from kgsearch.answering.kinds import Header, QuestionKind
from kgsearch.answering.question.asking import Asked
from kgsearch.answering.question.wording import Wording

DOCUMENT = r"""(?:nghị quyết|quyết định|kế hoạch|chỉ thị|công văn|thông báo|báo cáo|tờ trình|nghị định|thông tư|bộ luật|luật|pháp lệnh
    |hướng dẫn|quy chế
    |quy định|chương trình|kết luận|văn bản|công điện|đề án|giấy mời|biên bản|thông tri|điều lệ|hiến pháp|đề cương|\d+ (?:/ \d+ )?[/-])"""

# The whole phrase of the question with the words of the relation; {q} is any question phrase of its kind.
_WHO = "(?:những )?(?:ai|người nào|đồng chí nào|lãnh đạo nào|cơ quan nào|đơn vị nào|cơ quan, đơn vị nào|tổ chức nào|cấp nào)"
_WHEN = r"""(?:vào |từ |kể từ |là )*(?:khi nào|lúc nào|bao giờ|ngày nào|năm nào|tháng nào|ngày tháng năm nào|thời gian nào|thời điểm nào
    |năm bao nhiêu|ngày bao nhiêu|ngày mấy)"""
_SIGNED = "(?:đã )?(?:được )?(?:ký|ký ban hành|ký ngày|ký duyệt|ký phát hành)"
_ISSUED = "(?:đã )?(?:được )?(?:ban hành|ký|ký ban hành|thông qua|ra đời|công bố)"
_EFFECT = "(?:bắt đầu )?(?:có hiệu lực|có hiệu lực thi hành|phát sinh hiệu lực|hiệu lực thi hành|hiệu lực)"
_APPLIES = "(?:bắt đầu )?(?:được )?(?:áp dụng|thi hành|thực hiện)"
_ENDED = "(?:hết hiệu lực|hết hiệu lực thi hành|có hiệu lực đến|chấm dứt hiệu lực)"
_SENT = "(?:được )?(?:gửi|gửi cho|gửi đến|gửi tới|kính gửi)"

# Tried in order on the words of the text; a pattern must reach into the question phrase.
_FORMS: tuple[tuple[Header, str], ...] = (
    (
        Header.SIGNER_TITLE,
        r"""(?:người|ai) (?:đã )?ký(?: (?!,)\S+){0,12} (?:giữ )?(?:chức vụ|chức danh)(?: là)? (?:gì|nào)|(?:chức vụ
        |chức danh)(?: của)? người (?:đã )?ký(?: \S+){0,14} là (?:gì|ai)""",
    ),
    (
        Header.SIGNER,
        rf"""(?:ai|người nào|đồng chí nào|lãnh đạo nào)(?: là người)? {_SIGNED} (?:\S+ ){{0,2}}{DOCUMENT}|(?:do|bởi) (?:ai
        |người nào|đồng chí nào|lãnh đạo nào) (?:đã )?ký(?: ban hành)?|{_SIGNED} bởi (?:ai|người nào)
        |người (?:đã )?ký(?: \S+){{0,30}} là (?:ai|người nào|đồng chí nào)|ai (?:là người )?(?:đã )?ký(?: ban hành)?(?= \W| $|$)""",
    ),
    (Header.EXPIRES, rf"{_ENDED} {_WHEN}|{_WHEN}(?: thì)?(?: \S+){{1,20}} {_ENDED}"),
    (
        Header.EFFECTIVE,
        rf"""{_EFFECT} (?:kể từ |từ |vào |là )*{_WHEN}|{_WHEN}(?: thì)?(?: \S+){{1,20}} {_EFFECT}|(?:ngày
        |thời điểm) có hiệu lực(?: \S+){{0,16}} là {_WHEN}""",
    ),
    (
        Header.ISSUER,
        rf"""(?:do|của|bởi) {_WHO}(?: đã)? (?:ban hành|thông qua|ra)|{_WHO} (?:là cơ quan )?(?:đã )?(?:ban hành|thông qua
        |ra) (?:\S+ ){{0,2}}{DOCUMENT}|{_ISSUED} bởi {_WHO}|cơ quan (?:đã )?ban hành(?: \S+){{0,14}} là (?:cơ quan nào|gì|ai)
        |(?:là )?của (?:cơ quan nào|ai|đơn vị nào)(?= \W| $|$)""",
    ),
    (
        Header.ISSUED,
        rf"""{_ISSUED} {_WHEN}|{_WHEN}(?: thì)? {DOCUMENT}(?: \S+){{0,18}} {_ISSUED}|ngày (?:ban hành|ký
        |thông qua)(?: \S+){{0,16}} là {_WHEN}|{_ISSUED} (?:vào )?ngày tháng năm nào""",
    ),
    (Header.PLACE, rf"{_ISSUED} (?:ở|tại) (?:đâu|nơi nào|địa phương nào)"),
    (
        Header.NUMBER,
        r"""(?:có )?(?:số|số hiệu|số ký hiệu|số và ký hiệu) (?:là )?(?:bao nhiêu|mấy|gì|nào)
        |số (?:ký )?hiệu(?: của)?(?: \S+){0,16} là (?:gì|bao nhiêu)""",
    ),
    (Header.TYPE, r"(?:là )?loại văn bản (?:gì|nào)|thuộc (?:loại|thể loại) văn bản (?:gì|nào)"),
    (
        Header.TITLE,
        r"""(?:nói về|quy định về|ban hành về|về) (?:việc|vấn đề|nội dung) (?:gì|nào)|nói về (?:gì|điều gì)
        |trích yếu(?: của)?(?: \S+){0,12} là gì|tên (?:gọi|đầy đủ)?(?: của)?(?: \S+){0,12} là gì""",
    ),
    (
        Header.BASES,
        r"""(?:ban hành|xây dựng|ra đời) (?:theo|dựa trên|dựa vào|căn cứ|trên cơ sở)(?: những| các)?(?: \S+){0,3} (?:nào|gì)|(?:căn cứ
        |dựa trên|dựa vào|dựa theo|trên cơ sở)(?: vào)?(?: những| các)?(?: \S+){0,3} (?:nào|gì)|căn cứ (?:pháp lý
        |ban hành)(?: \S+){0,14} (?:nào|gì)""",
    ),
    (
        Header.RECIPIENTS,
        rf"""{_SENT} (?:cho |đến |tới )?(?:những |các )?(?:ai|cơ quan nào|đơn vị nào|nơi nào|cơ quan, đơn vị nào|đâu
        |sở nào|những đâu)|nơi nhận(?: \S+){{0,14}} (?:nào|gì|ai|đâu)""",
    ),
)
# Duties and powers are asked of the text, not of its head.
_NOT_OF_ITSELF = """phải|cần|thẩm quyền|trách nhiệm|có quyền|được quyền|chậm nhất|trình tự|thủ tục|hợp đồng|bản án|giấy phép|trước
    |nhiệm vụ|giao"""
# Since when something is done is since when its document has effect, but only of a document that the question begins with.
_APPLIED = rf"{_APPLIES} (?:kể )?từ {_WHEN}|bắt đầu (?:được )?(?:áp dụng|thi hành|thực hiện) {_WHEN}"
_DESCRIBED = rf"(?:(?:ở|tại) (?:\S+ ){{1,4}}|năm \d{{4}} (?:\S+ ){{0,4}}|các |những )?(?:{DOCUMENT}|bảng giá)"
_IMPLICIT: tuple[tuple[Header, str], ...] = (
    (Header.SIGNER, rf"người (?:đã )?ký (?:ban hành )?{DOCUMENT}"),
    (Header.ISSUED, rf"ngày (?:ban hành|ký|thông qua)(?: của)? {DOCUMENT}"),
    (Header.EFFECTIVE, rf"(?:ngày|thời điểm) (?:có hiệu lực|hiệu lực)(?: thi hành)?(?: của)? {DOCUMENT}"),
    (Header.ISSUER, rf"cơ quan (?:đã )?ban hành {DOCUMENT}"),
    (Header.RECIPIENTS, rf"nơi nhận(?: của)? {DOCUMENT}"),
)
KIND_OF: dict[Header, QuestionKind] = {
    Header.SIGNER: QuestionKind.WHO,
    Header.SIGNER_TITLE: QuestionKind.WHO,
    Header.ISSUER: QuestionKind.WHO,
    Header.ISSUED: QuestionKind.WHEN,
    Header.EFFECTIVE: QuestionKind.WHEN,
    Header.EXPIRES: QuestionKind.WHEN,
    Header.PLACE: QuestionKind.WHERE,
    Header.RECIPIENTS: QuestionKind.LIST,
    Header.BASES: QuestionKind.LIST,
    Header.NUMBER: QuestionKind.WHICH_DOCUMENT,
    Header.TYPE: QuestionKind.WHICH,
    Header.TITLE: QuestionKind.WHICH,
}


def asked_of_document(wording: Wording, asked: Asked) -> tuple[Header, int, int] | None:
    """What the question asks of a document's head, and the words that ask it; None where it asks of the text.

    The text must name a document, its words stand as a question about one, and it speaks of no duty or power to issue it.
    """
    implicit = asked.first == asked.last
    document = _named(wording, asked)
    if document is None:
        return _since_when(wording, asked)
    for header, pattern in _IMPLICIT if implicit else _FORMS:
        for first, last in wording.find_all(pattern):
            touches = implicit or (first < asked.last and asked.first < last)
            if touches and not _is_duty(wording, first, last, document):
                return header, first, last
    return _since_when(wording, asked)


def _since_when(wording: Wording, asked: Asked) -> tuple[Header, int, int] | None:
    """Since when something applies, where the question begins with the document that says so."""
    applied = wording.find(_APPLIED) if wording.stands_at(_DESCRIBED, 0) else None
    if applied is not None and asked.first < asked.last and applied[0] < asked.last and asked.first < applied[1]:
        return Header.EFFECTIVE, *applied
    return None


def _named(wording: Wording, asked: Asked) -> tuple[int, int] | None:
    """The first document that the text names; what the question phrase itself asks for ("theo quyết định nào") is none."""
    if asked.first == asked.last:
        return wording.find(DOCUMENT)
    first = min(asked.first, asked.noun[0]) if asked.noun[0] < asked.noun[1] == asked.last - 1 else asked.first
    return next((place for place in wording.find_all(DOCUMENT) if not first <= place[0] < asked.last), None)


def _is_duty(wording: Wording, first: int, last: int, document: tuple[int, int]) -> bool:
    """Whether a word of duty stands close before the phrase, or the document is named neither before it nor straight after it."""
    ends = ((max(first - 3, 0), min(first + 4, last)), (max(last - 4, first), last))
    if any(wording.find(_NOT_OF_ITSELF, *end) for end in ends):  # between them stands what the document is about
        return True
    return document[0] > last + 1
