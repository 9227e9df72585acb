# Tên bệnh và các con số của hồ sơ bệnh.
diseases-covid-19 = COVID-19
diseases-measles = Sởi
diseases-field-unknown = Chọn bệnh có trong danh sách
error-disease-unknown-title = Chưa có hồ sơ của bệnh này
error-disease-unknown = Hệ thống chưa có hồ sơ của bệnh này. Hãy chọn một bệnh trong danh sách.
