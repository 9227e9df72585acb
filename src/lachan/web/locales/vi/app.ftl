# Ứng dụng của người dân: quét mã, mã của tôi, hàng chờ trên máy.
app-name = Lá Chắn
app-description = Quét mã khi đến và khi rời, nhận cảnh báo khi nơi bạn từng đến có ca bệnh.
app-diary = Nhật ký đi lại
app-halves = Cách quét
app-scan-half = Quét mã
app-code-half = Mã của tôi
app-cancel = Hủy

app-update = Đã có bản mới của ứng dụng.
app-update-now = Dùng bản mới
app-waiting-one = 1 lượt quét đang chờ gửi
app-waiting-many = { $count } lượt quét đang chờ gửi
app-refused-some = { $count } lượt quét chưa được nhận
app-waiting-see = Xem
app-waiting-others = Máy này còn giữ { $count } lượt quét của người khác. Lượt đó chỉ được gửi khi chính người ấy đăng nhập lại.
app-signed-out = Phiên đăng nhập đã hết
app-signed-out-text = Bạn vẫn quét được. Máy giữ các lượt quét và gửi khi bạn đăng nhập lại.
app-sign-in = Đăng nhập lại
app-sign-in-first = Hãy đăng nhập rồi quét lại.

app-scan-title = Quét mã
app-camera = Máy ảnh
app-camera-picture = Hình từ máy ảnh
app-camera-open = Mở máy ảnh
app-camera-close = Tắt máy ảnh
app-camera-torch = Đèn
app-camera-aim = Đưa mã QR ở cửa vào khung.
app-camera-denied = Máy ảnh đang bị chặn
app-camera-denied-text = Hãy cho phép trang này dùng máy ảnh trong phần cài đặt của trình duyệt rồi mở lại. Bạn cũng có thể gõ mã in dưới ô vuông.
app-camera-missing = Không thấy máy ảnh
app-camera-missing-text = Hãy gõ mã in dưới ô vuông ở cửa.
app-camera-busy = Ứng dụng khác đang dùng máy ảnh
app-camera-busy-text = Hãy đóng ứng dụng đó rồi mở lại máy ảnh ở đây.
app-camera-unsupported = Trình duyệt này không mở được máy ảnh
app-camera-unsupported-text = Hãy dùng ứng dụng máy ảnh của điện thoại để quét, hoặc gõ mã in dưới ô vuông.
app-code-unknown = Đây không phải mã của điểm quét, hoặc mã bị mờ. Hãy thử lại.
app-code-of-a-person = Đây là mã của một người. Hãy quét mã của nơi bạn đến.
app-often = Nơi bạn hay đến
app-often-text = Danh sách này chỉ nằm trên máy của bạn.
app-favourite-remove = Bỏ { $place } khỏi danh sách

app-digits = Ba chữ số bên cạnh mã
app-digits-hint = Màn hình ở cửa đổi số mỗi phút.
app-until = Ở lại đến khi sự kiện kết thúc
app-until-label = Sự kiện kết thúc lúc
app-until-hint = Nếu bạn quên quét khi về, lượt này tự kết thúc vào giờ đó.

app-sending = Đang gửi…
app-did-arrived = Đã vào
app-did-moved = Đã vào
app-did-departed = Đã rời đi
app-did-repeated = Bạn đã quét rồi
app-did-not_inside = Bạn chưa quét vào đây
app-kept = Đã lưu trên máy
app-kept-text = Chưa có mạng. Máy tự gửi khi có mạng trở lại, bạn không cần quét lại.
app-kept-signed-out = Phiên đăng nhập đã hết. Máy giữ lượt quét này và gửi khi bạn đăng nhập lại.
app-since = Từ { $time }
app-ends-by-itself = Nếu quên, lượt này tự kết thúc lúc { $time }.
app-again = Quét mã khác
app-remind = Nhắc tôi quét khi về
app-will-remind = Chúng tôi sẽ hỏi khi đến giờ bạn thường về.
app-will-not-remind = Thông báo đang bị chặn trong phần cài đặt của trình duyệt.
app-undone = Đã hoàn tác
app-not-undone = Không hoàn tác được nữa
app-no-network = Chưa có mạng. Hãy thử lại sau.

app-queue = Lượt quét trên máy
app-queue-text = Các lượt này chưa tới hệ thống. Máy tự gửi khi có mạng.
app-queue-drop = Đã hiểu, bỏ lượt này
app-direction-in = Vào, đang chờ gửi
app-direction-out = Rời, đang chờ gửi
app-direction-auto = Đang chờ gửi

app-leave-title = Bạn còn ở { $place }?
app-leave-body = Đã đến giờ bạn thường về.
app-left = Tôi đã rời đi
app-stay = Vẫn ở đây
app-left-done = Đã ghi bạn rời { $place }
app-left-waiting = Đã lưu, sẽ gửi khi có mạng

app-code-title = Mã của tôi
app-code-show = Đưa mã này cho máy quét ở cửa
app-code-picture = Mã QR của bạn, đổi mỗi nửa phút
app-code-meter = Thời gian còn lại của mã
app-code-left = Mã mới sau { $seconds } giây
app-code-bright = Máy không đọc được? Hãy tăng độ sáng màn hình và giữ yên.
app-code-why = Mã đổi mỗi nửa phút nên ảnh chụp lại không dùng được. Nơi bạn đến không biết tên hay số điện thoại của bạn.
app-code-no-key = Cần có mạng một lần
app-code-no-key-text = Hãy mở trang này khi có mạng. Sau đó mã hiện được cả khi mất mạng.
app-code-no-script = Trình duyệt này không hiện được mã
app-code-no-script-text = Hãy quét mã ở cửa bằng máy ảnh, hoặc xin thẻ in ở trạm y tế.

app-offline-title = Chưa có mạng
app-offline-text = Trang này cần mạng. Quét mã và mã của bạn vẫn dùng được.
app-offline-back = Khi có mạng, máy tự gửi các lượt quét đang chờ.
