# Bàn làm việc của cán bộ truy vết.
desk-overview-title = Tổng quan
desk-overview-areas = Địa bàn của bạn: { $areas }
desk-more-than = hơn { NUMBER($count) }
desk-open-cases = hồ sơ đang mở
desk-to-call = F1 chưa gọi
desk-to-call-note = cư trú tại địa bàn của bạn
desk-runs = lượt truy vết đang chạy
desk-runs-note = kết quả hiện ngay khi xong
desk-runs-title = Đang truy vết
desk-newest-title = Hồ sơ mới mở
desk-all-cases = Xem tất cả ca bệnh
desk-no-cases = Chưa có ca bệnh nào
desk-no-cases-text = Khi có người được xác định hoặc nghi ngờ mắc bệnh trong địa bàn, hãy mở hồ sơ để truy vết.
desk-door-officers = Tạo tài khoản và phân địa bàn cho cán bộ.
desk-door-audit = Xem ai đã mở dữ liệu nào và vì lý do gì.
desk-door-places = Tra cứu các điểm quét trong địa bàn.

desk-cases-title = Ca bệnh
desk-case = Ca
desk-case-code = Mã ca
desk-disease = Bệnh
desk-classification = Phân loại
desk-classification-suspected = Có dấu hiệu và yếu tố dịch tễ, chưa xét nghiệm.
desk-classification-probable = Có dấu hiệu và liên hệ với một ca xác định.
desk-classification-confirmed = Có kết quả xét nghiệm dương tính.
desk-onset = Khởi phát
desk-onset-long = Ngày khởi phát
desk-onset-hint = Ngày đầu tiên có triệu chứng; với sởi là ngày phát ban. Bỏ trống nếu không có triệu chứng.
desk-sampled = Ngày lấy mẫu
desk-sampled-hint = Cần nhập nếu không có triệu chứng.
desk-no-symptoms = Không triệu chứng
desk-not-known = Chưa rõ
desk-area = Nơi ở
desk-opened = Mở hồ sơ lúc
desk-profile = Hồ sơ bệnh
desk-record = Hồ sơ
desk-state-all = Tất cả
desk-state-open = Đang mở
desk-state-closed = Đã đóng
desk-any = Tất cả
desk-filter = Lọc
desk-drill = Diễn tập
desk-closed = Đã đóng
desk-none-found = Không có ca nào phù hợp
desk-none-found-text = Hãy bớt điều kiện lọc hoặc kiểm tra lại mã ca.

desk-new-case = Mở hồ sơ ca bệnh
desk-new-title = Mở hồ sơ ca bệnh
desk-new-lead = Việc mở hồ sơ được ghi lại, kèm tên của bạn.
desk-new-contact = Người này đang là người tiếp xúc { $level } của ca { $code }.
desk-new-phone = Số điện thoại
desk-new-phone-hint = Nếu số này chưa đăng ký, hệ thống sẽ tạo hồ sơ mới cho người đó.
desk-new-name = Họ và tên
desk-new-name-hint = Chỉ dùng khi số điện thoại chưa đăng ký.
desk-new-area = Nơi ở
desk-new-area-hint = Gõ tên xã, phường rồi bấm Tìm. Bỏ trống để dùng nơi ở mà người đó đã khai.
desk-new-area-search = Tìm
desk-new-area-choose = Chọn xã, phường
desk-new-area-none = Không tìm thấy xã, phường nào như vậy trong địa bàn của bạn.
desk-new-reason = Căn cứ
desk-new-reason-hint = Ví dụ: kết quả xét nghiệm của Bệnh viện huyện. Ghi vào nhật ký truy cập.
desk-new-submit = Mở hồ sơ
desk-field-day = Nhập ngày theo dạng năm-tháng-ngày

desk-window-title = Thời kỳ lây nhiễm
desk-window-onset = Có thể lây cho người khác từ { $begins } đến hết { $ends } ({ $count } ngày), tính theo ngày khởi phát.
desk-window-sampled = Có thể lây cho người khác từ { $begins } đến hết { $ends } ({ $count } ngày), tính theo ngày lấy mẫu.
desk-window-table = Xem dạng bảng
desk-day = Ngày
desk-visits = Lượt đến
desk-recorded = Thời gian có ghi nhận
desk-remark = Ghi chú
desk-day-onset = khởi phát
desk-day-sampled = lấy mẫu
desk-day-today = hôm nay
desk-day-ahead = chưa đến

desk-trace-title = Truy vết
desk-trace = Truy vết
desk-trace-again = Truy vết lại
desk-trace-dry = Chạy thử
desk-trace-levels = Truy vết đến mức
desk-trace-up-to = Đến { $level }
desk-refresh = Tải lại để xem tiến độ
desk-dry-title = Kết quả chạy thử
desk-dry-text = Danh sách người tiếp xúc chưa thay đổi.
desk-traced-at = truy vết xong lúc { $time }
desk-late-title = { $visits ->
   *[other] Có { NUMBER($visits) } lượt ghé mới sau lần truy vết
}
desk-late-text = { $people ->
    [0] Danh sách giấy hoặc lượt quét ngoại tuyến đến sau cho thấy thêm lần ở gần ca bệnh. Người tiếp xúc F1 không đổi, nhưng bằng chứng và mức tiếp theo có thể đổi.
   *[other] Danh sách giấy hoặc lượt quét ngoại tuyến đến sau cho thấy thêm { NUMBER($people) } người là F1 mà lần truy vết trước chưa biết. Hãy truy vết lại trước khi cảnh báo.
}
desk-late-again = Truy vết lại đến { $level }
desk-late-cases = Nên truy vết lại
desk-stopped-title = Quá nhiều người tiếp xúc
desk-stopped-text = Mức { $level } có quá nhiều người nên không được ghi. Các mức trước đó vẫn đầy đủ.
desk-not-traced = Ca này chưa được truy vết. Chạy thử để biết có bao nhiêu người, hoặc truy vết để lập danh sách.
desk-no-contacts = Không tìm thấy người tiếp xúc
desk-no-contacts-text = Không ai ở cùng nơi với ca bệnh đủ lâu trong thời kỳ lây nhiễm. Hãy hỏi thêm người bệnh về những giờ không có ghi nhận.
desk-warn = Soạn cảnh báo
desk-contacts-of-level = Người tiếp xúc mức { $level }

desk-level = Mức
desk-why = Vì sao
desk-minutes = Số phút
desk-status = Tình trạng
desk-open = Mở
desk-more-times = Và { $count } lần khác.
desk-also-household = Sống cùng hộ gia đình.
desk-is-case = Đã là ca bệnh
desk-contact-number = Người tiếp xúc số { $id }

desk-timeline-title = Nơi đã đến
desk-timeline-noted = Việc bạn xem mục này được ghi lại; người bệnh có thể đọc.
desk-timeline-count = { $visits } lượt đến, { $gaps } khoảng không có ghi nhận
desk-gap = Không có ghi nhận
desk-still-there = Chưa quét ra về
desk-no-visits = Không có lượt đến nào
desk-no-visits-text = Người này không quét mã ở đâu trong thời kỳ lây nhiễm. Hãy hỏi trực tiếp.

desk-identity-title = Danh tính
desk-identity-reason = Lý do mở
desk-identity-hint = Người này sẽ đọc được lý do, ví dụ: gọi điều tra dịch tễ.
desk-identity-open = Mở họ tên và số điện thoại
desk-identity-noted = Đã ghi vào nhật ký truy cập. Thông tin chỉ hiện trong lần mở này.
desk-identity-name = Họ và tên
desk-identity-phone = Số điện thoại
desk-identity-kept-by = Người cùng hộ nhận tin và nghe máy thay
desk-identity-birth = Năm sinh
desk-identity-none = Chưa có

desk-change-title = Cập nhật hồ sơ
desk-change = Đổi phân loại
desk-close-title = Đóng hồ sơ
desk-close-text = Sau khi đóng, không truy vết và không gửi cảnh báo từ hồ sơ này được nữa.
desk-close = Đóng hồ sơ

desk-contacts-title = Người tiếp xúc trong địa bàn
desk-contacts-lead = Những người cư trú tại địa bàn của bạn, dù ca bệnh ở đâu.
desk-contacts-none = Không có người tiếp xúc nào
desk-contacts-none-text = Không có ai trong địa bàn khớp với điều kiện này.
desk-first-exposure = Tiếp xúc lần đầu
desk-last-exposure = Tiếp xúc lần cuối
desk-together = Tổng thời gian
desk-status-title = Theo dõi
desk-status-save = Lưu tình trạng
desk-contact-to-case = Người này đã mắc bệnh: mở hồ sơ ca bệnh
desk-evidence-title = Bằng chứng
