"""All SQL tables and their constraints.

Shapes are in WGS 84 degrees; days and times are ISO text; codes are text. What the
tables in `geo.tables` demand of a cell is repeated here where the database can hold it.
"""

import sqlalchemy as sa

from planning.store.geometry import Shape

metadata = sa.MetaData(
    naming_convention={
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)

# More than 2³¹, which a whole number of SQLite is anyway.
_LARGE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _province_column(*, key: bool = False) -> sa.Column:
    return sa.Column(
        "province_code", sa.Text, sa.ForeignKey("province.code", ondelete="CASCADE"),
        primary_key=key, nullable=False,
    )  # fmt: skip


province = sa.Table(
    "province", metadata,
    sa.Column("code", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("synthetic", sa.Boolean, nullable=False, default=False,
              comment="the province itself is invented"),
    sa.CheckConstraint("length(code) = 2", name="code"),
)  # fmt: skip

commune = sa.Table(
    "commune", metadata,
    sa.Column("code", sa.Text, primary_key=True),
    sa.Column("valid_from", sa.Text, primary_key=True),
    _province_column(),
    sa.Column("valid_to", sa.Text),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("full_name", sa.Text, nullable=False),
    sa.Column("unit_type", sa.Text, nullable=False),
    sa.Column("district", sa.Text),
    sa.Column("office", sa.Text),
    sa.Column("terrain", sa.Text),
    sa.Column("area_km2", sa.Float, nullable=False),
    sa.Column("seat_lon", sa.Float),
    sa.Column("seat_lat", sa.Float),
    sa.Column("geometry", Shape, nullable=False),
    sa.CheckConstraint("length(code) = 5", name="code"),
    sa.CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="validity"),
    sa.Index("ix_commune_vintage", "province_code", "valid_from"),
)  # fmt: skip

population = sa.Table(
    "population", metadata,
    sa.Column("commune_code", sa.Text, primary_key=True),
    sa.Column("valid_from", sa.Text, primary_key=True),
    sa.Column("people", _LARGE, comment="NULL: unknown, which is not zero"),
    sa.ForeignKeyConstraint(
        ["commune_code", "valid_from"], ["commune.code", "commune.valid_from"],
        ondelete="CASCADE", name="fk_population_commune",
    ),
    sa.CheckConstraint("people >= 0", name="people"),
)  # fmt: skip

grid_cell = sa.Table(
    "grid_cell", metadata,
    _province_column(key=True),
    sa.Column("lon", sa.Float, primary_key=True),
    sa.Column("lat", sa.Float, primary_key=True),
    sa.Column("people", sa.Float, nullable=False),
    sa.Column("width_deg", sa.Float, nullable=False),
    sa.Column("height_deg", sa.Float, nullable=False),
    sa.CheckConstraint("people >= 0", name="people"),
)  # fmt: skip

point = sa.Table(
    "point", metadata,
    _province_column(key=True),
    sa.Column("point_id", sa.Text, primary_key=True),
    sa.Column("official_code", sa.Text),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("host_type", sa.Text),
    sa.Column("address", sa.Text),
    sa.Column("organisation", sa.Text),
    sa.Column("organisation_code", sa.Text),
    sa.Column("commune_code", sa.Text),
    sa.Column("written_code", sa.Text),
    sa.Column("former_code", sa.Text),
    sa.Column("former_codes", sa.Text, comment="official codes before, parted by semicolons"),
    sa.Column("office", sa.Text),
    sa.Column("lon", sa.Float, nullable=False),
    sa.Column("lat", sa.Float, nullable=False),
    sa.Column("sign", sa.Boolean),
    sa.Column("sign_date", sa.Text),
    sa.Column("staff_count", _LARGE),
    sa.Column("permanent_staff", sa.Boolean),
    sa.Column("opening_hours", sa.Text),
    sa.Column("contract_number", sa.Text),
    sa.Column("contract_date", sa.Text),
    sa.Column("opened", sa.Text),
    sa.Column("closed", sa.Text),
    sa.Column("status_since", sa.Text, comment="first day of the present status"),
    sa.Column("note", sa.Text),
    sa.CheckConstraint("kind IN ('direct', 'online', 'mobile')", name="kind"),
    sa.CheckConstraint("status IN ('open', 'planned', 'suspended', 'closed')", name="status"),
    sa.CheckConstraint("staff_count >= 0", name="staff_count"),
)  # fmt: skip

host = sa.Table(
    "host", metadata,
    _province_column(key=True),
    sa.Column("host_id", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("host_type", sa.Text, nullable=False),
    sa.Column("lon", sa.Float, nullable=False),
    sa.Column("lat", sa.Float, nullable=False),
)  # fmt: skip

organisation = sa.Table(
    "organisation", metadata,
    _province_column(key=True),
    sa.Column("organisation_code", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("former_names", sa.Text),
    sa.Column("licence", sa.Text),
    sa.Column("tax_code", sa.Text),
    sa.Column("contract_number", sa.Text),
    sa.Column("contract_date", sa.Text),
    sa.Column("contract_valid_to", sa.Text, comment="last day of the contract"),
    sa.Column("annexes", sa.Text, comment="numbers and days, parted by semicolons"),
    sa.Column("guarantee", _LARGE, comment="đồng"),
    sa.Column("guarantee_valid_to", sa.Text, comment="last day of the bank guarantee"),
    sa.Column("phone", sa.Text, comment="personal data"),
    sa.Column("address", sa.Text),
    sa.Column("area", sa.Text),
    sa.CheckConstraint("guarantee >= 0", name="guarantee"),
)  # fmt: skip

staff = sa.Table(
    "staff", metadata,
    _province_column(key=True),
    sa.Column("staff_id", sa.Text, primary_key=True),
    sa.Column("person_id", sa.Text, nullable=False, comment="the same on every row of a person"),
    sa.Column("employer", sa.Text, nullable=False,
              comment="code of the organisation, else its name; empty: none"),
    sa.Column("name", sa.Text, nullable=False, comment="personal data"),
    sa.Column("organisation", sa.Text),
    sa.Column("organisation_code", sa.Text),
    sa.Column("point_code", sa.Text),
    sa.Column("card_number", sa.Text),
    sa.Column("card_valid_to", sa.Text),
    sa.Column("certificate", sa.Text),
    sa.Column("permanent", sa.Boolean),
    sa.Column("phone", sa.Text, comment="personal data"),
    sa.ForeignKeyConstraint(
        ["province_code", "person_id", "employer"],
        ["person.province_code", "person.person_id", "person.employer"],
        name="fk_staff_person",
    ),
)  # fmt: skip

crosswalk = sa.Table(
    "crosswalk", metadata,
    _province_column(key=True),
    sa.Column("old_code", sa.Text, primary_key=True),
    sa.Column("new_code", sa.Text, primary_key=True),
    sa.Column("old_name", sa.Text, nullable=False),
    sa.Column("old_district", sa.Text),
    sa.Column("relation", sa.Text, nullable=False),
    sa.CheckConstraint("relation IN ('full', 'partial')", name="relation"),
)  # fmt: skip

unit_event = sa.Table(
    "unit_event", metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    _province_column(),
    sa.Column("date", sa.Text, nullable=False, comment="first day of the units after"),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("old_code", sa.Text),
    sa.Column("old_name", sa.Text),
    sa.Column("old_from", sa.Text),
    sa.Column("old_to", sa.Text),
    sa.Column("new_code", sa.Text),
    sa.Column("new_name", sa.Text),
    sa.Column("new_from", sa.Text),
    sa.Column("new_to", sa.Text),
    sa.Column("whole", sa.Boolean, nullable=False),
    sa.Column("resolution", sa.Text),
    sa.CheckConstraint("old_code IS NOT NULL OR new_code IS NOT NULL", name="units"),
    sa.Index("ix_unit_event_province", "province_code", "date"),
)  # fmt: skip

standard = sa.Table(
    "standard", metadata,
    _province_column(key=True),
    sa.Column("terrain", sa.Text, primary_key=True),
    sa.Column("radius_km", sa.Float, nullable=False),
    sa.CheckConstraint("radius_km > 0", name="radius"),
)  # fmt: skip

import_batch = sa.Table(
    "import_batch", metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    _province_column(),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("valid_from", sa.Text, nullable=False, default="",
              comment="vintage the data belong to, empty where they belong to none"),
    sa.Column("file", sa.Text, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("options", sa.JSON, nullable=False),
    sa.Column("rows", sa.Integer, nullable=False, comment="rows kept"),
    sa.Column("left_out", sa.Integer, nullable=False, comment="rows of the file not kept"),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("as_of", sa.Text),
    sa.Column("synthetic", sa.Boolean, nullable=False),
    sa.Column("findings", sa.JSON, nullable=False),
    sa.Column("imported_at", sa.Text, nullable=False),
    sa.Column("imported_by", sa.Text, nullable=False, server_default="local"),
    sa.Column("undone_at", sa.Text, comment="NULL: in force"),
    sa.Column("undone_by", sa.Text),
    sa.Column("settled_at", sa.Text, comment="somebody settled the rows left out"),
    sa.Index("ix_import_batch_province", "province_code", "kind", "valid_from"),
    sa.Index("ix_import_batch_sha256", "sha256"),
)  # fmt: skip

import_file = sa.Table(
    "import_file", metadata,
    sa.Column("sha256", sa.Text, primary_key=True),
    sa.Column("bytes", sa.Integer, nullable=False, comment="size as it came"),
    sa.Column("body", sa.LargeBinary, nullable=False, comment="compressed by zlib"),
    sa.Column("kept_at", sa.Text, nullable=False),
)  # fmt: skip

import_before = sa.Table(
    "import_before", metadata,
    sa.Column("batch_id", sa.Integer, sa.ForeignKey("import_batch.id", ondelete="CASCADE"),
              primary_key=True),
    sa.Column("body", sa.LargeBinary, nullable=False, comment="what the import replaced"),
)  # fmt: skip

attention_seen = sa.Table(
    "attention_seen", metadata,
    _province_column(key=True),
    sa.Column("key", sa.Text, primary_key=True, comment="kind and records of the item"),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("at", sa.Text, nullable=False),
    sa.Column("why", sa.Text, nullable=False),
)  # fmt: skip

figures_kept = sa.Table(
    "figures_kept", metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    _province_column(),
    sa.Column("valid_from", sa.Text, nullable=False),
    sa.Column("fingerprint", sa.Text, nullable=False),
    sa.Column("standard", sa.Text, nullable=False, comment="radii by terrain class, JSON"),
    sa.Column("method", sa.Text, nullable=False, comment="version of the measuring"),
    sa.Column("imports", sa.JSON, nullable=False, comment="numbers of the imports that stood"),
    sa.Column("data_date", sa.Text),
    sa.Column("measured_at", sa.Text, nullable=False),
    sa.Column("figures", sa.JSON, nullable=False),
    sa.Index("ix_figures_kept_province", "province_code", "valid_from", "standard"),
)  # fmt: skip

artefact = sa.Table(
    "artefact", metadata,
    sa.Column("key", sa.Text, primary_key=True, comment="kind and fingerprint of the inputs"),
    _province_column(),
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.Column("made_at", sa.Text, nullable=False),
)  # fmt: skip

plan = sa.Table(
    "plan", metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    _province_column(),
    sa.Column("valid_from", sa.Text, nullable=False),
    sa.Column("fingerprint", sa.Text, nullable=False),
    sa.Column("made_at", sa.Text, nullable=False),
    sa.Column("body", sa.JSON, nullable=False),
)  # fmt: skip


def _scenario_column(*, key: bool = False) -> sa.Column:
    return sa.Column(
        "scenario_id", sa.Integer, sa.ForeignKey("scenario.id", ondelete="CASCADE"),
        primary_key=key, nullable=False,
    )  # fmt: skip


scenario = sa.Table(
    "scenario", metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    _province_column(),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("valid_from", sa.Text, nullable=False),
    sa.Column("fingerprint", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False, comment="counts every write"),
    sa.Column("cursor", sa.Integer, nullable=False, comment="how many steps are in force"),
    sa.Column("made_by", sa.Text, nullable=False),
    sa.Column("made_at", sa.Text, nullable=False),
    sa.Column("changed_by", sa.Text, nullable=False),
    sa.Column("changed_at", sa.Text, nullable=False),
    sa.Column("deleted_at", sa.Text, comment="NULL: not deleted"),
    sa.CheckConstraint("cursor >= 0", name="cursor"),
    sa.Index("ix_scenario_province_code", "province_code"),
    sqlite_autoincrement=True,  # an address never comes to mean another scenario
)  # fmt: skip

scenario_change = sa.Table(
    "scenario_change", metadata,
    _scenario_column(key=True),
    sa.Column("position", sa.Integer, primary_key=True, comment="of the step, from 0"),
    sa.Column("body", sa.JSON, nullable=False, comment="the changes of one step"),
)  # fmt: skip

scenario_comment = sa.Table(
    "scenario_comment", metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    _scenario_column(),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("at", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("token", sa.Text),
    sa.Index("ix_scenario_comment_scenario_id", "scenario_id"),
)  # fmt: skip

scenario_write = sa.Table(
    "scenario_write", metadata,
    _scenario_column(key=True),
    sa.Column("version", sa.Integer, primary_key=True, comment="after the write"),
    sa.Column("what", sa.Text, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("at", sa.Text, nullable=False),
    sa.Column("token", sa.Text, comment="names the request, if it did"),
)  # fmt: skip

job = sa.Table(
    "job", metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    _province_column(),
    sa.Column("question", sa.JSON, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("asked_at", sa.Text, nullable=False),
    sa.Column("asked_by", sa.Text, nullable=False),
    sa.Column("worker", sa.Text, comment="who works on it"),
    sa.Column("attempt", sa.Integer, nullable=False),
    sa.Column("beat", sa.Float, comment="seconds: its worker was last alive"),
    sa.Column("stop", sa.Text, comment="how it is asked to end"),
    sa.Column("value", sa.Float),
    sa.Column("bound", sa.Float),
    sa.Column("people", sa.Integer),
    sa.Column("began_at", sa.Text),
    sa.Column("ended_at", sa.Text),
    sa.Column("plan_id", sa.Integer, sa.ForeignKey("plan.id", ondelete="SET NULL")),
    sa.Column("refusal", sa.JSON(none_as_null=True)),
    sa.CheckConstraint(
        "state IN ('waiting', 'running', 'done', 'failed', 'cancelled')", name="state"
    ),
    sa.Index("ix_job_state", "state", "id"),
    sqlite_autoincrement=True,  # an address never comes to mean another job
)  # fmt: skip

audit = sa.Table(
    "audit", metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at", sa.Text, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("tag", sa.Text, nullable=False),
    sa.Column("province_code", sa.Text),
    sa.Column("facts", sa.JSON, nullable=False),
    sa.Column("hash", sa.Text, nullable=False, comment="of this event and the one before it"),
)  # fmt: skip
