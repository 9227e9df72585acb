# Cards for people without a phone.
cards-print-heading = Check-in card
cards-print-holder = Name (if you like)
cards-print-use = Show the code when you come and when you leave. The card opens nothing about you.
cards-print-lost = Lost: tell a relative or a health station, to withdraw it and get another.
cards-field-size = Enter a number of cards from 1 to 10,000
cards-field-born = Enter the day of birth as 09/03/1950, or just the year
cards-field-born-document = The day of birth is needed as it stands on the document
cards-field-document = Enter the number of the document, 6 to 20 letters and digits
cards-field-document-born = The number does not fit the year of birth; look at both again
