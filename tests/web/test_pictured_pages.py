"""What a reviewer is given pictures of: pages that are there and have something on them."""

import pytest

from planning.benchmarks.pictured import demonstration, single_pages
from planning.services.demo import PROVINCE
from planning.settings import Settings
from planning.web import create_app


@pytest.fixture(scope="module")
def texts(tmp_path_factory):
    """Return path -> text of the page, of every single thing that is pictured."""
    database = demonstration(tmp_path_factory.mktemp("pictured"))
    app = create_app(Settings.from_environment({"DIEMTHU_DATABASE": str(database)}))
    store = app.extensions["planning"]
    client, found = app.test_client(), {}
    for path in single_pages(store, PROVINCE):
        answer = client.get(f"/{PROVINCE}/{path}")
        assert answer.status_code == 200, path
        found[path] = answer.get_data(as_text=True)
    store.close()
    return found


def test_the_plan_has_its_curve(texts):
    (plan,) = [text for path, text in texts.items() if path.startswith("suggestions/") and "jobs" not in path]  # fmt: skip
    assert "Dân số được phục vụ theo số điểm thu" in plan
    assert 'class="curve' in plan


def test_a_calculation_is_under_way_and_another_says_why_there_is_no_plan(texts):
    going, refused = [text for path, text in texts.items() if "/jobs/" in path]
    assert 'id="job"' in going
    assert "Khoảng cách bình quân" in going
    assert "Không đề xuất nào" in refused
    assert "402" in refused  # points that would do


def test_a_commune_a_scenario_and_a_comparison_are_there(texts):
    kinds = [path.split("/")[0] for path in texts]
    assert kinds.count("communes") == 1
    assert kinds.count("scenarios") == 2
    assert any("compare?ids=" in path and "," in path for path in texts)
