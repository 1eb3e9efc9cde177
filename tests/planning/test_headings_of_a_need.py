"""Tables of workload and of access say whom they count where that is not everybody."""

from dataclasses import replace

import openpyxl
import pytest

from planning.model.mismatch import Access, Thresholds
from planning.model.next_units import UnitsAsk
from planning.model.performance import Need
from planning.model.standards import ServiceStandard
from planning.model.workload import EVEN, WorkloadAsk
from planning.services import mismatch, workload
from planning.services.mismatch import Results
from planning.services.requests import AnalysisRequest
from tests.databases import ON_FILES
from tests.planning.test_needs_kept import COUNTS, count
from tests.toy import district

pytestmark = ON_FILES
EVERYBODY = AnalysisRequest(district.PROVINCE, standard=ServiceStandard.one_radius(3.0))
UNINSURED = replace(EVERYBODY, need=Need.UNINSURED)
NAME = "người chưa tham gia BHYT"


@pytest.fixture
def counted(store):
    count(store, Need.UNINSURED, COUNTS)
    return store


def texts(path):
    """Return every text of a spreadsheet in small letters, a line each."""
    sheets = openpyxl.load_workbook(path).worksheets
    cells = [each for sheet in sheets for row in sheet.iter_rows(values_only=True) for each in row]
    return "\n".join(str(each) for each in cells if each is not None).lower()


@pytest.mark.parametrize("what", ["communes", "points", "units"])
def test_a_table_of_workload_names_the_need(counted, tmp_path, what):
    asked = (WorkloadAsk(EVEN), UnitsAsk(1, 50))
    said = {}
    for request in (EVERYBODY, UNINSURED):
        path = tmp_path / f"{request.need}.xlsx"
        workload.export(counted, request, asked, (what, "xlsx"), path)
        said[request.need] = texts(path)

    for words in ("dân số", "số dân", "10.000 dân"):
        assert words not in said[Need.UNINSURED]
    assert NAME.lower() in said[Need.UNINSURED]
    assert "dân số" in said[Need.EVERYBODY]
    assert NAME.lower() not in said[Need.EVERYBODY]


@pytest.mark.parametrize("by", list(Access))
def test_a_table_of_access_and_results_names_the_need(counted, tmp_path, by):
    results = Results({"98001": 0.5}, 0.5, "BHXH tự nguyện, Quý III/2025")
    found = mismatch.compare(counted, UNINSURED, by, results, Thresholds()).kinds
    path = tmp_path / "kinds.xlsx"
    mismatch.export(counted, UNINSURED, found, results, ("xlsx", path))

    said = texts(path)
    assert NAME.lower() in said
    assert "dân số" not in said
    assert "10.000 dân" not in said
