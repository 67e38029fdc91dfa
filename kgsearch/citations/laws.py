"""Names of laws, ordinances and codes: where a name ends in running text is known only to one who knows the names.

"Luật Quản lý, sử dụng vốn nhà nước đầu tư vào sản xuất, kinh doanh tại doanh nghiệp quy định …" has no mark between its name and
what follows. Source of the names: the laws and ordinances of the National Assembly and its Standing Committee since 1986, by the
titles under which they were published.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_NAMES = """
an ninh mạng; an ninh quốc gia; an toàn thông tin mạng; an toàn thực phẩm; an toàn và kiểm soát bức xạ; an toàn, vệ sinh lao động; ban
hành văn bản quy phạm pháp luật; ban hành văn bản quy phạm pháp luật của hội đồng nhân dân và ủy ban nhân dân; biên giới quốc gia; biên
phòng việt nam; biển việt nam; báo chí; bình đẳng giới; bưu chính; bưu chính, viễn thông; bảo hiểm tiền gửi; bảo hiểm xã hội; bảo hiểm y
tế; bảo vệ bí mật nhà nước; bảo vệ công trình giao thông; bảo vệ công trình quan trọng liên quan đến an ninh quốc gia; bảo vệ công trình
quốc phòng và khu quân sự; bảo vệ dữ liệu cá nhân; bảo vệ môi trường; bảo vệ quyền lợi người tiêu dùng; bảo vệ sức khỏe nhân dân; bảo vệ
và kiểm dịch thực vật; bảo vệ và phát triển rừng; bảo vệ, chăm sóc trẻ em; bảo vệ, chăm sóc và giáo dục trẻ em; bầu cử đại biểu hội đồng
nhân dân; bầu cử đại biểu quốc hội; bầu cử đại biểu quốc hội và đại biểu hội đồng nhân dân; bộ đội biên phòng; chi phí giám định, định
giá; chuyển giao công nghệ; chuyển đổi số; chính quyền địa phương; chăn nuôi; chất lượng hàng hóa; chất lượng sản phẩm, hàng hóa; chống
bán phá giá; chứng khoán; các công cụ chuyển nhượng; các tổ chức tín dụng; cán bộ, công chức; công an nhân dân; công an xã; công chứng;
công nghiệp công nghệ số; công nghiệp quốc phòng; công nghiệp quốc phòng, an ninh và động viên công nghiệp; công nghệ cao; công nghệ thông
tin; công đoàn; căn cước; căn cước công dân; cơ yếu; cư trú; cạnh tranh; cảnh sát biển việt nam; cảnh sát cơ động; cảnh sát môi trường;
cảnh vệ; cựu chiến binh; di sản văn hóa; doanh nghiệp; doanh nghiệp nhà nước; du lịch; dân quân tự vệ; dân số; dân sự; dược; dạy nghề; dầu
khí; dẫn độ; dữ liệu; dự bị động viên; dự trữ quốc gia; giao dịch điện tử; giao thông đường bộ; giao thông đường thủy nội địa; giá; giám
định tư pháp; giáo dục; giáo dục nghề nghiệp; giáo dục quốc phòng - an ninh; giáo dục quốc phòng và an ninh; giáo dục đại học; giống cây
trồng; giống cây trồng và vật nuôi; giống vật nuôi; hiến, lấy, ghép mô, bộ phận cơ thể người và hiến, lấy xác; hoạt động chữ thập đỏ; hoạt
động giám sát của quốc hội; hoạt động giám sát của quốc hội và hội đồng nhân dân; hàng hải; hàng hải việt nam; hàng không dân dụng; hàng
không dân dụng việt nam; hình sự; hòa giải ở cơ sở; hòa giải, đối thoại tại tòa án; hóa chất; hôn nhân và gia đình; hải quan; hỗ trợ doanh
nghiệp nhỏ và vừa; hộ tịch; hợp tác xã; hợp đồng kinh tế; khai thác và bảo vệ công trình thủy lợi; khiếu nại; khiếu nại, tố cáo; khoa học
và công nghệ; khoa học, công nghệ và đổi mới sáng tạo; khoáng sản; khuyến khích đầu tư trong nước; khám bệnh, chữa bệnh; khí tượng thủy
văn; kinh doanh bảo hiểm; kinh doanh bất động sản; kiến trúc; kiểm dịch y tế biên giới; kiểm toán nhà nước; kiểm toán độc lập; ký kết và
thực hiện thỏa thuận quốc tế; ký kết, gia nhập và thực hiện điều ước quốc tế; kế toán; kế toán và thống kê; lao động; luật sư; lâm nghiệp;
lý lịch tư pháp; lưu trữ; lưu trữ quốc gia; lực lượng cảnh sát biển việt nam; lực lượng cảnh sát nhân dân; lực lượng dự bị động viên; lực
lượng tham gia bảo vệ an ninh, trật tự ở cơ sở; mặt trận tổ quốc việt nam; nghĩa vụ lao động công ích; nghĩa vụ quân sự; ngoại hối; ngân
hàng nhà nước; ngân hàng nhà nước việt nam; ngân sách nhà nước; người cao tuổi; người khuyết tật; người lao động việt nam đi làm việc ở
nước ngoài theo hợp đồng; người tàn tật; nhà giáo; nhà ở; nhập cảnh, xuất cảnh, cư trú, đi lại của người nước ngoài tại việt nam; nhập
cảnh, xuất cảnh, quá cảnh, cư trú của người nước ngoài tại việt nam; nuôi con nuôi; năng lượng nguyên tử; phá sản; phá sản doanh nghiệp;
pháp điển hệ thống quy phạm pháp luật; phí và lệ phí; phí, lệ phí; phòng bệnh; phòng cháy và chữa cháy; phòng cháy, chữa cháy và cứu nạn,
cứu hộ; phòng không nhân dân; phòng thủ dân sự; phòng, chống bạo lực gia đình; phòng, chống bệnh truyền nhiễm; phòng, chống khủng bố;
phòng, chống lụt, bão; phòng, chống ma túy; phòng, chống mua bán người; phòng, chống mại dâm; phòng, chống nhiễm vi rút gây ra hội chứng
suy giảm miễn dịch mắc phải ở người; phòng, chống rửa tiền; phòng, chống tham nhũng; phòng, chống thiên tai; phòng, chống tác hại của
rượu, bia; phòng, chống tác hại của thuốc lá; phổ biến, giáo dục pháp luật; phục hồi, phá sản; quy hoạch; quy hoạch đô thị; quy hoạch đô
thị và nông thôn; quân nhân chuyên nghiệp, công nhân và viên chức quốc phòng; quản lý ngoại thương; quản lý nợ công; quản lý thuế; quản lý
thị trường; quản lý và đầu tư vốn nhà nước tại doanh nghiệp; quản lý, bảo vệ biên giới quốc gia; quản lý, sử dụng tài sản công; quản lý,
sử dụng tài sản nhà nước; quản lý, sử dụng vũ khí, vật liệu nổ và công cụ hỗ trợ; quản lý, sử dụng vốn nhà nước đầu tư vào sản xuất, kinh
doanh tại doanh nghiệp; quảng cáo; quốc phòng; quốc tịch việt nam; sĩ quan quân đội nhân dân việt nam; sở hữu trí tuệ; sử dụng năng lượng
tiết kiệm và hiệu quả; thanh niên; thanh tra; thi hành tạm giữ, tạm giam; thi hành án dân sự; thi hành án hình sự; thi đua, khen thưởng;
thuế bảo vệ môi trường; thuế chuyển quyền sử dụng đất; thuế giá trị gia tăng; thuế nhà, đất; thuế sử dụng đất nông nghiệp; thuế sử dụng
đất phi nông nghiệp; thuế thu nhập cá nhân; thuế thu nhập doanh nghiệp; thuế thu nhập đối với người có thu nhập cao; thuế tiêu thụ đặc
biệt; thuế tài nguyên; thuế xuất khẩu, thuế nhập khẩu; thú y; thư viện; thương mại; thể dục, thể thao; thỏa thuận quốc tế; thống kê; thủ
tục bắt giữ tàu bay; thủ tục bắt giữ tàu biển; thủ tục giải quyết các vụ án dân sự; thủ tục giải quyết các vụ án hành chính; thủ tục giải
quyết các vụ án kinh tế; thủ đô; thủy lợi; thủy sản; thực hiện dân chủ ở cơ sở; thực hiện dân chủ ở xã, phường, thị trấn; thực hành tiết
kiệm, chống lãng phí; tiêu chuẩn và quy chuẩn kỹ thuật; tiếp công dân; tiếp cận thông tin; trách nhiệm bồi thường của nhà nước; trình tự,
thủ tục tòa án nhân dân xem xét, quyết định việc đưa người nghiện ma túy từ đủ 12 tuổi đến dưới 18 tuổi vào cơ sở cai nghiện bắt buộc;
trình tự, thủ tục xem xét, quyết định áp dụng các biện pháp xử lý hành chính tại tòa án nhân dân; trưng cầu ý dân; trưng mua, trưng dụng
tài sản; trật tự, an toàn giao thông đường bộ; trẻ em; trọng tài thương mại; trồng trọt; trợ giúp pháp lý; tài nguyên nước; tài nguyên,
môi trường biển và hải đảo; tình trạng khẩn cấp; tín ngưỡng, tôn giáo; tư pháp người chưa thành niên; tương trợ tư pháp; tương trợ tư pháp
về dân sự; tương trợ tư pháp về hình sự; tần số vô tuyến điện; tố cáo; tố tụng dân sự; tố tụng hành chính; tố tụng hình sự; tổ chức chính
phủ; tổ chức chính quyền địa phương; tổ chức cơ quan điều tra hình sự; tổ chức hội đồng nhân dân và ủy ban nhân dân; tổ chức hội đồng nhân
dân, ủy ban nhân dân; tổ chức quốc hội; tổ chức tòa án nhân dân; tổ chức viện kiểm sát nhân dân; tổ chức điều tra hình sự; viên chức; viễn
thông; việc làm; vũ khí, vật liệu nổ và công cụ hỗ trợ; vệ sinh an toàn thực phẩm; xuất bản; xuất cảnh, nhập cảnh của công dân việt nam;
xây dựng; xử lý vi phạm hành chính; xử phạt vi phạm hành chính; xử phạt vi phạm hành chính trong lĩnh vực kiểm toán nhà nước; đa dạng sinh
học; điều ước quốc tế; điện lực; điện ảnh; đo lường; đo đạc và bản đồ; đê điều; đơn vị hành chính - kinh tế đặc biệt; đường bộ; đường sắt;
đất đai; đấu giá tài sản; đấu thầu; đầu tư; đầu tư công; đầu tư nước ngoài tại việt nam; đầu tư theo phương thức đối tác công tư; đặc xá;
địa chất và khoáng sản; động viên công nghiệp; ưu đãi người có công; ưu đãi người có công với cách mạng; ưu đãi người hoạt động cách mạng,
liệt sĩ và gia đình liệt sĩ, thương binh, bệnh binh, người hoạt động kháng chiến, người có công giúp đỡ cách mạng; thương mại điện tử; trí
tuệ nhân tạo; tiết kiệm, chống lãng phí; chuyển giao người đang chấp hành án phạt tù; tham gia lực lượng gìn giữ hòa bình của liên hợp
quốc
"""
_SHORT = {
    "anqg": "an ninh quốc gia",
    "bhtn": "bảo hiểm thất nghiệp",
    "bhxh": "bảo hiểm xã hội",
    "bhyt": "bảo hiểm y tế",
    "bvmt": "bảo vệ môi trường",
    "hđnd": "hội đồng nhân dân",
    "nsnn": "ngân sách nhà nước",
    "qppl": "quy phạm pháp luật",
    "tand": "tòa án nhân dân",
    "ubnd": "ủy ban nhân dân",
    "vbqppl": "văn bản quy phạm pháp luật",
    "vksnd": "viện kiểm sát nhân dân",
}

_WORD = re.compile(r"\s*(?:[,\-–/]\s*)?([^\W_]+)")
_LONGEST = 40


_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")


@lru_cache(maxsize=1 << 12)
def _key(word: str) -> str:
    """A word in small letters with its tone at the end, wherever it was set: "hoá" and "hóa" are one, "giá" and "gia" are not."""
    letters = unicodedata.normalize("NFD", word.lower())
    tone = "".join(character for character in letters if character in _TONES)
    return "".join(character for character in letters if character not in _TONES) + tone


def _keys(words: str) -> tuple[str, ...]:
    return tuple(_key(word) for word in re.findall(r"[^\W_]+", words))


@lru_cache(maxsize=1)
def _names() -> tuple[frozenset[tuple[str, ...]], frozenset[tuple[str, ...]]]:
    """The names, without commas and capitals, and everything that a name begins with."""
    whole = frozenset(_keys(name) for name in _NAMES.split(";"))
    return whole, frozenset(name[:length] for name in whole for length in range(1, len(name) + 1))


@lru_cache(maxsize=1)
def _short() -> dict[str, tuple[str, ...]]:
    return {_key(short): _keys(long) for short, long in _SHORT.items()}


def known_name_end(text: str, start: int) -> int:
    """Where the longest known name that begins at ``start`` (after "Luật ") ends; ``start`` where none does.

    Capitals, the place of tone marks, commas and the usual abbreviations make no difference: "phòng chống tham nhũng", "Tổ chức VKSND".
    """
    whole, beginnings = _names()
    read: tuple[str, ...] = ()
    end = position = start
    while len(read) < _LONGEST and (match := _WORD.match(text, position)):
        word = _key(match[1])
        read += _short().get(word, (word,)) if match[1].isupper() else (word,)
        if read not in beginnings:
            break
        position = match.end()
        if read in whole:
            end = position
    return end
