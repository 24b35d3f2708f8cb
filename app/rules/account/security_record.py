"""What the security record says: who got in or was kept out, and what else touches the safety of accounts. It is never exported in public."""

from collections.abc import Mapping
from enum import StrEnum

from app.rules.message import Message, say


class SecurityKind(StrEnum):
    """What happened."""

    SIGNED_IN = "signed_in"
    SIGN_IN_FAILED = "sign_in_failed"
    SIGN_IN_PAUSED = "sign_in_paused"
    SIGNED_OUT = "signed_out"
    SIGNED_OUT_ELSEWHERE = "signed_out_elsewhere"
    CONFIRMED = "confirmed"
    CONFIRMING_FAILED = "confirming_failed"
    PASSPHRASE_SET = "passphrase_set"  # noqa: S105 (the name of what happened)
    EMAIL_CHANGE_ASKED = "email_change_asked"
    EMAIL_CHANGED = "email_changed"
    NEW_DEVICE = "new_device"
    SECOND_STEP_ADDED = "second_step_added"
    SECOND_STEP_REMOVED = "second_step_removed"
    SECOND_STEP_RESET = "second_step_reset"
    APP_REMOVED = "app_removed"
    PASSKEY_ADDED = "passkey_added"
    PASSKEY_REMOVED = "passkey_removed"
    PASSKEY_FAILED = "passkey_failed"
    PASSKEY_COPIED = "passkey_copied"
    CODE_FAILED = "code_failed"
    RECOVERY_CODE_USED = "recovery_code_used"
    RECOVERY_CODES_MADE = "recovery_codes_made"
    IDENTITY_TIED = "identity_tied"
    SIGN_ON_REFUSED = "sign_on_refused"
    LINK_SHOWN = "link_shown"
    LINK_MAILED = "link_mailed"
    LINK_USED = "link_used"
    ADMINISTRATOR_ADDED = "administrator_added"
    ROLE_CHANGED = "role_changed"
    ADDRESS_CHANGED = "address_changed"
    ACCESS_ENDED = "access_ended"
    ACCESS_RESTORED = "access_restored"
    SCRUBBED = "scrubbed"


OWN_SIGN_INS = frozenset(
    {
        SecurityKind.SIGNED_IN,
        SecurityKind.SIGN_IN_FAILED,
        SecurityKind.SIGN_IN_PAUSED,
        SecurityKind.SIGNED_OUT,
        SecurityKind.SIGNED_OUT_ELSEWHERE,
        SecurityKind.CONFIRMED,
        SecurityKind.CONFIRMING_FAILED,
        SecurityKind.PASSPHRASE_SET,
        SecurityKind.EMAIL_CHANGE_ASKED,
        SecurityKind.EMAIL_CHANGED,
        SecurityKind.NEW_DEVICE,
        SecurityKind.IDENTITY_TIED,
        SecurityKind.SIGN_ON_REFUSED,
        SecurityKind.SECOND_STEP_ADDED,
        SecurityKind.SECOND_STEP_REMOVED,
        SecurityKind.APP_REMOVED,
        SecurityKind.PASSKEY_ADDED,
        SecurityKind.PASSKEY_REMOVED,
        SecurityKind.PASSKEY_FAILED,
        SecurityKind.PASSKEY_COPIED,
        SecurityKind.CODE_FAILED,
        SecurityKind.RECOVERY_CODE_USED,
        SecurityKind.RECOVERY_CODES_MADE,
        SecurityKind.LINK_USED,
    }
)
"""What is about nobody but the person, and goes when the person is scrubbed."""

SENTENCES: dict[SecurityKind, Message] = {
    SecurityKind.SIGNED_IN: say("%(person)s signed in."),
    SecurityKind.SIGN_IN_FAILED: say("Signing in as %(person)s failed."),
    SecurityKind.SIGN_IN_PAUSED: say("Signing in as %(person)s was paused from there after too many failures."),
    SecurityKind.SIGNED_OUT: say("%(person)s signed out."),
    SecurityKind.SIGNED_OUT_ELSEWHERE: say("%(person)s signed out everywhere else."),
    SecurityKind.CONFIRMED: say("%(person)s confirmed the passphrase before a sensitive step."),
    SecurityKind.CONFIRMING_FAILED: say("%(person)s typed a wrong passphrase before a sensitive step."),
    SecurityKind.PASSPHRASE_SET: say("%(person)s chose a passphrase."),
    SecurityKind.EMAIL_CHANGE_ASKED: say("%(person)s asked for another e-mail address."),
    SecurityKind.EMAIL_CHANGED: say("%(person)s confirmed another e-mail address."),
    SecurityKind.NEW_DEVICE: say("%(person)s signed in on a new device."),
    SecurityKind.SECOND_STEP_ADDED: say("%(person)s set up a second step for signing in."),
    SecurityKind.SECOND_STEP_REMOVED: say("%(person)s removed the second step."),
    SecurityKind.SECOND_STEP_RESET: say("%(by)s reset the second step of %(person)s."),
    SecurityKind.APP_REMOVED: say("%(person)s removed the authenticator app, and kept a passkey."),
    SecurityKind.PASSKEY_ADDED: say("%(person)s added a passkey."),
    SecurityKind.PASSKEY_REMOVED: say("%(person)s removed a passkey."),
    SecurityKind.PASSKEY_FAILED: say("A passkey of %(person)s could not be checked, and was refused."),
    SecurityKind.PASSKEY_COPIED: say("A passkey of %(person)s may have been copied, and was refused."),
    SecurityKind.CODE_FAILED: say("%(person)s typed a wrong code as the second step."),
    SecurityKind.RECOVERY_CODE_USED: say("%(person)s used a recovery code."),
    SecurityKind.RECOVERY_CODES_MADE: say("%(person)s made new recovery codes."),
    SecurityKind.IDENTITY_TIED: say("%(person)s is known to a sign-in service from now on."),
    SecurityKind.SIGN_ON_REFUSED: say("Signing in through a service was refused for %(person)s."),
    SecurityKind.LINK_SHOWN: say("%(by)s was shown a link for %(person)s."),
    SecurityKind.LINK_MAILED: say("A link was mailed to %(person)s, asked for by %(by)s."),
    SecurityKind.LINK_USED: say("%(person)s used a link to choose a passphrase."),
    SecurityKind.ADMINISTRATOR_ADDED: say("%(by)s made %(person)s an administrator."),
    SecurityKind.ROLE_CHANGED: say("%(by)s changed the role of %(person)s."),
    SecurityKind.ADDRESS_CHANGED: say("%(by)s changed the e-mail address of %(person)s."),
    SecurityKind.ACCESS_ENDED: say("%(by)s ended the access of %(person)s."),
    SecurityKind.ACCESS_RESTORED: say("%(by)s gave %(person)s access again."),
    SecurityKind.SCRUBBED: say("%(by)s removed the personal data of a former member, now %(person)s."),
}

LETTERS: dict[SecurityKind, Message] = {
    SecurityKind.SIGN_IN_PAUSED: say(
        "Someone failed to sign in to your account many times, so signing in from there is paused."
    ),
    SecurityKind.NEW_DEVICE: say("Your account was used on a device that we do not know."),
    SecurityKind.PASSPHRASE_SET: say("A new passphrase was chosen for your account."),
    SecurityKind.EMAIL_CHANGE_ASKED: say("Someone who is signed in to your account asked for another e-mail address."),
    SecurityKind.EMAIL_CHANGED: say(
        "Your account has another e-mail address now. This one does not belong to it any more."
    ),
    SecurityKind.SECOND_STEP_ADDED: say("A second step was set up for signing in to your account."),
    SecurityKind.SECOND_STEP_REMOVED: say("The second step was removed from signing in to your account."),
    SecurityKind.SECOND_STEP_RESET: say(
        "The second step of your account was reset, and all its devices were signed out."
    ),
    SecurityKind.APP_REMOVED: say("The authenticator app was removed from your account. Your passkeys stay."),
    SecurityKind.PASSKEY_ADDED: say("A passkey was added to your account."),
    SecurityKind.PASSKEY_REMOVED: say(
        "A passkey was removed from your account. What it had opened elsewhere was signed out."
    ),
    SecurityKind.PASSKEY_COPIED: say(
        "A passkey of your account counted back, so it may have been copied. It was refused. Remove it, and add another one."
    ),
    SecurityKind.ADDRESS_CHANGED: say(
        "An administrator of your city gave your account another e-mail address. This one does not belong to it any more."
    ),
    SecurityKind.ACCESS_ENDED: say("An access has ended."),
    SecurityKind.RECOVERY_CODE_USED: say("A recovery code was used to sign in to your account."),
    SecurityKind.RECOVERY_CODES_MADE: say(
        "New recovery codes were made for your account. Those from before no longer work."
    ),
    SecurityKind.IDENTITY_TIED: say("Your account can be opened through your city’s sign-in service from now on."),
}
"""What the person is told of by letter."""


def security_sentence(
    kind: SecurityKind, person_id: int | None, by_id: int | None, names: Mapping[int, str]
) -> Message:
    """What happened, in one sentence; `names` are people's names as they are now, by id."""
    person = names.get(person_id, say("Someone who left")) if person_id else say("an unknown account")
    by = names.get(by_id, say("Someone who left")) if by_id else say("CityReady")
    return Message(SENTENCES[kind].text, values={"person": person, "by": by})
