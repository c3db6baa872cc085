"""What a player of a scenario sees, as plain data and as text: their own meters, what they know, and no more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from threechairs.activities.scenario import COMMITTED, PRACTISED, Playing
from threechairs.chairs import roles
from threechairs.company.deals import Issue
from threechairs.errors import UsageError
from threechairs.scenario.debrief import Debrief, debrief
from threechairs.scenario.play import Moment, Play, open_options, open_table
from threechairs.scenario.verdict import Test, in_a_row, percent, sentence

LABELS = {"cso": "CSO", "ciso": "CISO", "cio": "CIO"}
_SEATS = {
    "cso": "You answer for people, places and property.",
    "ciso": "You set the bar for systems and information.",
    "cio": "You run the technology that the work needs.",
}
_HELD = {"known": "You know", "suspected": "You suspect", "believed": "You believe"}
_FURTHER = "What you play from now on is for practice: it is not marked. Your graded play stands."
_LATER = "Marked after submission."


def stage(playing: Playing) -> dict[str, Any]:
    """Everything that a player may see now, as plain data.

    `phase` is `"choose"` (no chair yet), `"play"`, `"ended"`, or `"misfit"` (the recorded play does not fit the
    scenario any more). In graded work `commit` says that steps stand while the graded play is on, `practice` that the
    play which is on is not marked, and `further` that the next one will not be.
    """
    play, scenario = playing.play, playing.story.scenario
    phase = "misfit" if playing.misfit else "choose" if play is None else "ended" if play.ending else "play"
    ended, practised = playing.graded_has_ended, play is not None and playing.for_practice
    shown: dict[str, Any] = {
        "phase": phase,
        "summary": f"{scenario.summary.strip()} About {scenario.minutes} minutes.",
        "commit": "" if playing.mode == "practice" or ended else COMMITTED,
        "practice": PRACTISED if ended and practised else "",
        "further": _FURTHER if ended and not practised else "",
        "chairs": _chairs(playing) if playing.may_begin or (play is not None and not play.moments) else [],
        "misfit": playing.misfit,
        "paths": paths(playing),
    }
    if play is None:
        return shown
    last = play.moments[-1] if play.moments else None
    return shown | {
        "chair": {"id": play.chair, "label": LABELS[play.chair], "brief": _brief(play)},
        "step": len(play.moments),
        "scene": _scene(play),
        "meters": [*_meters(play)],
        "facts": [*_facts(play)],
        "options": [{"id": option.id, "text": play.tell(option.text)} for option in play.options()],
        "table": _table(play),
        "last": _last(play, last) if last else None,
        "back": practised and bool(play.moments),
        "ending": {"kind": play.ending.kind, "title": play.ending.title} if play.ending else None,
        "debrief": look_back(play, graded=not practised) if play.ending else None,
    }


def look_back(play: Play, *, graded: bool) -> list[dict[str, Any]]:
    """The debrief in parts: each with a `title` and `lines`, some with more: `tests` (the judgement), `reasons`.

    Graded work is told what followed from what; what it is worth is told after submission.
    """
    told = debrief(play)
    parts: list[dict[str, Any]] = [
        {"title": "What you decided", "lines": [*_decided(told)]},
        {"title": "Who knew what, and when", "lines": [" ".join((one.text, *one.sentences)) for one in told.knowledge]},
        {"title": "Where it all stood", "lines": [*_gauges(told)]},
        {"title": "Drawn by lot for this play", "lines": [f"{one[:1].upper()}{one[1:]}." for one in told.drawn]},
        {"title": "One choice, made another way", **_replayed(told, graded=graded)},
        {
            "title": "What the others say",
            "lines": [f"{LABELS[chair]}: {' '.join(said.split())}" for chair, said in told.voices.items()],
        },
    ]
    parts = [part for part in parts if part["lines"]]
    if graded:
        return [*parts, {"title": "How it is judged", "lines": [_LATER]}]
    tests = [
        {"id": test.id, "name": test.name, "worth": _worth(test), "reason": test.reason}
        for test in told.judgement.tests
        if test.applies
    ]
    return [*parts, {"title": "How it is judged", "lines": [told.judgement.summary], "tests": tests}]


def _decided(told: Debrief) -> Iterator[str]:
    for one in told.decisions:
        place = f"{one.time}, {one.scene}" if one.time else one.scene
        yield " ".join([f"{place}: {sentence(one.text)}", *(f"Overreach: {why}" for why in one.overreach)])


def _gauges(told: Debrief) -> Iterator[str]:
    for one in told.meters:
        good = "less is better" if one.good == "low" else "more is better"
        yield f"{one.label}: {one.course}; {good}."


def _replayed(told: Debrief, *, graded: bool) -> dict[str, list[str]]:
    """One choice made another way; in graded work only where it would have led, not what that would be worth."""
    other = told.replayed
    if other is None:
        return {"lines": []}
    if not graded:
        return {"lines": [*other.sentences], "reasons": [*other.reasons]}
    ends = "it ends as yours did" if other.same_ending else f"it ends with “{other.ending}”"
    return {
        "lines": [
            f"At step {other.step} ({other.scene}) you chose: {sentence(other.taken)}",
            f"Another choice was: {sentence(other.option)}",
            f"It leads to “{other.leads_to}”; with the rest as you played it, {ends}.",
            "An ending is no judgement: what that choice would have been worth, the marks tell.",
        ]
    }


def _chairs(playing: Playing) -> list[dict[str, str]]:
    plays = playing.plays
    at = playing.graded_at(plays)
    played = {one["chair"]: "played before" for one in plays if one["steps"]}
    if at is not None:
        played[plays[at]["chair"]] = "your graded play"
    return [
        {
            "id": chair,
            "label": LABELS[chair],
            "sentence": f"{_SEATS[chair]} {_watched(playing, chair)}".strip(),
            "played": played.get(chair, ""),
        }
        for chair in playing.story.scenario.chairs
    ]


def _watched(playing: Playing, chair: str) -> str:
    own = [meter.label for meter in playing.story.scenario.meters.values() if meter.chair == chair]
    return f"You watch: {', '.join(own)}." if own else ""


def _brief(play: Play) -> str:
    seat = play.story.scenario.seats[play.chair]
    return play.tell(seat.brief)


def _scene(play: Play) -> dict[str, Any]:
    scene = play.scene
    return {
        "id": scene.id,
        "title": scene.title,
        "time": scene.time,
        "text": play.tell(scene.text),
        "inject": scene.inject,
    }


def _meters(play: Play) -> Iterator[dict[str, Any]]:
    before = play.moments[-1].before.meters if play.moments else play.state.meters
    rows = zip(play.story.scenario.meters.values(), play.state.meters, before, strict=True)
    for meter, value, earlier in rows:
        if meter.chair in {None, play.chair}:
            change = value - earlier
            moved = f", {'up' if change > 0 else 'down'} {abs(change)}" if change else ""
            scale = meter.unit if meter.unit.startswith("of ") else f"of {meter.most} {meter.unit}".strip()
            yield {
                "label": meter.label,
                "words": f"{value} {scale}{moved}",
                "good": "less is better" if meter.good == "low" else "more is better",
                "share": (value - meter.least) / max(meter.most - meter.least, 1),
            }


def _facts(play: Play) -> Iterator[dict[str, str]]:
    own = {fact: sure for role, fact, sure in play.state.held if role == play.chair}
    for sure, words in _HELD.items():
        for name, fact in play.story.scenario.facts.items():
            if own.get(name) == sure:
                yield {"sure": sure, "words": words, "text": play.tell(fact.text)}


def _table(play: Play) -> dict[str, Any] | None:
    table, place = play.table(), play.scene.deal
    if table is None or place is None:
        return None
    known = {role: table.parties[role] for role in play.revealed()}

    def told(issue: Issue, at: int) -> str:
        points = ", ".join(f"{party.name} {party.points[issue.id][at]}" for party in known.values())
        return f"{issue.options[at].text} ({points})" if points else issue.options[at].text

    issues = [
        {
            "id": one.id,
            "title": one.title,
            "options": [{"id": option.id, "text": told(one, at)} for at, option in enumerate(one.options)],
        }
        for one in table.issues
    ]
    sides = [
        f"{party.name}: {party.position}"
        + (f" {party.interest} Without a deal: {party.reservation} points." if role in known else "")
        for role, party in table.parties.items()
    ]
    return {"title": table.title, "invitation": play.tell(place.invitation), "sides": sides, "issues": issues}


def _last(play: Play, moment: Moment) -> dict[str, Any]:
    """What the last step brought about, for this chair's eyes; `said` is all of it in one sentence."""
    facts, names = play.story.scenario.facts, _names()
    learnt: dict[str, str] = {}
    told: dict[str, list[str]] = {}
    for move in moment.moves:
        if move.party == play.chair:
            learnt[move.fact] = _HELD[move.sure]
        elif move.by == play.chair:
            told.setdefault(move.fact, []).append(names.get(move.party, move.party))
    news = [_news(play.tell(facts[fact].text), learnt.get(fact, ""), told.get(fact, [])) for fact in learnt | told]
    return {
        "choice": moment.text,
        "replies": list(moment.replies),
        "overreach": list(moment.overreach),
        "news": news,
        "said": happened(play),
    }


def _news(text: str, held: str, told: list[str]) -> str:
    """One fact that moved, in one line: how you hold it now, whom you told of it."""
    moved = [f"{held} now"] if held else []
    if told:
        moved.append(f"{'and told' if held else 'You told'} {in_a_row(told)}")
    return f"{', '.join(moved)}: {text}"


def happened(play: Play) -> str:
    """What the last step brought about, in one sentence."""
    moment = play.moments[-1]
    over = " That was an overreach." if moment.overreach else ""
    where = f"The play has ended: {play.ending.title}." if play.ending else f"Next: {play.scene.title}."
    return f"You chose: {sentence(moment.text)}{over} {where}"


def paths(playing: Playing) -> list[dict[str, Any]]:
    """Every recorded play as the scenes it went through, each with what was chosen and what was not.

    In graded work its title says which one is graded, and which ones are practice.
    """
    shown: list[dict[str, Any]] = []
    plays = playing.plays
    graded_at = playing.graded_at(plays)
    for at, stored in enumerate(plays):
        what = "" if playing.mode == "practice" else f" ({_counts(at, graded_at)})"
        title = f"Play {at + 1}{what}, {LABELS[stored['chair']]}"
        try:
            play = playing.again(stored)
        except UsageError:
            shown.append({"title": f"{title}: from an earlier version of the scenario", "scenes": []})
            continue
        if play.moments:
            end = f"ended with “{play.ending.title}”" if play.ending else f"stands at “{play.scene.title}”"
            shown.append({"title": f"{title}: {end}", "scenes": [_visited(play, moment) for moment in play.moments]})
    return shown


def _counts(at: int, graded_at: int | None) -> str:
    if graded_at is None or at < graded_at:
        return "put aside"
    return "graded" if at == graded_at else "practice"


def _visited(play: Play, moment: Moment) -> dict[str, Any]:
    scenario, before = play.story.scenario, moment.before
    options = open_options(scenario, play.chair, play.drawn, before)
    others = [play.tell(one.text) for one in options if one.id != moment.step.option]
    if open_table(play.story, play.chair, play.drawn, before):
        others.append("Another deal" if moment.step.deal else "A deal at the table")
    return {"title": scenario.scene(before.scene).title, "chosen": moment.text, "others": others}


def _worth(test: Test) -> str:
    if test.value > 1 - 1e-9:
        return "kept"
    if test.id == "G1":
        return f"broken: no more than {percent(test.value)}"
    return "missed" if test.value < 1e-9 else f"{percent(test.value)} kept"


def _names() -> dict[str, str]:
    """Every role by one person's name; where it has none, or several, as in the middle of a sentence."""
    return {role.role_id: role.person if role.person and "," not in role.person else role.in_text for role in roles()}


def as_text(playing: Playing, heading: bool = True) -> str:
    """What a player sees, as text, with the code that takes the next step."""
    shown = stage(playing)
    lines = [playing.heading, playing.instructions, shown["summary"], ""] if heading else []
    lines += [*_told(shown, playing.id)]
    if playing.told():
        lines.append(f"Recorded: {playing.told()}.")
    return "\n".join(lines)


def _told(shown: Mapping[str, Any], activity_id: str) -> Iterator[str]:
    if shown["phase"] in {"choose", "misfit"}:
        yield from filter(None, [shown["misfit"], shown["commit"], shown["further"]])
        yield from _told_chairs(shown, activity_id, "Choose a chair:")
        return
    if shown["practice"]:
        yield from [shown["practice"], ""]
    if shown["last"]:
        last = shown["last"]
        yield f"What just happened. You chose: {last['choice']}"
        yield from (f"Overreach: {reason}" for reason in last["overreach"])
        yield from [*last["replies"], *last["news"], ""]
    else:
        yield from filter(None, [shown["chair"]["brief"], "", shown["commit"]])
    scene = shown["scene"]
    yield f"{scene['time']} {scene['title']}".strip() + (" (news that changes who decides)" if scene["inject"] else "")
    yield from [scene["text"], ""]
    yield from (f"{meter['label']}: {meter['words']} ({meter['good']})" for meter in shown["meters"])
    yield from (f"{fact['words']}: {fact['text']}" for fact in shown["facts"])
    yield ""
    if shown["ending"]:
        yield f"The end: {shown['ending']['title']}"
        for part in shown["debrief"]:
            yield from ["", part["title"], *(f"  {line}" for line in [*part["lines"], *part.get("reasons", [])])]
            yield from (f"  {t['id']} {t['name']}: {t['worth']}. {t['reason']}" for t in part.get("tests", ()))
        yield from filter(None, ["", shown["further"]])
        yield from _told_chairs(shown, activity_id, "Play another chair:")
        return
    yield from (f"  {option['id']}: {option['text']}" for option in shown["options"])
    if shown["table"]:
        yield shown["table"]["invitation"]
        for issue in shown["table"]["issues"]:
            yield f"  {issue['id']}, {issue['title']}: " + "; ".join(
                f"{o['id']} ({o['text']})" for o in issue["options"]
            )
    yield from _told_code(shown, activity_id)


def _told_chairs(shown: Mapping[str, Any], activity_id: str, invitation: str) -> Iterator[str]:
    if shown["chairs"]:
        yield from ["", invitation]
        yield from (f"  {chair['id']}: {chair['sentence']}" for chair in shown["chairs"])
        seat = shown["chair"]["id"] if "chair" in shown else ""
        other = next((chair["id"] for chair in shown["chairs"] if chair["id"] != seat), "")
        yield from [f'In code: play("{activity_id}", chair="{other}")'] if other else []
        yield from [f'The same chair again: play("{activity_id}", anew=True)'] if seat else []


def _told_code(shown: Mapping[str, Any], activity_id: str) -> Iterator[str]:
    if shown["options"]:
        yield f'In code: play("{activity_id}", choose="{shown["options"][0]["id"]}")'
    if shown["table"]:
        first = shown["table"]["issues"][0]
        yield f'A deal in code: play("{activity_id}", deal={{"{first["id"]}": "{first["options"][0]["id"]}", ...}})'
    if shown["back"]:
        yield f'One step back: play("{activity_id}", back=True)'
