# Diễn tập.
error-drill-area-title = Không có địa bàn này
error-drill-area = Địa bàn diễn tập không tồn tại hoặc không có phường, xã nào.
drill-field-area = Chọn một tỉnh, thành phố hoặc phường, xã có trong danh mục
