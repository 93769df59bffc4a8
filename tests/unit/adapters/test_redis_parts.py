"""The parts of the Redis adapter that need no server: the circuit breaker and the copy near at hand."""

from adapters.redis.cached_body import CachedBody, packed, unpacked
from adapters.redis.circuit import Circuit
from adapters.redis.local_cache import ENTRY_OVERHEAD, LocalCache
from tests.support.builders import SALES, VISITS, a_cache_entry
from tests.support.fakes import NOON

A, B, C = ((SALES, "revenue", name) for name in "abc")


class Watch:
    """A clock in seconds that a test turns."""

    time = 100.0

    def __call__(self) -> float:
        return self.time


def body(size: int = 1_000) -> CachedBody:
    return CachedBody(entry=a_cache_entry(body=b"x" * size), until=NOON)


def test_circuit_opens_after_failures_in_a_row_and_not_after_as_many_with_a_success_between() -> None:
    circuit = Circuit(failures=3, rest=2.0, now=Watch())
    for _ in range(2):
        circuit.failed()
        circuit.failed()
        assert circuit.admits()
        circuit.succeeded()
    for _ in range(3):
        assert not circuit.is_open
        circuit.failed()
    assert circuit.is_open
    assert not circuit.admits()


def test_open_circuit_admits_one_trial_per_rest_and_closes_when_it_succeeds() -> None:
    watch = Watch()
    circuit = Circuit(failures=1, rest=2.0, now=watch)
    circuit.failed()
    watch.time += 1.9
    assert not circuit.admits()
    watch.time += 0.2
    assert [circuit.admits() for _ in range(3)] == [True, False, False]
    circuit.failed()
    watch.time += 2.0
    assert circuit.admits()
    circuit.succeeded()
    assert [circuit.admits() for _ in range(3)] == [True] * 3


def test_trial_that_never_comes_back_does_not_hold_the_circuit_open_for_ever() -> None:
    watch = Watch()
    circuit = Circuit(failures=1, rest=2.0, now=watch)
    circuit.failed()
    watch.time += 2.0
    assert circuit.admits()
    watch.time += 2.0
    assert circuit.admits()


def test_body_is_written_and_read_and_another_form_is_none() -> None:
    assert unpacked(packed(body())) == body()
    for content in (b"", b"\xc1", b"\x00", packed(body())[:-1], b'{"entry":1}'):
        assert unpacked(content) is None


def test_near_copy_drops_the_least_recently_used_when_its_bytes_run_out() -> None:
    near = LocalCache(2 * (1_000 + ENTRY_OVERHEAD))
    for place in (A, B):
        near.keep(place, body(), near.mark())
    assert near.get(A) is not None
    near.keep(C, body(), near.mark())
    assert [near.get(place) is not None for place in (A, B, C)] == [True, False, True]


def test_body_larger_than_the_near_copy_is_not_kept_and_replaced_ones_are_counted_once() -> None:
    near = LocalCache(2 * (1_000 + ENTRY_OVERHEAD))
    near.keep(A, body(10_000), near.mark())
    assert near.get(A) is None
    for _ in range(10):
        near.keep(B, body(), near.mark())
    near.keep(C, body(), near.mark())
    assert near.get(B) is not None
    assert near.get(C) is not None


def test_body_fetched_before_a_change_is_not_kept_after_it() -> None:
    near = LocalCache(1 << 20)
    for change in (lambda: near.forget(SALES), near.forget_all):
        mark = near.mark()
        change()
        near.keep(A, body(), mark)
        assert near.get(A) is None


def test_forgetting_a_dataset_keeps_the_others_and_forgetting_all_keeps_none() -> None:
    near = LocalCache(1 << 20)
    elsewhere = (VISITS, "revenue", "a")
    for place in (A, B, elsewhere):
        near.keep(place, body(), near.mark())
    near.forget(SALES)
    assert [near.get(place) is not None for place in (A, B, elsewhere)] == [False, False, True]
    near.forget_all()
    assert near.get(elsewhere) is None
