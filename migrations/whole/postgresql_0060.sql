CREATE FUNCTION history_only_grows() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'history only grows'; END $$;

CREATE TABLE alembic_version (
    version_num character varying(32) NOT NULL
);

CREATE TABLE assessment (
    id integer NOT NULL,
    city_id integer NOT NULL,
    edition character varying(40) NOT NULL,
    name character varying(120) NOT NULL,
    due_on date,
    state character varying(10) NOT NULL,
    version integer NOT NULL,
    created_at timestamp with time zone NOT NULL,
    previous_id integer,
    own_words text NOT NULL
);

CREATE SEQUENCE assessment_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE assessment_id_seq OWNED BY assessment.id;

CREATE TABLE assignment (
    id integer NOT NULL,
    city_id integer NOT NULL,
    assessment_id integer NOT NULL,
    criterion character varying(12) NOT NULL,
    department_id integer NOT NULL,
    person_id integer,
    due_on date,
    version integer NOT NULL,
    deputy_id integer
);

CREATE SEQUENCE assignment_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE assignment_id_seq OWNED BY assignment.id;

CREATE TABLE authenticator_app (
    id integer NOT NULL,
    person_id integer NOT NULL,
    sealed_secret character varying(300) NOT NULL,
    last_step integer NOT NULL,
    created_at timestamp with time zone NOT NULL
);

CREATE SEQUENCE authenticator_app_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE authenticator_app_id_seq OWNED BY authenticator_app.id;

CREATE TABLE award (
    id integer NOT NULL,
    city_id integer NOT NULL,
    level character varying(10) NOT NULL,
    announced_on date NOT NULL,
    source_url character varying(2000) NOT NULL,
    valid_until date,
    note character varying(500) NOT NULL,
    removed_at timestamp with time zone,
    version integer NOT NULL,
    created_at timestamp with time zone NOT NULL
);

CREATE SEQUENCE award_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE award_id_seq OWNED BY award.id;

CREATE TABLE backup_record (
    id integer NOT NULL,
    name character varying(80) NOT NULL,
    file_count integer NOT NULL,
    row_count integer NOT NULL,
    made_at timestamp with time zone NOT NULL
);

CREATE SEQUENCE backup_record_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE backup_record_id_seq OWNED BY backup_record.id;

CREATE TABLE bulk_save (
    id integer NOT NULL,
    city_id integer NOT NULL,
    saved_by integer,
    saved_at timestamp with time zone NOT NULL,
    lines integer NOT NULL,
    steps text NOT NULL,
    undone_at timestamp with time zone
);

CREATE SEQUENCE bulk_save_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE bulk_save_id_seq OWNED BY bulk_save.id;

CREATE TABLE checklist_answer (
    id integer NOT NULL,
    city_id integer NOT NULL,
    response_id integer NOT NULL,
    item character varying(40) NOT NULL,
    ticked boolean NOT NULL,
    version integer NOT NULL
);

CREATE SEQUENCE checklist_answer_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE checklist_answer_id_seq OWNED BY checklist_answer.id;

CREATE TABLE city (
    id integer NOT NULL,
    slug character varying(40) NOT NULL,
    name character varying(120) NOT NULL,
    country character varying(2) NOT NULL,
    language character varying(5) NOT NULL,
    time_zone character varying(64) NOT NULL,
    population integer,
    logo_key character varying(200),
    illustrative boolean NOT NULL,
    history_count integer NOT NULL,
    history_head character varying(64) NOT NULL,
    version integer NOT NULL,
    created_at timestamp with time zone NOT NULL,
    second_step_roles character varying(60),
    passphrases_closed_at timestamp with time zone,
    passkeys_open_at timestamp with time zone,
    small_office boolean NOT NULL,
    color character varying(7),
    sender_name character varying(80),
    reply_to character varying(254),
    retention_default integer,
    contact_name character varying(120) NOT NULL,
    contact_phone character varying(40) NOT NULL,
    contact_email character varying(254) NOT NULL
);

CREATE SEQUENCE city_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE city_id_seq OWNED BY city.id;

CREATE TABLE contribution (
    id integer NOT NULL,
    city_id integer NOT NULL,
    request_id integer NOT NULL,
    kind character varying(10) NOT NULL,
    title character varying(200) NOT NULL,
    entry text NOT NULL,
    file_id integer,
    name character varying(120) NOT NULL,
    role character varying(120) NOT NULL,
    may_quote boolean NOT NULL,
    state character varying(10) NOT NULL,
    reason text NOT NULL,
    evidence_id integer,
    decided_by integer,
    decided_at timestamp with time zone,
    at timestamp with time zone NOT NULL,
    file_name character varying(200) NOT NULL
);

CREATE SEQUENCE contribution_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE contribution_id_seq OWNED BY contribution.id;

CREATE TABLE department (
    id integer NOT NULL,
    city_id integer NOT NULL,
    name character varying(120) NOT NULL,
    version integer NOT NULL,
    head_id integer,
    deputy_id integer,
    closed_at timestamp with time zone,
    merged_into integer
);

CREATE SEQUENCE department_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE department_id_seq OWNED BY department.id;

CREATE TABLE evidence (
    id integer NOT NULL,
    city_id integer NOT NULL,
    kind character varying(10) NOT NULL,
    title character varying(200) NOT NULL,
    period_from date,
    period_to date,
    page_pointer character varying(300) NOT NULL,
    source character varying(300) NOT NULL,
    visibility character varying(12) NOT NULL,
    file_id integer,
    url character varying(2000) NOT NULL,
    link_state character varying(10) NOT NULL,
    link_checked_at timestamp with time zone,
    note text NOT NULL,
    unit character varying(60) NOT NULL,
    baseline_value numeric(20,4),
    baseline_period character varying(60) NOT NULL,
    current_value numeric(20,4),
    current_period character varying(60) NOT NULL,
    published_percent numeric(9,1),
    created_by integer,
    created_at timestamp with time zone NOT NULL,
    withdrawn_at timestamp with time zone,
    version integer NOT NULL,
    partner_id integer,
    contributed_by character varying(250) NOT NULL,
    contributed_on date,
    link_moved_to character varying(2000) NOT NULL,
    link_troubles integer NOT NULL,
    link_next_at timestamp with time zone,
    dataset character varying(300) NOT NULL,
    method character varying(1000) NOT NULL,
    caveat character varying(500) NOT NULL,
    approved_by integer,
    approved_at timestamp with time zone,
    twin_of integer,
    retention_id integer,
    hold_reason character varying(300) NOT NULL,
    disposal_by integer,
    disposal_at timestamp with time zone,
    disposed_at timestamp with time zone,
    effective_on date,
    may_quote boolean NOT NULL,
    file_name character varying(200) NOT NULL,
    keeper_id integer,
    language character varying(5) NOT NULL,
    link_deaths integer NOT NULL
);

CREATE SEQUENCE evidence_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE evidence_id_seq OWNED BY evidence.id;

CREATE TABLE evidence_opening (
    id integer NOT NULL,
    city_id integer NOT NULL,
    evidence_id integer NOT NULL,
    person_id integer NOT NULL,
    at timestamp with time zone NOT NULL,
    what character varying(10) NOT NULL
);

CREATE SEQUENCE evidence_opening_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE evidence_opening_id_seq OWNED BY evidence_opening.id;

CREATE TABLE evidence_request (
    id integer NOT NULL,
    city_id integer NOT NULL,
    assessment_id integer NOT NULL,
    criterion character varying(12) NOT NULL,
    item character varying(40) NOT NULL,
    partner_id integer,
    department_id integer,
    what text NOT NULL,
    why text NOT NULL,
    forms character varying(40) NOT NULL,
    language character varying(5) NOT NULL,
    due_on date,
    state character varying(10) NOT NULL,
    nonce character varying(32) NOT NULL,
    expires_at timestamp with time zone,
    created_by integer,
    created_at timestamp with time zone NOT NULL,
    version integer NOT NULL,
    keeper_id integer,
    public_advice_read_at timestamp with time zone
);

CREATE SEQUENCE evidence_request_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE evidence_request_id_seq OWNED BY evidence_request.id;

CREATE TABLE evidence_support (
    id integer NOT NULL,
    city_id integer NOT NULL,
    evidence_id integer NOT NULL,
    response_id integer NOT NULL,
    item character varying(40) NOT NULL,
    guest boolean NOT NULL,
    page_pointer character varying(300) NOT NULL
);

CREATE SEQUENCE evidence_support_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE evidence_support_id_seq OWNED BY evidence_support.id;

CREATE TABLE evidence_version (
    id integer NOT NULL,
    city_id integer NOT NULL,
    evidence_id integer NOT NULL,
    number integer NOT NULL,
    content text NOT NULL,
    sha256 character varying(64) NOT NULL,
    file_id integer,
    person_id integer,
    why character varying(300) NOT NULL,
    at timestamp with time zone NOT NULL,
    file_name character varying(200) NOT NULL
);

CREATE SEQUENCE evidence_version_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE evidence_version_id_seq OWNED BY evidence_version.id;

CREATE TABLE file_reading (
    id integer NOT NULL,
    city_id integer NOT NULL,
    file_id integer NOT NULL,
    read_at timestamp with time zone NOT NULL,
    state character varying(10) NOT NULL,
    trouble character varying(20) NOT NULL,
    title character varying(200) NOT NULL,
    made_on date,
    changed_on date,
    pages integer,
    findings text NOT NULL,
    text text NOT NULL,
    sheets text NOT NULL,
    picture_keys text NOT NULL,
    found_at timestamp with time zone NOT NULL,
    reader integer NOT NULL,
    checked boolean NOT NULL,
    unread text NOT NULL,
    stretches text NOT NULL,
    pictured text NOT NULL,
    pictures_wait boolean NOT NULL
);

CREATE TABLE file_reading_answer (
    id integer NOT NULL,
    city_id integer NOT NULL,
    evidence_id integer NOT NULL,
    about character varying(20) NOT NULL,
    visibility character varying(12) NOT NULL,
    person_id integer,
    at timestamp with time zone NOT NULL
);

CREATE SEQUENCE file_reading_answer_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE file_reading_answer_id_seq OWNED BY file_reading_answer.id;

CREATE SEQUENCE file_reading_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE file_reading_id_seq OWNED BY file_reading.id;

CREATE TABLE foreword (
    id integer NOT NULL,
    city_id integer NOT NULL,
    language character varying(5) NOT NULL,
    text text NOT NULL,
    name character varying(80) NOT NULL,
    office character varying(80) NOT NULL,
    version integer NOT NULL
);

CREATE SEQUENCE foreword_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE foreword_id_seq OWNED BY foreword.id;

CREATE TABLE handover (
    id integer NOT NULL,
    city_id integer NOT NULL,
    person_id integer NOT NULL,
    successor_id integer NOT NULL,
    by_id integer NOT NULL,
    at timestamp with time zone NOT NULL,
    content text NOT NULL,
    notes text NOT NULL,
    read_at timestamp with time zone,
    version integer NOT NULL
);

CREATE SEQUENCE handover_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE handover_id_seq OWNED BY handover.id;

CREATE TABLE history_event (
    id integer NOT NULL,
    city_id integer NOT NULL,
    number integer NOT NULL,
    at timestamp with time zone NOT NULL,
    person_id integer,
    verb character varying(40) NOT NULL,
    subject character varying(200) NOT NULL,
    details text NOT NULL,
    previous_hash character varying(64) NOT NULL,
    hash character varying(64) NOT NULL,
    state character varying(64)
);

CREATE SEQUENCE history_event_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE history_event_id_seq OWNED BY history_event.id;

CREATE TABLE installation (
    number integer NOT NULL,
    identity character varying(32) NOT NULL,
    beat integer NOT NULL
);

CREATE SEQUENCE installation_number_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE installation_number_seq OWNED BY installation.number;

CREATE TABLE invitation (
    id integer NOT NULL,
    city_id integer NOT NULL,
    email character varying(254) NOT NULL,
    name character varying(120) NOT NULL,
    role character varying(10) NOT NULL,
    departments character varying(1000) NOT NULL,
    nonce character varying(64) NOT NULL,
    invited_by integer,
    sent_at timestamp with time zone NOT NULL,
    state character varying(10) NOT NULL,
    person_id integer,
    ended_at timestamp with time zone,
    language character varying(5),
    tasks text NOT NULL
);

CREATE SEQUENCE invitation_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE invitation_id_seq OWNED BY invitation.id;

CREATE TABLE job (
    id integer NOT NULL,
    city_id integer NOT NULL,
    kind character varying(30) NOT NULL,
    payload text NOT NULL,
    state character varying(10) NOT NULL,
    attempts integer NOT NULL,
    run_after timestamp with time zone,
    error text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    lane character varying(10) NOT NULL,
    turn integer,
    lease character varying(32) NOT NULL,
    beat integer NOT NULL,
    waits_since timestamp with time zone,
    ended_at timestamp with time zone
);

CREATE SEQUENCE job_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE job_id_seq OWNED BY job.id;

CREATE TABLE judged_response (
    id integer NOT NULL,
    city_id integer NOT NULL,
    response_id integer NOT NULL,
    verdict_id integer NOT NULL,
    content text NOT NULL,
    sha256 character varying(64) NOT NULL,
    rebuilt boolean NOT NULL,
    at timestamp with time zone NOT NULL,
    occasion character varying(10) NOT NULL,
    reason text NOT NULL,
    person_id integer
);

CREATE SEQUENCE judged_response_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE judged_response_id_seq OWNED BY judged_response.id;

CREATE TABLE letter (
    id integer NOT NULL,
    city_id integer NOT NULL,
    person_id integer NOT NULL,
    by_hand integer,
    message_id character varying(120) NOT NULL,
    state character varying(10) NOT NULL,
    day date NOT NULL,
    handed integer NOT NULL,
    try_after timestamp with time zone,
    sent_at timestamp with time zone,
    problem character varying(300) NOT NULL,
    version integer NOT NULL,
    created_at timestamp with time zone NOT NULL
);

CREATE TABLE letter_choice (
    id integer NOT NULL,
    city_id integer NOT NULL,
    person_id integer NOT NULL,
    off character varying(300) NOT NULL,
    pace character varying(10) NOT NULL,
    quiet_days character varying(7) NOT NULL,
    time_zone character varying(64) NOT NULL,
    refused_address character varying(254) NOT NULL,
    refused_reason character varying(300) NOT NULL,
    refused_at timestamp with time zone,
    version integer NOT NULL,
    calendar integer NOT NULL,
    calendars integer NOT NULL
);

CREATE SEQUENCE letter_choice_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE letter_choice_id_seq OWNED BY letter_choice.id;

CREATE TABLE letter_entry (
    id integer NOT NULL,
    city_id integer NOT NULL,
    person_id integer NOT NULL,
    by_id integer,
    letter_id integer,
    kind character varying(20) NOT NULL,
    key character varying(120) NOT NULL,
    subject character varying(12) NOT NULL,
    day date,
    about text NOT NULL,
    dropped character varying(12) NOT NULL,
    at timestamp with time zone NOT NULL
);

CREATE SEQUENCE letter_entry_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE letter_entry_id_seq OWNED BY letter_entry.id;

CREATE SEQUENCE letter_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE letter_id_seq OWNED BY letter.id;

CREATE TABLE letter_mark (
    city_id integer NOT NULL,
    number integer NOT NULL,
    day date
);

CREATE TABLE link_copy (
    id integer NOT NULL,
    city_id integer NOT NULL,
    evidence_id integer NOT NULL,
    file_id integer NOT NULL,
    url character varying(2000) NOT NULL,
    at timestamp with time zone NOT NULL
);

CREATE SEQUENCE link_copy_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE link_copy_id_seq OWNED BY link_copy.id;

CREATE TABLE local_criterion (
    id integer NOT NULL,
    city_id integer NOT NULL,
    edition character varying(40) NOT NULL,
    criterion character varying(12) NOT NULL,
    official_wording character varying NOT NULL,
    checklist character varying,
    needed integer,
    version integer NOT NULL,
    effort character varying(1),
    lead_days integer
);

CREATE SEQUENCE local_criterion_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE local_criterion_id_seq OWNED BY local_criterion.id;

CREATE TABLE membership (
    id integer NOT NULL,
    city_id integer NOT NULL,
    person_id integer NOT NULL,
    role character varying(10) NOT NULL,
    ended_at timestamp with time zone,
    version integer NOT NULL,
    role_since timestamp with time zone,
    stand_in_id integer,
    away_from date,
    away_until date,
    leaving_notes text NOT NULL,
    later_absences text,
    given_by integer
);

CREATE TABLE membership_department (
    membership_id integer NOT NULL,
    department_id integer NOT NULL,
    city_id integer NOT NULL
);

CREATE SEQUENCE membership_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE membership_id_seq OWNED BY membership.id;

CREATE TABLE monthly_issue (
    id integer NOT NULL,
    city_id integer NOT NULL,
    monthly_id integer NOT NULL,
    month character varying(7) NOT NULL,
    report_id integer,
    state character varying(10) NOT NULL,
    problem character varying(20) NOT NULL,
    at timestamp with time zone NOT NULL
);

CREATE SEQUENCE monthly_issue_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE monthly_issue_id_seq OWNED BY monthly_issue.id;

CREATE TABLE monthly_reader (
    id integer NOT NULL,
    city_id integer NOT NULL,
    monthly_id integer NOT NULL,
    person_id integer,
    address character varying(320) NOT NULL,
    until date
);

CREATE SEQUENCE monthly_reader_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE monthly_reader_id_seq OWNED BY monthly_reader.id;

CREATE TABLE monthly_report (
    id integer NOT NULL,
    city_id integer NOT NULL,
    length character varying(10) NOT NULL,
    audience character varying(10) NOT NULL,
    language character varying(5) NOT NULL,
    day integer NOT NULL,
    is_attached boolean NOT NULL,
    starts_on date NOT NULL,
    is_paused boolean NOT NULL,
    set_by integer NOT NULL,
    version integer NOT NULL,
    created_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone
);

CREATE SEQUENCE monthly_report_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE monthly_report_id_seq OWNED BY monthly_report.id;

CREATE TABLE narrative_version (
    id integer NOT NULL,
    city_id integer NOT NULL,
    response_id integer NOT NULL,
    number integer NOT NULL,
    text text NOT NULL,
    person_id integer,
    at timestamp with time zone NOT NULL
);

CREATE SEQUENCE narrative_version_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE narrative_version_id_seq OWNED BY narrative_version.id;

CREATE TABLE partner (
    id integer NOT NULL,
    city_id integer NOT NULL,
    name character varying(120) NOT NULL,
    contact character varying(120) NOT NULL,
    email character varying(254) NOT NULL,
    language character varying(5) NOT NULL,
    version integer NOT NULL,
    created_at timestamp with time zone NOT NULL
);

CREATE SEQUENCE partner_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE partner_id_seq OWNED BY partner.id;

CREATE TABLE passkey (
    id integer NOT NULL,
    person_id integer NOT NULL,
    name character varying(60) NOT NULL,
    key_id character varying(1400) NOT NULL,
    public_key character varying(2000) NOT NULL,
    sign_count bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone
);

CREATE TABLE passkey_challenge (
    id integer NOT NULL,
    person_id integer,
    purpose character varying(20) NOT NULL,
    challenge_hash character varying(64) NOT NULL,
    made_at timestamp with time zone NOT NULL
);

CREATE SEQUENCE passkey_challenge_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE passkey_challenge_id_seq OWNED BY passkey_challenge.id;

CREATE SEQUENCE passkey_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE passkey_id_seq OWNED BY passkey.id;

CREATE TABLE person (
    id integer NOT NULL,
    email character varying(254) NOT NULL,
    name character varying(120) NOT NULL,
    pass_phrase_hash character varying(200),
    language character varying(5),
    demo boolean NOT NULL,
    invited_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    scrubbed_at timestamp with time zone,
    link_shown_to integer,
    second_step_at timestamp with time zone,
    list_choices text NOT NULL,
    public_advice_read_at timestamp with time zone
);

CREATE SEQUENCE person_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE person_id_seq OWNED BY person.id;

CREATE TABLE person_identity (
    id integer NOT NULL,
    person_id integer NOT NULL,
    issuer character varying(300) NOT NULL,
    subject character varying(255) NOT NULL,
    created_at timestamp with time zone NOT NULL
);

CREATE SEQUENCE person_identity_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE person_identity_id_seq OWNED BY person_identity.id;

CREATE TABLE portal (
    id integer NOT NULL,
    city_id integer NOT NULL,
    url character varying(2000) NOT NULL,
    kind character varying(10) NOT NULL,
    state character varying(10) NOT NULL,
    asked_at timestamp with time zone,
    read_at timestamp with time zone,
    error character varying(60) NOT NULL,
    next_read_on date,
    version integer NOT NULL
);

CREATE TABLE portal_fact (
    id integer NOT NULL,
    city_id integer NOT NULL,
    reading_id integer NOT NULL,
    key character varying(20) NOT NULL,
    value integer NOT NULL,
    total integer,
    unknown integer NOT NULL,
    on_day date,
    criterion character varying(12) NOT NULL,
    item character varying(40) NOT NULL,
    state character varying(10) NOT NULL,
    evidence_id integer,
    decided_by integer,
    decided_at timestamp with time zone
);

CREATE SEQUENCE portal_fact_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE portal_fact_id_seq OWNED BY portal_fact.id;

CREATE SEQUENCE portal_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE portal_id_seq OWNED BY portal.id;

CREATE TABLE portal_reading (
    id integer NOT NULL,
    city_id integer NOT NULL,
    url character varying(2000) NOT NULL,
    kind character varying(10) NOT NULL,
    datasets integer NOT NULL,
    problems text NOT NULL,
    unmatched text NOT NULL,
    file_id integer,
    at timestamp with time zone NOT NULL
);

CREATE SEQUENCE portal_reading_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE portal_reading_id_seq OWNED BY portal_reading.id;

CREATE TABLE program_answer (
    id integer NOT NULL,
    city_id integer NOT NULL,
    assessment_id integer NOT NULL,
    version integer NOT NULL,
    criterion character varying(12) NOT NULL,
    answer character varying(10) NOT NULL,
    note character varying(500) NOT NULL
);

CREATE SEQUENCE program_answer_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE program_answer_id_seq OWNED BY program_answer.id;

CREATE TABLE program_application (
    id integer NOT NULL,
    city_id integer NOT NULL,
    assessment_id integer NOT NULL,
    version integer NOT NULL,
    submitted_on date,
    official_level character varying(10) NOT NULL,
    outcome character varying(12) NOT NULL,
    outcome_text character varying(500) NOT NULL,
    outcome_evidence_id integer
);

CREATE SEQUENCE program_application_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE program_application_id_seq OWNED BY program_application.id;

CREATE TABLE program_question (
    id integer NOT NULL,
    city_id integer NOT NULL,
    assessment_id integer NOT NULL,
    version integer NOT NULL,
    criterion character varying(12) NOT NULL,
    asked_on date NOT NULL,
    question text NOT NULL,
    answered_on date,
    answer text NOT NULL
);

CREATE SEQUENCE program_question_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE program_question_id_seq OWNED BY program_question.id;

CREATE TABLE recorded_state (
    city_id integer NOT NULL,
    number integer NOT NULL,
    place integer NOT NULL,
    kind character varying(30) NOT NULL,
    row_id integer NOT NULL,
    before character varying(64) NOT NULL,
    after character varying(64) NOT NULL
);

CREATE TABLE recovery_code (
    id integer NOT NULL,
    person_id integer NOT NULL,
    code_hash character varying(64) NOT NULL
);

CREATE SEQUENCE recovery_code_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE recovery_code_id_seq OWNED BY recovery_code.id;

CREATE TABLE report (
    id integer NOT NULL,
    city_id integer NOT NULL,
    assessment_id integer NOT NULL,
    number integer NOT NULL,
    language character varying(5) NOT NULL,
    length character varying(10) NOT NULL,
    state character varying(10) NOT NULL,
    step character varying(40) NOT NULL,
    error text NOT NULL,
    code character varying(24) NOT NULL,
    shows_number integer NOT NULL,
    history_number integer NOT NULL,
    history_head character varying(64) NOT NULL,
    sentence text NOT NULL,
    content text NOT NULL,
    file_key character varying(200),
    sha256 character varying(64) NOT NULL,
    size_bytes integer NOT NULL,
    requested_by integer,
    created_at timestamp with time zone NOT NULL,
    made_at timestamp with time zone,
    parts character varying(80) NOT NULL,
    audience character varying(10) NOT NULL,
    is_draft boolean NOT NULL,
    department_id integer,
    stated text NOT NULL,
    hold_reason character varying(300) NOT NULL,
    disposal_by integer,
    disposal_at timestamp with time zone,
    disposal_reason character varying(300) NOT NULL,
    disposed_at timestamp with time zone,
    version integer NOT NULL
);

CREATE SEQUENCE report_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE report_id_seq OWNED BY report.id;

CREATE TABLE report_mail (
    id integer NOT NULL,
    city_id integer NOT NULL,
    report_id integer NOT NULL,
    person_id integer,
    address character varying(320) NOT NULL,
    asked_by integer NOT NULL,
    message_id character varying(200) NOT NULL,
    state character varying(10) NOT NULL,
    problem text NOT NULL,
    handed integer NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    sent_at timestamp with time zone,
    issue_id integer
);

CREATE SEQUENCE report_mail_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE report_mail_id_seq OWNED BY report_mail.id;

CREATE TABLE report_opening (
    id integer NOT NULL,
    city_id integer NOT NULL,
    report_id integer NOT NULL,
    person_id integer,
    file character varying(10) NOT NULL,
    opened_on date NOT NULL,
    times integer NOT NULL,
    at timestamp with time zone NOT NULL
);

CREATE SEQUENCE report_opening_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE report_opening_id_seq OWNED BY report_opening.id;

CREATE TABLE response (
    id integer NOT NULL,
    city_id integer NOT NULL,
    assessment_id integer NOT NULL,
    criterion character varying(12) NOT NULL,
    narrative text NOT NULL,
    narrative_version integer NOT NULL,
    narrative_by integer,
    narrative_at timestamp with time zone,
    self_rating character varying(10),
    state character varying(12) NOT NULL,
    version integer NOT NULL,
    submitted_at timestamp with time zone,
    submitted_by integer,
    claimed_by integer,
    updated_at timestamp with time zone NOT NULL,
    confidence character varying(10),
    carried_from integer,
    confirmation character varying(12),
    renewal character varying(10) NOT NULL,
    renewed_by integer,
    narrative_language character varying(5) NOT NULL
);

CREATE SEQUENCE response_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE response_id_seq OWNED BY response.id;

CREATE TABLE retention_class (
    id integer NOT NULL,
    city_id integer NOT NULL,
    name character varying(60) NOT NULL,
    years integer NOT NULL,
    version integer NOT NULL,
    for_reports boolean NOT NULL
);

CREATE SEQUENCE retention_class_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE retention_class_id_seq OWNED BY retention_class.id;

CREATE TABLE review_comment (
    id integer NOT NULL,
    city_id integer NOT NULL,
    response_id integer NOT NULL,
    text text NOT NULL,
    person_id integer NOT NULL,
    at timestamp with time zone NOT NULL,
    asked character varying(200) NOT NULL,
    kind character varying(10) NOT NULL,
    reply_to integer,
    answered_at timestamp with time zone,
    answered_by integer,
    language character varying(5) NOT NULL
);

CREATE SEQUENCE review_comment_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE review_comment_id_seq OWNED BY review_comment.id;

CREATE TABLE scenario (
    id integer NOT NULL,
    city_id integer NOT NULL,
    assessment_id integer NOT NULL,
    name character varying(120) NOT NULL,
    level character varying(24) NOT NULL,
    target_on date,
    criteria text NOT NULL,
    shared boolean NOT NULL,
    adopted_at timestamp with time zone,
    before text NOT NULL,
    created_by integer,
    created_at timestamp with time zone NOT NULL,
    withdrawn_at timestamp with time zone,
    version integer NOT NULL
);

CREATE SEQUENCE scenario_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE scenario_id_seq OWNED BY scenario.id;

CREATE TABLE search_word (
    city_id integer NOT NULL,
    word character varying(40) NOT NULL COLLATE pg_catalog."C",
    evidence_id integer NOT NULL
);

CREATE TABLE security_event (
    id integer NOT NULL,
    at timestamp with time zone NOT NULL,
    kind character varying(30) NOT NULL,
    city_id integer,
    person_id integer,
    by_id integer,
    detail character varying(60) NOT NULL,
    address character varying(45) NOT NULL,
    agent character varying(200) NOT NULL
);

CREATE SEQUENCE security_event_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE security_event_id_seq OWNED BY security_event.id;

CREATE TABLE sign_in_attempt (
    id integer NOT NULL,
    subject character varying(64) NOT NULL,
    at timestamp with time zone NOT NULL
);

CREATE SEQUENCE sign_in_attempt_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE sign_in_attempt_id_seq OWNED BY sign_in_attempt.id;

CREATE TABLE sign_in_provider (
    id integer NOT NULL,
    city_id integer NOT NULL,
    name character varying(60) NOT NULL,
    issuer character varying(300) NOT NULL,
    client_id character varying(200) NOT NULL,
    sealed_secret character varying(800) NOT NULL,
    domains character varying(500) NOT NULL,
    is_trusted boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    groups_claim character varying(60) NOT NULL,
    group_roles text NOT NULL,
    creates_accounts boolean NOT NULL,
    version integer NOT NULL
);

CREATE SEQUENCE sign_in_provider_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE sign_in_provider_id_seq OWNED BY sign_in_provider.id;

CREATE TABLE sign_in_session (
    id integer NOT NULL,
    token_hash character varying(64) NOT NULL,
    person_id integer NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    seen_at timestamp with time zone NOT NULL,
    confirmed_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    address character varying(45) NOT NULL,
    agent character varying(200) NOT NULL,
    provider_city_id integer,
    passkey_id integer,
    by_passkey_alone boolean NOT NULL
);

CREATE SEQUENCE sign_in_session_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE sign_in_session_id_seq OWNED BY sign_in_session.id;

CREATE TABLE stored_file (
    id integer NOT NULL,
    city_id integer NOT NULL,
    key character varying(200) NOT NULL,
    sha256 character varying(64) NOT NULL,
    size_bytes integer NOT NULL,
    media_type character varying(120) NOT NULL,
    name character varying(200) NOT NULL,
    created_by integer,
    created_at timestamp with time zone NOT NULL,
    scan character varying(10) NOT NULL
);

CREATE SEQUENCE stored_file_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE stored_file_id_seq OWNED BY stored_file.id;

CREATE TABLE unclaimed_file (
    key character varying(200) NOT NULL,
    seen_at timestamp with time zone NOT NULL
);

CREATE TABLE upload (
    id integer NOT NULL,
    city_id integer NOT NULL,
    person_id integer,
    token character varying(32) NOT NULL,
    name character varying(200) NOT NULL,
    size_bytes integer NOT NULL,
    received_bytes integer NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    created_at timestamp with time zone NOT NULL,
    request_id integer
);

CREATE SEQUENCE upload_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE upload_id_seq OWNED BY upload.id;

CREATE TABLE upload_part (
    id integer NOT NULL,
    city_id integer NOT NULL,
    upload_id integer NOT NULL,
    begins_at integer NOT NULL,
    size_bytes integer NOT NULL,
    key character varying(200) NOT NULL
);

CREATE SEQUENCE upload_part_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE upload_part_id_seq OWNED BY upload_part.id;

CREATE TABLE verdict (
    id integer NOT NULL,
    city_id integer NOT NULL,
    response_id integer NOT NULL,
    decision character varying(14) NOT NULL,
    reason text NOT NULL,
    reviewer_id integer NOT NULL,
    at timestamp with time zone NOT NULL,
    withdrawn_at timestamp with time zone,
    language character varying(5) NOT NULL
);

CREATE SEQUENCE verdict_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE verdict_id_seq OWNED BY verdict.id;

ALTER TABLE ONLY assessment ALTER COLUMN id SET DEFAULT nextval('assessment_id_seq'::regclass);

ALTER TABLE ONLY assignment ALTER COLUMN id SET DEFAULT nextval('assignment_id_seq'::regclass);

ALTER TABLE ONLY authenticator_app ALTER COLUMN id SET DEFAULT nextval('authenticator_app_id_seq'::regclass);

ALTER TABLE ONLY award ALTER COLUMN id SET DEFAULT nextval('award_id_seq'::regclass);

ALTER TABLE ONLY backup_record ALTER COLUMN id SET DEFAULT nextval('backup_record_id_seq'::regclass);

ALTER TABLE ONLY bulk_save ALTER COLUMN id SET DEFAULT nextval('bulk_save_id_seq'::regclass);

ALTER TABLE ONLY checklist_answer ALTER COLUMN id SET DEFAULT nextval('checklist_answer_id_seq'::regclass);

ALTER TABLE ONLY city ALTER COLUMN id SET DEFAULT nextval('city_id_seq'::regclass);

ALTER TABLE ONLY contribution ALTER COLUMN id SET DEFAULT nextval('contribution_id_seq'::regclass);

ALTER TABLE ONLY department ALTER COLUMN id SET DEFAULT nextval('department_id_seq'::regclass);

ALTER TABLE ONLY evidence ALTER COLUMN id SET DEFAULT nextval('evidence_id_seq'::regclass);

ALTER TABLE ONLY evidence_opening ALTER COLUMN id SET DEFAULT nextval('evidence_opening_id_seq'::regclass);

ALTER TABLE ONLY evidence_request ALTER COLUMN id SET DEFAULT nextval('evidence_request_id_seq'::regclass);

ALTER TABLE ONLY evidence_support ALTER COLUMN id SET DEFAULT nextval('evidence_support_id_seq'::regclass);

ALTER TABLE ONLY evidence_version ALTER COLUMN id SET DEFAULT nextval('evidence_version_id_seq'::regclass);

ALTER TABLE ONLY file_reading ALTER COLUMN id SET DEFAULT nextval('file_reading_id_seq'::regclass);

ALTER TABLE ONLY file_reading_answer ALTER COLUMN id SET DEFAULT nextval('file_reading_answer_id_seq'::regclass);

ALTER TABLE ONLY foreword ALTER COLUMN id SET DEFAULT nextval('foreword_id_seq'::regclass);

ALTER TABLE ONLY handover ALTER COLUMN id SET DEFAULT nextval('handover_id_seq'::regclass);

ALTER TABLE ONLY history_event ALTER COLUMN id SET DEFAULT nextval('history_event_id_seq'::regclass);

ALTER TABLE ONLY installation ALTER COLUMN number SET DEFAULT nextval('installation_number_seq'::regclass);

ALTER TABLE ONLY invitation ALTER COLUMN id SET DEFAULT nextval('invitation_id_seq'::regclass);

ALTER TABLE ONLY job ALTER COLUMN id SET DEFAULT nextval('job_id_seq'::regclass);

ALTER TABLE ONLY judged_response ALTER COLUMN id SET DEFAULT nextval('judged_response_id_seq'::regclass);

ALTER TABLE ONLY letter ALTER COLUMN id SET DEFAULT nextval('letter_id_seq'::regclass);

ALTER TABLE ONLY letter_choice ALTER COLUMN id SET DEFAULT nextval('letter_choice_id_seq'::regclass);

ALTER TABLE ONLY letter_entry ALTER COLUMN id SET DEFAULT nextval('letter_entry_id_seq'::regclass);

ALTER TABLE ONLY link_copy ALTER COLUMN id SET DEFAULT nextval('link_copy_id_seq'::regclass);

ALTER TABLE ONLY local_criterion ALTER COLUMN id SET DEFAULT nextval('local_criterion_id_seq'::regclass);

ALTER TABLE ONLY membership ALTER COLUMN id SET DEFAULT nextval('membership_id_seq'::regclass);

ALTER TABLE ONLY monthly_issue ALTER COLUMN id SET DEFAULT nextval('monthly_issue_id_seq'::regclass);

ALTER TABLE ONLY monthly_reader ALTER COLUMN id SET DEFAULT nextval('monthly_reader_id_seq'::regclass);

ALTER TABLE ONLY monthly_report ALTER COLUMN id SET DEFAULT nextval('monthly_report_id_seq'::regclass);

ALTER TABLE ONLY narrative_version ALTER COLUMN id SET DEFAULT nextval('narrative_version_id_seq'::regclass);

ALTER TABLE ONLY partner ALTER COLUMN id SET DEFAULT nextval('partner_id_seq'::regclass);

ALTER TABLE ONLY passkey ALTER COLUMN id SET DEFAULT nextval('passkey_id_seq'::regclass);

ALTER TABLE ONLY passkey_challenge ALTER COLUMN id SET DEFAULT nextval('passkey_challenge_id_seq'::regclass);

ALTER TABLE ONLY person ALTER COLUMN id SET DEFAULT nextval('person_id_seq'::regclass);

ALTER TABLE ONLY person_identity ALTER COLUMN id SET DEFAULT nextval('person_identity_id_seq'::regclass);

ALTER TABLE ONLY portal ALTER COLUMN id SET DEFAULT nextval('portal_id_seq'::regclass);

ALTER TABLE ONLY portal_fact ALTER COLUMN id SET DEFAULT nextval('portal_fact_id_seq'::regclass);

ALTER TABLE ONLY portal_reading ALTER COLUMN id SET DEFAULT nextval('portal_reading_id_seq'::regclass);

ALTER TABLE ONLY program_answer ALTER COLUMN id SET DEFAULT nextval('program_answer_id_seq'::regclass);

ALTER TABLE ONLY program_application ALTER COLUMN id SET DEFAULT nextval('program_application_id_seq'::regclass);

ALTER TABLE ONLY program_question ALTER COLUMN id SET DEFAULT nextval('program_question_id_seq'::regclass);

ALTER TABLE ONLY recovery_code ALTER COLUMN id SET DEFAULT nextval('recovery_code_id_seq'::regclass);

ALTER TABLE ONLY report ALTER COLUMN id SET DEFAULT nextval('report_id_seq'::regclass);

ALTER TABLE ONLY report_mail ALTER COLUMN id SET DEFAULT nextval('report_mail_id_seq'::regclass);

ALTER TABLE ONLY report_opening ALTER COLUMN id SET DEFAULT nextval('report_opening_id_seq'::regclass);

ALTER TABLE ONLY response ALTER COLUMN id SET DEFAULT nextval('response_id_seq'::regclass);

ALTER TABLE ONLY retention_class ALTER COLUMN id SET DEFAULT nextval('retention_class_id_seq'::regclass);

ALTER TABLE ONLY review_comment ALTER COLUMN id SET DEFAULT nextval('review_comment_id_seq'::regclass);

ALTER TABLE ONLY scenario ALTER COLUMN id SET DEFAULT nextval('scenario_id_seq'::regclass);

ALTER TABLE ONLY security_event ALTER COLUMN id SET DEFAULT nextval('security_event_id_seq'::regclass);

ALTER TABLE ONLY sign_in_attempt ALTER COLUMN id SET DEFAULT nextval('sign_in_attempt_id_seq'::regclass);

ALTER TABLE ONLY sign_in_provider ALTER COLUMN id SET DEFAULT nextval('sign_in_provider_id_seq'::regclass);

ALTER TABLE ONLY sign_in_session ALTER COLUMN id SET DEFAULT nextval('sign_in_session_id_seq'::regclass);

ALTER TABLE ONLY stored_file ALTER COLUMN id SET DEFAULT nextval('stored_file_id_seq'::regclass);

ALTER TABLE ONLY upload ALTER COLUMN id SET DEFAULT nextval('upload_id_seq'::regclass);

ALTER TABLE ONLY upload_part ALTER COLUMN id SET DEFAULT nextval('upload_part_id_seq'::regclass);

ALTER TABLE ONLY verdict ALTER COLUMN id SET DEFAULT nextval('verdict_id_seq'::regclass);

ALTER TABLE ONLY alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);

ALTER TABLE ONLY assessment
    ADD CONSTRAINT pk_assessment PRIMARY KEY (id);

ALTER TABLE ONLY assignment
    ADD CONSTRAINT pk_assignment PRIMARY KEY (id);

ALTER TABLE ONLY authenticator_app
    ADD CONSTRAINT pk_authenticator_app PRIMARY KEY (id);

ALTER TABLE ONLY award
    ADD CONSTRAINT pk_award PRIMARY KEY (id);

ALTER TABLE ONLY backup_record
    ADD CONSTRAINT pk_backup_record PRIMARY KEY (id);

ALTER TABLE ONLY bulk_save
    ADD CONSTRAINT pk_bulk_save PRIMARY KEY (id);

ALTER TABLE ONLY checklist_answer
    ADD CONSTRAINT pk_checklist_answer PRIMARY KEY (id);

ALTER TABLE ONLY city
    ADD CONSTRAINT pk_city PRIMARY KEY (id);

ALTER TABLE ONLY contribution
    ADD CONSTRAINT pk_contribution PRIMARY KEY (id);

ALTER TABLE ONLY department
    ADD CONSTRAINT pk_department PRIMARY KEY (id);

ALTER TABLE ONLY evidence
    ADD CONSTRAINT pk_evidence PRIMARY KEY (id);

ALTER TABLE ONLY evidence_opening
    ADD CONSTRAINT pk_evidence_opening PRIMARY KEY (id);

ALTER TABLE ONLY evidence_request
    ADD CONSTRAINT pk_evidence_request PRIMARY KEY (id);

ALTER TABLE ONLY evidence_support
    ADD CONSTRAINT pk_evidence_support PRIMARY KEY (id);

ALTER TABLE ONLY evidence_version
    ADD CONSTRAINT pk_evidence_version PRIMARY KEY (id);

ALTER TABLE ONLY file_reading
    ADD CONSTRAINT pk_file_reading PRIMARY KEY (id);

ALTER TABLE ONLY file_reading_answer
    ADD CONSTRAINT pk_file_reading_answer PRIMARY KEY (id);

ALTER TABLE ONLY foreword
    ADD CONSTRAINT pk_foreword PRIMARY KEY (id);

ALTER TABLE ONLY handover
    ADD CONSTRAINT pk_handover PRIMARY KEY (id);

ALTER TABLE ONLY history_event
    ADD CONSTRAINT pk_history_event PRIMARY KEY (id);

ALTER TABLE ONLY installation
    ADD CONSTRAINT pk_installation PRIMARY KEY (number);

ALTER TABLE ONLY invitation
    ADD CONSTRAINT pk_invitation PRIMARY KEY (id);

ALTER TABLE ONLY job
    ADD CONSTRAINT pk_job PRIMARY KEY (id);

ALTER TABLE ONLY judged_response
    ADD CONSTRAINT pk_judged_response PRIMARY KEY (id);

ALTER TABLE ONLY letter
    ADD CONSTRAINT pk_letter PRIMARY KEY (id);

ALTER TABLE ONLY letter_choice
    ADD CONSTRAINT pk_letter_choice PRIMARY KEY (id);

ALTER TABLE ONLY letter_entry
    ADD CONSTRAINT pk_letter_entry PRIMARY KEY (id);

ALTER TABLE ONLY letter_mark
    ADD CONSTRAINT pk_letter_mark PRIMARY KEY (city_id);

ALTER TABLE ONLY link_copy
    ADD CONSTRAINT pk_link_copy PRIMARY KEY (id);

ALTER TABLE ONLY local_criterion
    ADD CONSTRAINT pk_local_criterion PRIMARY KEY (id);

ALTER TABLE ONLY membership
    ADD CONSTRAINT pk_membership PRIMARY KEY (id);

ALTER TABLE ONLY membership_department
    ADD CONSTRAINT pk_membership_department PRIMARY KEY (membership_id, department_id);

ALTER TABLE ONLY monthly_issue
    ADD CONSTRAINT pk_monthly_issue PRIMARY KEY (id);

ALTER TABLE ONLY monthly_reader
    ADD CONSTRAINT pk_monthly_reader PRIMARY KEY (id);

ALTER TABLE ONLY monthly_report
    ADD CONSTRAINT pk_monthly_report PRIMARY KEY (id);

ALTER TABLE ONLY narrative_version
    ADD CONSTRAINT pk_narrative_version PRIMARY KEY (id);

ALTER TABLE ONLY partner
    ADD CONSTRAINT pk_partner PRIMARY KEY (id);

ALTER TABLE ONLY passkey
    ADD CONSTRAINT pk_passkey PRIMARY KEY (id);

ALTER TABLE ONLY passkey_challenge
    ADD CONSTRAINT pk_passkey_challenge PRIMARY KEY (id);

ALTER TABLE ONLY person
    ADD CONSTRAINT pk_person PRIMARY KEY (id);

ALTER TABLE ONLY person_identity
    ADD CONSTRAINT pk_person_identity PRIMARY KEY (id);

ALTER TABLE ONLY portal
    ADD CONSTRAINT pk_portal PRIMARY KEY (id);

ALTER TABLE ONLY portal_fact
    ADD CONSTRAINT pk_portal_fact PRIMARY KEY (id);

ALTER TABLE ONLY portal_reading
    ADD CONSTRAINT pk_portal_reading PRIMARY KEY (id);

ALTER TABLE ONLY program_answer
    ADD CONSTRAINT pk_program_answer PRIMARY KEY (id);

ALTER TABLE ONLY program_application
    ADD CONSTRAINT pk_program_application PRIMARY KEY (id);

ALTER TABLE ONLY program_question
    ADD CONSTRAINT pk_program_question PRIMARY KEY (id);

ALTER TABLE ONLY recorded_state
    ADD CONSTRAINT pk_recorded_state PRIMARY KEY (city_id, number, place);

ALTER TABLE ONLY recovery_code
    ADD CONSTRAINT pk_recovery_code PRIMARY KEY (id);

ALTER TABLE ONLY report
    ADD CONSTRAINT pk_report PRIMARY KEY (id);

ALTER TABLE ONLY report_mail
    ADD CONSTRAINT pk_report_mail PRIMARY KEY (id);

ALTER TABLE ONLY report_opening
    ADD CONSTRAINT pk_report_opening PRIMARY KEY (id);

ALTER TABLE ONLY response
    ADD CONSTRAINT pk_response PRIMARY KEY (id);

ALTER TABLE ONLY retention_class
    ADD CONSTRAINT pk_retention_class PRIMARY KEY (id);

ALTER TABLE ONLY review_comment
    ADD CONSTRAINT pk_review_comment PRIMARY KEY (id);

ALTER TABLE ONLY scenario
    ADD CONSTRAINT pk_scenario PRIMARY KEY (id);

ALTER TABLE ONLY search_word
    ADD CONSTRAINT pk_search_word PRIMARY KEY (city_id, word, evidence_id);

ALTER TABLE ONLY security_event
    ADD CONSTRAINT pk_security_event PRIMARY KEY (id);

ALTER TABLE ONLY sign_in_attempt
    ADD CONSTRAINT pk_sign_in_attempt PRIMARY KEY (id);

ALTER TABLE ONLY sign_in_provider
    ADD CONSTRAINT pk_sign_in_provider PRIMARY KEY (id);

ALTER TABLE ONLY sign_in_session
    ADD CONSTRAINT pk_sign_in_session PRIMARY KEY (id);

ALTER TABLE ONLY stored_file
    ADD CONSTRAINT pk_stored_file PRIMARY KEY (id);

ALTER TABLE ONLY unclaimed_file
    ADD CONSTRAINT pk_unclaimed_file PRIMARY KEY (key);

ALTER TABLE ONLY upload
    ADD CONSTRAINT pk_upload PRIMARY KEY (id);

ALTER TABLE ONLY upload_part
    ADD CONSTRAINT pk_upload_part PRIMARY KEY (id);

ALTER TABLE ONLY verdict
    ADD CONSTRAINT pk_verdict PRIMARY KEY (id);

ALTER TABLE ONLY assignment
    ADD CONSTRAINT uq_assignment_assessment_id_criterion UNIQUE (assessment_id, criterion);

ALTER TABLE ONLY authenticator_app
    ADD CONSTRAINT uq_authenticator_app_person_id UNIQUE (person_id);

ALTER TABLE ONLY checklist_answer
    ADD CONSTRAINT uq_checklist_answer_response_id_item UNIQUE (response_id, item);

ALTER TABLE ONLY city
    ADD CONSTRAINT uq_city_slug UNIQUE (slug);

ALTER TABLE ONLY department
    ADD CONSTRAINT uq_department_city_id_name UNIQUE (city_id, name);

ALTER TABLE ONLY evidence_support
    ADD CONSTRAINT uq_evidence_support_evidence_id_response_id_item UNIQUE (evidence_id, response_id, item);

ALTER TABLE ONLY evidence_version
    ADD CONSTRAINT uq_evidence_version_evidence_id_number UNIQUE (evidence_id, number);

ALTER TABLE ONLY file_reading_answer
    ADD CONSTRAINT uq_file_reading_answer_evidence_id_about UNIQUE (evidence_id, about);

ALTER TABLE ONLY file_reading
    ADD CONSTRAINT uq_file_reading_file_id UNIQUE (file_id);

ALTER TABLE ONLY foreword
    ADD CONSTRAINT uq_foreword_city_id_language UNIQUE (city_id, language);

ALTER TABLE ONLY history_event
    ADD CONSTRAINT uq_history_event_city_id_number UNIQUE (city_id, number);

ALTER TABLE ONLY letter_choice
    ADD CONSTRAINT uq_letter_choice_city_id_person_id UNIQUE (city_id, person_id);

ALTER TABLE ONLY letter_entry
    ADD CONSTRAINT uq_letter_entry_city_id_person_id_key UNIQUE (city_id, person_id, key);

ALTER TABLE ONLY letter
    ADD CONSTRAINT uq_letter_message_id UNIQUE (message_id);

ALTER TABLE ONLY local_criterion
    ADD CONSTRAINT uq_local_criterion_city_id_edition_criterion UNIQUE (city_id, edition, criterion);

ALTER TABLE ONLY membership
    ADD CONSTRAINT uq_membership_city_id_person_id UNIQUE (city_id, person_id);

ALTER TABLE ONLY monthly_issue
    ADD CONSTRAINT uq_monthly_issue_monthly_id_month UNIQUE (monthly_id, month);

ALTER TABLE ONLY partner
    ADD CONSTRAINT uq_partner_city_id_name UNIQUE (city_id, name);

ALTER TABLE ONLY passkey_challenge
    ADD CONSTRAINT uq_passkey_challenge_challenge_hash UNIQUE (challenge_hash);

ALTER TABLE ONLY passkey
    ADD CONSTRAINT uq_passkey_key_id UNIQUE (key_id);

ALTER TABLE ONLY person
    ADD CONSTRAINT uq_person_email UNIQUE (email);

ALTER TABLE ONLY person_identity
    ADD CONSTRAINT uq_person_identity_issuer_subject UNIQUE (issuer, subject);

ALTER TABLE ONLY portal
    ADD CONSTRAINT uq_portal_city_id UNIQUE (city_id);

ALTER TABLE ONLY program_answer
    ADD CONSTRAINT uq_program_answer_assessment_id_criterion UNIQUE (assessment_id, criterion);

ALTER TABLE ONLY program_application
    ADD CONSTRAINT uq_program_application_assessment_id UNIQUE (assessment_id);

ALTER TABLE ONLY report
    ADD CONSTRAINT uq_report_city_id_number UNIQUE (city_id, number);

ALTER TABLE ONLY report
    ADD CONSTRAINT uq_report_code UNIQUE (code);

ALTER TABLE ONLY response
    ADD CONSTRAINT uq_response_assessment_id_criterion UNIQUE (assessment_id, criterion);

ALTER TABLE ONLY retention_class
    ADD CONSTRAINT uq_retention_class_city_id_name UNIQUE (city_id, name);

ALTER TABLE ONLY sign_in_session
    ADD CONSTRAINT uq_sign_in_session_token_hash UNIQUE (token_hash);

ALTER TABLE ONLY stored_file
    ADD CONSTRAINT uq_stored_file_city_id_sha256 UNIQUE (city_id, sha256);

ALTER TABLE ONLY stored_file
    ADD CONSTRAINT uq_stored_file_key UNIQUE (key);

ALTER TABLE ONLY upload_part
    ADD CONSTRAINT uq_upload_part_key UNIQUE (key);

ALTER TABLE ONLY upload_part
    ADD CONSTRAINT uq_upload_part_upload_id_begins_at UNIQUE (upload_id, begins_at);

ALTER TABLE ONLY upload
    ADD CONSTRAINT uq_upload_token UNIQUE (token);

CREATE INDEX ix_assessment_city_id ON assessment USING btree (city_id);

CREATE INDEX ix_assignment_assessment_id ON assignment USING btree (assessment_id);

CREATE INDEX ix_assignment_city_id ON assignment USING btree (city_id);

CREATE INDEX ix_assignment_deputy_id ON assignment USING btree (deputy_id);

CREATE INDEX ix_award_city_id ON award USING btree (city_id);

CREATE INDEX ix_bulk_save_city_id ON bulk_save USING btree (city_id);

CREATE INDEX ix_checklist_answer_city_id ON checklist_answer USING btree (city_id);

CREATE INDEX ix_checklist_answer_response_id ON checklist_answer USING btree (response_id);

CREATE INDEX ix_contribution_city_id ON contribution USING btree (city_id);

CREATE INDEX ix_contribution_request_id ON contribution USING btree (request_id);

CREATE INDEX ix_department_city_id ON department USING btree (city_id);

CREATE INDEX ix_evidence_city_id ON evidence USING btree (city_id);

CREATE INDEX ix_evidence_link_next_at ON evidence USING btree (link_next_at);

CREATE INDEX ix_evidence_opening_city_id ON evidence_opening USING btree (city_id);

CREATE INDEX ix_evidence_opening_evidence_id ON evidence_opening USING btree (evidence_id);

CREATE INDEX ix_evidence_request_assessment_id ON evidence_request USING btree (assessment_id);

CREATE INDEX ix_evidence_request_city_id ON evidence_request USING btree (city_id);

CREATE INDEX ix_evidence_support_city_id ON evidence_support USING btree (city_id);

CREATE INDEX ix_evidence_support_evidence_id ON evidence_support USING btree (evidence_id);

CREATE INDEX ix_evidence_support_response_id ON evidence_support USING btree (response_id);

CREATE INDEX ix_evidence_twin_of ON evidence USING btree (twin_of);

CREATE INDEX ix_evidence_version_city_id ON evidence_version USING btree (city_id);

CREATE INDEX ix_evidence_version_evidence_id ON evidence_version USING btree (evidence_id);

CREATE INDEX ix_file_reading_answer_city_id ON file_reading_answer USING btree (city_id);

CREATE INDEX ix_file_reading_city_id ON file_reading USING btree (city_id);

CREATE INDEX ix_foreword_city_id ON foreword USING btree (city_id);

CREATE INDEX ix_handover_city_id ON handover USING btree (city_id);

CREATE INDEX ix_history_event_city_id ON history_event USING btree (city_id);

CREATE INDEX ix_invitation_city_id ON invitation USING btree (city_id);

CREATE INDEX ix_invitation_email ON invitation USING btree (email);

CREATE INDEX ix_job_city_id ON job USING btree (city_id);

CREATE INDEX ix_job_lane_city_id_turn ON job USING btree (lane, city_id, turn);

CREATE INDEX ix_job_state_ended_at ON job USING btree (state, ended_at);

CREATE INDEX ix_job_state_lane_city_id_id ON job USING btree (state, lane, city_id, id);

CREATE INDEX ix_job_state_run_after ON job USING btree (state, run_after);

CREATE INDEX ix_job_turn ON job USING btree (turn);

CREATE INDEX ix_judged_response_city_id ON judged_response USING btree (city_id);

CREATE INDEX ix_judged_response_response_id ON judged_response USING btree (response_id);

CREATE INDEX ix_judged_response_verdict_id ON judged_response USING btree (verdict_id);

CREATE INDEX ix_letter_choice_city_id ON letter_choice USING btree (city_id);

CREATE INDEX ix_letter_choice_person_id ON letter_choice USING btree (person_id);

CREATE INDEX ix_letter_city_id ON letter USING btree (city_id);

CREATE INDEX ix_letter_entry_city_id ON letter_entry USING btree (city_id);

CREATE INDEX ix_letter_entry_letter_id ON letter_entry USING btree (letter_id);

CREATE INDEX ix_letter_entry_person_id ON letter_entry USING btree (person_id);

CREATE INDEX ix_letter_person_id ON letter USING btree (person_id);

CREATE INDEX ix_letter_state_try_after ON letter USING btree (state, try_after);

CREATE INDEX ix_link_copy_city_id ON link_copy USING btree (city_id);

CREATE INDEX ix_link_copy_evidence_id ON link_copy USING btree (evidence_id);

CREATE INDEX ix_local_criterion_city_id ON local_criterion USING btree (city_id);

CREATE INDEX ix_membership_city_id ON membership USING btree (city_id);

CREATE INDEX ix_membership_department_city_id ON membership_department USING btree (city_id);

CREATE INDEX ix_membership_person_id ON membership USING btree (person_id);

CREATE INDEX ix_monthly_issue_city_id ON monthly_issue USING btree (city_id);

CREATE INDEX ix_monthly_issue_state ON monthly_issue USING btree (state);

CREATE INDEX ix_monthly_reader_city_id ON monthly_reader USING btree (city_id);

CREATE INDEX ix_monthly_reader_monthly_id ON monthly_reader USING btree (monthly_id);

CREATE INDEX ix_monthly_report_city_id ON monthly_report USING btree (city_id);

CREATE INDEX ix_narrative_version_city_id ON narrative_version USING btree (city_id);

CREATE INDEX ix_narrative_version_response_id ON narrative_version USING btree (response_id);

CREATE INDEX ix_partner_city_id ON partner USING btree (city_id);

CREATE INDEX ix_passkey_challenge_made_at ON passkey_challenge USING btree (made_at);

CREATE INDEX ix_passkey_challenge_person_id ON passkey_challenge USING btree (person_id);

CREATE INDEX ix_passkey_person_id ON passkey USING btree (person_id);

CREATE INDEX ix_person_identity_person_id ON person_identity USING btree (person_id);

CREATE INDEX ix_portal_fact_city_id ON portal_fact USING btree (city_id);

CREATE INDEX ix_portal_fact_reading_id ON portal_fact USING btree (reading_id);

CREATE INDEX ix_portal_reading_city_id ON portal_reading USING btree (city_id);

CREATE INDEX ix_program_answer_assessment_id ON program_answer USING btree (assessment_id);

CREATE INDEX ix_program_answer_city_id ON program_answer USING btree (city_id);

CREATE INDEX ix_program_application_city_id ON program_application USING btree (city_id);

CREATE INDEX ix_program_question_assessment_id ON program_question USING btree (assessment_id);

CREATE INDEX ix_program_question_city_id ON program_question USING btree (city_id);

CREATE INDEX ix_recorded_state_row ON recorded_state USING btree (city_id, kind, row_id, number, place);

CREATE INDEX ix_recovery_code_person_id ON recovery_code USING btree (person_id);

CREATE INDEX ix_report_city_id ON report USING btree (city_id);

CREATE INDEX ix_report_mail_city_id ON report_mail USING btree (city_id);

CREATE INDEX ix_report_mail_issue_id ON report_mail USING btree (issue_id);

CREATE INDEX ix_report_mail_report_id ON report_mail USING btree (report_id);

CREATE INDEX ix_report_opening_city_id ON report_opening USING btree (city_id);

CREATE INDEX ix_report_opening_report_id ON report_opening USING btree (report_id);

CREATE INDEX ix_report_state ON report USING btree (state);

CREATE INDEX ix_response_assessment_id ON response USING btree (assessment_id);

CREATE INDEX ix_response_city_id ON response USING btree (city_id);

CREATE INDEX ix_retention_class_city_id ON retention_class USING btree (city_id);

CREATE INDEX ix_review_comment_city_id ON review_comment USING btree (city_id);

CREATE INDEX ix_review_comment_response_id ON review_comment USING btree (response_id);

CREATE INDEX ix_scenario_assessment_id ON scenario USING btree (assessment_id);

CREATE INDEX ix_scenario_city_id ON scenario USING btree (city_id);

CREATE INDEX ix_search_word_evidence_id ON search_word USING btree (evidence_id);

CREATE INDEX ix_security_event_at ON security_event USING btree (at);

CREATE INDEX ix_security_event_city_id ON security_event USING btree (city_id);

CREATE INDEX ix_security_event_person_id ON security_event USING btree (person_id);

CREATE INDEX ix_sign_in_attempt_subject ON sign_in_attempt USING btree (subject);

CREATE INDEX ix_sign_in_provider_city_id ON sign_in_provider USING btree (city_id);

CREATE INDEX ix_sign_in_session_person_id ON sign_in_session USING btree (person_id);

CREATE INDEX ix_stored_file_city_id ON stored_file USING btree (city_id);

CREATE INDEX ix_upload_city_id ON upload USING btree (city_id);

CREATE INDEX ix_upload_part_city_id ON upload_part USING btree (city_id);

CREATE INDEX ix_upload_part_upload_id ON upload_part USING btree (upload_id);

CREATE INDEX ix_upload_person_id ON upload USING btree (person_id);

CREATE INDEX ix_upload_request_id ON upload USING btree (request_id);

CREATE INDEX ix_verdict_city_id ON verdict USING btree (city_id);

CREATE INDEX ix_verdict_response_id ON verdict USING btree (response_id);

CREATE TRIGGER history_event_only_grows BEFORE DELETE OR UPDATE OR TRUNCATE ON history_event FOR EACH STATEMENT EXECUTE FUNCTION history_only_grows();

CREATE TRIGGER recorded_state_only_grows BEFORE DELETE OR UPDATE OR TRUNCATE ON recorded_state FOR EACH STATEMENT EXECUTE FUNCTION history_only_grows();

ALTER TABLE ONLY assessment
    ADD CONSTRAINT fk_assessment_city_id FOREIGN KEY (city_id) REFERENCES city(id);

ALTER TABLE ONLY assessment
    ADD CONSTRAINT fk_assessment_previous_id FOREIGN KEY (previous_id) REFERENCES assessment(id);

ALTER TABLE ONLY assignment
    ADD CONSTRAINT fk_assignment_assessment_id FOREIGN KEY (assessment_id) REFERENCES assessment(id);

ALTER TABLE ONLY assignment
    ADD CONSTRAINT fk_assignment_city_id FOREIGN KEY (city_id) REFERENCES city(id);

ALTER TABLE ONLY assignment
    ADD CONSTRAINT fk_assignment_department_id FOREIGN KEY (department_id) REFERENCES department(id);

ALTER TABLE ONLY assignment
    ADD CONSTRAINT fk_assignment_deputy_id FOREIGN KEY (deputy_id) REFERENCES person(id);

ALTER TABLE ONLY assignment
    ADD CONSTRAINT fk_assignment_person_id FOREIGN KEY (person_id) REFERENCES person(id);

ALTER TABLE ONLY authenticator_app
    ADD CONSTRAINT fk_authenticator_app_person_id FOREIGN KEY (person_id) REFERENCES person(id);

ALTER TABLE ONLY award
    ADD CONSTRAINT fk_award_city_id FOREIGN KEY (city_id) REFERENCES city(id);

ALTER TABLE ONLY bulk_save
    ADD CONSTRAINT fk_bulk_save_city_id FOREIGN KEY (city_id) REFERENCES city(id);

ALTER TABLE ONLY bulk_save
    ADD CONSTRAINT fk_bulk_save_saved_by FOREIGN KEY (saved_by) REFERENCES person(id);

ALTER TABLE ONLY checklist_answer
    ADD CONSTRAINT fk_checklist_answer_city_id FOREIGN KEY (city_id) REFERENCES city(id);

ALTER TABLE ONLY checklist_answer
    ADD CONSTRAINT fk_checklist_answer_response_id FOREIGN KEY (response_id) REFERENCES response(id);

ALTER TABLE ONLY contribution
    ADD CONSTRAINT fk_contribution_city_id FOREIGN KEY (city_id) REFERENCES city(id);

ALTER TABLE ONLY contribution
    ADD CONSTRAINT fk_contribution_decided_by FOREIGN KEY (decided_by) REFERENCES person(id);

ALTER TABLE ONLY contribution
    ADD CONSTRAINT fk_contribution_evidence_id FOREIGN KEY (evidence_id) REFERENCES evidence(id);

ALTER TABLE ONLY contribution
    ADD CONSTRAINT fk_contribution_file_id FOREIGN KEY (file_id) REFERENCES stored_file(id);

ALTER TABLE ONLY contribution
    ADD CONSTRAINT fk_contribution_request_id FOREIGN KEY (request_id) REFERENCES evidence_request(id);

ALTER TABLE ONLY department
    ADD CONSTRAINT fk_department_city_id FOREIGN KEY (city_id) REFERENCES city(id);

ALTER TABLE ONLY department
    ADD CONSTRAINT fk_department_deputy_id FOREIGN KEY (deputy_id) REFERENCES person(id);

ALTER TABLE ONLY department
    ADD CONSTRAINT fk_department_head_id FOREIGN KEY (head_id) REFERENCES person(id);

ALTER TABLE ONLY evidence
    ADD CONSTRAINT fk_evidence_approved_by FOREIGN KEY (approved_by) REFERENCES person(id);

ALTER TABLE ONLY evidence
    ADD CONSTRAINT fk_evidence_city_id FOREIGN KEY (city_id) REFERENCES city(id);

ALTER TABLE ONLY evidence
    ADD CONSTRAINT fk_evidence_created_by FOREIGN KEY (created_by) REFERENCES person(id);

ALTER TABLE ONLY evidence
    ADD CONSTRAINT fk_evidence_disposal_by FOREIGN KEY (disposal_by) REFERENCES person(id);

ALTER TABLE ONLY evidence
    ADD CONSTRAINT fk_evidence_file_id FOREIGN KEY (file_id) REFERENCES stored_file(id);

ALTER TABLE ONLY evidence
    ADD CONSTRAINT fk_evidence_keeper_id FOREIGN KEY (keeper_id) REFERENCES person(id);

ALTER TABLE ONLY evidence_opening
    ADD CONSTRAINT fk_evidence_opening_city_id FOREIGN KEY (city_id) REFERENCES city(id);

ALTER TABLE ONLY evidence_opening
    ADD CONSTRAINT fk_evidence_opening_evidence_id FOREIGN KEY (evidence_id) REFERENCES evidence(id);

ALTER TABLE ONLY evidence_opening
    ADD CONSTRAINT fk_evidence_opening_person_id FOREIGN KEY (person_id) REFERENCES person(id);

ALTER TABLE ONLY evidence
    ADD CONSTRAINT fk_evidence_partner_id FOREIGN KEY (partner_id) REFERENCES partner(id);

ALTER TABLE ONLY evidence_request
    ADD CONSTRAINT fk_evidence_request_assessment_id FOREIGN KEY (assessment_id) REFERENCES assessment(id);

ALTER TABLE ONLY evidence_request
    ADD CONSTRAINT fk_evidence_request_city_id FOREIGN KEY (city_id) REFERENCES city(id);

ALTER TABLE ONLY evidence_request
    ADD CONSTRAINT fk_evidence_request_created_by FOREIGN KEY (created_by) REFERENCES person(id);

ALTER TABLE ONLY evidence_request
    ADD CONSTRAINT fk_evidence_request_department_id FOREIGN KEY (department_id) REFERENCES department(id);

ALTER TABLE ONLY evidence_request
    ADD CONSTRAINT fk_evidence_request_keeper_id FOREIGN KEY (keeper_id) REFERENCES person(id);

ALTER TABLE ONLY evidence_request
    ADD CONSTRAINT fk_evidence_request_partner_id FOREIGN KEY (partner_id) REFERENCES partner(id);

ALTER TABLE ONLY evidence
    ADD CONSTRAINT fk_evidence_retention_id FOREIGN KEY (retention_id) REFERENCES retention_class(id);

ALTER TABLE ONLY evidence_support
    ADD CONSTRAINT fk_evidence_support_city_id FOREIGN KEY (city_id) REFERENCES city(id);

ALTER TABLE ONLY evidence_support
    ADD CONSTRAINT fk_evidence_support_evidence_id FOREIGN KEY (evidence_id) REFERENCES evidence(id);

ALTER TABLE ONLY evidence_support
    ADD CONSTRAINT fk_evidence_support_response_id FOREIGN KEY (response_id) REFERENCES response(id);

ALTER TABLE ONLY evidence
    ADD CONSTRAINT fk_evidence_twin_of FOREIGN KEY (twin_of) REFERENCES evidence(id);

ALTER TABLE ONLY evidence_version
    ADD CONSTRAINT fk_evidence_version_city_id FOREIGN KEY (city_id) REFERENCES city(id);

ALTER TABLE ONLY evidence_version
    ADD CONSTRAINT fk_evidence_version_evidence_id FOREIGN KEY (evidence_id) REFERENCES evidence(id);

ALTER TABLE ONLY evidence_version
    ADD CONSTRAINT fk_evidence_version_file_id FOREIGN KEY (file_id) REFERENCES stored_file(id);

ALTER TABLE ONLY evidence_version
    ADD CONSTRAINT fk_evidence_version_person_id FOREIGN KEY (person_id) REFERENCES person(id);

ALTER TABLE ONLY file_reading_answer
    ADD CONSTRAINT fk_file_reading_answer_city_id FOREIGN KEY (city_id) REFERENCES city(id);

ALTER TABLE ONLY file_reading_answer
    ADD CONSTRAINT fk_file_reading_answer_evidence_id FOREIGN KEY (evidence_id) REFERENCES evidence(id);

ALTER TABLE ONLY file_reading_answer
    ADD CONSTRAINT fk_file_reading_answer_person_id FOREIGN KEY (person_id) REFERENCES person(id);

ALTER TABLE ONLY file_reading
    ADD CONSTRAINT fk_file_reading_city_id FOREIGN KEY (city_id) REFERENCES city(id);

ALTER TABLE ONLY file_reading
    ADD CONSTRAINT fk_file_reading_file_id FOREIGN KEY (file_id) REFERENCES stored_file(id);

ALTER TABLE ONLY foreword
    ADD CONSTRAINT fk_foreword_city_id FOREIGN KEY (city_id) REFERENCES city(id);

ALTER TABLE ONLY handover
    ADD CONSTRAINT fk_handover_by_id FOREIGN KEY (by_id) REFERENCES person(id);

ALTER TABLE ONLY handover
    ADD CONSTRAINT fk_handover_city_id FOREIGN KEY (city_id) REFERENCES city(id);

ALTER TABLE ONLY handover
    ADD CONSTRAINT fk_handover_person_id FOREIGN KEY (person_id) REFERENCES person(id);

ALTER TABLE ONLY handover
    ADD CONSTRAINT fk_handover_successor_id FOREIGN KEY (successor_id) REFERENCES person(id);

ALTER TABLE ONLY history_event
    ADD CONSTRAINT fk_history_event_city_id FOREIGN KEY (city_id) REFERENCES city(id);

ALTER TABLE ONLY history_event
    ADD CONSTRAINT fk_history_event_person_id FOREIGN KEY (person_id) REFERENCES person(id);

ALTER TABLE ONLY invitation
    ADD CONSTRAINT fk_invitation_city_id FOREIGN KEY (city_id) REFERENCES city(id);

ALTER TABLE ONLY invitation
    ADD CONSTRAINT fk_invitation_invited_by FOREIGN KEY (invited_by) REFERENCES person(id);

ALTER TABLE ONLY invitation
    ADD CONSTRAINT fk_invitation_person_id FOREIGN KEY (person_id) REFERENCES person(id);

ALTER TABLE ONLY job
    ADD CONSTRAINT fk_job_city_id FOREIGN KEY (city_id) REFERENCES city(id);

ALTER TABLE ONLY judged_response
    ADD CONSTRAINT fk_judged_response_city_id FOREIGN KEY (city_id) REFERENCES city(id);

ALTER TABLE ONLY judged_response
    ADD CONSTRAINT fk_judged_response_person_id FOREIGN KEY (person_id) REFERENCES person(id);

ALTER TABLE ONLY judged_response
    ADD CONSTRAINT fk_judged_response_response_id FOREIGN KEY (response_id) REFERENCES response(id);

ALTER TABLE ONLY judged_response
    ADD CONSTRAINT fk_judged_response_verdict_id FOREIGN KEY (verdict_id) REFERENCES verdict(id);

ALTER TABLE ONLY letter
    ADD CONSTRAINT fk_letter_by_hand FOREIGN KEY (by_hand) REFERENCES person(id);

ALTER TABLE ONLY letter_choice
    ADD CONSTRAINT fk_letter_choice_city_id FOREIGN KEY (city_id) REFERENCES city(id);

ALTER TABLE ONLY letter_choice
    ADD CONSTRAINT fk_letter_choice_person_id FOREIGN KEY (person_id) REFERENCES person(id);

ALTER TABLE ONLY letter
    ADD CONSTRAINT fk_letter_city_id FOREIGN KEY (city_id) REFERENCES city(id);

ALTER TABLE ONLY letter_entry
    ADD CONSTRAINT fk_letter_entry_by_id FOREIGN KEY (by_id) REFERENCES person(id);

ALTER TABLE ONLY letter_entry
    ADD CONSTRAINT fk_letter_entry_city_id FOREIGN KEY (city_id) REFERENCES city(id);

ALTER TABLE ONLY letter_entry
    ADD CONSTRAINT fk_letter_entry_letter_id FOREIGN KEY (letter_id) REFERENCES letter(id);

ALTER TABLE ONLY letter_entry
    ADD CONSTRAINT fk_letter_entry_person_id FOREIGN KEY (person_id) REFERENCES person(id);

ALTER TABLE ONLY letter_mark
    ADD CONSTRAINT fk_letter_mark_city_id FOREIGN KEY (city_id) REFERENCES city(id);

ALTER TABLE ONLY letter
    ADD CONSTRAINT fk_letter_person_id FOREIGN KEY (person_id) REFERENCES person(id);

ALTER TABLE ONLY link_copy
    ADD CONSTRAINT fk_link_copy_city_id FOREIGN KEY (city_id) REFERENCES city(id);

ALTER TABLE ONLY link_copy
    ADD CONSTRAINT fk_link_copy_evidence_id FOREIGN KEY (evidence_id) REFERENCES evidence(id);

ALTER TABLE ONLY link_copy
    ADD CONSTRAINT fk_link_copy_file_id FOREIGN KEY (file_id) REFERENCES stored_file(id);

ALTER TABLE ONLY local_criterion
    ADD CONSTRAINT fk_local_criterion_city_id FOREIGN KEY (city_id) REFERENCES city(id);

ALTER TABLE ONLY membership
    ADD CONSTRAINT fk_membership_city_id FOREIGN KEY (city_id) REFERENCES city(id);

ALTER TABLE ONLY membership_department
    ADD CONSTRAINT fk_membership_department_city_id FOREIGN KEY (city_id) REFERENCES city(id);

ALTER TABLE ONLY membership_department
    ADD CONSTRAINT fk_membership_department_department_id FOREIGN KEY (department_id) REFERENCES department(id);

ALTER TABLE ONLY membership_department
    ADD CONSTRAINT fk_membership_department_membership_id FOREIGN KEY (membership_id) REFERENCES membership(id);

ALTER TABLE ONLY membership
    ADD CONSTRAINT fk_membership_person_id FOREIGN KEY (person_id) REFERENCES person(id);

ALTER TABLE ONLY membership
    ADD CONSTRAINT fk_membership_stand_in_id FOREIGN KEY (stand_in_id) REFERENCES person(id);

ALTER TABLE ONLY monthly_issue
    ADD CONSTRAINT fk_monthly_issue_city_id FOREIGN KEY (city_id) REFERENCES city(id);

ALTER TABLE ONLY monthly_issue
    ADD CONSTRAINT fk_monthly_issue_monthly_id FOREIGN KEY (monthly_id) REFERENCES monthly_report(id);

ALTER TABLE ONLY monthly_issue
    ADD CONSTRAINT fk_monthly_issue_report_id FOREIGN KEY (report_id) REFERENCES report(id);

ALTER TABLE ONLY monthly_reader
    ADD CONSTRAINT fk_monthly_reader_city_id FOREIGN KEY (city_id) REFERENCES city(id);

ALTER TABLE ONLY monthly_reader
    ADD CONSTRAINT fk_monthly_reader_monthly_id FOREIGN KEY (monthly_id) REFERENCES monthly_report(id);

ALTER TABLE ONLY monthly_reader
    ADD CONSTRAINT fk_monthly_reader_person_id FOREIGN KEY (person_id) REFERENCES person(id);

ALTER TABLE ONLY monthly_report
    ADD CONSTRAINT fk_monthly_report_city_id FOREIGN KEY (city_id) REFERENCES city(id);

ALTER TABLE ONLY monthly_report
    ADD CONSTRAINT fk_monthly_report_set_by FOREIGN KEY (set_by) REFERENCES person(id);

ALTER TABLE ONLY narrative_version
    ADD CONSTRAINT fk_narrative_version_city_id FOREIGN KEY (city_id) REFERENCES city(id);

ALTER TABLE ONLY narrative_version
    ADD CONSTRAINT fk_narrative_version_person_id FOREIGN KEY (person_id) REFERENCES person(id);

ALTER TABLE ONLY narrative_version
    ADD CONSTRAINT fk_narrative_version_response_id FOREIGN KEY (response_id) REFERENCES response(id);

ALTER TABLE ONLY partner
    ADD CONSTRAINT fk_partner_city_id FOREIGN KEY (city_id) REFERENCES city(id);

ALTER TABLE ONLY passkey_challenge
    ADD CONSTRAINT fk_passkey_challenge_person_id FOREIGN KEY (person_id) REFERENCES person(id);

ALTER TABLE ONLY passkey
    ADD CONSTRAINT fk_passkey_person_id FOREIGN KEY (person_id) REFERENCES person(id);

ALTER TABLE ONLY person_identity
    ADD CONSTRAINT fk_person_identity_person_id FOREIGN KEY (person_id) REFERENCES person(id);

ALTER TABLE ONLY portal
    ADD CONSTRAINT fk_portal_city_id FOREIGN KEY (city_id) REFERENCES city(id);

ALTER TABLE ONLY portal_fact
    ADD CONSTRAINT fk_portal_fact_city_id FOREIGN KEY (city_id) REFERENCES city(id);

ALTER TABLE ONLY portal_fact
    ADD CONSTRAINT fk_portal_fact_decided_by FOREIGN KEY (decided_by) REFERENCES person(id);

ALTER TABLE ONLY portal_fact
    ADD CONSTRAINT fk_portal_fact_evidence_id FOREIGN KEY (evidence_id) REFERENCES evidence(id);

ALTER TABLE ONLY portal_fact
    ADD CONSTRAINT fk_portal_fact_reading_id FOREIGN KEY (reading_id) REFERENCES portal_reading(id);

ALTER TABLE ONLY portal_reading
    ADD CONSTRAINT fk_portal_reading_city_id FOREIGN KEY (city_id) REFERENCES city(id);

ALTER TABLE ONLY portal_reading
    ADD CONSTRAINT fk_portal_reading_file_id FOREIGN KEY (file_id) REFERENCES stored_file(id);

ALTER TABLE ONLY program_answer
    ADD CONSTRAINT fk_program_answer_assessment_id FOREIGN KEY (assessment_id) REFERENCES assessment(id);

ALTER TABLE ONLY program_answer
    ADD CONSTRAINT fk_program_answer_city_id FOREIGN KEY (city_id) REFERENCES city(id);

ALTER TABLE ONLY program_application
    ADD CONSTRAINT fk_program_application_assessment_id FOREIGN KEY (assessment_id) REFERENCES assessment(id);

ALTER TABLE ONLY program_application
    ADD CONSTRAINT fk_program_application_city_id FOREIGN KEY (city_id) REFERENCES city(id);

ALTER TABLE ONLY program_application
    ADD CONSTRAINT fk_program_application_outcome_evidence_id FOREIGN KEY (outcome_evidence_id) REFERENCES evidence(id);

ALTER TABLE ONLY program_question
    ADD CONSTRAINT fk_program_question_assessment_id FOREIGN KEY (assessment_id) REFERENCES assessment(id);

ALTER TABLE ONLY program_question
    ADD CONSTRAINT fk_program_question_city_id FOREIGN KEY (city_id) REFERENCES city(id);

ALTER TABLE ONLY recorded_state
    ADD CONSTRAINT fk_recorded_state_city_id FOREIGN KEY (city_id) REFERENCES city(id);

ALTER TABLE ONLY recovery_code
    ADD CONSTRAINT fk_recovery_code_person_id FOREIGN KEY (person_id) REFERENCES person(id);

ALTER TABLE ONLY report
    ADD CONSTRAINT fk_report_assessment_id FOREIGN KEY (assessment_id) REFERENCES assessment(id);

ALTER TABLE ONLY report
    ADD CONSTRAINT fk_report_city_id FOREIGN KEY (city_id) REFERENCES city(id);

ALTER TABLE ONLY report
    ADD CONSTRAINT fk_report_department_id FOREIGN KEY (department_id) REFERENCES department(id);

ALTER TABLE ONLY report
    ADD CONSTRAINT fk_report_disposal_by FOREIGN KEY (disposal_by) REFERENCES person(id);

ALTER TABLE ONLY report_mail
    ADD CONSTRAINT fk_report_mail_asked_by FOREIGN KEY (asked_by) REFERENCES person(id);

ALTER TABLE ONLY report_mail
    ADD CONSTRAINT fk_report_mail_city_id FOREIGN KEY (city_id) REFERENCES city(id);

ALTER TABLE ONLY report_mail
    ADD CONSTRAINT fk_report_mail_issue_id FOREIGN KEY (issue_id) REFERENCES monthly_issue(id);

ALTER TABLE ONLY report_mail
    ADD CONSTRAINT fk_report_mail_person_id FOREIGN KEY (person_id) REFERENCES person(id);

ALTER TABLE ONLY report_mail
    ADD CONSTRAINT fk_report_mail_report_id FOREIGN KEY (report_id) REFERENCES report(id);

ALTER TABLE ONLY report_opening
    ADD CONSTRAINT fk_report_opening_city_id FOREIGN KEY (city_id) REFERENCES city(id);

ALTER TABLE ONLY report_opening
    ADD CONSTRAINT fk_report_opening_person_id FOREIGN KEY (person_id) REFERENCES person(id);

ALTER TABLE ONLY report_opening
    ADD CONSTRAINT fk_report_opening_report_id FOREIGN KEY (report_id) REFERENCES report(id);

ALTER TABLE ONLY report
    ADD CONSTRAINT fk_report_requested_by FOREIGN KEY (requested_by) REFERENCES person(id);

ALTER TABLE ONLY response
    ADD CONSTRAINT fk_response_assessment_id FOREIGN KEY (assessment_id) REFERENCES assessment(id);

ALTER TABLE ONLY response
    ADD CONSTRAINT fk_response_carried_from FOREIGN KEY (carried_from) REFERENCES response(id);

ALTER TABLE ONLY response
    ADD CONSTRAINT fk_response_city_id FOREIGN KEY (city_id) REFERENCES city(id);

ALTER TABLE ONLY response
    ADD CONSTRAINT fk_response_claimed_by FOREIGN KEY (claimed_by) REFERENCES person(id);

ALTER TABLE ONLY response
    ADD CONSTRAINT fk_response_narrative_by FOREIGN KEY (narrative_by) REFERENCES person(id);

ALTER TABLE ONLY response
    ADD CONSTRAINT fk_response_renewed_by FOREIGN KEY (renewed_by) REFERENCES person(id);

ALTER TABLE ONLY response
    ADD CONSTRAINT fk_response_submitted_by FOREIGN KEY (submitted_by) REFERENCES person(id);

ALTER TABLE ONLY retention_class
    ADD CONSTRAINT fk_retention_class_city_id FOREIGN KEY (city_id) REFERENCES city(id);

ALTER TABLE ONLY review_comment
    ADD CONSTRAINT fk_review_comment_answered_by FOREIGN KEY (answered_by) REFERENCES person(id);

ALTER TABLE ONLY review_comment
    ADD CONSTRAINT fk_review_comment_city_id FOREIGN KEY (city_id) REFERENCES city(id);

ALTER TABLE ONLY review_comment
    ADD CONSTRAINT fk_review_comment_person_id FOREIGN KEY (person_id) REFERENCES person(id);

ALTER TABLE ONLY review_comment
    ADD CONSTRAINT fk_review_comment_reply_to FOREIGN KEY (reply_to) REFERENCES review_comment(id);

ALTER TABLE ONLY review_comment
    ADD CONSTRAINT fk_review_comment_response_id FOREIGN KEY (response_id) REFERENCES response(id);

ALTER TABLE ONLY scenario
    ADD CONSTRAINT fk_scenario_assessment_id FOREIGN KEY (assessment_id) REFERENCES assessment(id);

ALTER TABLE ONLY scenario
    ADD CONSTRAINT fk_scenario_city_id FOREIGN KEY (city_id) REFERENCES city(id);

ALTER TABLE ONLY scenario
    ADD CONSTRAINT fk_scenario_created_by FOREIGN KEY (created_by) REFERENCES person(id);

ALTER TABLE ONLY search_word
    ADD CONSTRAINT fk_search_word_city_id FOREIGN KEY (city_id) REFERENCES city(id);

ALTER TABLE ONLY search_word
    ADD CONSTRAINT fk_search_word_evidence_id FOREIGN KEY (evidence_id) REFERENCES evidence(id);

ALTER TABLE ONLY security_event
    ADD CONSTRAINT fk_security_event_by_id FOREIGN KEY (by_id) REFERENCES person(id);

ALTER TABLE ONLY security_event
    ADD CONSTRAINT fk_security_event_city_id FOREIGN KEY (city_id) REFERENCES city(id);

ALTER TABLE ONLY security_event
    ADD CONSTRAINT fk_security_event_person_id FOREIGN KEY (person_id) REFERENCES person(id);

ALTER TABLE ONLY sign_in_provider
    ADD CONSTRAINT fk_sign_in_provider_city_id FOREIGN KEY (city_id) REFERENCES city(id);

ALTER TABLE ONLY sign_in_session
    ADD CONSTRAINT fk_sign_in_session_person_id FOREIGN KEY (person_id) REFERENCES person(id);

ALTER TABLE ONLY stored_file
    ADD CONSTRAINT fk_stored_file_city_id FOREIGN KEY (city_id) REFERENCES city(id);

ALTER TABLE ONLY stored_file
    ADD CONSTRAINT fk_stored_file_created_by FOREIGN KEY (created_by) REFERENCES person(id);

ALTER TABLE ONLY upload
    ADD CONSTRAINT fk_upload_city_id FOREIGN KEY (city_id) REFERENCES city(id);

ALTER TABLE ONLY upload_part
    ADD CONSTRAINT fk_upload_part_city_id FOREIGN KEY (city_id) REFERENCES city(id);

ALTER TABLE ONLY upload_part
    ADD CONSTRAINT fk_upload_part_upload_id FOREIGN KEY (upload_id) REFERENCES upload(id);

ALTER TABLE ONLY upload
    ADD CONSTRAINT fk_upload_person_id FOREIGN KEY (person_id) REFERENCES person(id);

ALTER TABLE ONLY upload
    ADD CONSTRAINT fk_upload_request_id FOREIGN KEY (request_id) REFERENCES evidence_request(id);

ALTER TABLE ONLY verdict
    ADD CONSTRAINT fk_verdict_city_id FOREIGN KEY (city_id) REFERENCES city(id);

ALTER TABLE ONLY verdict
    ADD CONSTRAINT fk_verdict_response_id FOREIGN KEY (response_id) REFERENCES response(id);

ALTER TABLE ONLY verdict
    ADD CONSTRAINT fk_verdict_reviewer_id FOREIGN KEY (reviewer_id) REFERENCES person(id);

INSERT INTO alembic_version (version_num) VALUES ('0060');

