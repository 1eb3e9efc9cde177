"""What the layers of the map hold: rounded once, finely enough to be rounded again."""

from planning.language import kilometres, number, percent
from planning.maps.content import rounded


def test_the_map_shows_the_figures_of_the_list():
    """A share of 0.93749 is 93.7 %; by way of four places it would be 93.8 %."""
    exact = {
        "share_covered": 0.9374949, "mean_radius_km": 3.1449, "area_km2": 12.3456,
        "gini": 0.4444449, "mean_distance_m": 1234.96, "people_per_point": 1234.4996,
    }  # fmt: skip
    kept = rounded(exact)
    assert percent(kept["share_covered"], "en") == percent(exact["share_covered"], "en") == "93.7%"
    assert number(kept["area_km2"], "en", 2) == number(exact["area_km2"], "en", 2)
    assert kilometres(kept["mean_distance_m"], "en") == kilometres(exact["mean_distance_m"], "en")
    assert number(kept["mean_radius_km"], "en", 2) == number(exact["mean_radius_km"], "en", 2)
    assert number(kept["people_per_point"], "en") == "1,234"
    assert kept["gini"] == 0.444445


def test_places_on_the_map_stay_a_metre_exact():
    assert rounded({"lon": 105.1234567, "outline": [(105.1234567, 10.7654321)]}) == {
        "lon": 105.12346,
        "outline": [[105.12346, 10.76543]],
    }
