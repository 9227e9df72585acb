# Tin nhắn. Tối đa 70 ký tự: tin có dấu dài hơn phải gửi thành hai tin.
identity-text-code = { $code } là mã đăng nhập Lá Chắn, dùng trong { $minutes } phút. Đừng đưa cho ai.

identity-field-phone = Hãy nhập số điện thoại di động, ví dụ 0912 345 678
identity-field-code = Mã không đúng hoặc đã hết hạn
identity-field-reason = Hãy ghi lý do, ít nhất 3 ký tự
identity-field-area = Không có đơn vị hành chính này
identity-field-password = Mật khẩu chưa đủ mạnh
identity-field-login-taken = Tên đăng nhập đã có người dùng

error-phone-invalid-title = Số điện thoại không đúng
error-phone-invalid = Hãy nhập số điện thoại di động nhận được tin nhắn, ví dụ 0912 345 678.
error-code-wrong-title = Mã không đúng
error-code-wrong = Mã không đúng, đã dùng hoặc đã hết hạn. Hãy kiểm tra lại tin nhắn mới nhất hoặc xin mã khác.
error-sign-in-failed-title = Không đăng nhập được
error-sign-in-failed = Tên đăng nhập, mật khẩu hoặc mã xác thực không đúng, hoặc tài khoản đang tạm khóa. Hãy kiểm tra rồi thử lại sau ít phút.
error-second-factor-missing-title = Chưa có xác thực hai lớp
error-second-factor-missing = Hãy đăng nhập trên trang web để đổi mật khẩu tạm và cài xác thực hai lớp trước.
error-person-unknown-title = Không tìm thấy người này
error-person-unknown = Không có người này, hoặc người này không thuộc phạm vi của bạn.
error-reason-missing-title = Thiếu lý do
error-reason-missing = Hãy ghi lý do mở dữ liệu cá nhân. Người có dữ liệu sẽ đọc được lý do này.
error-area-unknown-title = Không có đơn vị hành chính này
error-area-unknown = Mã đơn vị hành chính không có trong danh mục hiện hành.
error-name-missing-title = Thiếu họ tên
error-name-missing = Hãy nhập họ tên của người được thêm.
error-household-full-title = Hộ đã đủ người
error-household-full = Mỗi hộ thêm được tối đa { $most } người không có điện thoại.
error-login-taken-title = Tên đăng nhập đã có người dùng
error-login-taken = Hãy chọn tên đăng nhập khác.
error-password-weak-title = Mật khẩu chưa đủ mạnh
error-password-weak = Mật khẩu cần ít nhất { $least } ký tự, không chứa tên đăng nhập và không quá đơn giản.
error-passkey-refused-title = Không nhận được khóa truy cập
error-passkey-refused = Khóa truy cập không dùng được hoặc yêu cầu đã hết hạn. Hãy thử lại.
error-last-factor-title = Không thể gỡ
error-last-factor = Đây là lớp xác thực duy nhất của bạn. Hãy thêm cách khác trước khi gỡ.
