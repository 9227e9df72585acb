# Why somebody is a contact.
tracing-evidence-same-room = In the same room as { $whom }: { $where }, { $when } ({ $minutes } min).
tracing-evidence-same-place = At the same place as { $whom }: { $where }, { $when } ({ $minutes } min).
tracing-evidence-lingering-air = Came when { $whom } had just left and the air was not renewed yet: { $where }, { $when } ({ $minutes } min).
tracing-evidence-household = Lives in the same household as { $whom }.
tracing-evidence-whom-case = case { $code }
tracing-evidence-whom-contact = an { $level } contact of case { $code }
tracing-evidence-case-elsewhere = in another area
tracing-evidence-room = { $room }, { $place }
tracing-evidence-place-gone = a place that was deleted
tracing-evidence-when = { $begins } to { $ends } on { $day }
tracing-evidence-when-days = { $begins } to { $ends }

# State of a trace.
tracing-state-queued = Waiting to start
tracing-state-running = Tracing
tracing-state-done = Traced
tracing-state-failed = The trace failed
tracing-trace-failed = The contacts could not be computed. The list from before is unchanged. Try again; if it fails again, tell the administrator.
tracing-trace-too-slow = The trace took too long and was stopped. The list from before is unchanged. Try again with fewer levels.

# Status of a contact.
tracing-status-new = Not called yet
tracing-status-called = Called
tracing-status-unreachable = Not reached
tracing-status-followed = Being followed
tracing-status-done = Finished

tracing-field-level = Choose a level that the disease profile allows
error-trace-level-too-high-title = Not traced that far
error-trace-level-too-high = This disease is traced up to F{ $most }. Choose between F1 and F{ $most }.
tracing-reading-reason = Evidence of the contact, read to trace case { $code }
