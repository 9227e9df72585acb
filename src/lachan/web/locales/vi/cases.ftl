# Ca bệnh.
cases-classification-suspected = Ca nghi ngờ
cases-classification-probable = Ca có thể
cases-classification-confirmed = Ca xác định
cases-classification-discarded = Ca loại trừ

cases-field-no-day = Nhập ngày khởi phát, hoặc ngày lấy mẫu nếu không có triệu chứng
cases-field-future = Ngày này chưa đến
cases-field-too-old = Ngày này đã quá 180 ngày, hãy kiểm tra lại
cases-field-far-apart = Ngày khởi phát và ngày lấy mẫu cách nhau quá 60 ngày, hãy kiểm tra lại
cases-field-area = Chọn xã, phường hoặc đặc khu của ca bệnh
cases-field-person = Không có người này, hoặc người này không thuộc phạm vi của bạn

error-case-exists-title = Người này đã có hồ sơ
error-case-exists = Người này đã có hồ sơ ca bệnh { $code } đang mở của cùng bệnh. Hãy dùng hồ sơ đó.
error-case-exists-elsewhere-title = Người này đã có hồ sơ ở nơi khác
error-case-exists-elsewhere = Người này đã có hồ sơ ca bệnh đang mở ở một địa bàn khác. Hãy liên hệ tuyến trên để được chuyển hồ sơ.
error-case-closed-title = Hồ sơ đã đóng
error-case-closed = Hồ sơ này đã đóng hoặc đã loại trừ nên không thao tác được nữa.
error-case-outside-area-title = Ngoài địa bàn của bạn
error-case-outside-area = Ca bệnh này thuộc địa bàn bạn không được giao. Hãy chuyển thông tin cho cơ quan y tế nơi đó.

# Lý do ghi vào nhật ký truy cập, người bệnh sẽ đọc.
cases-timeline-reason = Xem nơi đã đến trong thời kỳ lây nhiễm để truy vết ca { $code }
