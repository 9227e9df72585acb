# Cơ sở chưa báo cáo hôm nay.

silent-title = Chưa báo cáo hôm nay
silent-door = Cơ sở nào trong địa bàn chưa gửi kết quả hôm nay, và nhắc tất cả bằng một lần bấm.
silent-up = Lên địa bàn trên
silent-count = Chưa báo cáo
silent-of = trên { $count } cơ sở tham gia
silent-reminded = Đã nhắc hôm nay
silent-remind = Nhắc { $count } cơ sở
silent-remind-hint = Người phụ trách nhận thông báo trên điện thoại và thấy lời nhắc trong trang của cơ sở. Mỗi cơ sở chỉ được nhắc một lần mỗi ngày.
silent-did = Đã nhắc { $count } cơ sở.
silent-did-none = Không còn cơ sở nào cần nhắc hôm nay.
silent-export = Tải CSV
silent-by-area = Theo địa bàn
silent-places = Cơ sở chưa báo cáo
silent-none = Mọi cơ sở đã báo cáo
silent-none-text = Không có cơ sở nào trong địa bàn này còn thiếu báo cáo hôm nay.
silent-never = Chưa từng
silent-column-place = Cơ sở
silent-column-kind = Loại
silent-column-area = Địa bàn
silent-column-address = Địa chỉ
silent-column-last = Báo cáo gần nhất
silent-column-reminded = Đã nhắc lúc
silent-column-places = Tham gia

frame-nav-inspections = Kiểm tra an toàn
frame-nav-silent = Chưa báo cáo
