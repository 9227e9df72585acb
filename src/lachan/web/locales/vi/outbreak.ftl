# Danh sách công khai các nơi có ca bệnh từng đến.

outbreak-title = Nơi có ca bệnh từng đến
outbreak-lead = Những nơi và khung giờ mà cơ quan y tế công bố. Nếu bạn đã ở đó đúng lúc ấy, hãy làm theo hướng dẫn, dù bạn không dùng ứng dụng.
outbreak-check = Kiểm tra một nơi
outbreak-name = Tên nơi
outbreak-name-hint = Một phần tên cũng được, có dấu hay không dấu.
outbreak-day = Ngày bạn đến
outbreak-day-wrong = Hãy điền ngày theo dạng năm-tháng-ngày.
outbreak-search = Kiểm tra
outbreak-clear = Xem tất cả
outbreak-none-title = Chưa công bố nơi nào
outbreak-none = Hiện không có nơi nào trong danh sách. Danh sách được cập nhật ngay khi cơ quan y tế công bố.
outbreak-not-found-title = Không có trong danh sách
outbreak-not-found = Cơ quan y tế chưa công bố nơi và ngày này. Điều đó không có nghĩa là chắc chắn an toàn: nhiều người chỉ được báo riêng.
outbreak-found = { $count ->
   *[other] Tìm thấy { NUMBER($count) } nơi và khung giờ
}
outbreak-people = { $count ->
   *[other] { NUMBER($count) } người đã được báo
}
outbreak-until = Hiện đến { $time }
outbreak-do = Nếu bạn đã ở đó
outbreak-save = Tải danh sách (CSV)
outbreak-sign-in = Có điện thoại? Đăng nhập để được báo riêng khi có ca bệnh ở nơi bạn đã đến.
