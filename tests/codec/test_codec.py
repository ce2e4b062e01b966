"""The codec: values to JSON and back, unknown things kept, bad data refused with its place and without its words."""

import copy
import json
import pickle
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

import attrs
import pytest
from attrs import evolve
from hypothesis import given, settings, strategies as st

from infoint import codec, model
from infoint.codec.converter import converter
from infoint.errors import InvalidValue, NaiveTime
from infoint.model import events
from infoint.testing import strategies

GOLDEN: Final = Path(__file__).parents[1] / "golden" / "codec"
CANARY: Final = "Canary-Ruiz-7391"
TYPES: Final[dict[str, type[model.Entity]]] = {
    "contact": model.Contact,
    "profile": model.Profile,
    "exploration": model.Exploration,
    "interview": model.Interview,
    "follow_up": model.FollowUp,
    "touch": model.Touch,
}
ENTITIES: Final[dict[str, st.SearchStrategy[Any]]] = {
    "contact": strategies.contacts(),
    "profile": strategies.profiles(),
    "exploration": strategies.explorations(),
    "interview": strategies.interviews(legal=False),
    "legal interview": strategies.interviews(),
    "follow_up": strategies.follow_ups(),
    "touch": strategies.touches(),
    "question": strategies.questions(),
}
anything = st.one_of(*ENTITIES.values())
odd_json = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.sampled_from([0, 1, -1, 3, 2**63, 1.5, float("nan"), float("inf")]),
        st.sampled_from(
            ["", "x", "3", "true", "nudge", "held", "UTC", "PT30M", "2026-12-01", "2026-12-01T10:00:00Z", "\0", "\ud800"]
        ),
        st.just(str(UUID(int=7))),
    ),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["event", "extra", "id", "x"]), inner, max_size=2)
    ),
    max_leaves=3,
)


def golden(name: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))
    return data


def places(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in JSON data, the outermost first."""
    yield path
    if isinstance(data, dict | list):
        for key, item in data.items() if isinstance(data, dict) else enumerate(data):
            yield from places(item, (*path, key))


def at(data: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        data = data[step]
    return data


# ── there and back ───────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("name", ENTITIES)
def test_round_trip(name: str) -> None:
    """Saving and loading would change a value, or JSON could not hold it."""

    @settings(max_examples=40, deadline=None)
    @given(ENTITIES[name])
    def law(value: Any) -> None:
        text = json.dumps(codec.dump(value), allow_nan=False)
        loaded = codec.load(type(value), json.loads(text))
        assert loaded == value
        assert json.dumps(codec.dump(loaded)) == text
        for one in attrs.fields(type(value)):
            if one.name != "version":
                held, kept = getattr(value, one.name), getattr(loaded, one.name)
                assert kept == held
                assert type(kept) is type(held)
                if isinstance(held, datetime):
                    assert (kept.astimezone(UTC), kept.tzinfo, kept.fold) == (held.astimezone(UTC), held.tzinfo, held.fold)

    law()


@settings(max_examples=40, deadline=None)
@given(anything)
def test_dump_is_plain(value: Any) -> None:
    """A storage that is no friend of subclasses (psycopg, msgpack) would choke on an enumeration or a frozen mapping."""
    dumped = codec.dump(value)
    for path in places(dumped):
        assert type(at(dumped, path)) in {dict, list, str, int, float, bool, type(None)}
    assert "version" not in dumped or "version" in value.extra


def test_version_is_the_store_s() -> None:
    """Two runs of an export would differ by how often they saved."""
    ana = model.Contact(name="Ana", version=7)
    assert "version" not in codec.dump(ana)
    assert codec.load(model.Contact, codec.dump(ana)).version == 0


def test_the_forms() -> None:
    """Another program that reads these files would be misled."""
    talk = codec.dump(
        model.Interview(
            id=UUID(int=7),
            contact_ids=(UUID(int=1),),
            duration=timedelta(hours=1, minutes=5, seconds=9),
            formats_offered=frozenset({model.MeetingFormat.VIDEO, model.MeetingFormat.PHONE, model.MeetingFormat.IN_PERSON}),
            history=(
                model.HistoryEntry(
                    datetime(2026, 11, 1, 1, 30, fold=1, tzinfo=ZoneInfo("America/Chicago")),
                    events.NoShow(),
                    datetime(2026, 11, 1, 9, tzinfo=UTC),
                ),
            ),
        )
    )
    assert talk["id"] == "00000000-0000-0000-0000-000000000007"
    assert talk["duration"] == "PT1H5M9S"
    assert talk["formats_offered"] == ["in-person", "phone", "video"]
    assert talk["history"] == [
        {
            "at": "2026-11-01T01:30:00-06:00[America/Chicago]",
            "event": {"event": "no_show", "by": "them"},
            "recorded_at": "2026-11-01T09:00:00Z",
        }
    ]
    assert codec.SCHEMA == (1, 0)


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("PT30M", timedelta(minutes=30)),
        ("PT90M", timedelta(minutes=90)),
        ("PT1H", timedelta(hours=1)),
        ("PT45S", timedelta(seconds=45)),
        ("P1D", timedelta(days=1)),
        ("P0DT2H", timedelta(hours=2)),
    ],
)
def test_lengths(text: str, length: timedelta) -> None:
    """Durations another program wrote would not be understood."""
    data = codec.dump(model.Interview(contact_ids=(UUID(int=1),)))
    assert codec.load(model.Interview, {**data, "duration": text}).duration == length


def test_dump_does_not_depend_on_the_run() -> None:
    """Sets have another order in every process: files would differ, and every backup be new."""
    code = (
        "import json; from infoint import codec, model; from infoint.model import *;"
        "print(json.dumps(codec.dump(Contact(name='A', tags={'a','b','c','d','e'}))),"
        "json.dumps(codec.dump(Exploration(subject='UX', obstacles=frozenset(Obstacle.known)))))"
    ).replace("from infoint.model import *", "from infoint.model import Contact, Exploration, Obstacle")
    runs = {
        subprocess.run(
            [sys.executable, "-c", code], env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)}, check=True, stdout=-1
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(runs) == 1


def test_importing_the_codec_is_cheap() -> None:
    """Every program that touches a value would pay for cattrs."""
    code = (
        "import sys, infoint.codec as c; assert 'cattrs' not in sys.modules; from infoint import Contact;"
        "c.index(Contact(name='A')); assert 'cattrs' not in sys.modules; c.dump(Contact(name='A')); assert 'cattrs' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], env={"PYTHONPATH": ":".join(sys.path)}, check=True)


# ── what a newer infoint wrote ───────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("name", TYPES)
def test_unknown_keys_survive_at_every_level(name: str) -> None:
    """An older infoint that saves a newer one's record would strip it."""
    data = golden(name)
    mappings = [path for path in places(data) if isinstance(at(data, path), dict) and path[-1:] != ("custom",)]
    assert len(mappings) > 2
    for number, path in enumerate(mappings):
        at(data, path)[f"since_2_{number}"] = {"deep": [number, {"er": None}]}
    loaded = codec.load(TYPES[name], copy.deepcopy(data))
    edited = evolve(pickle.loads(pickle.dumps(loaded)), edited_at=datetime(2027, 1, 1, tzinfo=UTC))
    assert codec.dump(edited) == {**data, "edited_at": "2027-01-01T00:00:00Z"}
    assert "since_2_0" not in repr(loaded)


@pytest.mark.parametrize("key", ["extra", "version", "name_", "Name", "", "é", "event"])
def test_unknown_keys_of_any_name(key: str) -> None:
    """A newer field that happens to be called like something of ours would be lost."""
    data = {
        **codec.dump(model.Touch(contact_id=UUID(int=1), at=datetime.now(UTC), kind=model.TouchKind.EMAIL)),
        key: {"a": [1]},
    }
    loaded = codec.load(model.Touch, data)
    assert loaded.extra == {key: {"a": (1,)}}
    assert (loaded.version, codec.dump(loaded)) == (0, data)


def test_known_fields_win_over_extra() -> None:
    """An unknown key carried along could overwrite a field that has become known since."""
    assert codec.dump(model.Belief("It is quiet", extra={"text": "loud"}))["text"] == "It is quiet"


@settings(max_examples=40, deadline=None)
@given(strategies.json_mappings(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=5)))
def test_unknown_events_survive_byte_for_byte(facts: dict[str, Any]) -> None:
    """What a newer infoint has told would come back changed."""
    facts = {**facts, "event": "meditate"}
    entry = {"at": "2026-12-01T10:00:00Z", "event": facts, "recorded_at": None}
    data = {**codec.dump(model.Interview(contact_ids=(UUID(int=1),))), "history": [entry]}
    talk = codec.load(model.Interview, json.loads(json.dumps(data)))
    assert talk.unknown_event == "meditate"
    assert json.dumps(codec.dump(evolve(talk, notes="")), ensure_ascii=False) == json.dumps(data, ensure_ascii=False)


def test_unknown_events_made_by_hand_can_be_read_again() -> None:
    """A value made without the name inside its data would be saved, and never load."""
    entry = model.HistoryEntry(datetime(2026, 12, 1, tzinfo=UTC), events.UnknownEvent("meditate", {"minutes": 5}))
    dumped = codec.dump(entry)
    assert dumped["event"] == {"event": "meditate", "minutes": 5}
    assert codec.load(model.HistoryEntry, dumped).event == events.UnknownEvent("meditate", {"event": "meditate", "minutes": 5})


@pytest.mark.parametrize("name", ["of-a-newer-infoint", "gone:plugin", "Not a slug", "x" * 1_000])
def test_unknown_names_survive(name: str) -> None:
    """A category only a newer infoint or a plugin knows would make the record unreadable."""
    data = {**golden("contact"), "role": name, "source": name}
    contact = codec.load(model.Contact, data)
    assert (type(contact.role), contact.role, contact.source) == (model.ContactRole, name, name)
    assert codec.dump(contact) == data
    study = {**golden("exploration"), "goal": name, "obstacles": [name]}
    assert codec.dump(codec.load(model.Exploration, study)) == study
    kind = {**golden("follow_up"), "kind": name}
    assert codec.dump(codec.load(model.FollowUp, kind)) == kind


# ── times ────────────────────────────────────────────────────────────────────────────────────────
def read(text: Any) -> datetime:
    return codec.load(model.Stance, {"at": text, "leaning": 1}).at


def shown(text: Any) -> str:
    dumped = codec.dump(codec.load(model.Stance, {"at": text, "leaning": 1}))["at"]
    assert isinstance(dumped, str)
    return dumped


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("2026-12-01T10:00:00-06:00[America/Chicago]", "2026-12-01T10:00:00-06:00[America/Chicago]"),
        ("2026-12-01T10:00:00.25-06:00[America/Chicago]", "2026-12-01T10:00:00.250000-06:00[America/Chicago]"),
        ("2026-12-01T10:00-06:00[!America/Chicago]", "2026-12-01T10:00:00-06:00[America/Chicago]"),
        ("2026-12-01T10:00:00-06:00[America/Chicago][u-ca=gregory]", "2026-12-01T10:00:00-06:00[America/Chicago]"),
        ("2026-12-01T10:00:00-06:00[America/Chicago][u-ca=gregory][_x=a-b]", "2026-12-01T10:00:00-06:00[America/Chicago]"),
        ("2026-12-01T10:00:00Z[u-ca=gregory]", "2026-12-01T10:00:00Z"),
        ("2026-12-01T10:00:00Z", "2026-12-01T10:00:00Z"),
        ("2026-12-01T10:00:00z", "2026-12-01T10:00:00Z"),
        ("2026-12-01T10:00:00-06:00", "2026-12-01T16:00:00Z"),
        ("2026-12-01T10:00:00-00:00", "2026-12-01T10:00:00Z"),
        ("2026-12-01T10:00:00+00:00[UTC]", "2026-12-01T10:00:00Z"),
        ("2026-12-01T10:00:00Z[Etc/UTC]", "2026-12-01T10:00:00+00:00[Etc/UTC]"),
        # Z says the instant, and that no local clock is meant (RFC 9557 §2.2)
        ("2026-12-01T16:00:00Z[America/Chicago]", "2026-12-01T10:00:00-06:00[America/Chicago]"),
        ("2026-12-01T16:00:00-00:00[America/Chicago]", "2026-12-01T10:00:00-06:00[America/Chicago]"),
        ("2026-07-08T00:14:07Z[!Europe/London]", "2026-07-08T01:14:07+01:00[Europe/London]"),
        # the hour that comes twice: the offset says which
        ("2026-11-01T01:30:00-05:00[America/Chicago]", "2026-11-01T01:30:00-05:00[America/Chicago]"),
        ("2026-11-01T01:30:00-06:00[America/Chicago]", "2026-11-01T01:30:00-06:00[America/Chicago]"),
        ("2026-11-01T01:30:00-09:00[America/Chicago]", "2026-11-01T01:30:00-05:00[America/Chicago]"),
        # an offset that no longer fits the zone: people agreed on the clock on the wall
        ("2026-12-01T10:00:00-05:00[America/Chicago]", "2026-12-01T10:00:00-06:00[America/Chicago]"),
        ("2026-07-01T10:00:00+03:00[Europe/Moscow]", "2026-07-01T10:00:00+03:00[Europe/Moscow]"),
        ("2026-07-01T10:00:00+04:00[Europe/Moscow]", "2026-07-01T10:00:00+03:00[Europe/Moscow]"),
        # a time no clock shows moves on
        ("2027-03-14T02:30:00-06:00[America/Chicago]", "2027-03-14T03:30:00-05:00[America/Chicago]"),
        ("2027-03-14T02:30:00+09:00[America/Chicago]", "2027-03-14T03:30:00-05:00[America/Chicago]"),
    ],
)
def test_times_of_rfc_9557(text: str, form: str) -> None:
    """A time from another program (Temporal, java.time) would be read as another moment."""
    assert shown(text) == form
    assert shown(form) == form


@pytest.mark.parametrize(
    "text",
    [
        "2026-12-01T10:00:00-06:00[America/Nowhere]",
        "2026-12-01T10:00:00-06:00[../etc]",
        "2026-12-01T10:00:00-06:00[]",
        "2026-12-01T10:00:00-06:00[America/Chicago",
        "2026-12-01T10:00:00-06:00[America/Chicago]x",
        "2026-12-01T10:00:00-06:00[America/Chicago][Europe/Madrid]",
        "2026-12-01T10:00:00-06:00[u-ca=gregory][America/Chicago]",
        "2026-12-01T10:00:00-06:00[America/Chicago][!u-ca=hebrew]",  # critical and not understood (RFC 9557 §3.3)
        "2026-12-01T10:00:00-06:00[!u-ca=hebrew]",
        "2026-13-01T10:00:00Z",
        "2026-12-01T25:00:00Z",
        "2026-12-01T10:00:00+25:00",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "tomorrow",
        "",
        "[America/Chicago]",
        1764604800,
        None,
        ["2026-12-01T10:00:00Z"],
    ],
)
def test_times_that_are_none(text: Any) -> None:
    """A time would be guessed, or Python's own error get out."""
    with pytest.raises(InvalidValue) as caught:
        read(text)
    assert (type(caught.value), caught.value.entity, caught.value.field) == (InvalidValue, "Stance", "at")


@pytest.mark.parametrize("text", ["2026-12-01T10:00:00", "2026-12-01", "2026-12-01T10:00:00[America/Chicago]"])
def test_times_without_offset(text: str) -> None:
    """A time without offset would mean another moment on every machine; beside a zone it would not say which of two hours."""
    with pytest.raises(NaiveTime) as caught:
        read(text)
    assert (caught.value.entity, caught.value.field) == ("Stance", "at")


@given(strategies.moments())
def test_times_there_and_back(moment: datetime) -> None:
    """A time would lose its zone, its microseconds, or which of two equal hours it is."""
    stance = model.Stance(moment, 1)
    again = codec.load(model.Stance, json.loads(json.dumps(codec.dump(stance)))).at
    assert (again, again.tzinfo, again.fold) == (stance.at, stance.at.tzinfo, stance.at.fold)
    assert again.astimezone(UTC) == moment.astimezone(UTC)


# ── bad data ─────────────────────────────────────────────────────────────────────────────────────
def deep(levels: int, *, of: str = "list") -> Any:
    data: Any = CANARY
    for _ in range(levels):
        data = [data] if of == "list" else {"a": data}
    return data


ENTRY: Final = ("history", 3)
MEETING: Final = (*ENTRY, "event", "meeting")
BAD: Final[list[tuple[str, tuple[Any, ...], Any, str]]] = [
    # whole things of the wrong kind
    ("contact", (), None, "data"),
    ("contact", (), [], "data"),
    ("contact", (), CANARY, "data"),
    ("contact", (), 5, "data"),
    ("contact", (), [["name", "Ana"]], "data"),
    # texts
    ("contact", ("name",), 5, "name"),
    ("contact", ("name",), None, "name"),
    ("contact", ("name",), [CANARY], "name"),
    ("contact", ("name",), {"a": CANARY}, "name"),
    ("contact", ("name",), True, "name"),
    ("contact", ("name",), " ", "name"),
    ("contact", ("name",), CANARY * 70_000, "name"),
    ("contact", ("notes",), CANARY * 70_000, "notes"),
    ("contact", ("name",), deep(50_000), "name"),
    # numbers and truth
    ("contact", ("rapport",), "1", "rapport"),
    ("contact", ("rapport",), True, "rapport"),
    ("contact", ("rapport",), 1.0, "rapport"),
    ("contact", ("rapport",), float("nan"), "rapport"),
    ("contact", ("rapport",), 2**63, "rapport"),
    ("contact", ("rapport",), 10**5_000, "rapport"),
    ("contact", ("do_not_contact",), 1, "do_not_contact"),
    ("contact", ("do_not_contact",), "true", "do_not_contact"),
    ("contact", ("do_not_contact",), None, "do_not_contact"),
    ("follow_up", ("revision",), -1, "revision"),
    # ids
    ("contact", ("id",), CANARY, "id"),
    ("contact", ("id",), 7, "id"),
    ("contact", ("id",), None, "id"),
    ("contact", ("referred_by",), str(model.NIL), "referred_by"),
    ("interview", ("contact_ids",), [str(model.NIL)], "contact_ids"),
    ("interview", ("contact_ids", 1), CANARY, "contact_ids[1]"),
    ("interview", ("contact_ids",), [], "contact_ids"),
    ("interview", ("contact_ids",), [str(UUID(int=1))] * 2, "contact_ids"),
    ("touch", ("contact_id",), str(model.NIL), "contact_id"),
    # lists and sets
    ("contact", ("emails",), "ana@oak.example", "emails"),
    ("contact", ("emails",), {"0": CANARY}, "emails"),
    ("contact", ("emails", 1), 5, "emails[1]"),
    ("contact", ("emails", 0), CANARY, "emails"),
    ("contact", ("tags",), CANARY, "tags"),
    ("contact", ("tags",), [[CANARY]], "tags[0]"),
    ("contact", ("tags",), [{}], "tags[0]"),
    ("contact", ("tags",), [f"{CANARY} {number}" for number in range(1_001)], "tags"),
    ("contact", ("links", 0), f"javascript:{CANARY}", "links"),
    ("interview", ("formats_offered",), ["video", CANARY], "formats_offered[1]"),
    ("interview", ("formats_offered",), [["video"]], "formats_offered[0]"),
    # closed names
    ("contact", ("seniority",), CANARY, "seniority"),
    ("contact", ("seniority",), "SENIOR", "seniority"),
    ("contact", ("seniority",), "", "seniority"),
    ("contact", ("seniority",), ["senior"], "seniority"),
    ("contact", ("seniority",), {"senior": CANARY}, "seniority"),
    ("interview", ("purpose",), None, "purpose"),
    ("profile", ("strengths", 0, "peaks"), "skills", "strengths[0].peaks"),
    ("profile", ("strengths", 0, "peaks"), ["skills", CANARY], "strengths[0].peaks"),
    ("profile", ("strengths", 0, "peaks"), [["skills"]], "strengths[0].peaks"),
    ("profile", ("strengths", 0, "peaks"), [1], "strengths[0].peaks"),
    # open names
    ("contact", ("role",), 5, "role"),
    ("contact", ("role",), "", "role"),
    ("contact", ("role",), "\0", "role"),
    ("contact", ("role",), "\ud800", "role"),
    ("contact", ("role",), CANARY * 100, "role"),
    ("exploration", ("obstacles", 1), f"{CANARY}\n", "obstacles[1]"),
    # zones, days, lengths, clocks
    ("contact", ("zone",), f"Europe/{CANARY}", "zone"),
    ("contact", ("zone",), "", "zone"),
    ("contact", ("zone",), "\0", "zone"),
    ("contact", ("zone",), 1, "zone"),
    ("contact", ("zone",), "x" * 100_000, "zone"),
    ("profile", ("zone",), None, "zone"),
    ("follow_up", ("due",), "2026-12-01T10:00:00Z", "due"),
    ("follow_up", ("due",), "2026-02-30", "due"),
    ("follow_up", ("due",), "0026-12-01", "due"),
    ("follow_up", ("due",), 20261201, "due"),
    ("interview", ("duration",), 30, "duration"),
    ("interview", ("duration",), "PT", "duration"),
    ("interview", ("duration",), "PT0S", "duration"),
    ("interview", ("duration",), "-PT5M", "duration"),
    ("interview", ("duration",), "PT99999H", "duration"),
    ("interview", ("duration",), "PT1.5H", "duration"),
    ("interview", ("duration",), "P" + "9" * 100_000 + "D", "duration"),
    ("profile", ("work_from",), "9 o'clock", "work_from"),
    ("profile", ("work_from",), "09:00+01:00", "work_from"),
    ("profile", ("work_until",), "08:00", "work_until"),
    # nested values
    ("contact", ("external_ids",), [CANARY], "external_ids[0]"),
    ("contact", ("external_ids", 0), None, "external_ids[0]"),
    ("contact", ("external_ids", 0, "value"), "", "external_ids[0].value"),
    ("exploration", ("decision", "evidence"), [], "decision.evidence"),
    ("exploration", ("decision", "evidence"), [str(model.NIL)], "decision.evidence"),
    ("exploration", ("decision", "at"), CANARY, "decision.at"),
    ("exploration", ("stances", 0, "leaning"), 3, "stances[0].leaning"),
    ("exploration", ("stances", 0, "at"), "2026-12-01T10:00:00", "stances[0].at"),
    ("interview", ("agenda", 0, "question"), CANARY, "agenda[0].question"),
    ("interview", ("agenda", 0, "question", "id"), CANARY, "agenda[0].question.id"),
    ("interview", ("agenda", 0, "question", "roles", 0), 5, "agenda[0].question.roles[0]"),
    # events
    ("interview", ("history",), {}, "history"),
    ("interview", (*ENTRY,), CANARY, "history[3]"),
    ("interview", (*ENTRY, "event"), CANARY, "history[3].event"),
    ("interview", (*ENTRY, "event"), {}, "history[3].event"),
    ("interview", (*ENTRY, "event"), {"event": 5}, "history[3].event"),
    ("interview", (*ENTRY, "event"), {"event": ""}, "history[3].event.name"),
    ("interview", (*ENTRY, "event"), {"event": CANARY * 100}, "history[3].event.name"),
    ("interview", (*ENTRY, "event"), {"event": "meditate", "a": deep(100)}, "history[3].event"),
    ("interview", (*ENTRY, "event"), {"event": "meditate", "a": {"b": [0, float("nan")]}}, "history[3].event.a.b[1]"),
    ("interview", (*ENTRY, "event"), {"event": "schedule"}, "history[3].event.meeting"),
    ("interview", (*MEETING, "start"), CANARY, "history[3].event.meeting.start"),
    ("interview", (*MEETING, "start"), "2026-12-01T10:00:00", "history[3].event.meeting.start"),
    ("interview", (*MEETING, "start"), "2026-12-01T10:00:00Z[Oak/Street]", "history[3].event.meeting.start"),
    ("interview", (*MEETING, "format"), CANARY, "history[3].event.meeting.format"),
    ("interview", (*MEETING, "place"), ["Oak Street"], "history[3].event.meeting.place"),
    ("interview", ("history", 10, "event", "voids"), -1, "history[10].event.voids"),
    ("interview", ("history", 12, "event", "met"), [str(model.NIL)], "history[12].event.met"),
    (
        "interview",
        ("history", 13, "event", "debrief", "insights", 0, "topic"),
        5,
        "history[13].event.debrief.insights[0].topic",
    ),
    ("interview", ("history", 13, "event", "debrief", "my_talk_share"), 101, "history[13].event.debrief.my_talk_share"),
    # what goes together
    ("follow_up", ("settled_at",), None, "settled_at"),
    ("follow_up", ("status",), "open", "settled_at"),
    ("follow_up", ("reason",), "", "reason"),
    # JSON kept as it is
    ("contact", ("custom",), [CANARY], "custom"),
    ("contact", ("custom",), None, "custom"),
    ("contact", ("custom",), {CANARY: 1}, "custom"),
    ("contact", ("custom", "acme:x"), {"a": [1, float("inf")]}, "custom.acme:x.a[1]"),
    ("contact", ("custom", "acme:x"), 2**63, "custom.acme:x"),
    ("contact", ("custom", "acme:x"), "\0", "custom.acme:x"),
    ("contact", ("custom", "acme:x"), deep(5_000, of="dict"), "custom"),
    ("contact", ("since_2",), {"a": ["\ud800"]}, "since_2.a[0]"),
    ("contact", ("since_2",), 2**63, "since_2"),
    ("contact", ("since_2",), deep(100_000), "data"),
    ("contact", ("since_2",), [CANARY] * 30_000, "data"),
    ("contact", ("since_2",), {1: CANARY}, "since_2"),
    ("contact", (f"{CANARY} <ana@oak.example>",), float("nan"), "[…]"),
    ("contact", ("external_ids", 0, "since_2"), [float("nan")], "external_ids[0].since_2[0]"),
    ("interview", (*MEETING, "since_2"), float("nan"), "history[3].event.meeting.since_2"),
]


@pytest.mark.parametrize(("name", "path", "value", "field"), BAD, ids=[f"{number}-{row[3]}" for number, row in enumerate(BAD)])
def test_bad_data(name: str, path: tuple[Any, ...], value: Any, field: str) -> None:
    """Bad data would get in, the error would point elsewhere or repeat private words, or a native error would get out."""
    data: Any = golden(name)
    if path:
        at(data, path[:-1])[path[-1]] = value
    else:
        data = value
    with pytest.raises(InvalidValue) as caught:
        codec.load(TYPES[name], data)
    error = caught.value
    assert (error.entity, error.field) == (TYPES[name].__name__, field)
    assert type(error) in {InvalidValue, NaiveTime}
    assert CANARY not in f"{error}{error!r}{error.facts}"
    assert len(str(error)) < 300
    assert error.problem
    assert pickle.loads(pickle.dumps(str(error))) == str(error)


def test_an_answer_from_before_it_said_whose_it_is() -> None:
    """Debriefs written down before would not load any more, or their answers be nobody's."""
    told: dict[str, Any] = {"event": "debrief", "debrief": {"answers": [{"question_id": "path.rise", "text": "By luck."}]}}
    event = codec.load_event(told)
    assert isinstance(event, events.Debriefed)
    assert event.debrief.answers == (model.Answer("path.rise", "By luck.", None),)


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("contact", ("name",)),
        ("profile", ("zone",)),
        ("touch", ("kind",)),
        ("follow_up", ("due",)),
        ("exploration", ("subject",)),
        ("exploration", ("decision", "outcome")),
        ("interview", ("contact_ids",)),
        ("interview", (*MEETING, "format")),
        ("interview", ("agenda", 0, "question", "text")),
        ("interview", (*ENTRY, "at")),
        ("interview", (*ENTRY, "event")),
    ],
)
def test_missing_keys(name: str, path: tuple[Any, ...]) -> None:
    """The error would be a KeyError, or not say which key of which item."""
    data = golden(name)
    del at(data, path[:-1])[path[-1]]
    with pytest.raises(InvalidValue, match="is missing") as caught:
        codec.load(TYPES[name], data)
    assert caught.value.field == ".".join(map(str, path)).replace(".3", "[3]").replace(".0", "[0]")


@pytest.mark.parametrize("name", TYPES)
def test_what_may_be_left_out(name: str) -> None:
    """A record of an older infoint, which did not have the field yet, would not load."""
    required = {"name", "zone", "contact_id", "at", "kind", "due", "subject", "contact_ids", "status", "settled_at", "reason"}
    for key in golden(name):
        if key not in required:
            loaded = codec.load(TYPES[name], {known: item for known, item in golden(name).items() if known != key})
            if key in {one.name for one in attrs.fields(TYPES[name])} - {"since_1_7"}:
                default = next(one.default for one in attrs.fields(TYPES[name]) if one.name == key)
                assert getattr(loaded, key) == default


def test_what_is_said_twice_counts_once() -> None:
    """A set with a repeated member, as web forms send it, would be refused."""
    assert codec.load(model.Contact, {**golden("contact"), "tags": ["a", "a", " a"]}).tags == frozenset({"a"})


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_both_ways_of_reading_agree(data: st.DataObject) -> None:
    """The quick way would let in what the careful way refuses; or an error of Python's or cattrs' own get out."""
    name = data.draw(st.sampled_from(sorted(TYPES)))
    given_data: Any = golden(name)
    every = [path for path in places(given_data) if path]
    for _ in range(data.draw(st.integers(1, 2))):
        path = data.draw(st.sampled_from(every))
        try:
            at(given_data, path[:-1])[path[-1]] = data.draw(odd_json)
        except (KeyError, IndexError, TypeError):
            continue
    results = [structured(name, given_data, strict=strict) for strict in (False, True)]
    assert results[0] == results[1]
    if results[0] is None:
        with pytest.raises(InvalidValue) as caught:
            codec.load(TYPES[name], given_data)
        assert caught.value.entity == TYPES[name].__name__
        assert "cannot be read as what belongs there" not in caught.value.problem
    else:
        loaded = codec.load(TYPES[name], given_data)
        assert loaded == results[0]
        assert codec.load(TYPES[name], json.loads(json.dumps(codec.dump(loaded)))) == loaded


def structured(name: str, data: Any, *, strict: bool) -> Any:
    """None where it fails, in whatever way: what gets out of `codec.load` is tested beside this."""
    try:
        return converter(strict=strict).structure(data, TYPES[name])
    except Exception:  # noqa: BLE001  # as said
        return None


# ── events by themselves ─────────────────────────────────────────────────────────────────────────
@given(strategies.told_events())
def test_events_there_and_back(event: model.Event) -> None:
    """A web app's button would do something else than what was sent."""
    data = json.loads(json.dumps(codec.dump_event(event)))
    assert data["event"] == event.name
    again = codec.load_event(data)
    assert (type(again), again) == (type(event), event)


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"event": "meditate"}, "event"),
        ({"event": ""}, "name"),
        ({}, "data"),
        ("hold", "data"),
        (None, "data"),
        ({"event": ["hold"]}, "data"),
        ({"event": "schedule"}, "meeting"),
        ({"event": "schedule", "meeting": {"start": "soon", "format": "video"}}, "meeting.start"),
        ({"event": "hold", "met": [CANARY]}, "met[0]"),
        ({"event": "correct", "voids": True}, "voids"),
    ],
)
def test_events_that_are_none(data: Any, field: str) -> None:
    """A request of a web app would record what nobody knows, or answer with a server error."""
    with pytest.raises(InvalidValue) as caught:
        codec.load_event(data)
    assert (caught.value.entity, caught.value.field) == ("event", field)
    assert CANARY not in str(caught.value)


def test_unknown_events_can_be_dumped() -> None:
    """An app that shows histories could not show this one."""
    assert codec.dump_event(events.UnknownEvent("meditate", {"minutes": [5]})) == {"event": "meditate", "minutes": [5]}


# ── what records are found by ────────────────────────────────────────────────────────────────────
@given(anything)
def test_index_and_text_are_plain_and_short(value: Any) -> None:
    """A storage would refuse the record, or keep a class it does not know."""
    if not isinstance(value, model.Entity):
        return
    for values in codec.index(value).values():
        assert type(values) is tuple
        assert all(one is None or (type(one) is str and len(one) <= 1_000) for one in values)
    assert type(codec.text(value)) is str


def test_index_of_people() -> None:
    """Somebody could not be found by name, whatever the case it is typed in."""
    ana = codec.load(model.Contact, golden("contact"))
    ana = evolve(ana, name="Ana GROẞ", emails=("Ana@Oak.example",), tags=frozenset({"B", "a"}))
    assert codec.index(ana) == {
        "name": ("ana gross",),
        "email": ("ana@oak.example",),
        "organization": ("oak labs",),
        "external_id": ("crm:a-17",),
        "tag": ("a", "b"),
    }
    assert codec.index(model.Contact(name="Ana"))["organization"] == ()
    assert "Met at the fair." in codec.text(ana)


def test_index_values_are_cut() -> None:
    """A long name, longer still when casefolded, could not be saved: storages take 1,000 characters."""
    long = model.Contact(
        name="ẞ" * 1_000, organization="ΐ" * 1_000, external_ids=(model.ExternalId("s" * 1_000, "v" * 1_000),), tags=["ß" * 999]
    )
    index = codec.index(long)
    assert index["name"] == ("s" * 1_000,)
    assert {len(value or "") for values in index.values() for value in values} == {1_000}


def test_index_of_talks_and_things_due() -> None:
    """A talk of an autumn night would be listed at the wrong end, or a day not found."""
    talk = codec.load(model.Interview, golden("interview"))
    people = [str(id) for id in talk.contact_ids]
    assert codec.index(talk) == {
        "status": ("closed",),
        "start": ("2026-12-01T16:00:00.000000Z",),
        "contact": tuple(people),
        "exploration": (str(talk.exploration_id),),
    }
    assert codec.index(model.Interview(contact_ids=(UUID(int=1),)))["start"] == (None,)
    follow_up = codec.load(model.FollowUp, golden("follow_up"))
    assert codec.index(follow_up) == {
        "kind": ("thank-you",),
        "status": ("waived",),
        "due": ("2026-12-02",),
        "contact": (people[0],),
        "interview": (str(talk.id),),
    }
    touch = codec.load(model.Touch, golden("touch"))
    assert codec.index(touch) == {
        "kind": ("lead-received",),
        "contact": (people[0],),
        "start": ("2026-12-01T16:00:00.000000Z",),
    }
    study = codec.load(model.Exploration, golden("exploration"))
    assert codec.index(study) == {"name": ("ux research",), "kind": ("change-field",), "status": ("rule-out",)}
    assert codec.index(evolve(study, decision=None, goal=None)) == {"name": ("ux research",), "kind": (), "status": (None,)}
    assert codec.index(codec.load(model.Profile, golden("profile"))) == {}


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("contact", ["Ana Ruiz", "Oak Labs", "UX lead", "Madrid", "é", "maps", "Met at the fair."]),
        ("exploration", ["UX research", "It is quiet"]),
        ("interview", ["Ask about the team.", "What do people earn?", "she said.", "Mornings are quiet", "So much writing."]),
        ("follow_up", ["Thank Ana Ruiz", "Dear Ana,"]),
        ("touch", ["Sent me an opening."]),
        ("profile", []),
    ],
)
def test_text_to_search(name: str, words: list[str]) -> None:
    """What somebody remembers of a talk would not find it."""
    text = codec.text(codec.load(TYPES[name], golden(name)))
    assert all(word in text for word in words)
    assert bool(text) == bool(words)


def test_instants_sort_as_text() -> None:
    """Storages compare text: one without microseconds, or in another zone, would stand in the wrong place."""
    moments = [
        datetime(2026, 11, 1, hour, minute, fold=fold, tzinfo=ZoneInfo("America/Chicago"))
        for hour in (0, 1, 2)
        for fold in (0, 1)
        for minute in (0, 30)
    ]
    by_time = sorted(moments, key=lambda moment: moment.timestamp())
    assert [codec.instant(moment) for moment in by_time] == sorted(map(codec.instant, moments))
    assert codec.instant(datetime(2026, 1, 1, tzinfo=UTC)) == "2026-01-01T00:00:00.000000Z"
