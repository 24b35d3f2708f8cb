"""Tables and queries of what someone enters with: sessions, passkeys, second steps, sign-in services, invitations; and the record of it."""
