"""Jobs: done once, by one process, whatever dies; cancelled; taken up again; refused."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from geo.errors import Refusal, Word
from planning import jobs
from planning.jobs import child, tasks
from planning.jobs import supervisor as supervising
from planning.jobs.supervisor import Supervisor
from planning.jobs.tasks import Task
from planning.language import speaker
from planning.model.errors import ImpossibleAsk, NotFoundError, QuestionError, RequestError
from planning.model.jobs import MOST_ATTEMPTS, Claim, Job, JobState, Stop, plain, refusal_of
from planning.model.siting import Effort, SuggestionAsk
from planning.model.wishes import Limits, RuleWishes
from planning.services import siting
from planning.services.requests import AnalysisRequest
from planning.store import jobs as table
from planning.store import schema
from planning.store.session import Store
from tests.toy import district

PLACE = AnalysisRequest(district.PROVINCE)
AT = "2026-01-01T00:00:00+00:00"
PATIENCE_S = 60.0


def asked(store: Store, ask: SuggestionAsk | None = None) -> int:
    question = siting.as_values(store, PLACE, ask or SuggestionAsk(points=2))
    return jobs.ask(store, "suggest", district.PROVINCE, question)


def slow(store: Store) -> int:
    """Ask for something that takes as long as `slow_tasks` says, telling how far it is."""
    return jobs.ask(store, "slow", district.PROVINCE, {"n": time.monotonic()})


def status(store: Store, number: int) -> Job:
    return jobs.status(store, district.PROVINCE, number)


def until(true: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)


def ended(store: Store, number: int) -> Job:
    until(lambda: status(store, number).ended)
    return status(store, number)


def work_slowly(store: Store, job: Job, line: tasks.Line) -> tasks.Keep:
    """Tell a better figure every moment until asked to stop; then keep a plan as usual."""
    value = 0.0
    while not line.tell(1000, value, 900.0):
        value += 1.0
        time.sleep(0.05)
    plan = siting.made(store, PLACE, SuggestionAsk(points=1, effort=Effort.QUICK))
    return lambda db: siting.keep(db, plan, by=job.asked_by)


@pytest.fixture
def slow_tasks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a kind of job take as long as it may; its processes are forked from this one."""
    monkeypatch.setitem(tasks.TASKS, "slow", Task(work_slowly))
    import multiprocessing  # noqa: PLC0415 - only the slow ones

    monkeypatch.setattr(supervising, "_processes", lambda: multiprocessing.get_context("fork"))


@pytest.fixture
def start(store: Store) -> Iterator[Callable[[], Supervisor]]:
    """Return a function that starts a supervisor on the store's database."""
    started: list[Supervisor] = []

    def begin(at_once: int = 2) -> Supervisor:
        made = Supervisor(store.database, at_once)
        made.start()
        started.append(made)
        return made

    yield begin
    for each in started:
        each.stop()


def plans(store: Store) -> int:
    with store.reading() as db:
        return int(db.execute(sa.select(sa.func.count()).select_from(schema.plan)).scalar_one())


def vanish(supervisor: Supervisor) -> list[int]:
    """Let a supervisor end as one that was killed: nothing handed back; return its processes."""
    supervisor._go_home = lambda: None
    left = list(supervisor.processes)
    supervisor.stop()
    return left


def test_a_question_becomes_the_same_plan_as_without_a_job(store, start):
    start()
    number = asked(store)
    job = ended(store, number)
    assert (job.state, job.attempt, job.refusal) == (JobState.DONE, 1, None)
    kept = siting.kept(store, district.PROVINCE, job.plan_id)
    assert kept.plan == siting.made(store, PLACE, SuggestionAsk(points=2))
    assert not kept.out_of_date
    assert [line.id for line, _ in siting.listed(store, district.PROVINCE)] == [job.plan_id]


def test_a_refusal_inside_a_job_is_its_end_and_is_said_in_any_language(store, start):
    start()
    ask = SuggestionAsk(points=1, rules=RuleWishes(per_commune=Limits(least=5)))
    with pytest.raises(ImpossibleAsk) as direct:
        siting.made(store, PLACE, ask)
    job = ended(store, asked(store, ask))
    assert (job.state, job.attempt, job.plan_id) == (JobState.FAILED, 1, None)
    assert isinstance(job.refusal, ImpossibleAsk)
    assert job.refusal.sentence(speaker("vi")) == direct.value.sentence(speaker("vi"))
    assert plans(store) == 0


@pytest.mark.usefixtures("slow_tasks")
def test_a_killed_process_is_replaced_and_the_third_death_fails_the_job(store, start):
    supervisor = start()
    number = slow(store)
    for attempt in range(1, MOST_ATTEMPTS + 1):
        until(lambda n=attempt: status(store, number).attempt == n and supervisor.processes)
        os.kill(supervisor.processes[0], signal.SIGKILL)
        until(lambda n=attempt: status(store, number).attempt != n or status(store, number).ended)
    job = ended(store, number)
    assert job.state is JobState.FAILED
    assert "broke off 3 times" in str(job.refusal)
    assert plans(store) == 0


@pytest.mark.usefixtures("slow_tasks")
def test_progress_is_seen_and_the_best_plan_is_kept_when_stopped(store, start):
    start()
    number = slow(store)
    until(lambda: (status(store, number).value or 0) >= 3)
    job = status(store, number)
    assert (job.state, job.bound, job.people) == (JobState.RUNNING, 900.0, 1000)
    jobs.cancel(store, district.PROVINCE, number)
    job = ended(store, number)
    assert job.state is JobState.DONE
    assert job.plan_id is not None
    assert plans(store) == 1


@pytest.mark.usefixtures("slow_tasks")
def test_cancelling_at_once_ends_the_process_and_keeps_nothing(store, start):
    supervisor = start()
    number = slow(store)
    until(lambda: (status(store, number).value or 0) >= 1)
    (process,) = supervisor.processes
    jobs.cancel(store, district.PROVINCE, number, keep_best=False)
    assert ended(store, number).state is JobState.CANCELLED
    until(lambda: not alive(process))
    assert plans(store) == 0
    jobs.cancel(store, district.PROVINCE, number)  # once more changes nothing
    assert status(store, number).state is JobState.CANCELLED


def test_a_job_that_waits_is_cancelled_without_a_worker(store):
    number = asked(store)
    jobs.cancel(store, district.PROVINCE, number)
    assert status(store, number).state is JobState.CANCELLED


@pytest.mark.usefixtures("slow_tasks")
def test_a_server_that_is_stopped_hands_its_job_back_and_the_next_one_does_it(store, start):
    first = start()
    number = slow(store)
    until(lambda: (status(store, number).value or 0) >= 1)
    first.stop()
    job = status(store, number)
    assert (job.state, job.attempt) == (JobState.WAITING, 0)
    start()
    until(lambda: (status(store, number).value or 0) >= 1)
    jobs.cancel(store, district.PROVINCE, number)
    assert ended(store, number).state is JobState.DONE


@pytest.mark.usefixtures("slow_tasks")
def test_the_job_of_a_killed_supervisor_is_taken_up_when_its_lease_is_over(
    store, start, monkeypatch
):
    first = start()
    number = slow(store)
    until(lambda: (status(store, number).value or 0) >= 1)
    left = vanish(first)
    assert status(store, number).state is JobState.RUNNING
    monkeypatch.setattr(table, "LEASE_S", 0.5)
    start()
    until(lambda: status(store, number).attempt == 2)
    jobs.cancel(store, district.PROVINCE, number, keep_best=False)
    assert ended(store, number).state is JobState.CANCELLED
    for process in left:
        if alive(process):
            os.kill(process, signal.SIGKILL)


def listen(pipe: Connection) -> None:
    """Be a process that only listens to its supervisor."""
    child._Line(pipe)
    time.sleep(PATIENCE_S)


def test_a_process_whose_supervisor_is_gone_ends_by_itself():
    processes = supervising._processes()
    ours, theirs = processes.Pipe()
    process = processes.Process(target=listen, args=(theirs,), daemon=True)
    process.start()
    theirs.close()
    ours.close()  # what the system does when the supervisor dies
    process.join(PATIENCE_S / 2)
    assert process.exitcode == child._ALONE


def test_two_supervisors_do_every_job_once(store, start):
    start()
    start()
    numbers = [asked(store, SuggestionAsk(points=n % 3 + 1, seed=n)) for n in range(6)]
    done = [ended(store, number) for number in numbers]
    assert [each.state for each in done] == [JobState.DONE] * 6
    assert [each.attempt for each in done] == [1] * 6
    assert len({each.plan_id for each in done}) == 6
    assert plans(store) == 6


def test_the_same_question_asked_twice_is_one_job_until_it_ends(store):
    number = asked(store)
    assert asked(store) == number
    other = asked(store, SuggestionAsk(points=1))
    assert other != number
    jobs.cancel(store, district.PROVINCE, number)
    assert asked(store) not in (number, other)


def test_a_job_of_another_province_is_not_shown(store):
    number = asked(store)
    with pytest.raises(NotFoundError):
        jobs.status(store, "77", number)
    with pytest.raises(NotFoundError):
        jobs.status(store, district.PROVINCE, number + 1)


def test_an_orphan_cannot_end_a_job_that_was_given_to_another(store):
    number = asked(store)
    with store.writing() as db:
        old = table.claim(db, "one", now=100.0, at=AT)
    with store.writing() as db:
        new = table.claim(db, "two", now=100.0 + table.LEASE_S + 1, at=AT)
    assert old is not None
    assert new is not None
    orphan, holder = Claim(number, "one", 1), Claim(number, "two", 2)
    with store.writing() as db:
        assert not table.holds(db, orphan)
        table.tell(db, orphan, 1, 1.0, 1.0)
        assert not table.refuse(db, orphan, RequestError("no"), at=AT)
        table.broke_off(db, orphan, at=AT)
        table.hand_back(db, orphan)
        assert table.holds(db, holder)
    job = status(store, number)
    assert (job.state, job.attempt, job.value) == (JobState.RUNNING, 2, None)


def test_claims_of_many_threads_never_meet(store):
    numbers = {asked(store, SuggestionAsk(points=1, seed=n)) for n in range(12)}
    taken: list[int] = []

    def take(worker: str) -> None:
        while True:
            with store.writing() as db:
                job = table.claim(db, worker, now=1.0, at=AT)
            if job is None:
                return
            taken.append(job.id)

    threads = [threading.Thread(target=take, args=(f"w{n}",)) for n in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(taken) == sorted(numbers)


def test_old_jobs_make_room_but_open_ones_stay(store, monkeypatch):
    monkeypatch.setattr(table, "_MOST_KEPT", 2)
    waiting = asked(store)
    gone = []
    for n in range(4):
        number = asked(store, SuggestionAsk(points=1, seed=n))
        jobs.cancel(store, district.PROVINCE, number)
        gone.append(number)
    asked(store, SuggestionAsk(points=2, seed=99))
    assert status(store, waiting).state is JobState.WAITING
    with pytest.raises(NotFoundError):
        status(store, gone[0])
    assert status(store, gone[-1]).ended


@given(
    st.dictionaries(
        st.sampled_from(["a", "b", "c"]),
        st.integers() | st.floats(allow_nan=False) | st.text() | st.text().map(Word) | st.none(),
    ),
    st.booleans(),
)
@settings(max_examples=50)
def test_a_refusal_comes_back_from_its_plain_values(params, impossible):
    line = Refusal("x", **params)
    kind = ImpossibleAsk if impossible else QuestionError
    for refusal in (line, kind("y", (line, line), **params)):
        back = refusal_of(plain(refusal))
        assert (back.message, back.params) == (refusal.message, refusal.params)
        assert [type(each) for each in back.params.values()] == [
            type(each) for each in refusal.params.values()
        ]
        if isinstance(refusal, QuestionError):
            assert type(back) is kind
            assert [each.params for each in back.lines] == [each.params for each in refusal.lines]


def alive(process: int) -> bool:
    """Return whether a process runs; one that ended and was not looked after does not."""
    try:
        with open(f"/proc/{process}/stat") as file:  # noqa: PTH123 - as the system writes it
            return file.read().rpartition(")")[2].split()[0] not in ("Z", "X")
    except FileNotFoundError:
        return False


class Table(RuleBasedStateMachine):
    """Workers take, end and lose one job in any order: it ends at most once, tried thrice at most."""

    store: Store

    def __init__(self) -> None:
        super().__init__()
        with self.store.writing() as db:
            db.execute(sa.delete(schema.job))
            self.number = table.add(db, "k", district.PROVINCE, {}, at=AT, by="me")
        self.now, self.ends = 0.0, []
        self.claims: list[Claim] = []

    def _state(self) -> Job:
        with self.store.reading() as db:
            return table.load(db, self.number)

    @rule(worker=st.sampled_from("ab"), later=st.sampled_from([0.0, 30.0]))
    def take(self, worker: str, later: float) -> None:
        self.now += later
        with self.store.writing() as db:
            job = table.claim(db, worker, now=self.now, at=AT)
        if job is not None:
            self.claims.append(Claim(job.id, worker, job.attempt))

    @rule(data=st.data(), how=st.sampled_from(["finish", "refuse", "broke", "back"]))
    def act(self, data: st.DataObject, how: str) -> None:
        if not self.claims:
            return
        held = data.draw(st.sampled_from(self.claims))
        before = self._state()
        with self.store.writing() as db:
            if how == "finish" and table.holds(db, held):
                table.finish(db, held, None, at=AT)
            elif how == "refuse":
                table.refuse(db, held, RequestError("no"), at=AT)
            elif how == "broke":
                table.broke_off(db, held, at=AT)
            elif how == "back":
                table.hand_back(db, held)
        after = self._state()
        if after.state != before.state:
            current = (before.state, before.attempt) == (JobState.RUNNING, held.attempt)
            assert current, "a claim that no longer holds changed the job"

    @rule(how=st.sampled_from(Stop))
    def stop(self, how: Stop) -> None:
        with self.store.writing() as db:
            table.ask_to_stop(db, self.number, how, at=AT)

    @invariant()
    def ends_stay_and_tries_are_few(self) -> None:
        job = self._state()
        if self.ends:
            assert job.state == self.ends[0]
        if job.ended:
            self.ends = [job.state]
        assert 0 <= job.attempt <= MOST_ATTEMPTS


def test_in_any_order_of_events_a_job_ends_at_most_once(store):
    Table.store = store
    from hypothesis.stateful import run_state_machine_as_test  # noqa: PLC0415 - only here

    run_state_machine_as_test(
        Table, settings=settings(max_examples=25, stateful_step_count=12, deadline=None)
    )
