import pytest
from hypothesis import given
from hypothesis import strategies as st

import iraq_coalition_data as icd


@pytest.mark.parametrize(
    "spelling",
    [
        "Kata'ib Hizballah",
        "Kataeb Hezbollah",
        "Kataib Hezbollah",
        "Kata’ib Hizballah",
        "KATAIB HIZBALLAH",
        "kataib-hizballah",
        "كتائب حزب الله",
    ],
)
def test_spellings_of_one_group(spelling):
    assert icd.resolve(spelling).id == "kataib-hizballah"


@pytest.mark.parametrize(
    ("name", "record"),
    [
        ("Ain al-Assad", "ain-al-asad-air-base"),
        ("Islamic Resistance in Iraq", "islamic-resistance-in-iraq"),
        ("Pentagon", "us-department-of-defense"),
    ],
)
def test_other_names(name, record):
    assert icd.resolve(name).id == record


def test_a_name_that_several_have_is_said_to_be_ambiguous():
    found = icd.resolve("Erbil")
    assert found.id is None or not found.ambiguous
    ambiguous = [name for name in icd.load("names")["name"] if icd.resolve(name).ambiguous]
    for name in ambiguous:
        assert icd.resolve(name).id is None
        assert len(icd.resolve(name).candidates) > 1
        assert " or " in str(icd.resolve(name))


def test_a_near_miss_is_suggested():
    found = icd.resolve("Kataib Hizbullahs")
    assert found.id is None
    assert "kataib-hizballah" in found.candidates
    assert "near misses" in str(found)


def test_every_name_of_the_data_is_found():
    for table in ("actors", "locations"):
        frame = icd.load(table)
        for record, name in zip(frame.iloc[:, 0], frame["name"], strict=True):
            for spelling in (record, name, name.upper()):
                found = icd.resolve(spelling)
                assert found.id == record or record in found.candidates, spelling


@given(st.text())
def test_resolve_never_raises(name):
    assert isinstance(str(icd.resolve(name)), str)
