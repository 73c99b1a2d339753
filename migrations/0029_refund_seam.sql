-- breaking: no
ALTER TABLE "payment_shares" ADD COLUMN "refunded_vnd" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "payments" ADD COLUMN "completed_at" timestamp (3) with time zone;--> statement-breakpoint
CREATE INDEX "payment_shares_order" ON "payment_shares" USING btree ("order_id");--> statement-breakpoint
CREATE UNIQUE INDEX "payments_one_completes" ON "payments" USING btree ("group_id") WHERE "payments"."completed_at" is not null;--> statement-breakpoint
CREATE INDEX "refunds_order" ON "refunds" USING btree ("order_id");--> statement-breakpoint
ALTER TABLE "payment_shares" ADD CONSTRAINT "payment_shares_refunded" CHECK ("payment_shares"."refunded_vnd" between 0 and "payment_shares"."amount_vnd");--> statement-breakpoint
ALTER TABLE "refunds" ADD CONSTRAINT "refunds_order_has_reason" CHECK (("refunds"."order_id" is not null) = ("refunds"."reason" in ('cancelled', 'returned', 'complaint', 'disputed')));