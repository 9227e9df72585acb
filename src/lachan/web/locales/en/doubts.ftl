# What speaks against a visit, shown to the tracer beside the evidence.
doubts-title = To be checked
doubts-of-contact = This person's visit:
doubts-of-visit = This visit:
doubts-of-source = The visit of the source:
doubts-double-presence = another visit lies at least { $km } km away and { $minutes } minutes apart; nobody can have been at both. Ask the person.
doubts-far-from-usual = scanned without proof of being there, at least { $km } km from home. It may have been a photograph of the code.
doubts-far-from-usual-places = scanned without proof of being there, far from every place this person usually goes to. It may have been a photograph of the code.
doubts-flood = { $arrivals } people arrived within that hour, far more than the { $busiest } of the busiest hour before; this visit came without proof of being there.
doubts-clock-skew = the device's clock was off by about { $minutes ->
    [one] a minute
   *[other] { $minutes } minutes
}; the time was put right.
doubts-unproved = this place shows a code that changes each minute, and the visit came without it.
