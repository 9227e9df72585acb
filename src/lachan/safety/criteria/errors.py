"""Refusals about criteria sets."""

from lachan.kit.errors import Problem


class NoCriteria(Problem):
    """No set of criteria is in force for this kind of place here."""

    code = "criteria-none"
    status = 409


class CriteriaContradict(Problem):
    """The set contradicts itself; `fields` says where."""

    code = "criteria-contradict"
    status = 422


class CriteriaPublished(Problem):
    """A published version never changes; another version is made instead."""

    code = "criteria-published"
    status = 409


class CriteriaTaken(Problem):
    """A set of another area has this code and version."""

    code = "criteria-taken"
    status = 409


class CriteriaUnreadable(Problem):
    """The file does not hold a set of criteria in the shape of the template."""

    code = "criteria-unreadable"
    status = 422
