-- breaking: no
UPDATE bank_transfers SET direction = 'out' WHERE state = 'outgoing';
--> statement-breakpoint
REVOKE UPDATE, DELETE ON transfer_sightings, bank_statements FROM cho_noi_app;
--> statement-breakpoint
CREATE TRIGGER transfer_sightings_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON transfer_sightings FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER bank_statements_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON bank_statements FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
-- Nothing of these is a seller's.
CALL guard_rows('money_proposals', NULL);
--> statement-breakpoint
CALL guard_rows('bank_statements', NULL);
--> statement-breakpoint
CALL guard_rows('transfer_sightings', NULL);
