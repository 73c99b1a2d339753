-- breaking: no
-- What somebody agreed to, who read whose identifiers, and who asked to be forgotten: written once, read for ever.
ALTER TABLE api_keys ADD CONSTRAINT api_keys_business_id_fk FOREIGN KEY (business_id) REFERENCES businesses (id);
--> statement-breakpoint
REVOKE UPDATE, DELETE ON account_consents, personal_data_readings, erasures FROM cho_noi_app;
--> statement-breakpoint
CREATE TRIGGER account_consents_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON account_consents FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER personal_data_readings_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON personal_data_readings FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER erasures_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON erasures FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
-- A seller's transaction sees the keys of its businesses, and nothing of how people get in.
CALL guard_rows('api_keys');
--> statement-breakpoint
CALL guard_rows('devices', NULL);
--> statement-breakpoint
CALL guard_rows('throttles', NULL);
--> statement-breakpoint
CALL guard_rows('account_tokens', NULL);
--> statement-breakpoint
CALL guard_rows('totp_factors', NULL);
--> statement-breakpoint
CALL guard_rows('recovery_codes', NULL);
--> statement-breakpoint
CALL guard_rows('passkeys', NULL);
--> statement-breakpoint
CALL guard_rows('challenges', NULL);
--> statement-breakpoint
CALL guard_rows('external_identities', NULL);
--> statement-breakpoint
CALL guard_rows('account_consents', NULL);
--> statement-breakpoint
CALL guard_rows('personal_data_readings', NULL);
--> statement-breakpoint
CALL guard_rows('erasures', NULL);
