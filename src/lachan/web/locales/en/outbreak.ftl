# The public list of places where a case has been.

outbreak-title = Places where a case has been
outbreak-lead = Places and hours that the health authority has made public. If you were there at that time, do as it says, whether you use the app or not.
outbreak-check = Check a place
outbreak-name = Name of the place
outbreak-name-hint = A part of it will do, with or without accents.
outbreak-day = The day you were there
outbreak-day-wrong = Enter the day as year-month-day.
outbreak-search = Check
outbreak-clear = Show all
outbreak-none-title = No place is public
outbreak-none = There is no place on the list now. It changes as soon as the health authority makes one public.
outbreak-not-found-title = Not on the list
outbreak-not-found = The health authority has not made this place and day public. That does not mean that it was safe: many people are told privately.
outbreak-found = { $count ->
    [one] Found one place and time
   *[other] Found { NUMBER($count) } places and times
}
outbreak-people = { $count ->
   *[other] { NUMBER($count) } people were told
}
outbreak-until = Shown until { $time }
outbreak-do = If you were there
outbreak-save = Save the list (CSV)
outbreak-sign-in = Have a phone? Sign in to be told when a case was where you have been.
