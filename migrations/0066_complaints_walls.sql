-- breaking: no
-- The first published times of complaints. Decree 248/2026/NĐ-CP, art. 7 wants times that are published and kept, and leaves
-- their length to the exchange: 48 hours for the first answer and 7 working days for an officer are its own.
INSERT INTO complaint_rules (valid_from, answer_hours, choice_hours, officer_days, unsafe_hours, appeal_days, file_days, max_photos, figure_days, figure_minimum)
VALUES ('2026-01-01', 48, 72, 7, 24, 5, 180, 5, 180, 5);
--> statement-breakpoint
-- Days off by the Labour Code 45/2019/QH14, art. 112, as far as they fall on working days. Which days of Tết 2027 are off is
-- announced each year and not yet known: these are the five around the first of the lunar year.
INSERT INTO public_holidays (day, name) VALUES
  ('2026-01-01', 'Tết Dương lịch'),
  ('2026-02-16', 'Tết Nguyên đán'),
  ('2026-02-17', 'Tết Nguyên đán'),
  ('2026-02-18', 'Tết Nguyên đán'),
  ('2026-02-19', 'Tết Nguyên đán'),
  ('2026-02-20', 'Tết Nguyên đán'),
  ('2026-04-27', 'Nghỉ bù Giỗ Tổ Hùng Vương'),
  ('2026-04-30', 'Ngày Chiến thắng'),
  ('2026-05-01', 'Quốc tế lao động'),
  ('2026-09-01', 'Quốc khánh'),
  ('2026-09-02', 'Quốc khánh'),
  ('2027-01-01', 'Tết Dương lịch'),
  ('2027-02-05', 'Tết Nguyên đán'),
  ('2027-02-08', 'Tết Nguyên đán'),
  ('2027-02-09', 'Tết Nguyên đán'),
  ('2027-02-10', 'Tết Nguyên đán'),
  ('2027-02-11', 'Tết Nguyên đán'),
  ('2027-04-16', 'Giỗ Tổ Hùng Vương'),
  ('2027-04-30', 'Ngày Chiến thắng'),
  ('2027-05-03', 'Nghỉ bù Quốc tế lao động'),
  ('2027-09-02', 'Quốc khánh'),
  ('2027-09-03', 'Quốc khánh');
--> statement-breakpoint
INSERT INTO complaint_moves (from_state, to_state) VALUES ('none', 'open'), ('open', 'offered'), ('open', 'escalated'), ('open', 'withdrawn'), ('offered', 'settled'), ('offered', 'escalated'), ('offered', 'lapsed'), ('offered', 'withdrawn'), ('escalated', 'decided'), ('escalated', 'withdrawn'), ('decided', 'appealed'), ('decided', 'final'), ('appealed', 'final');
--> statement-breakpoint
-- What is published is not changed any more, and a new day has its own row.
REVOKE INSERT, UPDATE, DELETE ON complaint_rules, public_holidays, complaint_moves FROM cho_noi_app, cho_noi_seller;
--> statement-breakpoint
CALL guard_rows('complaints');
--> statement-breakpoint
CALL guard_rows('complaint_messages', 'complaint_id IN (SELECT id FROM complaints)');
--> statement-breakpoint
CALL guard_rows('complaint_photos', 'message_id IN (SELECT id FROM complaint_messages)');
--> statement-breakpoint
CALL guard_rows('complaint_events', 'complaint_id IN (SELECT id FROM complaints)');
--> statement-breakpoint
-- What was said is only ever emptied, by the exchange, when a person is forgotten.
REVOKE DELETE ON complaints, complaint_messages, complaint_photos FROM cho_noi_app, cho_noi_seller;
--> statement-breakpoint
REVOKE UPDATE ON complaint_messages, complaint_photos FROM cho_noi_seller;
--> statement-breakpoint
REVOKE UPDATE, DELETE ON complaint_events FROM cho_noi_app, cho_noi_seller;
--> statement-breakpoint
CREATE TRIGGER complaint_events_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON complaint_events FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
