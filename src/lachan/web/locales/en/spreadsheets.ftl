error-spreadsheet-unreadable-title = The file cannot be read
error-spreadsheet-unreadable = The file must be Excel (.xlsx) or CSV in UTF-8. In Excel choose “Save as” and the type “CSV UTF-8” or “Excel Workbook (.xlsx)”, then send it again.
error-spreadsheet-too-large-title = The file is too large
error-spreadsheet-too-large = At most { NUMBER($lines) } lines and { NUMBER($columns) } columns are read at once. Split the file and send the parts one by one.
error-spreadsheet-empty-title = The file is empty
error-spreadsheet-empty = No line of the file holds anything. Check whether it is the right file.
