# Criteria: contradictions, errors in a file, the officials' page.

safety-contradiction-title-empty = There is no Vietnamese title.
safety-contradiction-code = The code of the set takes small letters without accents, figures and hyphens, and begins with a letter.
safety-contradiction-version = The version number has 1 to 40 characters.
safety-contradiction-area = The area code is not of the right form, such as VN or VN.79.
safety-contradiction-kinds-none = It does not say for which kinds of places it is.
safety-contradiction-kind-unknown = There is no such kind of place.
safety-contradiction-source-empty = There is no source.
safety-contradiction-repair-without-hours = A class has to be left in time, but no hours are given.
safety-contradiction-repair-hours = Hours to repair are more than 0.
safety-contradiction-hours-without-repair = Hours to repair are given, but no class has to be left.
safety-contradiction-items-none = There are no criteria.
safety-contradiction-items-many = More than 200 criteria.
safety-contradiction-item-twice = Two criteria share a code.
safety-contradiction-item-code = A criterion's code has 1 to 20 letters without accents, figures, dots or hyphens.
safety-contradiction-wording-empty = The criterion has no Vietnamese wording.
safety-contradiction-wording-long = The wording is longer than 600 characters.
safety-contradiction-moment-unknown = There is no such moment.
safety-contradiction-evidence-unknown = There is no such evidence.
safety-contradiction-points-range = A criterion has 1 to 100 points.
safety-contradiction-graded-one-point = A graded criterion has at least 2 points.
safety-contradiction-points-not-counted = This set counts criteria, so one that is met or not has 1 point.
safety-contradiction-class-last = The last class asks for nothing, so that every result falls somewhere.
safety-contradiction-class-twice = Two classes share a code.
safety-contradiction-class-colours = A later class cannot have a better colour.
safety-contradiction-class-order = A later class asks for more than one before it, so its turn never comes.
safety-contradiction-class-unreachable = Nothing falls into this class: one before it takes everything.
safety-contradiction-class-title-empty = The class has no Vietnamese title.
safety-contradiction-class-threshold-low = The threshold is more than 0.
safety-contradiction-class-threshold-high = The threshold is above what can be reached.
safety-contradiction-class-item-unknown = The class names a criterion that is not there.
safety-contradiction-class-item-points = The class asks for points that the criterion does not have.
safety-contradiction-class-compulsory-none = The class asks for compulsory criteria, but none is.
safety-contradiction-open-unknown = There is no such class that may open.
safety-contradiction-open-best = The best class may open.
safety-contradiction-open-worse = A worse class may open while a better one may not.
safety-contradiction-due-without-items = There is a time for a moment without criteria.
safety-contradiction-due-order = The times of the moments follow each other.

safety-row-empty = Empty.
safety-row-choice = Not one of the choices.
safety-row-yes-no = Write “có” or “không”.
safety-row-number = Not a number that can be used.
safety-row-pairs = Write “code=points”, with commas between.
safety-row-day = Not a day, such as 23/11/2026.
safety-row-column = The column of codes is missing.
safety-row-rules = The classes or times are not of the right form.

safety-criteria-title = Criteria of safety
safety-criteria-lead = Places that check themselves daily are judged by a set of criteria. Download one, edit it in Excel, give it a new version number and upload it. Until it is published, no place is affected.
safety-criteria-none = There are no criteria yet.
safety-criteria-versions = Versions
safety-criteria-set = Set
safety-criteria-version = Version
safety-criteria-area = Area
safety-criteria-country = The whole country
safety-criteria-kinds = For
safety-criteria-state = State
safety-criteria-state-draft = Draft
safety-criteria-state-published = Published
safety-criteria-state-withdrawn = Withdrawn
safety-criteria-valid-from = In force from
safety-criteria-source = Source
safety-criteria-unverified = Wording by this program, not compared with the original text
safety-criteria-repair = Time to repair
safety-criteria-hours = { $count ->
    [one] one hour
   *[other] { $count } hours
}
safety-criteria-due = To be reported by
safety-criteria-items = Criteria
safety-criteria-item = Criterion
safety-criteria-item-code = No.
safety-criteria-moment = Moment
safety-criteria-points = Points
safety-criteria-graded = graded
safety-criteria-compulsory = compulsory
safety-criteria-photo = needs a photo
safety-criteria-classes = Classes
safety-criteria-class = Class
safety-criteria-needs = What it takes
safety-criteria-opens = May open
safety-criteria-opens-yes = Yes
safety-criteria-opens-no = No
safety-criteria-need-share = at least { $percent } % of the points
safety-criteria-need-count = at least { $count ->
    [one] one criterion
   *[other] { $count } criteria
}
safety-criteria-need-no-zero = no criterion at 0
safety-criteria-need-compulsory = every compulsory criterion met
safety-criteria-need-met = criteria { $items } fully met
safety-criteria-need-least = criteria { $items } not below their least
safety-criteria-need-none = everything else
safety-criteria-upload = Upload a version
safety-criteria-file = Excel file
safety-criteria-file-hint = In the shape of the file you download: three sheets “Bộ tiêu chí”, “Tiêu chí”, “Xếp loại”.
safety-criteria-check = Check the file
safety-criteria-file-missing = Choose a file.
safety-criteria-download = Download Excel
safety-criteria-errors = Cells that cannot be read
safety-criteria-error-sheet = Sheet
safety-criteria-error-line = Line
safety-criteria-error-column = Column
safety-criteria-error-why = Why
safety-criteria-contradictions = Contradictions
safety-criteria-sound = No contradictions
safety-criteria-sound-text = Once published, { $count ->
    [one] one place that takes part
   *[other] { $count } places that take part
  } here will be judged by it from the next check on.
safety-criteria-publish = Publish
safety-criteria-withdraw = Withdraw this version
safety-criteria-withdraw-text = Once withdrawn, places are judged by the nearest set still in force. Results already there stay.
safety-criteria-door = Edit in Excel, check and publish what places check themselves against.
