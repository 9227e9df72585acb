# Máy quét ở cửa: máy tính bảng hoặc máy tính để người dân đưa mã.
kiosk-title = Máy quét ở cửa
kiosk-loading = Đang mở máy quét…
kiosk-no-scripts = Máy quét cần JavaScript. Hãy bật JavaScript trong trình duyệt rồi tải lại trang.
kiosk-operator = Dành cho người phụ trách
kiosk-no-name = Không hiện tên ai

# Màn hình chờ quét.
kiosk-prompt = Mời đưa mã vào khung
kiosk-prompt-usb = Mời đưa mã vào đầu đọc
kiosk-what = Mã trên điện thoại, thẻ in sẵn hoặc căn cước công dân.
kiosk-direction = Ghi nhận lượt
kiosk-direction-auto = Tự động
kiosk-direction-in = Vào
kiosk-direction-out = Ra
kiosk-direction-auto-hint = Tự động: quét lần đầu là vào, quét lại sau 5 phút là ra.
kiosk-phone = Không có mã? Bấm số điện thoại
kiosk-today = { $count } lượt hôm nay
kiosk-line-on = Đang có mạng
kiosk-line-off = Mất mạng từ { $time }, đã giữ { $count } lượt
kiosk-line-clock = Đồng hồ của máy sai quá một ngày, đã giữ { $count } lượt. Hãy chỉnh lại ngày giờ.
kiosk-line-full = Bộ nhớ sắp đầy. Hãy nối mạng cho máy.

# Câu trả lời kín màn hình.
kiosk-in = Mời vào
kiosk-out = Tạm biệt
kiosk-kept = Đã ghi nhận
kiosk-kept-text = Máy đã giữ lượt này và sẽ gửi khi có mạng.
kiosk-people = Cả nhóm { $count } người
kiosk-repeated = Đã ghi nhận từ trước, không cần quét lại.
kiosk-not-inside = Chưa thấy lượt vào
kiosk-not-inside-text = Hôm nay bạn chưa quét vào nơi này nên không có lượt nào để ghi ra.
kiosk-waiting = Đã giữ, chờ xác nhận
kiosk-waiting-text = Số điện thoại được giữ kín để người phụ trách xem lại.
kiosk-refused = Không nhận được
kiosk-poster = Đây là tờ dán của điểm quét
kiosk-poster-text = Tờ dán dành cho máy ảnh điện thoại. Hãy đưa mã của bạn, thẻ in sẵn hoặc căn cước.
kiosk-layout = Đầu đọc đặt sai bàn phím
kiosk-layout-text = Chữ nhận được bị biến dạng. Người phụ trách: đặt bàn phím của máy là English (US), tắt bộ gõ tiếng Việt, và đặt đầu đọc là USB Keyboard, US English.
kiosk-full = Bộ nhớ của máy đã đầy
kiosk-full-text = Máy giữ nhiều nhất 5.000 lượt khi mất mạng. Hãy ghi vào sổ giấy và gọi người phụ trách nối mạng.
kiosk-broken = Máy không ghi được
kiosk-broken-text = Hãy ghi vào sổ giấy và gọi người phụ trách.
kiosk-lost = Máy không đọc lại được nội dung đã giữ

# Số điện thoại.
kiosk-pad-phone = Số điện thoại của bạn
kiosk-pad-code = Mã 6 số trong tin nhắn
kiosk-pad-send = Nhắn mã
kiosk-pad-done = Xong
kiosk-pad-back = Xóa một số
kiosk-pad-close = Thôi
kiosk-pad-no-code = Không nhận được tin nhắn
kiosk-pad-sending = Đang gửi tin nhắn…
kiosk-pad-sent = Đã gửi tin nhắn. Hãy nhập mã 6 số.
kiosk-pad-wrong = Số điện thoại chưa đúng. Hãy xem lại.
kiosk-pad-slower = Quá nhiều tin nhắn trong một lúc. Hãy chờ một phút rồi thử lại.

# Máy ảnh.
kiosk-camera-denied = Trình duyệt không cho dùng máy ảnh. Người phụ trách: cho phép máy ảnh trong cài đặt của trang này.
kiosk-camera-missing = Không thấy máy ảnh.
kiosk-camera-busy = Máy ảnh đang được chương trình khác dùng.
kiosk-camera-unsupported = Trình duyệt này không mở được máy ảnh. Hãy dùng Chromium đời mới qua địa chỉ https.
kiosk-camera-retry = Máy sẽ tự thử lại. Đầu đọc USB vẫn dùng được.

# Chưa ghép, đã gỡ.
kiosk-unpaired = Máy này chưa được ghép
kiosk-unpaired-text = Người phụ trách đăng nhập trên máy này, mở trang của điểm quét và chọn “Dùng máy này làm máy quét”.
kiosk-unpaired-offline = Máy đang không có mạng.
kiosk-unpaired-go = Mở trang điểm quét
kiosk-revoked = Máy này đã ngừng nhận lượt
kiosk-revoked-text = Máy đã bị gỡ khỏi điểm quét, hoặc điểm quét đã đóng. Hãy gọi người phụ trách. Trong lúc chờ, hãy quét mã trên tờ dán bằng điện thoại hoặc ghi vào sổ giấy.
kiosk-revoked-kept = Máy còn giữ { $count } lượt chưa gửi. Khi máy được ghép lại với chính điểm quét này, các lượt đó sẽ được gửi.
kiosk-revoked-again = Người phụ trách đăng nhập

# Cài đặt.
kiosk-setup = Cài đặt máy quét
kiosk-reader = Đọc mã bằng
kiosk-reader-front = Máy ảnh trước
kiosk-reader-back = Máy ảnh sau
kiosk-reader-usb = Chỉ đầu đọc USB
kiosk-setup-pin = Số bí mật của người phụ trách
kiosk-setup-pin-hint = 4 đến 8 chữ số. Cần số này để mở phần cài đặt của máy.
kiosk-setup-pin-keep = Để trống nếu giữ số cũ.
kiosk-setup-pin-wrong = Hãy nhập từ 4 đến 8 chữ số.
kiosk-setup-go = Bắt đầu
kiosk-pin = Dành cho người phụ trách
kiosk-pin-go = Mở
kiosk-pin-wrong = Số chưa đúng.
kiosk-pin-pause = Sai nhiều lần. Hãy chờ một phút.
kiosk-pin-forgotten = Quên số? Trên máy khác, mở trang của điểm quét, gỡ máy này rồi ghép lại. Các lượt đang giữ không bị mất.
kiosk-desk-title = Tình trạng máy quét
kiosk-desk-waiting = { $count } lượt đang chờ gửi.
kiosk-desk-elsewhere = Máy còn giữ { $count } lượt của một điểm quét khác, không gửi được từ đây. Hãy ghép máy lại với điểm quét đó, hoặc xóa.
kiosk-desk-drop = Xóa lượt của nơi khác
kiosk-desk-send = Gửi ngay
kiosk-desk-setup = Cài đặt
kiosk-desk-sound = Thử âm thanh
kiosk-desk-full = Kín màn hình
kiosk-desk-back = Quay lại
kiosk-desk-refused = Lượt bị từ chối
kiosk-desk-none = Không có lượt nào bị từ chối.
kiosk-desk-clear = Xóa danh sách
kiosk-desk-privacy = Danh sách chỉ có giờ và lý do. Nội dung mã đã được xóa ngay khi máy chủ trả lời.
kiosk-desk-leave = Ngừng dùng máy này
kiosk-desk-leave-text = Máy được đăng xuất. Muốn dùng lại, người phụ trách phải đăng nhập và ghép máy lần nữa.
kiosk-desk-leave-kept = Lượt chưa gửi được giữ kín trên máy và chỉ gửi được khi ghép lại với điểm quét này.
kiosk-kind-phone-code = Mã điện thoại
kiosk-kind-card = Thẻ
kiosk-kind-national-id = Căn cước
kiosk-kind-decision-1405 = Mã cá nhân
kiosk-kind-phone = Số điện thoại

# Trang ghép máy của người quản lý điểm quét.
kiosk-pair = Dùng máy này làm máy quét
kiosk-pair-what = Đặt máy tính bảng hoặc máy tính này ở cửa. Khách đưa mã trên điện thoại, thẻ in sẵn hoặc căn cước; ai không có gì thì bấm số điện thoại.
kiosk-pair-signed-out = Bạn sẽ được đăng xuất khỏi máy này
kiosk-pair-signed-out-text = Từ đó máy chỉ ghi lượt vào, ra của nơi này và không mở được trang nào của bạn. Hãy ghép trên chính máy đặt ở cửa, không phải trên điện thoại của bạn.
kiosk-pair-label = Máy đặt ở đâu?
kiosk-pair-label-hint = Ví dụ: Cổng chính, Quầy lễ tân
kiosk-pair-room = Phòng
kiosk-pair-whole = Cả điểm quét
kiosk-pair-go = Ghép máy này
kiosk-pair-devices = Máy đang dùng
