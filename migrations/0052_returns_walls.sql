-- breaking: no
-- The first published terms of returning (Decree 248/2026/NĐ-CP, art. 14 leaves the days to the exchange; they are its own).
INSERT INTO care_policies (valid_from, return_days, perishable_hours, perishable_storage, seller_days, appeal_days, send_back_days, receive_days, inspect_days, officer_days, max_photos)
VALUES ('2026-01-01', 7, 24, '{chilled,frozen,fresh}', 3, 7, 7, 7, 2, 3, 6);
--> statement-breakpoint
-- Terms are published: those of a day are not changed any more, and a new day has its own row.
REVOKE INSERT, UPDATE, DELETE ON care_policies FROM cho_noi_app, cho_noi_seller;
--> statement-breakpoint
CALL guard_rows('returns');
--> statement-breakpoint
CALL guard_rows('return_lines', 'return_id IN (SELECT id FROM returns)');
--> statement-breakpoint
CALL guard_rows('return_photos', 'return_id IN (SELECT id FROM returns)');
--> statement-breakpoint
CALL guard_rows('return_events', 'return_id IN (SELECT id FROM returns)');
--> statement-breakpoint
REVOKE UPDATE, DELETE ON return_lines, return_events FROM cho_noi_app, cho_noi_seller;
--> statement-breakpoint
CREATE TRIGGER return_lines_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON return_lines FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER return_events_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON return_events FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
