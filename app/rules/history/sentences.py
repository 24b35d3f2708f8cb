"""What an event of the record says in one sentence."""

from collections.abc import Mapping
from typing import Any

from app.rules.history.verbs import Verb
from app.rules.message import Message, NamedCriteria, counted, say
from app.rules.people.permissions import Role
from app.rules.people.roles import ROLE_NAMES

CHOICES: dict[str, str] = {
    Verb.CONTRIBUTION_DECIDED: "decision",
    Verb.FACT_DECIDED: "decision",
    Verb.VERDICT_GIVEN: "decision",
    Verb.SELF_RATED: "rating",
    Verb.OFFICIAL_ANSWER_SET: "official",
    Verb.CARRIED_CONFIRMED: "answer",
}
"""Verbs with a sentence for each value of one detail."""

SENTENCES: dict[str, Message] = {
    Verb.NARRATIVE_WRITTEN: say("%(who)s wrote the narrative of %(subject)s."),
    Verb.ITEM_TICKED: say("%(who)s ticked an item of the checklist of %(subject)s."),
    Verb.ITEM_UNTICKED: say("%(who)s removed a tick on the checklist of %(subject)s."),
    f"{Verb.SELF_RATED}:met": say("%(who)s rated %(subject)s as met, in the department’s own view."),
    f"{Verb.SELF_RATED}:not_met": say("%(who)s rated %(subject)s as not met, in the department’s own view."),
    f"{Verb.SELF_RATED}:none": say("%(who)s removed the department’s own rating of %(subject)s."),
    f"{Verb.CARRIED_CONFIRMED}:yes": say("%(who)s confirmed that the carried answer on %(subject)s is still true."),
    f"{Verb.CARRIED_CONFIRMED}:changed": say("%(who)s said that the carried answer on %(subject)s has changed."),
    f"{Verb.CARRIED_CONFIRMED}:no_longer": say(
        "%(who)s said that the carried answer on %(subject)s is no longer true."
    ),
    Verb.SUBMITTED: say("%(who)s submitted %(subject)s for review."),
    Verb.TAKEN_BACK: say("%(who)s took %(subject)s back from review."),
    Verb.EVIDENCE_ADDED: say("%(who)s added %(title)s as evidence for %(subject)s."),
    Verb.EVIDENCE_KEPT: say("%(who)s kept %(title)s in the library, where it supports no criterion yet."),
    Verb.EVIDENCE_CHANGED: say("%(who)s changed %(title)s, evidence for %(subject)s."),
    Verb.EVIDENCE_LINKED: say("%(who)s used %(title)s as evidence for %(subject)s too."),
    Verb.EVIDENCE_UNLINKED: say("%(who)s decided that %(title)s does not support %(subject)s."),
    Verb.EVIDENCE_WITHDRAWN: say("%(who)s removed %(title)s, evidence for %(subject)s."),
    Verb.EVIDENCE_RESTORED: say("%(who)s put %(title)s back, evidence for %(subject)s."),
    Verb.LINK_CHECK_ASKED: say("%(who)s asked to check the link of %(title)s."),
    Verb.LINK_CHECKED: say("%(who)s visited the link of %(title)s."),
    Verb.LINK_ADDRESS_ACCEPTED: say("%(who)s took the new address of the link of %(title)s."),
    Verb.EVIDENCE_REPLACED: say("%(who)s put a new file in place of the one of %(title)s."),
    Verb.EVIDENCE_REDACTED: say("%(who)s added the redacted copy %(title)s as evidence for %(subject)s."),
    Verb.RESTRICTED_OPENED: say("%(who)s opened a restricted file, evidence for %(subject)s."),
    Verb.RESTRICTED_SEEN: say("%(who)s looked at restricted evidence for %(subject)s."),
    Verb.RETENTION_SET: say("%(who)s changed how long %(title)s is kept."),
    Verb.DISPOSAL_PROPOSED: say("%(who)s proposed to dispose of %(title)s."),
    Verb.DISPOSAL_REFUSED: say("%(who)s decided not to dispose of %(title)s."),
    Verb.DISPOSED: say(
        "%(who)s approved to dispose of a piece of evidence; its content is gone, and its fingerprint stays in this record."
    ),
    Verb.RETENTION_CLASS_SET: say("%(who)s set the retention class %(subject)s."),
    Verb.REPORTS_CLASS_SET: say("%(who)s set how long reports are kept: %(subject)s."),
    Verb.RETENTION_CLASS_REMOVED: say("%(who)s removed the retention class %(subject)s, which no evidence used."),
    Verb.CLAIM_APPROVED: say("%(who)s approved %(title)s as a claim for the public."),
    Verb.CLAIM_WITHDRAWN: say("%(who)s withdrew the approval of %(title)s as a claim."),
    Verb.VIRUS_FOUND: say("%(who)s found a virus in the file of %(title)s and locked it."),
    Verb.FILE_READ: say("%(who)s read the file of %(title)s."),
    Verb.PICTURES_READ: say("%(who)s read the words in the pictures of %(title)s."),
    Verb.PERSONAL_DATA_SEEN: say("%(who)s looked at %(title)s and found that the personal data in it may be there."),
    Verb.DAY_REFUSED: say("%(who)s decided that the date in the file of %(title)s does not say what time it covers."),
    Verb.PUBLIC_ADVICE_READ: say("%(who)s read what it means to make something public."),
    Verb.CLAIMED: say("%(who)s took %(subject)s for review."),
    Verb.RELEASED: say("%(who)s gave %(subject)s back to the queue."),
    f"{Verb.VERDICT_GIVEN}:met": say("%(who)s decided that %(subject)s is met."),
    f"{Verb.VERDICT_GIVEN}:not_met": say("%(who)s decided that %(subject)s is not met."),
    f"{Verb.VERDICT_GIVEN}:changes_asked": say("%(who)s asked for changes in %(subject)s."),
    Verb.VERDICT_UNDONE: say("%(who)s undid the verdict on %(subject)s, which waits for review again."),
    Verb.REOPENED: say("%(who)s withdrew the verdict on %(subject)s and reopened it."),
    Verb.ANSWERED_AGAIN: say("%(who)s began to answer %(subject)s again, which was not met."),
    Verb.RENEWAL_CONFIRMED: say("%(who)s confirmed the renewal of %(subject)s: it is still met."),
    Verb.RENEWAL_RETURNED: say(
        "%(who)s returned the renewal of %(subject)s. The verdict still stands on what it judged."
    ),
    Verb.QUESTION_ANSWERED: say("%(who)s marked a question on %(subject)s as answered."),
    Verb.REOPENING_ASKED: say("%(who)s asked to reopen %(subject)s."),
    Verb.REOPENING_ACCEPTED: say("%(who)s reopened %(subject)s, as its department had asked."),
    Verb.REOPENING_DECLINED: say("%(who)s declined to reopen %(subject)s. The verdict stands."),
    Verb.COMMENTED: say("%(who)s commented on %(subject)s."),
    Verb.PERSON_ADDED: say("%(who)s gave %(person)s access as: %(role)s."),
    Verb.PERSON_CHANGED: say("%(who)s changed the role or departments of %(person)s. The role is now: %(role)s."),
    Verb.IDENTITY_CHANGED: say("%(who)s changed name, address or language of %(person)s."),
    Verb.INVITATION_CHANGED: say("%(who)s changed an invitation that waits."),
    Verb.BULK_SAVED: say("%(who)s saved a table of %(subject)s lines."),
    Verb.BULK_UNDONE: say("%(who)s undid a table of %(subject)s lines."),
    Verb.DEPARTMENT_REMOVED: say("%(who)s removed the department %(subject)s, which nothing named yet."),
    Verb.PARTNER_REMOVED: say("%(who)s removed the partner %(subject)s, which nothing named yet."),
    Verb.PERSON_ENDED: say("%(who)s ended the access of %(person)s."),
    Verb.PERSON_RESTORED: say("%(who)s gave %(person)s access again."),
    Verb.PERSON_SCRUBBED: say("%(who)s removed the personal data of %(person)s."),
    Verb.LINK_MADE: say("%(who)s made a new link for %(person)s to choose a passphrase."),
    Verb.LETTER_REFUSED: say("The mail server did not take a letter to %(person)s."),
    Verb.LETTERS_RESUMED: say("%(who)s let letters to %(person)s be tried again."),
    Verb.LETTERS_CHOSEN: say("%(who)s changed which letters they get."),
    Verb.CALENDAR_OPENED: say("%(who)s made an address for their calendar."),
    Verb.CALENDAR_CLOSED: say("%(who)s switched their calendar off."),
    Verb.LETTERS_STOPPED: say("%(person)s switched letters off by the link in one of them."),
    Verb.LETTER_SENT_BY_HAND: say("%(who)s sent a letter to %(person)s by hand."),
    Verb.LINK_SHOWN: say("%(who)s was shown a link with which %(person)s chooses a passphrase."),
    Verb.PASSPHRASE_SET: say("%(who)s chose a passphrase."),
    Verb.OWN_NAME_CHANGED: say("%(who)s changed their own name."),
    Verb.OWN_EMAIL_CHANGED: say("%(who)s changed their own e-mail address."),
    Verb.SECOND_STEP_ADDED: say("%(who)s set up a second step for signing in."),
    Verb.SECOND_STEP_REMOVED: say("%(who)s removed the second step from signing in."),
    Verb.SECOND_STEP_RESET: say("%(who)s reset the second step of %(person)s, who had lost it."),
    Verb.SIGN_IN_RULES_CHANGED: say("%(who)s changed how people of the city sign in."),
    Verb.SIGN_IN_SERVICE_ADDED: say("%(who)s added the sign-in service “%(subject)s”."),
    Verb.SIGN_IN_SERVICE_REMOVED: say("%(who)s removed the sign-in service “%(subject)s”."),
    Verb.PASSPHRASES_CLOSED: say("%(who)s let people sign in through the city’s service only."),
    Verb.PASSPHRASES_OPENED: say("%(who)s let people sign in with a passphrase again."),
    Verb.PERSON_INVITED: say("%(who)s invited someone to join as: %(role)s."),
    Verb.INVITATION_SHOWN: say("%(who)s was shown the link of an invitation."),
    Verb.INVITATION_RENEWED: say("%(who)s sent an invitation again."),
    Verb.INVITATION_WITHDRAWN: say("%(who)s withdrew an invitation."),
    Verb.INVITATION_ACCEPTED: say("%(who)s accepted an invitation and has access as: %(role)s."),
    Verb.INVITATION_DECLINED: say("Someone who was invited declined."),
    Verb.STANDING_ENDED: say(
        "%(person)s chose a passphrase through a link that someone else was shown, so approvals and proposals of %(person)s ended."
    ),
    Verb.DEPARTMENT_ADDED: say("%(who)s added the department %(subject)s."),
    Verb.DEPARTMENT_RENAMED: say("%(who)s renamed the department %(was)s to %(subject)s."),
    Verb.DEPARTMENT_LED: say("%(who)s set who heads the department %(subject)s and who is the head’s deputy."),
    Verb.DEPARTMENT_MERGED: say("%(who)s merged the department %(was)s into %(subject)s."),
    Verb.DEPARTMENT_SPLIT: say("%(who)s split the new department %(subject)s off %(was)s."),
    Verb.DEPARTMENT_CLOSED: say("%(who)s closed the department %(subject)s."),
    Verb.HANDED_OVER: say("%(who)s handed work of %(person)s over to %(stand_in)s."),
    Verb.HANDOVER_READ: say("%(who)s read what %(person)s handed over."),
    Verb.LEAVING_NOTES_WRITTEN: say("%(who)s wrote notes for whoever takes over."),
    Verb.FIRST_STEPS_PUT_AWAY: say("%(who)s put the list of first steps away."),
    Verb.ABSENCE_SET: say(
        "%(who)s noted that %(person)s is away from %(from)s to %(until)s and %(stand_in)s stands in."
    ),
    Verb.ABSENCE_ENDED: say("%(who)s noted that %(person)s is no longer away."),
    Verb.ASSIGNED: say("%(who)s gave %(subject)s to the department %(department)s."),
    Verb.UNASSIGNED: say("%(who)s took %(subject)s away from its department."),
    Verb.PARTNER_ADDED: say("%(who)s added the partner %(subject)s."),
    Verb.PARTNER_CHANGED: say("%(who)s changed what is known of the partner %(subject)s."),
    Verb.REQUEST_WRITTEN: say("%(who)s wrote a request to %(to)s for %(subject)s, not sent yet."),
    Verb.REQUEST_CHANGED: say("%(who)s changed a request to %(to)s for %(subject)s that is not sent yet."),
    Verb.REQUEST_RESCHEDULED: say("%(who)s gave a request to %(to)s for %(subject)s another date."),
    Verb.REQUEST_REMINDED: say("%(who)s reminded %(to)s of a request for %(subject)s."),
    Verb.REQUEST_SENT: say("%(who)s asked %(to)s for evidence for %(subject)s."),
    Verb.REQUEST_CLOSED: say("%(who)s ended a request for %(subject)s."),
    Verb.REQUEST_DONE: say("%(who)s said that a request for %(subject)s is answered."),
    Verb.REQUEST_RENEWED: say("%(who)s made a new link for a request for %(subject)s."),
    Verb.CONTRIBUTION_RECEIVED: say("%(title)s sent something for %(subject)s through a request."),
    f"{Verb.CONTRIBUTION_DECIDED}:accepted": say(
        "%(who)s accepted %(title)s from a partner as evidence for %(subject)s."
    ),
    f"{Verb.CONTRIBUTION_DECIDED}:returned": say(
        "%(who)s sent %(title)s back to a partner with a question about %(subject)s."
    ),
    f"{Verb.CONTRIBUTION_DECIDED}:rejected": say("%(who)s did not use %(title)s from a partner for %(subject)s."),
    Verb.PORTAL_SET: say("%(who)s said where the open-data catalog is: %(subject)s."),
    Verb.PORTAL_ASKED: say("%(who)s asked to read the open-data catalog %(subject)s."),
    Verb.PORTAL_READ: say("%(who)s read the open-data catalog %(subject)s."),
    Verb.PORTAL_UNREAD: say("%(who)s could not read the open-data catalog %(subject)s."),
    f"{Verb.FACT_DECIDED}:accepted": say(
        "%(who)s accepted %(title)s from the open-data catalog as evidence for %(subject)s."
    ),
    f"{Verb.FACT_DECIDED}:rejected": say(
        "%(who)s did not use %(title)s from the open-data catalog for %(subject)s this time."
    ),
    f"{Verb.FACT_DECIDED}:never": say(
        "%(who)s rejected %(title)s from the open-data catalog for %(subject)s for good."
    ),
    f"{Verb.FACT_DECIDED}:proposed": say("%(who)s had %(title)s proposed again for %(subject)s."),
    Verb.SCENARIO_SAVED: say("%(who)s saved the scenario %(subject)s."),
    Verb.SCENARIO_CHANGED: say("%(who)s changed the scenario %(subject)s."),
    Verb.SCENARIO_SHARED: say("%(who)s shared the scenario %(subject)s with everyone in the city."),
    Verb.SCENARIO_UNSHARED: say("%(who)s stopped sharing the scenario %(subject)s."),
    Verb.SCENARIO_ADOPTED: say("%(who)s adopted the scenario %(subject)s: its criteria have new due dates."),
    Verb.ADOPTION_UNDONE: say("%(who)s undid the adoption of the scenario %(subject)s."),
    Verb.SCENARIO_WITHDRAWN: say("%(who)s took the scenario %(subject)s out of the lists."),
    Verb.SCENARIO_RESTORED: say("%(who)s put the scenario %(subject)s back into the lists."),
    Verb.ESTIMATE_SET: say("%(who)s changed the city’s estimate for %(subject)s."),
    Verb.REPORT_REQUESTED: say("%(who)s asked for report %(subject)s."),
    Verb.REPORT_MAILED: say("%(who)s sent report %(subject)s by e-mail."),
    Verb.MONTHLY_SET: say("%(who)s set up monthly report %(subject)s."),
    Verb.MONTHLY_CHANGED: say("%(who)s changed monthly report %(subject)s."),
    Verb.MONTHLY_PAUSED: say("%(who)s paused monthly report %(subject)s."),
    Verb.MONTHLY_RESUMED: say("%(who)s resumed monthly report %(subject)s."),
    Verb.MONTHLY_ENDED: say("%(who)s ended monthly report %(subject)s."),
    Verb.MONTHLY_ASKED: say("%(who)s asked again for the monthly report of %(subject)s."),
    Verb.MONTHLY_MAILED: say("Report %(subject)s was sent to those who get it monthly."),
    Verb.MONTHLY_FAILED: say("The monthly report of %(subject)s was not sent."),
    Verb.REPORT_MADE: say("Report %(subject)s, asked for by %(who)s, was made."),
    Verb.REPORT_KEEPING_SET: say("%(who)s changed the legal hold of report %(subject)s."),
    Verb.REPORT_DISPOSAL_PROPOSED: say("%(who)s proposed to dispose of report %(subject)s."),
    Verb.REPORT_DISPOSAL_REFUSED: say("%(who)s decided not to dispose of report %(subject)s."),
    Verb.REPORT_DISPOSED: say(
        "%(who)s approved to dispose of report %(subject)s; its content is gone, and its fingerprint stays in this record."
    ),
    Verb.CITY_ADDED: say("The city %(subject)s was set up."),
    Verb.APPLICATION_SAVED: say("%(who)s wrote down what is known of the submission of %(subject)s."),
    Verb.PROGRAM_ASKED: say("%(who)s wrote down a question of the program on %(subject)s."),
    Verb.PROGRAM_QUESTION_CHANGED: say("%(who)s changed or answered a question of the program on %(subject)s."),
    f"{Verb.OFFICIAL_ANSWER_SET}:met": say("%(who)s wrote down that the program found %(subject)s met."),
    f"{Verb.OFFICIAL_ANSWER_SET}:not_met": say("%(who)s wrote down that the program found %(subject)s not met."),
    f"{Verb.OFFICIAL_ANSWER_SET}:unknown": say(
        "%(who)s wrote down that the program’s answer on %(subject)s is not known."
    ),
    Verb.CITY_CHANGED: say("%(who)s changed the settings of the city: %(subject)s."),
    Verb.AWARD_ENTERED: say("%(who)s entered the award announced on %(subject)s."),
    Verb.AWARD_CHANGED: say("%(who)s changed the award announced on %(subject)s."),
    Verb.AWARD_REMOVED: say("%(who)s removed the award announced on %(subject)s."),
    Verb.AWARD_RESTORED: say("%(who)s restored the award announced on %(subject)s."),
    Verb.EMBLEM_SET: say("The emblem of %(subject)s was set."),
    Verb.EMBLEM_REMOVED: say("%(who)s removed the emblem of %(subject)s."),
    Verb.FOREWORD_SET: say("%(who)s wrote the foreword of reports (%(subject)s)."),
    Verb.FOREWORD_REMOVED: say("%(who)s removed the foreword of reports (%(subject)s)."),
    Verb.ASSESSMENT_CHANGED: say("%(who)s changed the name or the due date of the assessment: %(subject)s."),
    Verb.ASSESSMENT_OPENED: say("The assessment %(subject)s was opened."),
    Verb.CYCLE_BEGUN: say("%(who)s began %(subject)s with the answers of %(was)s."),
    Verb.CYCLE_UNDONE: say("%(who)s undid the start of %(subject)s and reopened %(was)s."),
    Verb.WORDING_SET: say("%(who)s changed the city’s own wording of %(subject)s."),
    Verb.STATE_RECORDED: say("From here on the record also keeps what each change led to."),
    Verb.TABLES_FILLED: say(
        "An upgrade of CityReady put together what it keeps from now on; the record has it from here."
    ),
    Verb.CHANGED_UNNAMED: say("%(who)s changed something that no event tells of: %(subject)s."),
}
OTHERWISE = say("%(who)s changed something about %(subject)s (%(verb)s).")
"""For a verb without a sentence, as in a record that a newer version wrote."""


def event_sentence(
    verb: str,
    subject: str | NamedCriteria,
    details: Mapping[str, Any],
    person_id: int | None,
    names: Mapping[int, str],
) -> Message:
    """What happened, in one sentence; `names` are people's names as they are now, by id."""
    key = f"{verb}:{details.get(CHOICES[verb])}" if verb in CHOICES else verb
    title, role = details.get("title"), details.get("role")
    values = {
        **{name: details.get(name) or "–" for name in ("was", "department", "to", "from", "until")},
        "who": names.get(person_id, say("Someone who left")) if person_id else say("CityReady"),
        "subject": subject or "–",
        "title": say("“%(title)s”", title=title) if title else say("a restricted piece"),
        "person": names.get(details.get("person") or 0) or subject or say("someone"),
        "stand_in": names.get(details.get("stand_in") or 0, "–"),
        "role": ROLE_NAMES[Role(role)] if role in set(Role) else "–",
        "verb": verb,
    }
    told = Message(SENTENCES.get(key, OTHERWISE).text, values=values)
    other = names.get(details.get("for_person") or 0)
    return say("%(told)s On behalf of %(other)s.", told=told, other=other) if other else told


def times_in_words(count: int) -> Message:
    """How often something was done in a row."""
    return counted("%(count)s time", "%(count)s times in a row", count)
