# Thẻ cho người không có điện thoại.
cards-print-heading = Thẻ điểm danh
cards-print-holder = Họ tên (nếu muốn)
cards-print-use = Đưa mã vào máy quét khi đến và khi về. Thẻ không mở được thông tin nào của bạn.
cards-print-lost = Mất thẻ: báo người thân hoặc trạm y tế để hủy ngay và nhận thẻ mới.
cards-field-size = Nhập số thẻ từ 1 đến 10.000
cards-field-born = Nhập ngày sinh dạng 09/03/1950, hoặc chỉ năm sinh
cards-field-born-document = Cần ngày sinh đúng như trên giấy tờ
cards-field-document = Nhập số giấy tờ gồm 6 đến 20 chữ và số
cards-field-document-born = Số căn cước không khớp với năm sinh, hãy xem lại cả hai
