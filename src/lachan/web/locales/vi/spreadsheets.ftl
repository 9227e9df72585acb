error-spreadsheet-unreadable-title = Không đọc được tệp
error-spreadsheet-unreadable = Tệp phải là Excel (.xlsx) hoặc CSV mã hóa UTF-8. Trong Excel, chọn “Lưu thành”, kiểu “CSV UTF-8” hoặc “Excel Workbook (.xlsx)”, rồi gửi lại.
error-spreadsheet-too-large-title = Tệp quá lớn
error-spreadsheet-too-large = Mỗi lần đọc được nhiều nhất { NUMBER($lines) } dòng và { NUMBER($columns) } cột. Hãy chia tệp ra rồi gửi từng phần.
error-spreadsheet-empty-title = Tệp trống
error-spreadsheet-empty = Tệp không có dòng nào có nội dung. Hãy kiểm tra lại xem có đúng tệp không.
