# Điều đáng ngờ về một lượt ghi nhận, hiện cạnh bằng chứng cho cán bộ truy vết.
doubts-title = Cần kiểm tra lại
doubts-of-contact = Lượt của người này:
doubts-of-visit = Lượt này:
doubts-of-source = Lượt của người nguồn:
doubts-double-presence = trùng với một lượt khác ở nơi cách ít nhất { $km } km, cách nhau { $minutes } phút; một người không thể có mặt ở cả hai nơi. Hãy hỏi lại người đó.
doubts-far-from-usual = quét không kèm xác nhận tại chỗ, cách nơi cư trú ít nhất { $km } km. Có thể quét từ ảnh chụp mã.
doubts-far-from-usual-places = quét không kèm xác nhận tại chỗ, xa mọi nơi người này thường đến. Có thể quét từ ảnh chụp mã.
doubts-flood = trong giờ đó có { $arrivals } lượt đến, nhiều hẳn so với mức cao nhất { $busiest } lượt trước đây; lượt này không kèm xác nhận tại chỗ.
doubts-clock-skew = đồng hồ của thiết bị lệch khoảng { $minutes } phút; giờ đã được hiệu chỉnh.
doubts-unproved = nơi này có mã đổi theo phút ở cửa nhưng lượt này không kèm mã.
