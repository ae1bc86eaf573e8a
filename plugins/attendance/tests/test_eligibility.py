"""The rule of a seat speaks the roster's own codes."""

from portal_attendance.eligibility import TIERS, WORDS, Rule, lacks

from portal.api import Profile
from portal.users import codes


def test_every_tier_that_a_seat_asks_for_can_come_by_a_roster() -> None:
    assert set(TIERS) <= set(codes.TIERS.words)
    for code, word in codes.TIERS.words.items():
        assert code == "none" or str(WORDS["tiers"][code]) == word


def test_a_seat_for_a_tier_is_for_who_has_it() -> None:
    rule = Rule(tiers=("backbone",))

    assert not lacks(rule, Profile(None, tier="backbone"))
    assert [one.part for one in lacks(rule, Profile(None, tier="young"))] == ["tiers"]
    assert [one.part for one in lacks(rule, Profile(None))] == ["tiers"]
