-- breaking: no
-- How long sellers have: two days to confirm, since a household checks its phone in the evening, and three to send. What spoils
-- is confirmed and sent within a day. Rules of this exchange, not of a law; change them by newer rows.
INSERT INTO order_windows (id, step, storage, hours, valid_from, note) VALUES
  ('01900000-0000-7000-8000-000000000041', 'confirm', NULL, 48, '2025-01-01T00:00:00+07:00', 'Two days to confirm a paid order'),
  ('01900000-0000-7000-8000-000000000042', 'confirm', 'fresh', 24, '2025-01-01T00:00:00+07:00', 'Fresh goods do not wait'),
  ('01900000-0000-7000-8000-000000000043', 'confirm', 'chilled', 24, '2025-01-01T00:00:00+07:00', 'Chilled goods do not wait'),
  ('01900000-0000-7000-8000-000000000044', 'confirm', 'frozen', 24, '2025-01-01T00:00:00+07:00', 'Frozen goods do not wait'),
  ('01900000-0000-7000-8000-000000000051', 'send', NULL, 72, '2025-01-01T00:00:00+07:00', 'Three days to send what was confirmed'),
  ('01900000-0000-7000-8000-000000000052', 'send', 'fresh', 24, '2025-01-01T00:00:00+07:00', 'Fresh goods leave within a day'),
  ('01900000-0000-7000-8000-000000000053', 'send', 'chilled', 24, '2025-01-01T00:00:00+07:00', 'Chilled goods leave within a day'),
  ('01900000-0000-7000-8000-000000000054', 'send', 'frozen', 24, '2025-01-01T00:00:00+07:00', 'Frozen goods leave within a day');
--> statement-breakpoint
-- Dated rules are added, never edited: an order of the past is judged by the rule of its day.
REVOKE UPDATE, DELETE ON order_windows FROM cho_noi_app;
--> statement-breakpoint
-- What was agreed names no buyer, and stays as it was written. Of several sellers: none reads it as theirs.
CALL guard_rows('order_confirmations', NULL);
--> statement-breakpoint
REVOKE UPDATE, DELETE ON order_confirmations FROM cho_noi_app;
--> statement-breakpoint
CREATE TRIGGER order_confirmations_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON order_confirmations FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
