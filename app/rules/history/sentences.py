"""What an event of the record says in one sentence, and how events are put together for reading and for export."""

from collections.abc import Mapping
from typing import Any

from app.rules.message import Said, counted, say
from app.rules.people import ROLE_NAMES
from app.rules.permissions import Role

KINDS: dict[str, tuple[str, ...]] = {
    "writing": (
        "narrative_written", "item_ticked", "item_unticked", "self_rated", "carried_confirmed", "submitted", "taken_back",
    ),
    "evidence": (
        "evidence_added", "evidence_kept", "evidence_changed", "evidence_linked", "evidence_unlinked", "evidence_withdrawn",
        "evidence_restored", "link_check_asked", "link_checked", "link_address_accepted",
        "claim_approved", "claim_withdrawn", "evidence_replaced", "evidence_redacted", "restricted_opened", "restricted_seen",
        "retention_set", "disposal_proposed", "disposal_refused", "disposed",
        "file_read", "virus_found", "personal_data_seen", "day_refused",
    ),
    "review": ("claimed", "released", "verdict_given", "reopened", "commented"),
    "people": (
        "person_added", "person_changed", "person_ended", "person_restored", "person_scrubbed", "link_made", "link_shown",
        "pass_phrase_set",
        "person_invited", "invitation_shown", "invitation_renewed", "invitation_withdrawn", "invitation_accepted", "invitation_declined",
        "standing_ended",
        "department_added", "department_renamed", "assigned", "unassigned",
    ),
    "requests": (
        "partner_added", "partner_changed", "request_written", "request_changed", "request_sent", "request_rescheduled", "request_reminded",
        "request_closed", "request_done", "request_renewed", "contribution_received", "contribution_decided",
    ),
    "portal": ("portal_set", "portal_asked", "portal_read", "portal_unread", "fact_decided"),
    "planning": (
        "scenario_saved", "scenario_changed", "scenario_shared", "scenario_unshared", "scenario_adopted", "adoption_undone",
        "scenario_withdrawn", "scenario_restored", "estimate_set",
    ),
    "reports": ("report_requested", "report_made"),
    "setup": ("city_added", "emblem_set", "assessment_opened", "cycle_begun", "cycle_undone", "wording_set",
        "retention_class_set", "retention_class_removed", "state_recorded", "changed_unnamed"),
}  # fmt: skip
"""Verbs by what they are about, for the filter."""

KIND_NAMES: dict[str, Said] = {
    "writing": say("Writing and submitting"),
    "evidence": say("Evidence"),
    "review": say("Review"),
    "people": say("People and assignments"),
    "requests": say("Requests and partners"),
    "portal": say("Open data"),
    "planning": say("Planning"),
    "reports": say("Reports"),
    "setup": say("Set-up"),
}

CHOICES = {
    "contribution_decided": "decision",
    "fact_decided": "decision",
    "verdict_given": "decision",
    "self_rated": "rating",
    "carried_confirmed": "answer",
}
"""Verbs with a sentence for each value of one detail."""

SENTENCES: dict[str, Said] = {
    "narrative_written": say("%(who)s wrote the narrative of %(subject)s."),
    "item_ticked": say("%(who)s ticked an item of the checklist of %(subject)s."),
    "item_unticked": say("%(who)s took back a tick on the checklist of %(subject)s."),
    "self_rated:met": say("%(who)s rated %(subject)s as met, in the department’s own view."),
    "self_rated:not_met": say("%(who)s rated %(subject)s as not met, in the department’s own view."),
    "self_rated:none": say("%(who)s took back the department’s own rating of %(subject)s."),
    "carried_confirmed:yes": say("%(who)s confirmed that the carried answer on %(subject)s is still true."),
    "carried_confirmed:changed": say("%(who)s said that the carried answer on %(subject)s has changed."),
    "carried_confirmed:no_longer": say("%(who)s said that the carried answer on %(subject)s is no longer true."),
    "submitted": say("%(who)s submitted %(subject)s for review."),
    "taken_back": say("%(who)s took %(subject)s back from review."),
    "evidence_added": say("%(who)s added %(title)s as evidence for %(subject)s."),
    "evidence_kept": say("%(who)s kept %(title)s in the library, where it supports no criterion yet."),
    "evidence_changed": say("%(who)s changed %(title)s, evidence for %(subject)s."),
    "evidence_linked": say("%(who)s used %(title)s as evidence for %(subject)s too."),
    "evidence_unlinked": say("%(who)s decided that %(title)s does not support %(subject)s."),
    "evidence_withdrawn": say("%(who)s removed %(title)s, evidence for %(subject)s."),
    "evidence_restored": say("%(who)s put %(title)s back, evidence for %(subject)s."),
    "link_check_asked": say("%(who)s asked to check the link of %(title)s."),
    "link_checked": say("%(who)s visited the link of %(title)s."),
    "link_address_accepted": say("%(who)s took the new address of the link of %(title)s."),
    "evidence_replaced": say("%(who)s put a new file in place of the one of %(title)s."),
    "evidence_redacted": say("%(who)s added the redacted copy %(title)s as evidence for %(subject)s."),
    "restricted_opened": say("%(who)s opened a restricted file, evidence for %(subject)s."),
    "restricted_seen": say("%(who)s looked at restricted evidence for %(subject)s."),
    "retention_set": say("%(who)s changed how long %(title)s is kept."),
    "disposal_proposed": say("%(who)s proposed to dispose of %(title)s."),
    "disposal_refused": say("%(who)s decided not to dispose of %(title)s."),
    "disposed": say(
        "%(who)s approved to dispose of a piece of evidence; its content is gone, and its fingerprint stays in this record."
    ),
    "retention_class_set": say("%(who)s set the retention class %(subject)s."),
    "retention_class_removed": say("%(who)s removed the retention class %(subject)s, which no evidence used."),
    "claim_approved": say("%(who)s approved %(title)s as a claim for the public."),
    "claim_withdrawn": say("%(who)s took back the approval of %(title)s as a claim."),
    "virus_found": say("%(who)s found a virus in the file of %(title)s and locked it."),
    "file_read": say("%(who)s read the file of %(title)s."),
    "personal_data_seen": say("%(who)s looked at %(title)s and found that the personal data in it may be there."),
    "day_refused": say("%(who)s decided that the date in the file of %(title)s does not say what time it covers."),
    "claimed": say("%(who)s took %(subject)s for review."),
    "released": say("%(who)s gave %(subject)s back to the queue."),
    "verdict_given:met": say("%(who)s decided that %(subject)s is met."),
    "verdict_given:not_met": say("%(who)s decided that %(subject)s is not met."),
    "verdict_given:changes_asked": say("%(who)s asked for changes in %(subject)s."),
    "reopened": say("%(who)s withdrew the verdict on %(subject)s and opened it again."),
    "commented": say("%(who)s commented on %(subject)s."),
    "person_added": say("%(who)s gave %(person)s access as: %(role)s."),
    "person_changed": say("%(who)s changed the role or departments of %(person)s. The role is now: %(role)s."),
    "person_ended": say("%(who)s ended the access of %(person)s."),
    "person_restored": say("%(who)s gave %(person)s access again."),
    "person_scrubbed": say("%(who)s removed the personal data of %(person)s."),
    "link_made": say("%(who)s made a new link for %(person)s to choose a passphrase."),
    "link_shown": say("%(who)s was shown a link with which %(person)s chooses a passphrase."),
    "pass_phrase_set": say("%(who)s chose a passphrase."),
    "person_invited": say("%(who)s invited someone to join as: %(role)s."),
    "invitation_shown": say("%(who)s was shown the link of an invitation."),
    "invitation_renewed": say("%(who)s sent an invitation again."),
    "invitation_withdrawn": say("%(who)s withdrew an invitation."),
    "invitation_accepted": say("%(who)s accepted an invitation and has access as: %(role)s."),
    "invitation_declined": say("Someone who was invited declined."),
    "standing_ended": say(
        "%(person)s chose a passphrase through a link that someone else was shown, so approvals and proposals of %(person)s ended."
    ),
    "department_added": say("%(who)s added the department %(subject)s."),
    "department_renamed": say("%(who)s renamed the department %(was)s to %(subject)s."),
    "assigned": say("%(who)s gave %(subject)s to the department %(department)s."),
    "unassigned": say("%(who)s took %(subject)s away from its department."),
    "partner_added": say("%(who)s added the partner %(subject)s."),
    "partner_changed": say("%(who)s changed what is known of the partner %(subject)s."),
    "request_written": say("%(who)s wrote a request to %(to)s for %(subject)s, not sent yet."),
    "request_changed": say("%(who)s changed a request to %(to)s for %(subject)s that is not sent yet."),
    "request_rescheduled": say("%(who)s gave a request to %(to)s for %(subject)s another date."),
    "request_reminded": say("%(who)s reminded %(to)s of a request for %(subject)s."),
    "request_sent": say("%(who)s asked %(to)s for evidence for %(subject)s."),
    "request_closed": say("%(who)s ended a request for %(subject)s."),
    "request_done": say("%(who)s said that a request for %(subject)s is answered."),
    "request_renewed": say("%(who)s made a new link for a request for %(subject)s."),
    "contribution_received": say("%(title)s sent something for %(subject)s through a request."),
    "contribution_decided:accepted": say("%(who)s accepted %(title)s from a partner as evidence for %(subject)s."),
    "contribution_decided:returned": say("%(who)s sent %(title)s back to a partner with a question about %(subject)s."),
    "contribution_decided:rejected": say("%(who)s did not use %(title)s from a partner for %(subject)s."),
    "portal_set": say("%(who)s said where the open-data catalog is: %(subject)s."),
    "portal_asked": say("%(who)s asked to read the open-data catalog %(subject)s."),
    "portal_read": say("%(who)s read the open-data catalog %(subject)s."),
    "portal_unread": say("%(who)s could not read the open-data catalog %(subject)s."),
    "fact_decided:accepted": say("%(who)s accepted %(title)s from the open-data catalog as evidence for %(subject)s."),
    "fact_decided:rejected": say("%(who)s did not use %(title)s from the open-data catalog for %(subject)s this time."),
    "fact_decided:never": say("%(who)s rejected %(title)s from the open-data catalog for %(subject)s for good."),
    "fact_decided:proposed": say("%(who)s took back the rejection of %(title)s for %(subject)s."),
    "scenario_saved": say("%(who)s saved the scenario %(subject)s."),
    "scenario_changed": say("%(who)s changed the scenario %(subject)s."),
    "scenario_shared": say("%(who)s shared the scenario %(subject)s with everybody in the city."),
    "scenario_unshared": say("%(who)s stopped sharing the scenario %(subject)s."),
    "scenario_adopted": say("%(who)s adopted the scenario %(subject)s: its criteria have new due dates."),
    "adoption_undone": say("%(who)s took back the adoption of the scenario %(subject)s."),
    "scenario_withdrawn": say("%(who)s took the scenario %(subject)s out of the lists."),
    "scenario_restored": say("%(who)s put the scenario %(subject)s back into the lists."),
    "estimate_set": say("%(who)s changed the city’s estimate for %(subject)s."),
    "report_requested": say("%(who)s asked for report %(subject)s."),
    "report_made": say("Report %(subject)s, asked for by %(who)s, was made."),
    "city_added": say("The city %(subject)s was set up."),
    "emblem_set": say("The emblem of %(subject)s was set."),
    "assessment_opened": say("The assessment %(subject)s was opened."),
    "cycle_begun": say("%(who)s began %(subject)s with the answers of %(was)s."),
    "cycle_undone": say("%(who)s took back the beginning of %(subject)s; %(was)s is open again."),
    "wording_set": say("%(who)s changed the city’s own wording of %(subject)s."),
    "state_recorded": say("From here on the record also keeps what each change led to."),
    "changed_unnamed": say("%(who)s changed something that no event tells of: %(subject)s."),
}
OTHERWISE = say("%(who)s changed something about %(subject)s (%(verb)s).")
"""For a verb without a sentence, as in a record that a newer version wrote."""


def sentence(
    verb: str, subject: str, details: Mapping[str, Any], person_id: int | None, names: Mapping[int, str]
) -> Said:
    """What happened, in one sentence; `names` are people's names as they are now, by id."""
    key = f"{verb}:{details.get(CHOICES[verb])}" if verb in CHOICES else verb
    title, role = details.get("title"), details.get("role")
    values = {
        **{name: details.get(name) or "–" for name in ("was", "department", "to")},
        "who": names.get(person_id, say("Someone who left")) if person_id else say("CityReady"),
        "subject": subject or "–",
        "title": say("“%(title)s”", title=title) if title else say("a restricted piece"),
        "person": names.get(details.get("person") or 0) or subject or say("somebody"),
        "role": ROLE_NAMES[Role(role)] if role in set(Role) else "–",
        "verb": verb,
    }
    return Said(SENTENCES.get(key, OTHERWISE).text, values=values)


def times(count: int) -> Said:
    """How often something was done in a row."""
    return counted("%(count)s time", "%(count)s times in a row", count)
