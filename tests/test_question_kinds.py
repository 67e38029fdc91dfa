"""What clerks' wordings ask for: the kind, the noun that is asked with, the unit; the same with marks and without."""

from __future__ import annotations

import pytest

from kgsearch.answering.question.analysis import QuestionKind, read_question
from kgsearch.language import fold

# kind | noun | unit | question; "*" for a noun or a unit that does not matter.
_HOW_MUCH = """
how-much | xã | xã | Toàn huyện có bao nhiêu xã đạt chuẩn?
how-much | xã, phường | xã, phường | Sau sắp xếp còn bao nhiêu xã, phường?
how-much | việc | việc | Tổ công nghệ số cộng đồng có mấy việc phải làm?
how-much | thủ tục | thủ tục | Cắt giảm được bao nhiêu thủ tục?
how-much | thủ tục | thủ tục | Công bố bao nhiêu thủ tục hành chính trong lĩnh vực hộ tịch?
how-much | học sinh | học sinh | Mỗi lớp 6 không quá bao nhiêu học sinh?
how-much | người | người | Hội đồng xét tuyển có ít nhất bao nhiêu người?
how-much | thành viên | thành viên | Ban chỉ đạo gồm bao nhiêu thành viên?
how-much | nhóm | nhóm | Tài sản được chia thành mấy nhóm?
how-much | bước | bước | Quy trình tiếp công dân có mấy bước?
how-much | giai đoạn | giai đoạn | Dự án chia làm mấy giai đoạn?
how-much | hình thức | hình thức | Có mấy hình thức kỷ luật đối với công chức?
how-much | loại | loại | Hộ chiếu gồm mấy loại?
how-much | cấp | cấp | Ngân sách nhà nước gồm mấy cấp?
how-much | khoản | khoản | Điều này có mấy khoản?
how-much | bản | bản | Hồ sơ phải nộp mấy bản?
how-much | bộ | bộ | Phải nộp bao nhiêu bộ hồ sơ?
how-much | lần | lần | Mỗi năm được kiểm tra không quá mấy lần?
how-much | lần | lần | Được gia hạn bao nhiêu lần?
how-much | tuổi | tuổi | Từ bao nhiêu tuổi thì được hưởng trợ cấp người cao tuổi?
how-much | tuổi | tuổi | Trẻ em dưới mấy tuổi được miễn vé?
how-much | điểm | điểm | Thí sinh phải đạt bao nhiêu điểm mới trúng tuyển?
how-much | mét | mét | Quầy bán thuốc lá phải cách trường học bao nhiêu mét?
how-much | ha | ha | Huyện chuyển đổi bao nhiêu ha đất lúa?
how-much | km | km | Làm mới được bao nhiêu km đường giao thông nông thôn?
how-much | tấn | tấn | Sản lượng tôm đạt bao nhiêu tấn?
how-much | lượt khách | lượt khách | Du lịch đón bao nhiêu lượt khách?
how-much | giường bệnh | giường bệnh | Bệnh viện mới có bao nhiêu giường bệnh?
how-much | đại biểu | đại biểu | Hội đồng nhân dân tỉnh được bầu bao nhiêu đại biểu?
how-much | phó chủ tịch | phó chủ tịch | Xã loại I có bao nhiêu phó chủ tịch?
how-much | biên chế | biên chế | Sở được giao bao nhiêu biên chế?
how-much | hộ | hộ | Còn bao nhiêu hộ chưa có điện?
how-much | doanh nghiệp | doanh nghiệp | Năm nay có bao nhiêu doanh nghiệp thành lập mới?
how-much | dự án | dự án | Có bao nhiêu dự án chậm tiến độ?
how-much | tiêu chí | tiêu chí | Xã nông thôn mới nâng cao gồm mấy tiêu chí?
how-much | nhiệm vụ | nhiệm vụ | Sở được giao mấy nhiệm vụ?
how-much | điều kiện | điều kiện | Phải đáp ứng mấy điều kiện?
how-much | trường hợp | trường hợp | Có mấy trường hợp được miễn?
how-much | ca | ca | Ghi nhận bao nhiêu ca mắc sốt xuất huyết?
how-much | liều | liều | Đã tiêm được bao nhiêu liều?
how-much | chỉ tiêu | chỉ tiêu | Trường được tuyển bao nhiêu chỉ tiêu?
how-much | cán bộ | cán bộ | Tinh giản được bao nhiêu cán bộ?
how-much | tuyến đường | tuyến đường | Đặt tên bao nhiêu tuyến đường?
how-much | văn bản | văn bản | Bãi bỏ bao nhiêu văn bản?
how-much | nghị quyết | nghị quyết | Kỳ họp thông qua bao nhiêu nghị quyết?
how-much | diện tích | | Diện tích tối thiểu được tách thửa là bao nhiêu?
how-much | hạn mức | | Hạn mức giao đất ở tại nông thôn là bao nhiêu?
how-much | số lượng | | Số lượng cấp phó tối đa là bao nhiêu?
how-much | nồng độ | | Nồng độ cồn cho phép là bao nhiêu?
how-much | định mức | | Định mức tiết dạy của giáo viên là bao nhiêu?
how-much | * | * | Cách khu dân cư bao xa?
how-much | * | * | Tăng bao nhiêu so với cùng kỳ?
"""
_MONEY = """
money | * | tiền | Vượt đèn đỏ phạt bao nhiêu tiền?
money | * | tiền | Mỗi em được hỗ trợ bao nhiêu tiền một tháng?
money | * | đồng | Hỗ trợ mỗi hộ bao nhiêu đồng?
money | * | triệu đồng | Xây nhà mới được cho vay tối đa bao nhiêu triệu đồng?
money | * | triệu | Mỗi hộ được hỗ trợ mấy triệu?
money | * | tỷ đồng | Tổng mức đầu tư bao nhiêu tỷ đồng?
money | * | tỷ | Thu ngân sách được bao nhiêu tỷ?
money | * | kinh phí | Bố trí bao nhiêu kinh phí cho đề án?
money | * | vốn | Giao bao nhiêu vốn đầu tư công cho ngành y tế?
money | Tiền ăn | | Tiền ăn của vận động viên mỗi ngày bao nhiêu?
money | Tiền ăn | | Tiền ăn cho đại biểu là bao nhiêu một ngày?
money | mức chi | | Mức chi cho báo cáo viên là bao nhiêu?
money | mức chi | | Mức chi tiếp khách trong nước tối đa bao nhiêu?
money | lệ phí | | Lệ phí cấp hộ chiếu bao nhiêu?
money | phí | | Phí thẩm định hồ sơ bao nhiêu?
money | phí | | Phí tham quan là bao nhiêu?
money | học phí | | Học phí mầm non bao nhiêu một tháng?
money | mức lương | | Mức lương cơ sở hiện nay là bao nhiêu?
money | phụ cấp | | Phụ cấp của trưởng ấp mỗi tháng bao nhiêu?
money | phụ cấp | | Phụ cấp công vụ hàng tháng là bao nhiêu?
money | trợ cấp | | Trợ cấp một lần khi sinh con là bao nhiêu?
money | mức hỗ trợ | | Mức hỗ trợ hỏa táng là bao nhiêu?
money | mức hỗ trợ | | Mức hỗ trợ tiền thuê nhà như thế nào?
money | giá đất | | Giá đất ở đường Nguyễn Trung Trực là bao nhiêu?
money | giá thuê | | Giá thuê nhà ở xã hội bao nhiêu?
money | đơn giá | | Đơn giá bồi thường cây dừa là bao nhiêu?
money | tiền thưởng | | Tiền thưởng kèm theo danh hiệu là bao nhiêu?
money | mức thưởng | | Mức thưởng cho huy chương vàng là bao nhiêu?
money | mức phạt | | Mức phạt cao nhất là bao nhiêu?
money | tiền công | | Tiền công của người lái xe là bao nhiêu?
money | công tác phí | | Công tác phí đi tỉnh ngoài bao nhiêu?
money | kinh phí | | Kinh phí thực hiện kế hoạch khoảng bao nhiêu?
money | bị phạt | | Không đội mũ bảo hiểm bị phạt bao nhiêu?
money | mức thu | | Mức thu phí qua phà bao nhiêu?
money | mức vay | | Mức vay tối đa là bao nhiêu?
money | số tiền | | Số tiền ký quỹ là bao nhiêu?
"""
_PERCENT = """
percent | * | phần trăm | Bao nhiêu phần trăm hồ sơ phải nộp trực tuyến?
percent | * | phần trăm | Phấn đấu giảm bao nhiêu phần trăm số vụ cháy?
percent | * | % | Đạt bao nhiêu % kế hoạch?
percent | * | phần tiền | Ngân sách tỉnh chịu bao nhiêu phần tiền?
percent | tỷ lệ | | Tỷ lệ hồ sơ trễ hẹn là bao nhiêu?
percent | tỷ lệ | | Tỷ lệ dân số tham gia bảo hiểm y tế đạt bao nhiêu?
percent | thuế suất | | Thuế suất giá trị gia tăng là bao nhiêu?
percent | lãi suất | | Lãi suất cho vay là bao nhiêu?
percent | * | | Tỷ trọng kinh tế số chiếm bao nhiêu?
percent | tốc độ tăng trưởng | | Tốc độ tăng trưởng bình quân là bao nhiêu?
"""
_WHEN = """
when | * | * | Khi nào thì phải báo cáo?
when | * | * | Bao giờ có kết quả?
when | * | * | Chừng nào mới được cấp sổ đỏ?
when | * | * | Được áp dụng từ khi nào?
when | * | * | Hoàn thành vào lúc nào?
when | ngày | * | Nộp báo cáo vào ngày nào?
when | ngày | * | Trước ngày nào phải gửi danh sách?
when | ngày | * | Hạn cuối là ngày mấy?
when | ngày | * | Trước ngày bao nhiêu hàng tháng phải gửi số liệu?
when | ngày | * | Gửi báo cáo trước ngày mấy?
when | tháng | * | Tháng mấy thì thi tuyển?
when | tháng | * | Tổ chức vào tháng nào trong năm?
when | quý | * | Quý mấy trình Ủy ban?
when | quý | * | Trình trong quý nào?
when | năm | * | Đến năm nào thì hoàn thành?
when | năm | * | Hoàn thành vào năm bao nhiêu?
when | giờ | * | Karaoke phải đóng cửa từ mấy giờ?
when | giờ | * | Cuộc họp bắt đầu lúc mấy giờ?
when | thời gian | * | Hội thi diễn ra trong thời gian nào?
when | thời điểm | * | Tính từ thời điểm nào?
when | giai đoạn | * | Thực hiện trong giai đoạn nào?
when | hạn chót | * | Hạn chót để nộp hồ sơ dự tuyển?
when | hạn cuối | * | Hạn cuối nộp báo cáo quý?
when | * | * | Hạn chót gửi góp ý là khi nào?
when | hạn nộp | * | Hạn nộp hồ sơ thi tuyển?
when | * | * | Hạn cuối cùng để đăng ký là ngày nào?
when | * | * | Chậm nhất đến khi nào phải xong?
when | * | * | Muộn nhất là bao giờ phải trình?
when | thứ | * | Tiếp công dân vào thứ mấy?
"""
_HOW_LONG = """
how-long | * | * | Giải quyết trong bao lâu?
how-long | * | * | Bao lâu thì có kết quả?
how-long | * | * | Bao lâu một lần phải báo cáo?
how-long | * | * | Kiểm định xe bao lâu một lần?
how-long | * | * | Định kỳ bao lâu phải rà soát một lần?
how-long | năm | năm | Mấy năm điều chỉnh bảng giá đất một lần?
how-long | tháng | tháng | Mấy tháng họp một lần?
how-long | ngày | ngày | Sau mấy ngày thì được trả kết quả?
how-long | ngày làm việc | ngày làm việc | Trong bao nhiêu ngày làm việc phải trả lời?
how-long | ngày | ngày | Mỗi năm được nghỉ phép bao nhiêu ngày?
how-long | ngày | ngày | Kết hôn được nghỉ mấy ngày?
how-long | tháng | tháng | Nghỉ thai sản mấy tháng?
how-long | năm | năm | Tái cử phải còn công tác bao nhiêu năm?
how-long | giờ | giờ | Sau mấy giờ phải báo cáo nhanh?
how-long | thời gian | phút | Thời gian làm bài thi bao nhiêu phút?
how-long | thời hạn | | Thời hạn giải quyết khiếu nại là bao lâu?
how-long | thời hạn | | Thời hạn bảo quản tài liệu là bao nhiêu?
how-long | thời gian | | Thời gian tập sự là bao lâu?
how-long | thời gian | | Thời gian thực hiện dự án như thế nào?
how-long | thời hiệu | | Thời hiệu xử lý kỷ luật là bao lâu?
how-long | * | * | Giấy phép có giá trị trong bao lâu?
how-long | * | * | Thẻ có thời hạn mấy năm?
how-long | * | * | Hồ sơ cần giữ bao lâu?
how-long | nhiệm kỳ | | Nhiệm kỳ của trưởng ấp là bao lâu?
"""
_WHO = """
who | * | * | Ai được hưởng chính sách này?
who | * | * | Do ai quyết định?
who | * | * | Trưởng ban chỉ đạo là ai?
who | * | * | Nộp đơn cho ai?
who | * | * | Ai chủ trì cuộc họp?
who | * | * | Những ai phải kê khai tài sản?
who | cơ quan | * | Cơ quan nào cấp giấy phép xây dựng?
who | cơ quan | * | Do cơ quan nào thẩm định?
who | cơ quan | * | Cơ quan nào là đầu mối tổng hợp?
who | sở | * | Sở nào tham mưu ban hành?
who | đơn vị | * | Đơn vị nào làm chủ đầu tư?
who | đơn vị | * | Giao cho đơn vị nào thực hiện?
who | cấp | * | Thẩm quyền thuộc cấp nào?
who | người | * | Người nào được xét tặng?
who | người | * | Quyết định thuộc thẩm quyền của người nào?
who | phòng | * | Phòng nào tiếp nhận hồ sơ?
who | bộ | * | Bộ nào hướng dẫn thực hiện?
who | tổ chức | * | Tổ chức nào được giao quản lý quỹ?
who | lực lượng | * | Lực lượng nào tham gia chữa cháy?
who | hội đồng | * | Hội đồng nào xét duyệt?
who | chức danh | * | Chức danh nào phải luân chuyển?
who | ngành | * | Ngành nào chịu trách nhiệm kiểm tra?
who | lãnh đạo | * | Lãnh đạo nào phụ trách lĩnh vực này?
who | doanh nghiệp | * | Doanh nghiệp nào trúng thầu?
which | đối tượng | * | Đối tượng nào được miễn học phí?
who | chủ thể | * | Chủ thể nào có quyền khởi kiện?
who | * | * | Cơ quan chủ trì là ai?
who | * | * | Thẩm quyền thu hồi đất thuộc về ai?
who | * | * | Ai có thẩm quyền bổ nhiệm hiệu trưởng?
who | * | * | Báo cáo gửi về ai?
"""
_DOCUMENTS = """
which-document | văn bản | * | Nội dung này quy định ở văn bản nào?
which-document | quyết định | * | Bảng giá đất được ban hành theo quyết định nào?
which-document | thông báo | * | Kết luận cuộc họp nêu theo thông báo nào?
which-document | nghị quyết | * | Chế độ này theo nghị quyết nào của Hội đồng nhân dân?
which-document | nghị định | * | Căn cứ nghị định nào để xử phạt?
which-document | thông tư | * | Thông tư nào hướng dẫn việc này?
which-document | kế hoạch | * | Kế hoạch nào triển khai đề án này?
which-document | điều | * | Việc xử lý kỷ luật quy định tại điều nào?
which-document | điều khoản | * | Quy định tại điều khoản nào?
which-document | khoản | * | Căn cứ khoản nào của Điều 5?
which-document | luật | * | Luật nào điều chỉnh việc này?
which-document | công văn | * | Đã hướng dẫn tại công văn nào?
which-document | phụ lục | * | Danh mục nằm ở phụ lục nào?
which-document | chỉ thị | * | Thực hiện theo chỉ thị nào của Thủ tướng?
which-document | văn bản | * | Văn bản nào thay thế quy định này?
which-document | văn bản | * | Văn bản gì quy định về văn hóa công sở?
which-document | quyết định số | * | Phê duyệt tại quyết định số mấy?
which-document | nghị quyết số | * | Thông qua bằng nghị quyết số bao nhiêu?
which-document | quy định | * | Theo quy định nào thì được miễn?
"""
_WHERE = """
where | * | * | Nộp hồ sơ ở đâu?
where | * | * | Lấy mẫu đơn ở đâu?
where | * | * | Khiếu nại thì gửi đến đâu?
where | * | * | Hội nghị tổ chức tại đâu?
where | * | * | Trung tâm đặt ở chỗ nào?
where | nơi | * | Đăng ký tạm trú tại nơi nào?
list | xã | * | Thí điểm ở những xã nào?
where | huyện | * | Dự án nằm ở huyện nào?
where | địa phương | * | Địa phương nào bị ảnh hưởng?
where | tỉnh | * | Giáp với tỉnh nào?
where | khu vực | * | Khu vực nào cấm chăn nuôi?
where | địa điểm | * | Địa điểm tổ chức hội thi là gì?
"""
_LIST = """
list | * | * | Hồ sơ gồm những gì?
list | * | * | Thành phần hồ sơ gồm những gì?
list | giấy tờ | * | Cần những giấy tờ nào?
list | giấy tờ | * | Phải nộp những giấy tờ gì?
list | trường | * | Những trường cấp ba nào được công nhận đạt chuẩn?
list | trường | * | Những trường trung học phổ thông nào tổ chức thi?
list | trường hợp | * | Những trường hợp nào bị thu hồi giấy phép?
list | đối tượng | * | Những đối tượng nào được hỗ trợ?
list | đối tượng | * | Áp dụng cho các đối tượng nào?
list | hành vi | * | Những hành vi nào bị cấm?
list | điều kiện | * | Phải có những điều kiện gì?
list | giải pháp | * | Đề ra những giải pháp nào?
list | nội dung | * | Báo cáo gồm các nội dung nào?
list | cơ quan | * | Những cơ quan nào phối hợp?
list | * | * | Các nhiệm vụ chủ yếu là gì?
list | * | * | Những nguyên tắc quản lý là gì?
list | * | * | Kể tên các xã an toàn khu
list | * | * | Liệt kê các thủ tục được bãi bỏ
list | * | * | Đơn vị hành chính cấp xã bao gồm những gì?
list | quyền | * | Người dân có những quyền gì?
list | loại | * | Chất thải rắn được phân thành những loại nào?
list | lĩnh vực | * | Ưu tiên các lĩnh vực nào?
"""
_YES_NO = """
yes-no | * | * | Có phải nộp bản chính không?
yes-no | * | * | Có được ủy quyền không?
yes-no | * | * | Có cần công chứng không?
yes-no | * | * | Có bắt buộc phải đội mũ không?
yes-no | * | * | Viên chức có được kinh doanh không?
yes-no | * | * | Viên chức được góp vốn không?
yes-no | * | * | Xã có thẩm quyền xác nhận không?
yes-no | * | * | Người nước ngoài được sở hữu nhà không?
yes-no | * | * | Con nuôi có được hưởng thừa kế hay không?
yes-no | * | * | Hộ cận nghèo có thuộc diện miễn giảm không?
yes-no | * | * | Nộp qua bưu điện có được không?
yes-no | * | * | Nộp thay người khác được không ạ?
yes-no | * | * | Quy định này còn hiệu lực không?
yes-no | * | * | Đã có quyết định phê duyệt chưa?
yes-no | * | * | Đề án đã hoàn thành hay chưa?
yes-no | * | * | Học sinh có phải đóng học phí hay không?
yes-no | * | * | Đất này có được chuyển nhượng không vậy?
yes-no | * | * | Có phải mọi công chức đều phải kê khai?
yes-no | * | * | Nhà báo phải xuất trình thẻ, đúng không?
yes-no | * | * | Có hạn chế số lần thi không?
yes-no | * | * | Giáo viên hợp đồng liệu có được phụ cấp không?
yes-no | * | * | Có bị thu hồi giấy phép không nếu quá hạn?
yes-no | * | * | Không đủ điều kiện thì có được vay không?
yes-no | * | * | Hết hạn có gia hạn được không?
"""
_DEFINITION = """
definition | * | * | Quy hoạch động trong công tác cán bộ là gì?
definition | * | * | Quy hoạch mở là gì?
definition | * | * | Hộ nghèo là gì?
definition | * | * | Dịch vụ công trực tuyến là gì?
definition | * | * | Dịch vụ công trực tuyến toàn trình là gì?
definition | * | * | Văn bản điện tử nghĩa là gì?
definition | * | * | Hồ sơ điện tử được hiểu thế nào?
definition | * | * | Nơi cư trú được hiểu là gì?
definition | * | * | Nhà ở thương mại hiểu như thế nào?
definition | * | * | Thế nào là tài sản công?
definition | * | * | Thế nào là người có uy tín?
definition | * | * | Như thế nào là hộ cận nghèo?
definition | * | * | Thế nào gọi là tái định cư?
definition | * | * | Hiểu thế nào là đất nông nghiệp?
definition | * | * | Hiểu như thế nào về kinh tế số?
definition | * | * | Tự chủ tài chính là sao?
definition | * | * | Đất xen kẹt nghĩa là sao?
definition | * | * | Biệt phái là như thế nào?
definition | * | * | Luân chuyển là thế nào?
definition | * | * | Khu dân cư kiểu mẫu là khu như thế nào?
definition | * | * | Luật gọi nhà ở công vụ là nhà như thế nào?
definition | * | * | Người khuyết tật nặng là người như thế nào?
definition | * | * | Gia đình văn hóa là gia đình như thế nào?
definition | * | * | OTP là gì?
definition | * | * | OTP là viết tắt của từ gì?
definition | * | * | OCOP viết tắt của cụm từ nào?
definition | * | * | Chữ viết tắt PAPI nghĩa là gì?
definition | * | * | Ý nghĩa của thuật ngữ chính quyền điện tử?
definition | * | * | Định nghĩa tài sản mã hóa?
definition | * | * | Định nghĩa về dữ liệu mở như thế nào?
definition | * | * | Khái niệm bạo lực gia đình được quy định thế nào?
definition | * | * | Khái niệm hộ kinh doanh là gì?
definition | * | * | Cụm từ cán bộ chủ chốt có nghĩa là gì?
definition | * | * | Thuật ngữ vùng đệm được giải thích thế nào?
definition | * | * | Thế nào được coi là tiếp xúc gần?
definition | * | * | Chợ đầu mối được định nghĩa ra sao?
definition | * | * | Người lang thang được xác định là người như thế nào?
definition | * | * | Cơ sở dữ liệu dùng chung là cái gì?
definition | * | * | Thẻ nhà báo là gì?
definition | * | * | Ngày làm việc là gì?
definition | * | * | Quỹ đất công ích là gì?
definition | * | * | Bán đấu giá là gì vậy?
definition | * | * | Cho hỏi một cửa liên thông là gì ạ?
definition | * | * | Trong quy chế này, người dùng được hiểu là ai?
definition | * | * | Theo Luật Đất đai, đất chưa sử dụng là gì?
"""
_HOW = """
how | * | * | Việc bàn giao được thực hiện như thế nào?
how | * | * | Xử lý hồ sơ quá hạn thế nào?
how | * | * | Phối hợp ra sao?
how | * | * | Làm thế nào để đăng ký tài khoản?
how | * | * | Làm sao để tra cứu kết quả?
how | * | * | Nộp phí bằng cách nào?
how | * | * | Tra cứu theo cách nào?
how | * | * | Phải làm gì khi mất giấy tờ?
how | * | * | Cần làm gì để được cấp lại?
how | * | * | Thanh toán theo cách nào?
how | * | * | Cách thức thực hiện như thế nào?
how | phương thức | * | Bầu theo phương thức nào?
how | phương thức | * | Tuyển sinh bằng phương thức gì?
which | hình thức | * | Họp bằng hình thức gì?
which | hình thức | * | Nộp hồ sơ bằng hình thức nào?
which | hình thức | * | Gửi phiếu lấy ý kiến dưới hình thức nào?
how | * | * | Giấy phép bị hỏng thì xử lý sao?
how | * | * | Trình tự thủ tục thực hiện ra sao?
how | * | * | Nguyên tắc phân bổ vốn như thế nào?
how | * | * | Chế độ báo cáo quy định thế nào?
how | * | * | Quy trình tiếp nhận diễn ra như thế nào?
"""
_WHY = """
why | * | * | Tại sao phải điều chỉnh quy hoạch?
why | * | * | Vì sao giải ngân thấp?
why | * | * | Vì sao lại bãi bỏ nghị quyết?
why | * | * | Sao lại thu hồi đất?
why | * | * | Do đâu mà tiến độ chậm?
why | * | * | Chậm tiến độ là do đâu?
why | * | * | Chậm tiến độ là vì sao?
why | lý do | * | Lý do điều chỉnh kế hoạch là gì?
why | lý do | * | Vì lý do gì mà hoãn kỳ họp?
why | lý do | * | Điều chỉnh vì lý do nào?
why | nguyên nhân | * | Nguyên nhân của hạn chế là gì?
why | nguyên nhân | * | Do nguyên nhân nào mà dịch lây lan?
why | * | * | Thành lập tổ công tác để làm gì?
why | * | * | Ban hành kế hoạch nhằm làm gì?
why | * | * | Lập quỹ này nhằm mục đích gì?
why | * | * | Thu thập dữ liệu với mục đích gì?
why | mục đích | * | Mục đích của kế hoạch là gì?
why | * | * | Cớ gì phải dừng dự án?
why | * | * | Vì cái gì mà phải sửa đổi quy chế?
"""
_WHICH = """
which | hình thức | * | Bị áp dụng hình thức kỷ luật nào?
which | mẫu | * | Đơn viết theo mẫu nào?
which | mẫu | * | Báo cáo theo mẫu nào?
which | mức | * | Được xếp loại ở mức nào?
which | nguồn | * | Kinh phí lấy từ nguồn nào?
which | nguồn | * | Chi trả từ nguồn nào?
which | nhóm | * | Dự án thuộc nhóm nào?
which | loại | * | Đất này thuộc loại nào?
which | lĩnh vực | * | Thanh tra lĩnh vực nào?
which | trường hợp | * | Trường hợp nào được miễn tiền sử dụng đất?
which | hành vi | * | Hành vi nào bị nghiêm cấm?
which | bệnh | * | Phải cách ly khi mắc bệnh gì?
which | ngôn ngữ | * | Biển hiệu viết bằng ngôn ngữ nào?
which | tiêu chí | * | Xét theo tiêu chí nào?
which | nguyên tắc | * | Hoạt động theo nguyên tắc nào?
which | phần mềm | * | Gửi văn bản qua phần mềm nào?
which | giấy tờ | * | Thay bằng giấy tờ gì?
which | xe | * | Xe nào được ưu tiên?
which | * | * | Chỉ tiêu của kế hoạch là gì?
which | * | * | Chủ đề năm nay là gì?
which | * | * | Giải thưởng được đặt tên là gì?
which | * | * | Khẩu hiệu của chiến dịch là gì?
which | * | * | Nhiệm vụ của tổ công tác là gì?
which | * | * | Người lao động được hưởng gì?
"""
_ALL = (_HOW_MUCH, _MONEY, _PERCENT, _WHEN, _HOW_LONG, _WHO, _DOCUMENTS, _WHERE, _LIST, _YES_NO, _DEFINITION, _HOW, _WHY, _WHICH)
_ROWS = [tuple(cell.strip() for cell in line.split("|")) for table in _ALL for line in table.strip().splitlines()]

# Without marks "may" is also "máy", "muc" also "mục", "co gi" also "có gì", "cua" also "của".
_NEED_MARKS = {
    "Quý mấy trình Ủy ban?",
    "Được xếp loại ở mức nào?",
    "Cớ gì phải dừng dự án?",
    "Cho hỏi một cửa liên thông là gì ạ?",
}


def test_rows_are_many_and_whole() -> None:
    assert len(_ROWS) > 300
    assert all(len(row) == 4 and row[0] in list(QuestionKind) for row in _ROWS)


@pytest.mark.parametrize(("kind", "noun", "unit", "text"), _ROWS)
def test_wording(kind: str, noun: str, unit: str, text: str) -> None:
    question = read_question(text)
    assert (str(question.kind), question.header) == (kind, None)
    assert noun == "*" or question.noun.lower() == noun.lower()
    assert unit == "*" or question.unit.lower() == unit.lower()


@pytest.mark.parametrize(("kind", "noun", "unit", "text"), [row for row in _ROWS if row[3] not in _NEED_MARKS])
def test_wording_without_marks(kind: str, noun: str, unit: str, text: str) -> None:
    question = read_question(fold(text))
    assert (str(question.kind), question.header) == (kind, None)
    assert noun == "*" or fold(question.noun) == fold(noun)
    assert unit == "*" or fold(question.unit) == fold(unit)
