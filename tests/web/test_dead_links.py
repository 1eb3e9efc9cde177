"""What is not there leads back to the province it was looked for in, where there is one."""

import pytest
from small_province import PROVINCE


@pytest.mark.parametrize("page", ["scenarios/77", "communes/00000", "suggestions/77"])
def test_a_dead_link_within_a_province_leads_back_to_it(client, page):
    answer = client.get(f"/{PROVINCE}/{page}")
    assert answer.status_code == 404
    assert f'href="/{PROVINCE}/overview"' in answer.get_data(as_text=True)


@pytest.mark.parametrize("address", ["/12/overview", "/no-such-page"])
def test_elsewhere_it_leads_to_the_provinces_alone(client, address):
    answer = client.get(address)
    assert answer.status_code == 404
    text = answer.get_data(as_text=True)
    assert 'href="/"' in text
    assert "overview" not in text.split("<main", 1)[1]
