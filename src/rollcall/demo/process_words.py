"""What people of the demo write into the forms of the authority's process: made-up words, by form and field."""

TALKED = "Talked through with the family at school."

SHORT = {
    "group": "Morning starters",
    "keyworker": "Robin Fielding",
    "with": "Jo Maple",
    "reference": "SOR-20417",
    "consent_by": "Their mother",
    "trusted": "My teacher, and the cook",
}

CHOSEN = {"additional-needs": "Started today", "formal-warning": "Not apt now", "assess-plan-do-review": "Goes on"}

LONG = {
    ("additional-needs", "which"): "Speech and language; mornings are loud and hard to bear.",
    ("additional-needs", "target"): "In by nine on four days of five until the half-term, then on five.",
    ("assess-plan-do-review", "strengths"): "Loves the garden and the little ones, and reads well above the class.",
    ("assess-plan-do-review", "assess"): "Most absences are Mondays. Sunday nights are spent at the other home.",
    ("assess-plan-do-review", "plan"): "A soft start on Mondays, with a card that both homes sign.",
    ("assess-plan-do-review", "do"): "The class teacher meets them at the gate; the father brings them by ten to nine.",
    ("pupil-voice", "good"): "Art, and when we cook.",
    ("pupil-voice", "hard"): "Coming in when everybody is sitting already and looks.",
    ("pupil-voice", "wish"): "To come in by the side door with somebody.",
    ("support-plan", "reasons"): "Nights without sleep, and nobody to walk with when their mother works early.",
    ("support-plan", "tried"): "Letter 1, two talks at the gate, and the breakfast club for a week.",
    ("support-plan", "school_does"): "Keeps a place at the breakfast club, and rings by half past eight.",
    ("support-plan", "family_does"): "Phones the office when the night was bad, and brings them for ten.",
    ("formal-warning", "why"): "The family works with us, and the plan has only begun.",
    ("group-work", "aim"): "To come in with others, and to have one thing to look forward to each day.",
    ("keywork-referral", "worries"): "Half of all sessions are missed, and the home has no heating.",
    ("keywork-referral", "wishes"): "They wish for one person who helps with the forms, and for a bed of their own.",
    ("keywork-referral", "change"): "Somebody to hold the thread between school, housing and the health visitor.",
    ("early-help-plan", "outcomes"): "In school four days of five by the review, and a warm home.",
    ("early-help-plan", "family_does"): "Lets the keyworker in on Tuesdays, and sets out by ten past eight.",
    ("early-help-plan", "school_does"): "Breakfast, a coat, and a friendly face each morning.",
    ("early-help-plan", "keyworker_does"): "Housing, the health visitor, and a walk to school twice a week.",
    ("", "strengths"): "The children look after each other, and their mother never gives up.",
}
