# Kiểm tra an toàn: bàn của cán bộ kiểm tra.

error-inspection-closed-title = Lần kiểm tra đã khép lại
error-inspection-closed = Việc này đã xong trước đó. Tải lại trang để xem tình trạng mới nhất.
error-inspection-place-title = Cơ sở chưa tham gia bản đồ an toàn
error-inspection-place = Chỉ kiểm tra được cơ sở đang hoạt động và có tham gia bản đồ an toàn.
inspections-field-due = Hạn khắc phục phải ở phía trước, trong vòng 90 ngày.
