CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);

CREATE TABLE sign_in_attempt (
	id INTEGER NOT NULL, 
	subject VARCHAR(64) NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_sign_in_attempt PRIMARY KEY (id)
);

CREATE INDEX ix_sign_in_attempt_subject ON sign_in_attempt (subject);

CREATE TABLE history_event (
	id INTEGER NOT NULL, 
	city_id INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	person_id INTEGER, 
	verb VARCHAR(40) NOT NULL, 
	subject VARCHAR(200) NOT NULL, 
	details TEXT NOT NULL, 
	previous_hash VARCHAR(64) NOT NULL, 
	hash VARCHAR(64) NOT NULL, state VARCHAR(64), 
	CONSTRAINT pk_history_event PRIMARY KEY (id), 
	CONSTRAINT fk_history_event_city_id FOREIGN KEY(city_id) REFERENCES city (id), 
	CONSTRAINT fk_history_event_person_id FOREIGN KEY(person_id) REFERENCES person (id), 
	CONSTRAINT uq_history_event_city_id_number UNIQUE (city_id, number)
);

CREATE INDEX ix_history_event_city_id ON history_event (city_id);

CREATE TABLE local_criterion (
	id INTEGER NOT NULL, 
	city_id INTEGER NOT NULL, 
	edition VARCHAR(40) NOT NULL, 
	criterion VARCHAR(12) NOT NULL, 
	official_wording VARCHAR NOT NULL, 
	checklist VARCHAR, 
	needed INTEGER, 
	version INTEGER NOT NULL, effort VARCHAR(1), lead_days INTEGER, 
	CONSTRAINT pk_local_criterion PRIMARY KEY (id), 
	CONSTRAINT fk_local_criterion_city_id FOREIGN KEY(city_id) REFERENCES city (id), 
	CONSTRAINT uq_local_criterion_city_id_edition_criterion UNIQUE (city_id, edition, criterion)
);

CREATE INDEX ix_local_criterion_city_id ON local_criterion (city_id);

CREATE TABLE membership_department (
	membership_id INTEGER NOT NULL, 
	department_id INTEGER NOT NULL, 
	city_id INTEGER NOT NULL, 
	CONSTRAINT pk_membership_department PRIMARY KEY (membership_id, department_id), 
	CONSTRAINT fk_membership_department_city_id FOREIGN KEY(city_id) REFERENCES city (id), 
	CONSTRAINT fk_membership_department_department_id FOREIGN KEY(department_id) REFERENCES department (id), 
	CONSTRAINT fk_membership_department_membership_id FOREIGN KEY(membership_id) REFERENCES membership (id)
);

CREATE INDEX ix_membership_department_city_id ON membership_department (city_id);

CREATE TABLE checklist_answer (
	id INTEGER NOT NULL, 
	city_id INTEGER NOT NULL, 
	response_id INTEGER NOT NULL, 
	item VARCHAR(40) NOT NULL, 
	ticked BOOLEAN NOT NULL, 
	version INTEGER NOT NULL, 
	CONSTRAINT pk_checklist_answer PRIMARY KEY (id), 
	CONSTRAINT fk_checklist_answer_city_id FOREIGN KEY(city_id) REFERENCES city (id), 
	CONSTRAINT fk_checklist_answer_response_id FOREIGN KEY(response_id) REFERENCES response (id), 
	CONSTRAINT uq_checklist_answer_response_id_item UNIQUE (response_id, item)
);

CREATE INDEX ix_checklist_answer_city_id ON checklist_answer (city_id);

CREATE INDEX ix_checklist_answer_response_id ON checklist_answer (response_id);

CREATE TABLE narrative_version (
	id INTEGER NOT NULL, 
	city_id INTEGER NOT NULL, 
	response_id INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	text TEXT NOT NULL, 
	person_id INTEGER, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_narrative_version PRIMARY KEY (id), 
	CONSTRAINT fk_narrative_version_city_id FOREIGN KEY(city_id) REFERENCES city (id), 
	CONSTRAINT fk_narrative_version_person_id FOREIGN KEY(person_id) REFERENCES person (id), 
	CONSTRAINT fk_narrative_version_response_id FOREIGN KEY(response_id) REFERENCES response (id)
);

CREATE INDEX ix_narrative_version_city_id ON narrative_version (city_id);

CREATE INDEX ix_narrative_version_response_id ON narrative_version (response_id);

CREATE TRIGGER history_event_no_update BEFORE UPDATE ON history_event BEGIN SELECT RAISE(ABORT, 'history only grows'); END;

CREATE TRIGGER history_event_no_delete BEFORE DELETE ON history_event BEGIN SELECT RAISE(ABORT, 'history only grows'); END;

CREATE TRIGGER history_event_no_replace BEFORE INSERT ON history_event WHEN EXISTS (SELECT 1 FROM history_event WHERE id = NEW.id OR (city_id = NEW.city_id AND number = NEW.number)) BEGIN SELECT RAISE(ABORT, 'history only grows'); END;

CREATE TABLE scenario (
	id INTEGER NOT NULL, 
	city_id INTEGER NOT NULL, 
	assessment_id INTEGER NOT NULL, 
	name VARCHAR(120) NOT NULL, 
	level VARCHAR(24) NOT NULL, 
	target_on DATE, 
	criteria TEXT NOT NULL, 
	shared BOOLEAN NOT NULL, 
	adopted_at DATETIME, 
	"before" TEXT NOT NULL, 
	created_by INTEGER, 
	created_at DATETIME NOT NULL, 
	withdrawn_at DATETIME, 
	version INTEGER NOT NULL, 
	CONSTRAINT pk_scenario PRIMARY KEY (id), 
	CONSTRAINT fk_scenario_assessment_id FOREIGN KEY(assessment_id) REFERENCES assessment (id), 
	CONSTRAINT fk_scenario_city_id FOREIGN KEY(city_id) REFERENCES city (id), 
	CONSTRAINT fk_scenario_created_by FOREIGN KEY(created_by) REFERENCES person (id)
);

CREATE INDEX ix_scenario_city_id ON scenario (city_id);

CREATE INDEX ix_scenario_assessment_id ON scenario (assessment_id);

CREATE TABLE search_word (
	city_id INTEGER NOT NULL, 
	word VARCHAR(40) NOT NULL, 
	evidence_id INTEGER NOT NULL, 
	CONSTRAINT pk_search_word PRIMARY KEY (city_id, word, evidence_id), 
	CONSTRAINT fk_search_word_city_id FOREIGN KEY(city_id) REFERENCES city (id), 
	CONSTRAINT fk_search_word_evidence_id FOREIGN KEY(evidence_id) REFERENCES evidence (id)
);

CREATE INDEX ix_search_word_evidence_id ON search_word (evidence_id);

CREATE TABLE partner (
	id INTEGER NOT NULL, 
	city_id INTEGER NOT NULL, 
	name VARCHAR(120) NOT NULL, 
	contact VARCHAR(120) NOT NULL, 
	email VARCHAR(254) NOT NULL, 
	language VARCHAR(5) NOT NULL, 
	version INTEGER NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_partner PRIMARY KEY (id), 
	CONSTRAINT fk_partner_city_id FOREIGN KEY(city_id) REFERENCES city (id), 
	CONSTRAINT uq_partner_city_id_name UNIQUE (city_id, name)
);

CREATE INDEX ix_partner_city_id ON partner (city_id);

CREATE TABLE link_copy (
	id INTEGER NOT NULL, 
	city_id INTEGER NOT NULL, 
	evidence_id INTEGER NOT NULL, 
	file_id INTEGER NOT NULL, 
	url VARCHAR(2000) NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_link_copy PRIMARY KEY (id), 
	CONSTRAINT fk_link_copy_city_id FOREIGN KEY(city_id) REFERENCES city (id), 
	CONSTRAINT fk_link_copy_evidence_id FOREIGN KEY(evidence_id) REFERENCES evidence (id), 
	CONSTRAINT fk_link_copy_file_id FOREIGN KEY(file_id) REFERENCES stored_file (id)
);

CREATE INDEX ix_link_copy_city_id ON link_copy (city_id);

CREATE INDEX ix_link_copy_evidence_id ON link_copy (evidence_id);

CREATE TABLE upload_part (
	id INTEGER NOT NULL, 
	city_id INTEGER NOT NULL, 
	upload_id INTEGER NOT NULL, 
	begins_at INTEGER NOT NULL, 
	size_bytes INTEGER NOT NULL, 
	"key" VARCHAR(200) NOT NULL, 
	CONSTRAINT pk_upload_part PRIMARY KEY (id), 
	CONSTRAINT fk_upload_part_city_id FOREIGN KEY(city_id) REFERENCES city (id), 
	CONSTRAINT fk_upload_part_upload_id FOREIGN KEY(upload_id) REFERENCES upload (id), 
	CONSTRAINT uq_upload_part_key UNIQUE ("key"), 
	CONSTRAINT uq_upload_part_upload_id_begins_at UNIQUE (upload_id, begins_at)
);

CREATE INDEX ix_upload_part_city_id ON upload_part (city_id);

CREATE INDEX ix_upload_part_upload_id ON upload_part (upload_id);

CREATE TABLE file_reading_answer (
	id INTEGER NOT NULL, 
	city_id INTEGER NOT NULL, 
	evidence_id INTEGER NOT NULL, 
	about VARCHAR(20) NOT NULL, 
	visibility VARCHAR(12) NOT NULL, 
	person_id INTEGER, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_file_reading_answer PRIMARY KEY (id), 
	CONSTRAINT fk_file_reading_answer_city_id FOREIGN KEY(city_id) REFERENCES city (id), 
	CONSTRAINT fk_file_reading_answer_evidence_id FOREIGN KEY(evidence_id) REFERENCES evidence (id), 
	CONSTRAINT fk_file_reading_answer_person_id FOREIGN KEY(person_id) REFERENCES person (id), 
	CONSTRAINT uq_file_reading_answer_evidence_id_about UNIQUE (evidence_id, about)
);

CREATE INDEX ix_file_reading_answer_city_id ON file_reading_answer (city_id);

CREATE TABLE portal (
	id INTEGER NOT NULL, 
	city_id INTEGER NOT NULL, 
	url VARCHAR(2000) NOT NULL, 
	kind VARCHAR(10) NOT NULL, 
	state VARCHAR(10) NOT NULL, 
	asked_at DATETIME, 
	read_at DATETIME, 
	error VARCHAR(60) NOT NULL, 
	next_read_on DATE, 
	version INTEGER NOT NULL, 
	CONSTRAINT pk_portal PRIMARY KEY (id), 
	CONSTRAINT fk_portal_city_id FOREIGN KEY(city_id) REFERENCES city (id), 
	CONSTRAINT uq_portal_city_id UNIQUE (city_id)
);

CREATE TABLE portal_reading (
	id INTEGER NOT NULL, 
	city_id INTEGER NOT NULL, 
	url VARCHAR(2000) NOT NULL, 
	kind VARCHAR(10) NOT NULL, 
	datasets INTEGER NOT NULL, 
	problems TEXT NOT NULL, 
	unmatched TEXT NOT NULL, 
	file_id INTEGER, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_portal_reading PRIMARY KEY (id), 
	CONSTRAINT fk_portal_reading_city_id FOREIGN KEY(city_id) REFERENCES city (id), 
	CONSTRAINT fk_portal_reading_file_id FOREIGN KEY(file_id) REFERENCES stored_file (id)
);

CREATE INDEX ix_portal_reading_city_id ON portal_reading (city_id);

CREATE TABLE portal_fact (
	id INTEGER NOT NULL, 
	city_id INTEGER NOT NULL, 
	reading_id INTEGER NOT NULL, 
	"key" VARCHAR(20) NOT NULL, 
	value INTEGER NOT NULL, 
	total INTEGER, 
	unknown INTEGER NOT NULL, 
	on_day DATE, 
	criterion VARCHAR(12) NOT NULL, 
	item VARCHAR(40) NOT NULL, 
	state VARCHAR(10) NOT NULL, 
	evidence_id INTEGER, 
	decided_by INTEGER, 
	decided_at DATETIME, 
	CONSTRAINT pk_portal_fact PRIMARY KEY (id), 
	CONSTRAINT fk_portal_fact_city_id FOREIGN KEY(city_id) REFERENCES city (id), 
	CONSTRAINT fk_portal_fact_decided_by FOREIGN KEY(decided_by) REFERENCES person (id), 
	CONSTRAINT fk_portal_fact_evidence_id FOREIGN KEY(evidence_id) REFERENCES evidence (id), 
	CONSTRAINT fk_portal_fact_reading_id FOREIGN KEY(reading_id) REFERENCES portal_reading (id)
);

CREATE INDEX ix_portal_fact_city_id ON portal_fact (city_id);

CREATE INDEX ix_portal_fact_reading_id ON portal_fact (reading_id);

CREATE TABLE "stored_file" (
	id INTEGER NOT NULL, 
	city_id INTEGER NOT NULL, 
	"key" VARCHAR(200) NOT NULL, 
	sha256 VARCHAR(64) NOT NULL, 
	size_bytes INTEGER NOT NULL, 
	media_type VARCHAR(120) NOT NULL, 
	name VARCHAR(200) NOT NULL, 
	created_by INTEGER, 
	created_at DATETIME NOT NULL, 
	scan VARCHAR(10) NOT NULL, 
	CONSTRAINT pk_stored_file PRIMARY KEY (id), 
	CONSTRAINT uq_stored_file_city_id_sha256 UNIQUE (city_id, sha256), 
	CONSTRAINT uq_stored_file_key UNIQUE ("key"), 
	CONSTRAINT fk_stored_file_city_id FOREIGN KEY(city_id) REFERENCES city (id), 
	CONSTRAINT fk_stored_file_created_by FOREIGN KEY(created_by) REFERENCES person (id)
);

CREATE INDEX ix_stored_file_city_id ON stored_file (city_id);

CREATE TABLE "upload" (
	id INTEGER NOT NULL, 
	city_id INTEGER NOT NULL, 
	person_id INTEGER, 
	token VARCHAR(32) NOT NULL, 
	name VARCHAR(200) NOT NULL, 
	size_bytes INTEGER NOT NULL, 
	received_bytes INTEGER NOT NULL, 
	expires_at DATETIME NOT NULL, 
	created_at DATETIME NOT NULL, 
	request_id INTEGER, 
	CONSTRAINT pk_upload PRIMARY KEY (id), 
	CONSTRAINT uq_upload_token UNIQUE (token), 
	CONSTRAINT fk_upload_city_id FOREIGN KEY(city_id) REFERENCES city (id), 
	CONSTRAINT fk_upload_person_id FOREIGN KEY(person_id) REFERENCES person (id), 
	CONSTRAINT fk_upload_request_id FOREIGN KEY(request_id) REFERENCES evidence_request (id)
);

CREATE INDEX ix_upload_person_id ON upload (person_id);

CREATE INDEX ix_upload_city_id ON upload (city_id);

CREATE INDEX ix_upload_request_id ON upload (request_id);

CREATE TABLE "evidence_version" (
	id INTEGER NOT NULL, 
	city_id INTEGER NOT NULL, 
	evidence_id INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	content TEXT NOT NULL, 
	sha256 VARCHAR(64) NOT NULL, 
	file_id INTEGER, 
	person_id INTEGER, 
	why VARCHAR(300) NOT NULL, 
	at DATETIME NOT NULL, 
	file_name VARCHAR(200) NOT NULL, 
	CONSTRAINT pk_evidence_version PRIMARY KEY (id), 
	CONSTRAINT fk_evidence_version_city_id FOREIGN KEY(city_id) REFERENCES city (id), 
	CONSTRAINT fk_evidence_version_evidence_id FOREIGN KEY(evidence_id) REFERENCES evidence (id), 
	CONSTRAINT fk_evidence_version_person_id FOREIGN KEY(person_id) REFERENCES person (id), 
	CONSTRAINT uq_evidence_version_evidence_id_number UNIQUE (evidence_id, number), 
	CONSTRAINT fk_evidence_version_file_id FOREIGN KEY(file_id) REFERENCES stored_file (id)
);

CREATE INDEX ix_evidence_version_city_id ON evidence_version (city_id);

CREATE INDEX ix_evidence_version_evidence_id ON evidence_version (evidence_id);

CREATE TABLE "contribution" (
	id INTEGER NOT NULL, 
	city_id INTEGER NOT NULL, 
	request_id INTEGER NOT NULL, 
	kind VARCHAR(10) NOT NULL, 
	title VARCHAR(200) NOT NULL, 
	entry TEXT NOT NULL, 
	file_id INTEGER, 
	name VARCHAR(120) NOT NULL, 
	role VARCHAR(120) NOT NULL, 
	may_quote BOOLEAN NOT NULL, 
	state VARCHAR(10) NOT NULL, 
	reason TEXT NOT NULL, 
	evidence_id INTEGER, 
	decided_by INTEGER, 
	decided_at DATETIME, 
	at DATETIME NOT NULL, 
	file_name VARCHAR(200) NOT NULL, 
	CONSTRAINT pk_contribution PRIMARY KEY (id), 
	CONSTRAINT fk_contribution_evidence_id FOREIGN KEY(evidence_id) REFERENCES evidence (id), 
	CONSTRAINT fk_contribution_file_id FOREIGN KEY(file_id) REFERENCES stored_file (id), 
	CONSTRAINT fk_contribution_request_id FOREIGN KEY(request_id) REFERENCES evidence_request (id), 
	CONSTRAINT fk_contribution_decided_by FOREIGN KEY(decided_by) REFERENCES person (id), 
	CONSTRAINT fk_contribution_city_id FOREIGN KEY(city_id) REFERENCES city (id)
);

CREATE INDEX ix_contribution_city_id ON contribution (city_id);

CREATE INDEX ix_contribution_request_id ON contribution (request_id);

CREATE TABLE "evidence_opening" (
	id INTEGER NOT NULL, 
	city_id INTEGER NOT NULL, 
	evidence_id INTEGER NOT NULL, 
	person_id INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	what VARCHAR(10) NOT NULL, 
	CONSTRAINT pk_evidence_opening PRIMARY KEY (id), 
	CONSTRAINT fk_evidence_opening_evidence_id FOREIGN KEY(evidence_id) REFERENCES evidence (id), 
	CONSTRAINT fk_evidence_opening_person_id FOREIGN KEY(person_id) REFERENCES person (id), 
	CONSTRAINT fk_evidence_opening_city_id FOREIGN KEY(city_id) REFERENCES city (id)
);

CREATE INDEX ix_evidence_opening_city_id ON evidence_opening (city_id);

CREATE INDEX ix_evidence_opening_evidence_id ON evidence_opening (evidence_id);

CREATE TABLE installation (
	number INTEGER NOT NULL, 
	identity VARCHAR(32) NOT NULL, 
	beat INTEGER NOT NULL, 
	CONSTRAINT pk_installation PRIMARY KEY (number)
);

CREATE TABLE unclaimed_file (
	"key" VARCHAR(200) NOT NULL, 
	seen_at DATETIME NOT NULL, 
	CONSTRAINT pk_unclaimed_file PRIMARY KEY ("key")
);

CREATE TABLE backup_record (
	id INTEGER NOT NULL, 
	name VARCHAR(80) NOT NULL, 
	file_count INTEGER NOT NULL, 
	row_count INTEGER NOT NULL, 
	made_at DATETIME NOT NULL, 
	CONSTRAINT pk_backup_record PRIMARY KEY (id)
);

CREATE TABLE security_event (
	id INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	kind VARCHAR(30) NOT NULL, 
	city_id INTEGER, 
	person_id INTEGER, 
	by_id INTEGER, 
	detail VARCHAR(60) NOT NULL, 
	address VARCHAR(45) NOT NULL, 
	agent VARCHAR(200) NOT NULL, 
	CONSTRAINT pk_security_event PRIMARY KEY (id), 
	CONSTRAINT fk_security_event_city_id FOREIGN KEY(city_id) REFERENCES city (id), 
	CONSTRAINT fk_security_event_person_id FOREIGN KEY(person_id) REFERENCES person (id), 
	CONSTRAINT fk_security_event_by_id FOREIGN KEY(by_id) REFERENCES person (id)
);

CREATE INDEX ix_security_event_at ON security_event (at);

CREATE INDEX ix_security_event_city_id ON security_event (city_id);

CREATE INDEX ix_security_event_person_id ON security_event (person_id);

CREATE TABLE "job" (
	id INTEGER NOT NULL, 
	city_id INTEGER NOT NULL, 
	kind VARCHAR(30) NOT NULL, 
	payload TEXT NOT NULL, 
	state VARCHAR(10) NOT NULL, 
	attempts INTEGER NOT NULL, 
	run_after DATETIME, 
	error TEXT NOT NULL, 
	created_at DATETIME NOT NULL, 
	lane VARCHAR(10) NOT NULL, 
	turn INTEGER, 
	lease VARCHAR(32) NOT NULL, 
	beat INTEGER NOT NULL, 
	waits_since DATETIME, 
	ended_at DATETIME, 
	CONSTRAINT pk_job PRIMARY KEY (id), 
	CONSTRAINT fk_job_city_id FOREIGN KEY(city_id) REFERENCES city (id)
);

CREATE INDEX ix_job_city_id ON job (city_id);

CREATE INDEX ix_job_state_lane_city_id_id ON job (state, lane, city_id, id);

CREATE INDEX ix_job_lane_city_id_turn ON job (lane, city_id, turn);

CREATE INDEX ix_job_state_run_after ON job (state, run_after);

CREATE INDEX ix_job_state_ended_at ON job (state, ended_at);

CREATE INDEX ix_job_turn ON job (turn);

CREATE TABLE recorded_state (
	city_id INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	place INTEGER NOT NULL, 
	kind VARCHAR(30) NOT NULL, 
	row_id INTEGER NOT NULL, 
	"before" VARCHAR(64) NOT NULL, 
	"after" VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_recorded_state PRIMARY KEY (city_id, number, place), 
	CONSTRAINT fk_recorded_state_city_id FOREIGN KEY(city_id) REFERENCES city (id)
)
 WITHOUT ROWID

;

CREATE INDEX ix_recorded_state_row ON recorded_state (city_id, kind, row_id, number, place);

CREATE TRIGGER recorded_state_no_update BEFORE UPDATE ON recorded_state BEGIN SELECT RAISE(ABORT, 'history only grows'); END;

CREATE TRIGGER recorded_state_no_delete BEFORE DELETE ON recorded_state BEGIN SELECT RAISE(ABORT, 'history only grows'); END;

CREATE TRIGGER recorded_state_no_replace BEFORE INSERT ON recorded_state WHEN EXISTS (SELECT 1 FROM recorded_state WHERE city_id = NEW.city_id AND number = NEW.number AND place = NEW.place) BEGIN SELECT RAISE(ABORT, 'history only grows'); END;

CREATE TABLE award (
	id INTEGER NOT NULL, 
	city_id INTEGER NOT NULL, 
	level VARCHAR(10) NOT NULL, 
	announced_on DATE NOT NULL, 
	source_url VARCHAR(2000) NOT NULL, 
	valid_until DATE, 
	note VARCHAR(500) NOT NULL, 
	removed_at DATETIME, 
	version INTEGER NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_award PRIMARY KEY (id), 
	CONSTRAINT fk_award_city_id FOREIGN KEY(city_id) REFERENCES city (id)
);

CREATE INDEX ix_award_city_id ON award (city_id);

CREATE TABLE program_application (
	id INTEGER NOT NULL, 
	city_id INTEGER NOT NULL, 
	assessment_id INTEGER NOT NULL, 
	version INTEGER NOT NULL, 
	submitted_on DATE, 
	official_level VARCHAR(10) NOT NULL, 
	outcome VARCHAR(12) NOT NULL, 
	outcome_text VARCHAR(500) NOT NULL, 
	outcome_evidence_id INTEGER, 
	CONSTRAINT pk_program_application PRIMARY KEY (id), 
	CONSTRAINT fk_program_application_city_id FOREIGN KEY(city_id) REFERENCES city (id), 
	CONSTRAINT fk_program_application_assessment_id FOREIGN KEY(assessment_id) REFERENCES assessment (id), 
	CONSTRAINT fk_program_application_outcome_evidence_id FOREIGN KEY(outcome_evidence_id) REFERENCES evidence (id), 
	CONSTRAINT uq_program_application_assessment_id UNIQUE (assessment_id)
);

CREATE TABLE program_question (
	id INTEGER NOT NULL, 
	city_id INTEGER NOT NULL, 
	assessment_id INTEGER NOT NULL, 
	version INTEGER NOT NULL, 
	criterion VARCHAR(12) NOT NULL, 
	asked_on DATE NOT NULL, 
	question TEXT NOT NULL, 
	answered_on DATE, 
	answer TEXT NOT NULL, 
	CONSTRAINT pk_program_question PRIMARY KEY (id), 
	CONSTRAINT fk_program_question_city_id FOREIGN KEY(city_id) REFERENCES city (id), 
	CONSTRAINT fk_program_question_assessment_id FOREIGN KEY(assessment_id) REFERENCES assessment (id)
);

CREATE TABLE program_answer (
	id INTEGER NOT NULL, 
	city_id INTEGER NOT NULL, 
	assessment_id INTEGER NOT NULL, 
	version INTEGER NOT NULL, 
	criterion VARCHAR(12) NOT NULL, 
	answer VARCHAR(10) NOT NULL, 
	note VARCHAR(500) NOT NULL, 
	CONSTRAINT pk_program_answer PRIMARY KEY (id), 
	CONSTRAINT fk_program_answer_city_id FOREIGN KEY(city_id) REFERENCES city (id), 
	CONSTRAINT fk_program_answer_assessment_id FOREIGN KEY(assessment_id) REFERENCES assessment (id), 
	CONSTRAINT uq_program_answer_assessment_id_criterion UNIQUE (assessment_id, criterion)
);

CREATE INDEX ix_program_application_city_id ON program_application (city_id);

CREATE INDEX ix_program_question_city_id ON program_question (city_id);

CREATE INDEX ix_program_answer_city_id ON program_answer (city_id);

CREATE INDEX ix_program_question_assessment_id ON program_question (assessment_id);

CREATE INDEX ix_program_answer_assessment_id ON program_answer (assessment_id);

CREATE TABLE "assessment" (
	id INTEGER NOT NULL, 
	city_id INTEGER NOT NULL, 
	edition VARCHAR(40) NOT NULL, 
	name VARCHAR(120) NOT NULL, 
	due_on DATE, 
	state VARCHAR(10) NOT NULL, 
	version INTEGER NOT NULL, 
	created_at DATETIME NOT NULL, 
	previous_id INTEGER, 
	own_words TEXT NOT NULL, 
	CONSTRAINT pk_assessment PRIMARY KEY (id), 
	CONSTRAINT fk_assessment_city_id FOREIGN KEY(city_id) REFERENCES city (id), 
	CONSTRAINT fk_assessment_previous_id FOREIGN KEY(previous_id) REFERENCES assessment (id)
);

CREATE INDEX ix_assessment_city_id ON assessment (city_id);

CREATE TABLE "judged_response" (
	id INTEGER NOT NULL, 
	city_id INTEGER NOT NULL, 
	response_id INTEGER NOT NULL, 
	verdict_id INTEGER NOT NULL, 
	content TEXT NOT NULL, 
	sha256 VARCHAR(64) NOT NULL, 
	rebuilt BOOLEAN NOT NULL, 
	at DATETIME NOT NULL, 
	occasion VARCHAR(10) NOT NULL, 
	reason TEXT NOT NULL, 
	person_id INTEGER, 
	CONSTRAINT pk_judged_response PRIMARY KEY (id), 
	CONSTRAINT fk_judged_response_person_id FOREIGN KEY(person_id) REFERENCES person (id), 
	CONSTRAINT fk_judged_response_response_id FOREIGN KEY(response_id) REFERENCES response (id), 
	CONSTRAINT fk_judged_response_verdict_id FOREIGN KEY(verdict_id) REFERENCES verdict (id), 
	CONSTRAINT fk_judged_response_city_id FOREIGN KEY(city_id) REFERENCES city (id)
);

CREATE INDEX ix_judged_response_city_id ON judged_response (city_id);

CREATE INDEX ix_judged_response_verdict_id ON judged_response (verdict_id);

CREATE INDEX ix_judged_response_response_id ON judged_response (response_id);

CREATE TABLE "assignment" (
	id INTEGER NOT NULL, 
	city_id INTEGER NOT NULL, 
	assessment_id INTEGER NOT NULL, 
	criterion VARCHAR(12) NOT NULL, 
	department_id INTEGER NOT NULL, 
	person_id INTEGER, 
	due_on DATE, 
	version INTEGER NOT NULL, 
	deputy_id INTEGER, 
	CONSTRAINT pk_assignment PRIMARY KEY (id), 
	CONSTRAINT fk_assignment_assessment_id FOREIGN KEY(assessment_id) REFERENCES assessment (id), 
	CONSTRAINT fk_assignment_person_id FOREIGN KEY(person_id) REFERENCES person (id), 
	CONSTRAINT uq_assignment_assessment_id_criterion UNIQUE (assessment_id, criterion), 
	CONSTRAINT fk_assignment_city_id FOREIGN KEY(city_id) REFERENCES city (id), 
	CONSTRAINT fk_assignment_department_id FOREIGN KEY(department_id) REFERENCES department (id), 
	CONSTRAINT fk_assignment_deputy_id FOREIGN KEY(deputy_id) REFERENCES person (id)
);

CREATE INDEX ix_assignment_city_id ON assignment (city_id);

CREATE INDEX ix_assignment_assessment_id ON assignment (assessment_id);

CREATE TABLE "department" (
	id INTEGER NOT NULL, 
	city_id INTEGER NOT NULL, 
	name VARCHAR(120) NOT NULL, 
	version INTEGER NOT NULL, 
	head_id INTEGER, 
	deputy_id INTEGER, closed_at DATETIME, merged_into INTEGER, 
	CONSTRAINT pk_department PRIMARY KEY (id), 
	CONSTRAINT fk_department_city_id FOREIGN KEY(city_id) REFERENCES city (id), 
	CONSTRAINT uq_department_city_id_name UNIQUE (city_id, name), 
	CONSTRAINT fk_department_head_id FOREIGN KEY(head_id) REFERENCES person (id), 
	CONSTRAINT fk_department_deputy_id FOREIGN KEY(deputy_id) REFERENCES person (id)
);

CREATE INDEX ix_department_city_id ON department (city_id);

CREATE INDEX ix_assignment_deputy_id ON assignment (deputy_id);

CREATE TABLE "evidence_request" (
	id INTEGER NOT NULL, 
	city_id INTEGER NOT NULL, 
	assessment_id INTEGER NOT NULL, 
	criterion VARCHAR(12) NOT NULL, 
	item VARCHAR(40) NOT NULL, 
	partner_id INTEGER, 
	department_id INTEGER, 
	what TEXT NOT NULL, 
	why TEXT NOT NULL, 
	forms VARCHAR(40) NOT NULL, 
	language VARCHAR(5) NOT NULL, 
	due_on DATE, 
	state VARCHAR(10) NOT NULL, 
	nonce VARCHAR(32) NOT NULL, 
	expires_at DATETIME, 
	created_by INTEGER, 
	created_at DATETIME NOT NULL, 
	version INTEGER NOT NULL, 
	keeper_id INTEGER, public_advice_read_at DATETIME, 
	CONSTRAINT pk_evidence_request PRIMARY KEY (id), 
	CONSTRAINT fk_evidence_request_city_id FOREIGN KEY(city_id) REFERENCES city (id), 
	CONSTRAINT fk_evidence_request_assessment_id FOREIGN KEY(assessment_id) REFERENCES assessment (id), 
	CONSTRAINT fk_evidence_request_created_by FOREIGN KEY(created_by) REFERENCES person (id), 
	CONSTRAINT fk_evidence_request_partner_id FOREIGN KEY(partner_id) REFERENCES partner (id), 
	CONSTRAINT fk_evidence_request_department_id FOREIGN KEY(department_id) REFERENCES department (id), 
	CONSTRAINT fk_evidence_request_keeper_id FOREIGN KEY(keeper_id) REFERENCES person (id)
);

CREATE INDEX ix_evidence_request_assessment_id ON evidence_request (assessment_id);

CREATE INDEX ix_evidence_request_city_id ON evidence_request (city_id);

CREATE TABLE "membership" (
	id INTEGER NOT NULL, 
	city_id INTEGER NOT NULL, 
	person_id INTEGER NOT NULL, 
	role VARCHAR(10) NOT NULL, 
	ended_at DATETIME, 
	version INTEGER NOT NULL, 
	role_since DATETIME, 
	stand_in_id INTEGER, 
	away_from DATE, 
	away_until DATE, 
	leaving_notes TEXT NOT NULL, later_absences TEXT, given_by INTEGER, 
	CONSTRAINT pk_membership PRIMARY KEY (id), 
	CONSTRAINT fk_membership_stand_in_id FOREIGN KEY(stand_in_id) REFERENCES person (id), 
	CONSTRAINT uq_membership_city_id_person_id UNIQUE (city_id, person_id), 
	CONSTRAINT fk_membership_city_id FOREIGN KEY(city_id) REFERENCES city (id), 
	CONSTRAINT fk_membership_person_id FOREIGN KEY(person_id) REFERENCES person (id)
);

CREATE INDEX ix_membership_person_id ON membership (person_id);

CREATE INDEX ix_membership_city_id ON membership (city_id);

CREATE TABLE handover (
	id INTEGER NOT NULL, 
	city_id INTEGER NOT NULL, 
	person_id INTEGER NOT NULL, 
	successor_id INTEGER NOT NULL, 
	by_id INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	content TEXT NOT NULL, 
	notes TEXT NOT NULL, 
	read_at DATETIME, 
	version INTEGER NOT NULL, 
	CONSTRAINT pk_handover PRIMARY KEY (id), 
	CONSTRAINT fk_handover_city_id FOREIGN KEY(city_id) REFERENCES city (id), 
	CONSTRAINT fk_handover_person_id FOREIGN KEY(person_id) REFERENCES person (id), 
	CONSTRAINT fk_handover_successor_id FOREIGN KEY(successor_id) REFERENCES person (id), 
	CONSTRAINT fk_handover_by_id FOREIGN KEY(by_id) REFERENCES person (id)
);

CREATE INDEX ix_handover_city_id ON handover (city_id);

CREATE TABLE authenticator_app (
	id INTEGER NOT NULL, 
	person_id INTEGER NOT NULL, 
	sealed_secret VARCHAR(300) NOT NULL, 
	last_step INTEGER NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_authenticator_app PRIMARY KEY (id), 
	CONSTRAINT fk_authenticator_app_person_id FOREIGN KEY(person_id) REFERENCES person (id), 
	CONSTRAINT uq_authenticator_app_person_id UNIQUE (person_id)
);

CREATE TABLE recovery_code (
	id INTEGER NOT NULL, 
	person_id INTEGER NOT NULL, 
	code_hash VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_recovery_code PRIMARY KEY (id), 
	CONSTRAINT fk_recovery_code_person_id FOREIGN KEY(person_id) REFERENCES person (id)
);

CREATE INDEX ix_recovery_code_person_id ON recovery_code (person_id);

CREATE TABLE bulk_save (
	id INTEGER NOT NULL, 
	city_id INTEGER NOT NULL, 
	saved_by INTEGER, 
	saved_at DATETIME NOT NULL, 
	lines INTEGER NOT NULL, 
	steps TEXT NOT NULL, 
	undone_at DATETIME, 
	CONSTRAINT pk_bulk_save PRIMARY KEY (id), 
	CONSTRAINT fk_bulk_save_city_id FOREIGN KEY(city_id) REFERENCES city (id), 
	CONSTRAINT fk_bulk_save_saved_by FOREIGN KEY(saved_by) REFERENCES person (id)
);

CREATE INDEX ix_bulk_save_city_id ON bulk_save (city_id);

CREATE TABLE "invitation" (
	id INTEGER NOT NULL, 
	city_id INTEGER NOT NULL, 
	email VARCHAR(254) NOT NULL, 
	name VARCHAR(120) NOT NULL, 
	role VARCHAR(10) NOT NULL, 
	departments VARCHAR(1000) NOT NULL, 
	nonce VARCHAR(64) NOT NULL, 
	invited_by INTEGER, 
	sent_at DATETIME NOT NULL, 
	state VARCHAR(10) NOT NULL, 
	person_id INTEGER, 
	ended_at DATETIME, 
	language VARCHAR(5), 
	tasks TEXT NOT NULL, 
	CONSTRAINT pk_invitation PRIMARY KEY (id), 
	CONSTRAINT fk_invitation_invited_by FOREIGN KEY(invited_by) REFERENCES person (id), 
	CONSTRAINT fk_invitation_person_id FOREIGN KEY(person_id) REFERENCES person (id), 
	CONSTRAINT fk_invitation_city_id FOREIGN KEY(city_id) REFERENCES city (id)
);

CREATE INDEX ix_invitation_city_id ON invitation (city_id);

CREATE INDEX ix_invitation_email ON invitation (email);

CREATE TABLE foreword (
	id INTEGER NOT NULL, 
	city_id INTEGER NOT NULL, 
	language VARCHAR(5) NOT NULL, 
	text TEXT NOT NULL, 
	name VARCHAR(80) NOT NULL, 
	office VARCHAR(80) NOT NULL, 
	version INTEGER NOT NULL, 
	CONSTRAINT pk_foreword PRIMARY KEY (id), 
	CONSTRAINT fk_foreword_city_id FOREIGN KEY(city_id) REFERENCES city (id), 
	CONSTRAINT uq_foreword_city_id_language UNIQUE (city_id, language)
);

CREATE INDEX ix_foreword_city_id ON foreword (city_id);

CREATE TABLE letter (
	id INTEGER NOT NULL, 
	city_id INTEGER NOT NULL, 
	person_id INTEGER NOT NULL, 
	by_hand INTEGER, 
	message_id VARCHAR(120) NOT NULL, 
	state VARCHAR(10) NOT NULL, 
	day DATE NOT NULL, 
	handed INTEGER NOT NULL, 
	try_after DATETIME, 
	sent_at DATETIME, 
	problem VARCHAR(300) NOT NULL, 
	version INTEGER NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_letter PRIMARY KEY (id), 
	CONSTRAINT fk_letter_city_id FOREIGN KEY(city_id) REFERENCES city (id), 
	CONSTRAINT fk_letter_person_id FOREIGN KEY(person_id) REFERENCES person (id), 
	CONSTRAINT fk_letter_by_hand FOREIGN KEY(by_hand) REFERENCES person (id), 
	CONSTRAINT uq_letter_message_id UNIQUE (message_id)
);

CREATE TABLE letter_entry (
	id INTEGER NOT NULL, 
	city_id INTEGER NOT NULL, 
	person_id INTEGER NOT NULL, 
	by_id INTEGER, 
	letter_id INTEGER, 
	kind VARCHAR(20) NOT NULL, 
	"key" VARCHAR(120) NOT NULL, 
	subject VARCHAR(12) NOT NULL, 
	day DATE, 
	about TEXT NOT NULL, 
	dropped VARCHAR(12) NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_letter_entry PRIMARY KEY (id), 
	CONSTRAINT fk_letter_entry_city_id FOREIGN KEY(city_id) REFERENCES city (id), 
	CONSTRAINT fk_letter_entry_person_id FOREIGN KEY(person_id) REFERENCES person (id), 
	CONSTRAINT fk_letter_entry_by_id FOREIGN KEY(by_id) REFERENCES person (id), 
	CONSTRAINT fk_letter_entry_letter_id FOREIGN KEY(letter_id) REFERENCES letter (id), 
	CONSTRAINT uq_letter_entry_city_id_person_id_key UNIQUE (city_id, person_id, "key")
);

CREATE TABLE letter_mark (
	city_id INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	day DATE, 
	CONSTRAINT pk_letter_mark PRIMARY KEY (city_id), 
	CONSTRAINT fk_letter_mark_city_id FOREIGN KEY(city_id) REFERENCES city (id)
);

CREATE INDEX ix_letter_city_id ON letter (city_id);

CREATE INDEX ix_letter_person_id ON letter (person_id);

CREATE INDEX ix_letter_state_try_after ON letter (state, try_after);

CREATE INDEX ix_letter_entry_city_id ON letter_entry (city_id);

CREATE INDEX ix_letter_entry_person_id ON letter_entry (person_id);

CREATE INDEX ix_letter_entry_letter_id ON letter_entry (letter_id);

CREATE TABLE report_opening (
	id INTEGER NOT NULL, 
	city_id INTEGER NOT NULL, 
	report_id INTEGER NOT NULL, 
	person_id INTEGER, 
	file VARCHAR(10) NOT NULL, 
	opened_on DATE NOT NULL, 
	times INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_report_opening PRIMARY KEY (id), 
	CONSTRAINT fk_report_opening_city_id FOREIGN KEY(city_id) REFERENCES city (id), 
	CONSTRAINT fk_report_opening_person_id FOREIGN KEY(person_id) REFERENCES person (id), 
	CONSTRAINT fk_report_opening_report_id FOREIGN KEY(report_id) REFERENCES report (id)
);

CREATE INDEX ix_report_opening_city_id ON report_opening (city_id);

CREATE INDEX ix_report_opening_report_id ON report_opening (report_id);

CREATE TABLE person_identity (
	id INTEGER NOT NULL, 
	person_id INTEGER NOT NULL, 
	issuer VARCHAR(300) NOT NULL, 
	subject VARCHAR(255) NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_person_identity PRIMARY KEY (id), 
	CONSTRAINT fk_person_identity_person_id FOREIGN KEY(person_id) REFERENCES person (id), 
	CONSTRAINT uq_person_identity_issuer_subject UNIQUE (issuer, subject)
);

CREATE INDEX ix_person_identity_person_id ON person_identity (person_id);

CREATE TABLE "letter_choice" (
	id INTEGER NOT NULL, 
	city_id INTEGER NOT NULL, 
	person_id INTEGER NOT NULL, 
	off VARCHAR(300) NOT NULL, 
	pace VARCHAR(10) NOT NULL, 
	quiet_days VARCHAR(7) NOT NULL, 
	time_zone VARCHAR(64) NOT NULL, 
	refused_address VARCHAR(254) NOT NULL, 
	refused_reason VARCHAR(300) NOT NULL, 
	refused_at DATETIME, 
	version INTEGER NOT NULL, 
	calendar INTEGER NOT NULL, 
	calendars INTEGER NOT NULL, 
	CONSTRAINT pk_letter_choice PRIMARY KEY (id), 
	CONSTRAINT fk_letter_choice_person_id FOREIGN KEY(person_id) REFERENCES person (id), 
	CONSTRAINT fk_letter_choice_city_id FOREIGN KEY(city_id) REFERENCES city (id), 
	CONSTRAINT uq_letter_choice_city_id_person_id UNIQUE (city_id, person_id)
);

CREATE INDEX ix_letter_choice_city_id ON letter_choice (city_id);

CREATE INDEX ix_letter_choice_person_id ON letter_choice (person_id);

CREATE TABLE "person" (
	id INTEGER NOT NULL, 
	email VARCHAR(254) NOT NULL, 
	name VARCHAR(120) NOT NULL, 
	pass_phrase_hash VARCHAR(200), 
	language VARCHAR(5), 
	demo BOOLEAN NOT NULL, 
	invited_at DATETIME, 
	created_at DATETIME NOT NULL, 
	scrubbed_at DATETIME, 
	link_shown_to INTEGER, 
	second_step_at DATETIME, 
	list_choices TEXT NOT NULL, public_advice_read_at DATETIME, 
	CONSTRAINT pk_person PRIMARY KEY (id), 
	CONSTRAINT uq_person_email UNIQUE (email)
);

CREATE TABLE passkey (
	id INTEGER NOT NULL, 
	person_id INTEGER NOT NULL, 
	name VARCHAR(60) NOT NULL, 
	key_id VARCHAR(1400) NOT NULL, 
	public_key VARCHAR(2000) NOT NULL, 
	sign_count BIGINT NOT NULL, 
	created_at DATETIME NOT NULL, 
	used_at DATETIME, 
	CONSTRAINT pk_passkey PRIMARY KEY (id), 
	CONSTRAINT fk_passkey_person_id FOREIGN KEY(person_id) REFERENCES person (id), 
	CONSTRAINT uq_passkey_key_id UNIQUE (key_id)
);

CREATE INDEX ix_passkey_person_id ON passkey (person_id);

CREATE TABLE passkey_challenge (
	id INTEGER NOT NULL, 
	person_id INTEGER, 
	purpose VARCHAR(20) NOT NULL, 
	challenge_hash VARCHAR(64) NOT NULL, 
	made_at DATETIME NOT NULL, 
	CONSTRAINT pk_passkey_challenge PRIMARY KEY (id), 
	CONSTRAINT fk_passkey_challenge_person_id FOREIGN KEY(person_id) REFERENCES person (id), 
	CONSTRAINT uq_passkey_challenge_challenge_hash UNIQUE (challenge_hash)
);

CREATE INDEX ix_passkey_challenge_person_id ON passkey_challenge (person_id);

CREATE INDEX ix_passkey_challenge_made_at ON passkey_challenge (made_at);

CREATE TABLE "sign_in_session" (
	id INTEGER NOT NULL, 
	token_hash VARCHAR(64) NOT NULL, 
	person_id INTEGER NOT NULL, 
	created_at DATETIME NOT NULL, 
	expires_at DATETIME NOT NULL, 
	seen_at DATETIME NOT NULL, 
	confirmed_at DATETIME NOT NULL, 
	ends_at DATETIME NOT NULL, 
	address VARCHAR(45) NOT NULL, 
	agent VARCHAR(200) NOT NULL, 
	provider_city_id INTEGER, 
	passkey_id INTEGER, 
	by_passkey_alone BOOLEAN NOT NULL, 
	CONSTRAINT pk_sign_in_session PRIMARY KEY (id), 
	CONSTRAINT fk_sign_in_session_person_id FOREIGN KEY(person_id) REFERENCES person (id), 
	CONSTRAINT uq_sign_in_session_token_hash UNIQUE (token_hash)
);

CREATE INDEX ix_sign_in_session_person_id ON sign_in_session (person_id);

CREATE TABLE "evidence_support" (
	id INTEGER NOT NULL, 
	city_id INTEGER NOT NULL, 
	evidence_id INTEGER NOT NULL, 
	response_id INTEGER NOT NULL, 
	item VARCHAR(40) NOT NULL, 
	guest BOOLEAN NOT NULL, 
	page_pointer VARCHAR(300) NOT NULL, 
	CONSTRAINT pk_evidence_support PRIMARY KEY (id), 
	CONSTRAINT fk_evidence_support_city_id FOREIGN KEY(city_id) REFERENCES city (id), 
	CONSTRAINT fk_evidence_support_evidence_id FOREIGN KEY(evidence_id) REFERENCES evidence (id), 
	CONSTRAINT fk_evidence_support_response_id FOREIGN KEY(response_id) REFERENCES response (id), 
	CONSTRAINT uq_evidence_support_evidence_id_response_id_item UNIQUE (evidence_id, response_id, item)
);

CREATE INDEX ix_evidence_support_evidence_id ON evidence_support (evidence_id);

CREATE INDEX ix_evidence_support_city_id ON evidence_support (city_id);

CREATE INDEX ix_evidence_support_response_id ON evidence_support (response_id);

CREATE TABLE monthly_report (
	id INTEGER NOT NULL, 
	city_id INTEGER NOT NULL, 
	length VARCHAR(10) NOT NULL, 
	audience VARCHAR(10) NOT NULL, 
	language VARCHAR(5) NOT NULL, 
	day INTEGER NOT NULL, 
	is_attached BOOLEAN NOT NULL, 
	starts_on DATE NOT NULL, 
	is_paused BOOLEAN NOT NULL, 
	set_by INTEGER NOT NULL, 
	version INTEGER NOT NULL, 
	created_at DATETIME NOT NULL, 
	ended_at DATETIME, 
	CONSTRAINT pk_monthly_report PRIMARY KEY (id), 
	CONSTRAINT fk_monthly_report_city_id FOREIGN KEY(city_id) REFERENCES city (id), 
	CONSTRAINT fk_monthly_report_set_by FOREIGN KEY(set_by) REFERENCES person (id)
);

CREATE INDEX ix_monthly_report_city_id ON monthly_report (city_id);

CREATE TABLE monthly_reader (
	id INTEGER NOT NULL, 
	city_id INTEGER NOT NULL, 
	monthly_id INTEGER NOT NULL, 
	person_id INTEGER, 
	address VARCHAR(320) NOT NULL, 
	until DATE, 
	CONSTRAINT pk_monthly_reader PRIMARY KEY (id), 
	CONSTRAINT fk_monthly_reader_city_id FOREIGN KEY(city_id) REFERENCES city (id), 
	CONSTRAINT fk_monthly_reader_monthly_id FOREIGN KEY(monthly_id) REFERENCES monthly_report (id), 
	CONSTRAINT fk_monthly_reader_person_id FOREIGN KEY(person_id) REFERENCES person (id)
);

CREATE INDEX ix_monthly_reader_city_id ON monthly_reader (city_id);

CREATE INDEX ix_monthly_reader_monthly_id ON monthly_reader (monthly_id);

CREATE TABLE monthly_issue (
	id INTEGER NOT NULL, 
	city_id INTEGER NOT NULL, 
	monthly_id INTEGER NOT NULL, 
	month VARCHAR(7) NOT NULL, 
	report_id INTEGER, 
	state VARCHAR(10) NOT NULL, 
	problem VARCHAR(20) NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_monthly_issue PRIMARY KEY (id), 
	CONSTRAINT fk_monthly_issue_city_id FOREIGN KEY(city_id) REFERENCES city (id), 
	CONSTRAINT fk_monthly_issue_monthly_id FOREIGN KEY(monthly_id) REFERENCES monthly_report (id), 
	CONSTRAINT fk_monthly_issue_report_id FOREIGN KEY(report_id) REFERENCES report (id), 
	CONSTRAINT uq_monthly_issue_monthly_id_month UNIQUE (monthly_id, month)
);

CREATE INDEX ix_monthly_issue_city_id ON monthly_issue (city_id);

CREATE INDEX ix_monthly_issue_state ON monthly_issue (state);

CREATE TABLE "report_mail" (
	id INTEGER NOT NULL, 
	city_id INTEGER NOT NULL, 
	report_id INTEGER NOT NULL, 
	person_id INTEGER, 
	address VARCHAR(320) NOT NULL, 
	asked_by INTEGER NOT NULL, 
	message_id VARCHAR(200) NOT NULL, 
	state VARCHAR(10) NOT NULL, 
	problem TEXT NOT NULL, 
	handed INTEGER NOT NULL, 
	asked_at DATETIME NOT NULL, 
	sent_at DATETIME, 
	issue_id INTEGER, 
	CONSTRAINT pk_report_mail PRIMARY KEY (id), 
	CONSTRAINT fk_report_mail_person_id FOREIGN KEY(person_id) REFERENCES person (id), 
	CONSTRAINT fk_report_mail_report_id FOREIGN KEY(report_id) REFERENCES report (id), 
	CONSTRAINT fk_report_mail_asked_by FOREIGN KEY(asked_by) REFERENCES person (id), 
	CONSTRAINT fk_report_mail_city_id FOREIGN KEY(city_id) REFERENCES city (id), 
	CONSTRAINT fk_report_mail_issue_id FOREIGN KEY(issue_id) REFERENCES monthly_issue (id)
);

CREATE INDEX ix_report_mail_report_id ON report_mail (report_id);

CREATE INDEX ix_report_mail_city_id ON report_mail (city_id);

CREATE INDEX ix_report_mail_issue_id ON report_mail (issue_id);

CREATE TABLE "retention_class" (
	id INTEGER NOT NULL, 
	city_id INTEGER NOT NULL, 
	name VARCHAR(60) NOT NULL, 
	years INTEGER NOT NULL, 
	version INTEGER NOT NULL, 
	for_reports BOOLEAN NOT NULL, 
	CONSTRAINT pk_retention_class PRIMARY KEY (id), 
	CONSTRAINT fk_retention_class_city_id FOREIGN KEY(city_id) REFERENCES city (id), 
	CONSTRAINT uq_retention_class_city_id_name UNIQUE (city_id, name)
);

CREATE INDEX ix_retention_class_city_id ON retention_class (city_id);

CREATE TABLE "report" (
	id INTEGER NOT NULL, 
	city_id INTEGER NOT NULL, 
	assessment_id INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	language VARCHAR(5) NOT NULL, 
	length VARCHAR(10) NOT NULL, 
	state VARCHAR(10) NOT NULL, 
	step VARCHAR(40) NOT NULL, 
	error TEXT NOT NULL, 
	code VARCHAR(24) NOT NULL, 
	shows_number INTEGER NOT NULL, 
	history_number INTEGER NOT NULL, 
	history_head VARCHAR(64) NOT NULL, 
	sentence TEXT NOT NULL, 
	content TEXT NOT NULL, 
	file_key VARCHAR(200), 
	sha256 VARCHAR(64) NOT NULL, 
	size_bytes INTEGER NOT NULL, 
	requested_by INTEGER, 
	created_at DATETIME NOT NULL, 
	made_at DATETIME, 
	parts VARCHAR(80) NOT NULL, 
	audience VARCHAR(10) NOT NULL, 
	is_draft BOOLEAN NOT NULL, 
	department_id INTEGER, 
	stated TEXT NOT NULL, 
	hold_reason VARCHAR(300) NOT NULL, 
	disposal_by INTEGER, 
	disposal_at DATETIME, 
	disposal_reason VARCHAR(300) NOT NULL, 
	disposed_at DATETIME, 
	version INTEGER NOT NULL, 
	CONSTRAINT pk_report PRIMARY KEY (id), 
	CONSTRAINT fk_report_department_id FOREIGN KEY(department_id) REFERENCES department (id), 
	CONSTRAINT fk_report_city_id FOREIGN KEY(city_id) REFERENCES city (id), 
	CONSTRAINT fk_report_disposal_by FOREIGN KEY(disposal_by) REFERENCES person (id), 
	CONSTRAINT uq_report_city_id_number UNIQUE (city_id, number), 
	CONSTRAINT uq_report_code UNIQUE (code), 
	CONSTRAINT fk_report_assessment_id FOREIGN KEY(assessment_id) REFERENCES assessment (id), 
	CONSTRAINT fk_report_requested_by FOREIGN KEY(requested_by) REFERENCES person (id)
);

CREATE INDEX ix_report_state ON report (state);

CREATE INDEX ix_report_city_id ON report (city_id);

CREATE TABLE "city" (
	id INTEGER NOT NULL, 
	slug VARCHAR(40) NOT NULL, 
	name VARCHAR(120) NOT NULL, 
	country VARCHAR(2) NOT NULL, 
	language VARCHAR(5) NOT NULL, 
	time_zone VARCHAR(64) NOT NULL, 
	population INTEGER, 
	logo_key VARCHAR(200), 
	illustrative BOOLEAN NOT NULL, 
	history_count INTEGER NOT NULL, 
	history_head VARCHAR(64) NOT NULL, 
	version INTEGER NOT NULL, 
	created_at DATETIME NOT NULL, 
	second_step_roles VARCHAR(60), 
	passphrases_closed_at DATETIME, 
	passkeys_open_at DATETIME, 
	small_office BOOLEAN NOT NULL, 
	color VARCHAR(7), 
	sender_name VARCHAR(80), 
	reply_to VARCHAR(254), 
	retention_default INTEGER, 
	contact_name VARCHAR(120) NOT NULL, 
	contact_phone VARCHAR(40) NOT NULL, 
	contact_email VARCHAR(254) NOT NULL, 
	CONSTRAINT pk_city PRIMARY KEY (id), 
	CONSTRAINT uq_city_slug UNIQUE (slug)
);

CREATE TABLE "response" (
	id INTEGER NOT NULL, 
	city_id INTEGER NOT NULL, 
	assessment_id INTEGER NOT NULL, 
	criterion VARCHAR(12) NOT NULL, 
	narrative TEXT NOT NULL, 
	narrative_version INTEGER NOT NULL, 
	narrative_by INTEGER, 
	narrative_at DATETIME, 
	self_rating VARCHAR(10), 
	state VARCHAR(12) NOT NULL, 
	version INTEGER NOT NULL, 
	submitted_at DATETIME, 
	submitted_by INTEGER, 
	claimed_by INTEGER, 
	updated_at DATETIME NOT NULL, 
	confidence VARCHAR(10), 
	carried_from INTEGER, 
	confirmation VARCHAR(12), 
	renewal VARCHAR(10) NOT NULL, 
	renewed_by INTEGER, 
	narrative_language VARCHAR(5) NOT NULL, 
	CONSTRAINT pk_response PRIMARY KEY (id), 
	CONSTRAINT fk_response_city_id FOREIGN KEY(city_id) REFERENCES city (id), 
	CONSTRAINT fk_response_renewed_by FOREIGN KEY(renewed_by) REFERENCES person (id), 
	CONSTRAINT fk_response_assessment_id FOREIGN KEY(assessment_id) REFERENCES assessment (id), 
	CONSTRAINT fk_response_narrative_by FOREIGN KEY(narrative_by) REFERENCES person (id), 
	CONSTRAINT uq_response_assessment_id_criterion UNIQUE (assessment_id, criterion), 
	CONSTRAINT fk_response_claimed_by FOREIGN KEY(claimed_by) REFERENCES person (id), 
	CONSTRAINT fk_response_submitted_by FOREIGN KEY(submitted_by) REFERENCES person (id), 
	CONSTRAINT fk_response_carried_from FOREIGN KEY(carried_from) REFERENCES response (id)
);

CREATE INDEX ix_response_assessment_id ON response (assessment_id);

CREATE INDEX ix_response_city_id ON response (city_id);

CREATE TABLE "verdict" (
	id INTEGER NOT NULL, 
	city_id INTEGER NOT NULL, 
	response_id INTEGER NOT NULL, 
	decision VARCHAR(14) NOT NULL, 
	reason TEXT NOT NULL, 
	reviewer_id INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	withdrawn_at DATETIME, 
	language VARCHAR(5) NOT NULL, 
	CONSTRAINT pk_verdict PRIMARY KEY (id), 
	CONSTRAINT fk_verdict_reviewer_id FOREIGN KEY(reviewer_id) REFERENCES person (id), 
	CONSTRAINT fk_verdict_response_id FOREIGN KEY(response_id) REFERENCES response (id), 
	CONSTRAINT fk_verdict_city_id FOREIGN KEY(city_id) REFERENCES city (id)
);

CREATE INDEX ix_verdict_city_id ON verdict (city_id);

CREATE INDEX ix_verdict_response_id ON verdict (response_id);

CREATE TABLE "sign_in_provider" (
	id INTEGER NOT NULL, 
	city_id INTEGER NOT NULL, 
	name VARCHAR(60) NOT NULL, 
	issuer VARCHAR(300) NOT NULL, 
	client_id VARCHAR(200) NOT NULL, 
	sealed_secret VARCHAR(800) NOT NULL, 
	domains VARCHAR(500) NOT NULL, 
	is_trusted BOOLEAN NOT NULL, 
	created_at DATETIME NOT NULL, 
	groups_claim VARCHAR(60) NOT NULL, 
	group_roles TEXT NOT NULL, 
	creates_accounts BOOLEAN NOT NULL, 
	version INTEGER NOT NULL, 
	CONSTRAINT pk_sign_in_provider PRIMARY KEY (id), 
	CONSTRAINT fk_sign_in_provider_city_id FOREIGN KEY(city_id) REFERENCES city (id)
);

CREATE INDEX ix_sign_in_provider_city_id ON sign_in_provider (city_id);

CREATE TABLE "file_reading" (
	id INTEGER NOT NULL, 
	city_id INTEGER NOT NULL, 
	file_id INTEGER NOT NULL, 
	read_at DATETIME NOT NULL, 
	state VARCHAR(10) NOT NULL, 
	trouble VARCHAR(20) NOT NULL, 
	title VARCHAR(200) NOT NULL, 
	made_on DATE, 
	changed_on DATE, 
	pages INTEGER, 
	findings TEXT NOT NULL, 
	text TEXT NOT NULL, 
	sheets TEXT NOT NULL, 
	picture_keys TEXT NOT NULL, 
	found_at DATETIME NOT NULL, 
	reader INTEGER NOT NULL, 
	checked BOOLEAN NOT NULL, 
	unread TEXT NOT NULL, 
	stretches TEXT NOT NULL, 
	pictured TEXT NOT NULL, 
	pictures_wait BOOLEAN NOT NULL, 
	CONSTRAINT pk_file_reading PRIMARY KEY (id), 
	CONSTRAINT fk_file_reading_file_id FOREIGN KEY(file_id) REFERENCES stored_file (id), 
	CONSTRAINT fk_file_reading_city_id FOREIGN KEY(city_id) REFERENCES city (id), 
	CONSTRAINT uq_file_reading_file_id UNIQUE (file_id)
);

CREATE INDEX ix_file_reading_city_id ON file_reading (city_id);

CREATE TABLE "review_comment" (
	id INTEGER NOT NULL, 
	city_id INTEGER NOT NULL, 
	response_id INTEGER NOT NULL, 
	text TEXT NOT NULL, 
	person_id INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	asked VARCHAR(200) NOT NULL, 
	kind VARCHAR(10) NOT NULL, 
	reply_to INTEGER, 
	answered_at DATETIME, 
	answered_by INTEGER, 
	language VARCHAR(5) NOT NULL, 
	CONSTRAINT pk_review_comment PRIMARY KEY (id), 
	CONSTRAINT fk_review_comment_response_id FOREIGN KEY(response_id) REFERENCES response (id), 
	CONSTRAINT fk_review_comment_reply_to FOREIGN KEY(reply_to) REFERENCES review_comment (id), 
	CONSTRAINT fk_review_comment_answered_by FOREIGN KEY(answered_by) REFERENCES person (id), 
	CONSTRAINT fk_review_comment_city_id FOREIGN KEY(city_id) REFERENCES city (id), 
	CONSTRAINT fk_review_comment_person_id FOREIGN KEY(person_id) REFERENCES person (id)
);

CREATE INDEX ix_review_comment_response_id ON review_comment (response_id);

CREATE INDEX ix_review_comment_city_id ON review_comment (city_id);

CREATE TABLE "evidence" (
	id INTEGER NOT NULL, 
	city_id INTEGER NOT NULL, 
	kind VARCHAR(10) NOT NULL, 
	title VARCHAR(200) NOT NULL, 
	period_from DATE, 
	period_to DATE, 
	page_pointer VARCHAR(300) NOT NULL, 
	source VARCHAR(300) NOT NULL, 
	visibility VARCHAR(12) NOT NULL, 
	file_id INTEGER, 
	url VARCHAR(2000) NOT NULL, 
	link_state VARCHAR(10) NOT NULL, 
	link_checked_at DATETIME, 
	note TEXT NOT NULL, 
	unit VARCHAR(60) NOT NULL, 
	baseline_value NUMERIC(20, 4), 
	baseline_period VARCHAR(60) NOT NULL, 
	current_value NUMERIC(20, 4), 
	current_period VARCHAR(60) NOT NULL, 
	published_percent NUMERIC(9, 1), 
	created_by INTEGER, 
	created_at DATETIME NOT NULL, 
	withdrawn_at DATETIME, 
	version INTEGER NOT NULL, 
	partner_id INTEGER, 
	contributed_by VARCHAR(250) NOT NULL, 
	contributed_on DATE, 
	link_moved_to VARCHAR(2000) NOT NULL, 
	link_troubles INTEGER NOT NULL, 
	link_next_at DATETIME, 
	dataset VARCHAR(300) NOT NULL, 
	method VARCHAR(1000) NOT NULL, 
	caveat VARCHAR(500) NOT NULL, 
	approved_by INTEGER, 
	approved_at DATETIME, 
	twin_of INTEGER, 
	retention_id INTEGER, 
	hold_reason VARCHAR(300) NOT NULL, 
	disposal_by INTEGER, 
	disposal_at DATETIME, 
	disposed_at DATETIME, 
	effective_on DATE, 
	may_quote BOOLEAN NOT NULL, 
	file_name VARCHAR(200) NOT NULL, 
	keeper_id INTEGER, 
	language VARCHAR(5) NOT NULL, 
	link_deaths INTEGER NOT NULL, 
	CONSTRAINT pk_evidence PRIMARY KEY (id), 
	CONSTRAINT fk_evidence_approved_by FOREIGN KEY(approved_by) REFERENCES person (id), 
	CONSTRAINT fk_evidence_file_id FOREIGN KEY(file_id) REFERENCES stored_file (id), 
	CONSTRAINT fk_evidence_twin_of FOREIGN KEY(twin_of) REFERENCES evidence (id), 
	CONSTRAINT fk_evidence_created_by FOREIGN KEY(created_by) REFERENCES person (id), 
	CONSTRAINT fk_evidence_city_id FOREIGN KEY(city_id) REFERENCES city (id), 
	CONSTRAINT fk_evidence_keeper_id FOREIGN KEY(keeper_id) REFERENCES person (id), 
	CONSTRAINT fk_evidence_partner_id FOREIGN KEY(partner_id) REFERENCES partner (id), 
	CONSTRAINT fk_evidence_retention_id FOREIGN KEY(retention_id) REFERENCES retention_class (id), 
	CONSTRAINT fk_evidence_disposal_by FOREIGN KEY(disposal_by) REFERENCES person (id)
);

CREATE INDEX ix_evidence_city_id ON evidence (city_id);

CREATE INDEX ix_evidence_link_next_at ON evidence (link_next_at);

CREATE INDEX ix_evidence_twin_of ON evidence (twin_of);

INSERT INTO alembic_version (version_num) VALUES ('0060');

