"""What can be wrong with a file of facilities."""

from lachan.kit.errors import Conflict, Problem


class FacilityFileUnreadable(Problem):
    """The file is none of CSV, XLSX, GeoJSON (WGS 84) and OpenStreetMap PBF, or it is broken."""

    code = "facility-file-unreadable"
    status = 422


class FacilityFileTooLarge(Problem):
    """More bytes or facilities than are taken at once."""

    code = "facility-file-too-large"
    status = 413


class FacilityFileFailed(Problem):
    """Reading the file failed for a reason that is not in it, or that nobody thought of."""

    code = "facility-file-failed"
    status = 500


class FacilityColumnsMissing(Problem):
    """The heading does not name the columns that every facility needs."""

    code = "facility-columns-missing"
    status = 422


class FacilityImportNotReady(Conflict):
    """The file is being read or taken over, or nothing of it is left to take over."""

    code = "facility-import-not-ready"
