# Thiết bị ở cửa: ki-ốt, cổng xoay, máy nhận diện.
error-too-many-devices-title = Quá nhiều thiết bị
error-too-many-devices = Mỗi điểm quét có nhiều nhất { $most } thiết bị. Hãy thu hồi thiết bị không còn dùng.
error-device-clock-wrong-title = Đồng hồ thiết bị sai
error-device-clock-wrong = Đồng hồ của thiết bị lệch hơn một ngày nên không thể hiệu chỉnh. Hãy đặt lại giờ rồi gửi lại.
error-scan-unreadable-title = Lượt quét không đọc được
error-scan-unreadable = Lượt quét này không đúng khuôn dạng đã thống nhất nên không được ghi nhận.
devices-field-room = Không có phòng này tại điểm quét
devices-field-clock = Lệch hơn một ngày so với giờ máy chủ
