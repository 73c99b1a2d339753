-- breaking: no
-- What an exchange opens with: today's flat fee stays the rate of all zones until staff add others. Dated rows: change them by adding newer ones.
INSERT INTO shipping_rates (id, scheme, fee_vnd, valid_from, note) VALUES
  ('01900000-0000-7000-8000-000000000501', 'pickup', 0, '2025-01-01T00:00:00+07:00', 'Khách tự đến lấy');
--> statement-breakpoint
-- Provinces of the Mekong Delta as they are since 1 July 2025 (Resolution 202/2025/QH15); the rest of the country is far.
INSERT INTO shipping_zones (id, province_code, zone, valid_from, note) VALUES
  ('01900000-0000-7000-8000-000000000511', '92', 'in-province', '2025-01-01T00:00:00+07:00', 'Nơi có sàn'),
  ('01900000-0000-7000-8000-000000000512', '80', 'region', '2025-01-01T00:00:00+07:00', 'Tây Ninh, gồm Long An cũ'),
  ('01900000-0000-7000-8000-000000000513', '82', 'region', '2025-01-01T00:00:00+07:00', 'Đồng Tháp, gồm Tiền Giang cũ'),
  ('01900000-0000-7000-8000-000000000514', '86', 'region', '2025-01-01T00:00:00+07:00', 'Vĩnh Long, gồm Bến Tre và Trà Vinh cũ'),
  ('01900000-0000-7000-8000-000000000515', '91', 'region', '2025-01-01T00:00:00+07:00', 'An Giang, gồm Kiên Giang cũ'),
  ('01900000-0000-7000-8000-000000000516', '96', 'region', '2025-01-01T00:00:00+07:00', 'Cà Mau, gồm Bạc Liêu cũ');
--> statement-breakpoint
-- Estimates until a carrier's contract says better; no source that binds gives these hours.
INSERT INTO zone_times (id, zone, min_hours, max_hours, cut_off_hour, valid_from, note) VALUES
  ('01900000-0000-7000-8000-000000000521', 'in-province', 12, 24, 15, '2025-01-01T00:00:00+07:00', 'Ước tính'),
  ('01900000-0000-7000-8000-000000000522', 'region', 24, 48, 15, '2025-01-01T00:00:00+07:00', 'Ước tính'),
  ('01900000-0000-7000-8000-000000000523', 'far', 48, 96, 15, '2025-01-01T00:00:00+07:00', 'Ước tính');
--> statement-breakpoint
INSERT INTO transit_limits (id, storage, max_hours, valid_from, note) VALUES
  ('01900000-0000-7000-8000-000000000531', 'ambient', NULL, '2025-01-01T00:00:00+07:00', 'Tự giữ được'),
  ('01900000-0000-7000-8000-000000000532', 'cool', 96, '2025-01-01T00:00:00+07:00', 'Ước tính'),
  ('01900000-0000-7000-8000-000000000533', 'chilled', 24, '2025-01-01T00:00:00+07:00', 'Ước tính: thùng xốp có đá'),
  ('01900000-0000-7000-8000-000000000534', 'frozen', 48, '2025-01-01T00:00:00+07:00', 'Ước tính: thùng xốp có túi gel'),
  ('01900000-0000-7000-8000-000000000535', 'fresh', 48, '2025-01-01T00:00:00+07:00', 'Ước tính');
--> statement-breakpoint
CALL guard_rows('delivery_terms');
--> statement-breakpoint
CALL guard_rows('product_transit_limits');
--> statement-breakpoint
CALL guard_rows('pickup_points');
--> statement-breakpoint
-- Orders name the row that they were priced by.
REVOKE UPDATE, DELETE ON shipping_rates, shipping_zones, zone_times, transit_limits FROM cho_noi_app;
--> statement-breakpoint
CREATE TRIGGER shipping_rates_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON shipping_rates FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER shipping_zones_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON shipping_zones FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER zone_times_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON zone_times FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER transit_limits_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON transit_limits FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
