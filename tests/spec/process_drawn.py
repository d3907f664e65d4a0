"""The authority's process as a page of the documentation, drawn from the policy's own table.

`python -m tests.spec.process_drawn` writes docs/authority-process.md anew; a test holds what is there equal to it.
"""

from pathlib import Path

from rollcall.rules.authority import states
from rollcall.rules.policy import Policy, load

PAGE = Path(__file__).resolve().parents[2] / "docs" / "authority-process.md"


def page(policy: Policy) -> str:
    """The whole page."""
    parts = [
        "# The authority's process",
        "Drawn from the states of the federation's policy (A5): `python -m tests.spec.process_drawn` writes this anew. "
        "Tiers and lines go by the whole percent, rounded down. A named person takes each step.",
        "```mermaid\n" + "\n".join(_chart(policy)) + "\n```",
        *(_tier(policy, tier.number) for tier in policy.tiers),
    ]
    return "\n\n".join(parts) + "\n"


def _chart(policy: Policy) -> list[str]:
    lines = ["flowchart TD"]
    for tier in policy.tiers:
        lines.append(f'  subgraph tier{tier.number}["{tier.name}: {tier.from_percent}% to {tier.to_percent}%"]')
        lines += [f'    {one.id}["{one.name}"]' for one in states(policy) if one.tier == tier.number]
        lines.append("  end")
    ways = [(one.id, way) for one in states(policy) for way in one.exits]
    return lines + [f'  {at} -->|"{way.spoken}"| {way.to}' for at, way in ways if way.to != at]


def _tier(policy: Policy, number: int) -> str:
    names = {state.id: state.name for state in states(policy)}
    found = [f"## {policy.tiers[number - 1].name}"]
    for state in states(policy):
        if state.tier != number:
            continue
        owners = ", ".join(policy.role(one).name for one in state.owners)
        forms = "".join(f"\n- form: {policy.form(one).name}" for one in state.forms)
        ways = "".join(f"\n- {way.spoken}: {names[way.to]}" for way in state.exits)
        found.append(f"### {state.name}\n{owners}. {state.question}\n{forms}{ways}")
    return "\n\n".join(found)


if __name__ == "__main__":
    PAGE.write_text(page(load("federation")), encoding="utf-8")
