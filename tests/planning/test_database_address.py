"""Which database a setting names, and that no password of it is ever shown."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from planning.database import Database, without_password
from planning.model.errors import RequestError
from planning.settings import ROOT, Settings

SECRET = "gi@#4u:k/ín"
PERCENT = "gi%40%234u%3Ak%2F%C3%ADn"


def of(text: str, **more: str) -> Settings:
    return Settings.from_environment({"DIEMTHU_DATABASE": text, **more})


def test_a_path_is_a_file_and_uploads_are_beside_it(tmp_path):
    settings = of(str(tmp_path / "a b.db"))
    assert settings.database.file == tmp_path / "a b.db"
    assert settings.database.url.drivername == "sqlite"
    assert settings.uploads == tmp_path / "a b.db-uploads"
    assert str(settings.database) == str(tmp_path / "a b.db")


@pytest.mark.parametrize("scheme", ["postgresql", "postgresql+psycopg"])
def test_a_url_is_a_database_on_a_server(scheme, tmp_path):
    text = f"{scheme}://lan:{PERCENT}@may-chu:5433/diem_thu?sslmode=require"
    settings = of(text)
    url = settings.database.url
    assert settings.database.file is None
    assert (url.drivername, url.host, url.port) == ("postgresql+psycopg", "may-chu", 5433)
    assert (url.username, url.password, url.database) == ("lan", SECRET, "diem_thu")
    assert settings.uploads == ROOT / "diem_thu-uploads"
    assert of(text, DIEMTHU_UPLOADS=str(tmp_path)).uploads == tmp_path


@pytest.mark.parametrize(
    "text",
    ["", "mysql://lan:bimat@h/d", "postgresql://lan:bimat@h", "postgresql://lan:bimat@h:cổng/d",
     "postgresql+asyncpg://lan:bimat@h/d", "postgresql:/lan:bimat@h/d", "postgres:lan:bimat@h/d",
     "postgresql+psycopg://h/?password=bimat", "sqlite:///lan:bimat@d.db"],
)  # fmt: skip
def test_what_is_neither_is_refused_without_its_password(text):
    with pytest.raises(RequestError, match="postgresql\\+psycopg://user@host/name") as refused:
        of(text)
    assert "bimat" not in str(refused.value)


@given(
    st.text(st.characters(exclude_characters="&=?#", exclude_categories=["C", "Z"]), min_size=8),
    st.sampled_from(["postgresql+psycopg://{}:{}@h:5432/d?sslmode=require",
                     "postgresql://{}@h/d?application_name=x&password={}",
                     "postgresql://{}@h/d?sslpassword={}&host=/tmp/x"]),
)  # fmt: skip
def test_no_password_is_shown_however_it_is_written(password, form):
    text = form.format("lan", password)
    assume(password not in form)
    shown = without_password(text)
    assert password not in shown
    assert str(Database(text)) == shown
    assert password not in repr(Database(text))
    assert "lan" in shown
