# Texts. At most 70 characters: a longer one with accents is sent, and paid, as two.
identity-text-code = { $code } is your Lá Chắn code, good for { $minutes } min. Keep it secret.

identity-field-phone = Enter a mobile number, like 0912 345 678
identity-field-code = The code is wrong or has expired
identity-field-reason = Give a reason of at least 3 characters
identity-field-area = There is no such area
identity-field-password = The password is too weak
identity-field-login-taken = This login is in use

error-phone-invalid-title = Not a phone number
error-phone-invalid = Enter a mobile number that can receive texts, like 0912 345 678.
error-code-wrong-title = Wrong code
error-code-wrong = The code is wrong, used, or has expired. Check the newest text, or ask for another code.
error-sign-in-failed-title = Could not sign in
error-sign-in-failed = The login, password or code is wrong, or the account is locked for a while. Check them and try again in a few minutes.
error-second-factor-missing-title = No second factor yet
error-second-factor-missing = Sign in on the website first to change the temporary password and set up a second factor.
error-person-unknown-title = No such person
error-person-unknown = There is no such person, or they are outside your jurisdiction.
error-reason-missing-title = Reason missing
error-reason-missing = Give the reason for opening personal data. The person concerned will read it.
error-area-unknown-title = No such area
error-area-unknown = The code is not in the current list of administrative units.
error-name-missing-title = Name missing
error-name-missing = Enter the name of the person to add.
error-household-full-title = The household is full
error-household-full = A household can have at most { $most } people without a phone.
error-login-taken-title = Login already in use
error-login-taken = Choose another login.
error-password-weak-title = Password too weak
error-password-weak = The password needs at least { $least } characters, must not hold the login, and must not be too simple.
error-passkey-refused-title = Passkey not accepted
error-passkey-refused = The passkey cannot be used, or the request has expired. Try again.
error-last-factor-title = Cannot be removed
error-last-factor = This is your only second factor. Add another one first.
