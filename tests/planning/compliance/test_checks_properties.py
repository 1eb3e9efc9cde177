"""What holds of every register: unknown is no failure, an ended rule finds none, sums add up."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from planning.analysis.compliance import Activity, check
from planning.analysis.compliance.days import day_after, months_later
from planning.model.compliance import DEFAULT_RULES, Check
from tests.toy import district
from tests.toy.register import inspections, organisations, points, register, staff

DAY = "2026-06-15"
CODE = "012345678{}TH98{}{:03d}"
days = st.sampled_from([None, "2025-01-01", "2026-03-14", "2026-06-14", DAY, "2026-06-16"])
whose = st.fixed_dictionaries({}, optional={
    "organisation_code": st.sampled_from(["0123456780", "0123456781"]),
    "organisation": st.sampled_from(["Tổ chức 0123456780", "Tổ chức khác"]),
})  # fmt: skip
flags = st.sampled_from([True, False, None])
point_rows = st.builds(
    lambda own, rest: {**own, **rest}, whose,
    st.fixed_dictionaries({
        "at": st.sampled_from([(1, 1), (3, 1), (5, 1), (50, 1)]), "sign": flags,
        "status": st.sampled_from(["open", "open", "closed", "planned"]),
        "kind": st.sampled_from(["direct", "direct", "online"]),
        "permanent_staff": flags, "staff_count": st.sampled_from([None, 0, 2]), "opened": days,
        "official_code": st.sampled_from([None, "X"]) | st.builds(
            CODE.format, st.integers(0, 1), st.sampled_from(district.CODES), st.integers(1, 4)),
    }),
)  # fmt: skip
staff_rows = st.builds(
    lambda own, rest: {**own, **rest}, whose,
    st.fixed_dictionaries({
        "card_valid_to": days, "permanent": flags,
        "card_number": st.sampled_from([None, "1", "2"]),
        "point_code": st.builds(CODE.format, st.integers(0, 1), st.sampled_from(district.CODES),
                                st.integers(1, 4)) | st.none(),
    }),
)  # fmt: skip
organisation_rows = st.lists(
    st.fixed_dictionaries({"organisation_code": st.sampled_from(["0123456780", "0123456781"]),
                           "contract_valid_to": days, "guarantee_valid_to": days}),
    max_size=2, unique_by=lambda each: each["organisation_code"],
)  # fmt: skip
inspection_rows = st.lists(
    st.fixed_dictionaries({"point_id": st.sampled_from(["P0", "P1"]),
                           "day": st.sampled_from(["2026-01-05", "2026-05-05"]),
                           "deadline": st.sampled_from(["", "2026-06-01", "2026-07-01"])}),
    max_size=3,
)  # fmt: skip


@st.composite
def registers(draw):
    listed = draw(st.lists(point_rows, max_size=5))
    last = draw(st.dictionaries(st.sampled_from(["P0", "P1", "P2"]),
                                st.sampled_from(["2025-06-30", "2026-05-31"]), max_size=3))  # fmt: skip
    span = ("2025-01-01", "2026-05-31") if last else ("", "")
    return register(
        points=points(*listed), staff=staff(*draw(st.lists(staff_rows, max_size=4))),
        organisations=organisations(*draw(organisation_rows)),
        inspections=inspections(*draw(inspection_rows)), activity=Activity(last, *span),
    )  # fmt: skip


@settings(max_examples=30, deadline=None)
@given(registers())
def test_what_is_looked_at_is_known_or_unknown_and_fails_at_most_once(it):
    checked = check(it, DEFAULT_RULES, DAY)
    assert list(checked.found) == list(Check)
    looked_at = {Check.SIGN_MISSING: it.is_open_direct, Check.NO_PERMANENT_STAFF: it.is_open_direct,
                 Check.POINT_INACTIVE: it.is_open, Check.INSPECTION_OVERDUE: it.is_open,
                 Check.CODE_INCONSISTENT: it.is_open}  # fmt: skip
    for name, found in checked.found.items():
        assert len(found.failures) <= found.base
        keys = [(each.record, each.record_id, each.organisation_code) for each in found.failures]
        assert len(set(keys)) == len(keys)
        if name in looked_at:
            assert found.base + sum(found.unknown.values()) == looked_at[name].sum()
        # Nobody fails in a place or organisation of which nothing was known.
        for each in found.failures:
            assert found.known[each.organisation_code, each.commune_code] > 0
            assert each.seen == (each.since == "")
            assert each.since <= DAY


@settings(max_examples=12, deadline=None)
@given(registers(), st.sampled_from(list(Check)))
def test_a_rule_that_ended_or_is_to_begin_finds_nothing(it, name):
    for change in ({"valid_to": "2026-06-14"}, {"valid_from": "2026-06-16"}):
        rules = [replace(each, **change) if each.check is name else each for each in DEFAULT_RULES]
        checked = check(it, rules, DAY)
        assert name not in checked.found
        assert set(checked.found) == set(Check) - {name}
        still = [replace(each, valid_from=DAY, valid_to=DAY) for each in DEFAULT_RULES]
        assert check(it, still, DAY).found == check(it, DEFAULT_RULES, DAY).found


@settings(max_examples=8, deadline=None)
@given(registers(), st.integers(1, 4))
def test_more_points_asked_for_let_no_organisation_off(it, least):
    rule = next(each for each in DEFAULT_RULES if each.check is Check.TOO_FEW_POINTS)

    def few(amount):
        found = check(it, [replace(rule, amount=amount)], DAY).found[Check.TOO_FEW_POINTS]
        return {each.record_id for each in found.failures}

    assert few(least) <= few(least + 1)


@given(st.dates(), st.integers(1, 40))
def test_so_many_months_later_is_never_before_what_is_so_many_months_back(day, months):
    if not 10 < day.year < 9900:
        return
    iso = day.isoformat()
    assert months_later(months_later(iso, -months), months) <= iso
    assert months_later(iso, months)[:7] == months_later(f"{iso[:7]}-01", months)[:7]
    assert day_after(iso) > iso
