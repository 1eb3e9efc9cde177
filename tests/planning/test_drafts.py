"""Uploaded files wait in private folders, each for its province, until a day has passed."""

import os
import string
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.model.errors import DoneAlreadyError, NotFoundError, TooLargeError
from planning.store.drafts import CLAIM_S, KEPT_S, LONGEST_NAME, Drafts, plain_name


@pytest.fixture
def drafts(tmp_path):
    return Drafts(tmp_path / "uploads", largest_mb=1)


def kept(drafts, body=b"a,b\n", name="x.csv", province="98"):
    incoming = drafts.receive(len(body))
    incoming.write(body)
    return drafts.keep(incoming, province, "points", name, {"choices": {"crs": "EPSG:9210"}})


def test_a_draft_is_found_as_it_was_kept(drafts):
    draft = kept(drafts)
    assert drafts.find("98", draft.token) == draft
    assert drafts.path(draft).read_bytes() == b"a,b\n"
    assert drafts.path(draft).parent.parent == drafts.folder


@pytest.mark.parametrize("token", ["", "..", "../x", "0" * 40, "0" * 39, "A" * 40, "/etc", "\x00"])
def test_no_other_token_finds_anything(drafts, token):
    kept(drafts)
    with pytest.raises(NotFoundError):
        drafts.find("98", token)


def test_a_draft_of_another_province_is_not_found(drafts):
    draft = kept(drafts)
    with pytest.raises(NotFoundError):
        drafts.find("97", draft.token)


@given(st.text(max_size=400))
def test_a_name_to_show_is_short_visible_and_no_path(name):
    shown = plain_name(name)
    assert 0 < len(shown) <= LONGEST_NAME
    assert not set(shown) & set("/\\\r\n\x00\u202e\u200b")
    assert plain_name(shown) == shown


@given(
    st.text(alphabet=string.ascii_letters + " _-", min_size=1, max_size=60)
    .map(str.strip)
    .filter(bool)
)
def test_a_plain_name_stays_as_it_is(name):
    assert plain_name(f"{name}.xlsx") == f"{name}.xlsx"


@pytest.mark.parametrize("pieces", [[1_000_001], [600_000, 400_000, 1]])
def test_too_much_is_refused_where_the_limit_is_crossed(drafts, pieces):
    incoming = drafts.receive(None)
    for each in pieces[:-1]:
        incoming.write(b"x" * each)
    with pytest.raises(TooLargeError):
        incoming.write(b"x" * pieces[-1])
    incoming.drop()
    assert list(drafts.folder.iterdir()) == []


def test_what_is_announced_as_too_much_is_not_even_begun(drafts):
    with pytest.raises(TooLargeError):
        drafts.receive(3_000_000)
    assert not drafts.folder.exists()


def test_one_import_at_a_time_and_none_after_it(drafts):
    draft = kept(drafts)
    with drafts.claimed(draft), pytest.raises(DoneAlreadyError), drafts.claimed(draft):
        pass
    with drafts.claimed(draft) as mine:
        drafts.finish(mine, {"batches": [1]})
    assert not drafts.path(draft).exists()
    with pytest.raises(DoneAlreadyError), drafts.claimed(draft):
        pass


def test_a_claim_left_by_a_killed_import_does_not_hold_for_ever(drafts):
    draft = kept(drafts)
    claim = drafts.folder / draft.token / "claimed"
    claim.mkdir()
    with pytest.raises(DoneAlreadyError), drafts.claimed(draft):
        pass
    long_ago = time.time() - CLAIM_S - 1
    os.utime(claim, (long_ago, long_ago))
    with drafts.claimed(draft) as mine:
        assert mine == draft


def test_only_drafts_older_than_a_day_are_swept(drafts):
    old, young = kept(drafts), kept(drafts)
    stranger = drafts.folder / "notes.txt"
    stranger.write_text("not ours")
    long_ago = time.time() - KEPT_S - 1
    for path in (drafts.folder / old.token, stranger):
        os.utime(path, (long_ago, long_ago))
    drafts.sweep()
    assert {each.name for each in drafts.folder.iterdir()} == {young.token, "notes.txt"}
