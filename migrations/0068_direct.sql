-- breaking: no
CREATE TABLE "direct_modes" (
	"id" uuid PRIMARY KEY NOT NULL,
	"business_id" uuid NOT NULL,
	"mode" text NOT NULL,
	"bank_account_id" uuid,
	"bank_bin" text,
	"account_number" text,
	"holder_name" text,
	"hold_hours" integer NOT NULL,
	"set_by" text NOT NULL,
	"set_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "direct_modes_mode" CHECK ("direct_modes"."mode" in ('collected', 'direct')),
	CONSTRAINT "direct_modes_account" CHECK (("direct_modes"."mode" = 'direct') = (num_nonnulls("direct_modes"."bank_account_id", "direct_modes"."bank_bin", "direct_modes"."account_number", "direct_modes"."holder_name") = 4)),
	CONSTRAINT "direct_modes_hold" CHECK ("direct_modes"."hold_hours" between 1 and 24)
);
--> statement-breakpoint
CREATE TABLE "direct_payments" (
	"id" uuid PRIMARY KEY NOT NULL,
	"order_id" uuid NOT NULL,
	"group_id" uuid NOT NULL,
	"business_id" uuid NOT NULL,
	"code" text NOT NULL,
	"status" text NOT NULL,
	"amount_vnd" bigint NOT NULL,
	"received_vnd" bigint DEFAULT 0 NOT NULL,
	"refunded_vnd" bigint DEFAULT 0 NOT NULL,
	"bank_bin" text NOT NULL,
	"account_number" text NOT NULL,
	"holder_name" text NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"paid_at" timestamp (3) with time zone,
	CONSTRAINT "direct_payments_status" CHECK ("direct_payments"."status" in ('pending', 'underpaid', 'paid', 'expired', 'given-back')),
	CONSTRAINT "direct_payments_amounts" CHECK ("direct_payments"."amount_vnd" > 0 and "direct_payments"."received_vnd" >= 0),
	CONSTRAINT "direct_payments_refunded" CHECK ("direct_payments"."refunded_vnd" between 0 and "direct_payments"."amount_vnd")
);
--> statement-breakpoint
CREATE TABLE "direct_receipts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"payment_id" uuid NOT NULL,
	"business_id" uuid NOT NULL,
	"source" text NOT NULL,
	"amount_vnd" bigint NOT NULL,
	"bank_reference" text,
	"transfer_name" text,
	"actor" text DEFAULT coalesce(current_setting('app.actor', true), 'unknown') NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "direct_receipts_source" CHECK ("direct_receipts"."source" in ('seller', 'feed', 'confirmation')),
	CONSTRAINT "direct_receipts_amount" CHECK ("direct_receipts"."amount_vnd" > 0)
);
--> statement-breakpoint
CREATE TABLE "direct_refunds" (
	"id" uuid PRIMARY KEY NOT NULL,
	"payment_id" uuid NOT NULL,
	"order_id" uuid NOT NULL,
	"business_id" uuid NOT NULL,
	"amount_vnd" bigint NOT NULL,
	"reason" text NOT NULL,
	"of_price" boolean NOT NULL,
	"cause" text NOT NULL,
	"status" text NOT NULL,
	"due_by" timestamp (3) with time zone NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"sent_at" timestamp (3) with time zone,
	"bank_reference" text,
	CONSTRAINT "direct_refunds_amount" CHECK ("direct_refunds"."amount_vnd" > 0),
	CONSTRAINT "direct_refunds_reason" CHECK ("direct_refunds"."reason" in ('cancelled', 'returned', 'complaint', 'disputed', 'overpaid', 'duplicate', 'late', 'expired')),
	CONSTRAINT "direct_refunds_sent" CHECK (("direct_refunds"."status" = 'sent') = ("direct_refunds"."sent_at" is not null))
);
--> statement-breakpoint
ALTER TABLE "bank_transfers" DROP CONSTRAINT "bank_transfers_state";--> statement-breakpoint
ALTER TABLE "order_groups" ADD COLUMN "direct" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "orders" ADD COLUMN "settlement" text DEFAULT 'collected' NOT NULL;--> statement-breakpoint
ALTER TABLE "settlement_rules" ADD COLUMN "direct_refund_days" integer DEFAULT 5 NOT NULL;--> statement-breakpoint
ALTER TABLE "tax_rules" ADD COLUMN "covers_direct" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "direct_modes" ADD CONSTRAINT "direct_modes_business_id_businesses_id_fk" FOREIGN KEY ("business_id") REFERENCES "public"."businesses"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "direct_modes" ADD CONSTRAINT "direct_modes_bank_account_id_bank_accounts_id_fk" FOREIGN KEY ("bank_account_id") REFERENCES "public"."bank_accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "direct_payments" ADD CONSTRAINT "direct_payments_order_id_orders_id_fk" FOREIGN KEY ("order_id") REFERENCES "public"."orders"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "direct_payments" ADD CONSTRAINT "direct_payments_group_id_order_groups_id_fk" FOREIGN KEY ("group_id") REFERENCES "public"."order_groups"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "direct_payments" ADD CONSTRAINT "direct_payments_business_id_businesses_id_fk" FOREIGN KEY ("business_id") REFERENCES "public"."businesses"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "direct_payments" ADD CONSTRAINT "direct_payments_code_codes_code_fk" FOREIGN KEY ("code") REFERENCES "public"."codes"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "direct_receipts" ADD CONSTRAINT "direct_receipts_payment_id_direct_payments_id_fk" FOREIGN KEY ("payment_id") REFERENCES "public"."direct_payments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "direct_receipts" ADD CONSTRAINT "direct_receipts_business_id_businesses_id_fk" FOREIGN KEY ("business_id") REFERENCES "public"."businesses"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "direct_refunds" ADD CONSTRAINT "direct_refunds_payment_id_direct_payments_id_fk" FOREIGN KEY ("payment_id") REFERENCES "public"."direct_payments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "direct_refunds" ADD CONSTRAINT "direct_refunds_order_id_orders_id_fk" FOREIGN KEY ("order_id") REFERENCES "public"."orders"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "direct_refunds" ADD CONSTRAINT "direct_refunds_business_id_businesses_id_fk" FOREIGN KEY ("business_id") REFERENCES "public"."businesses"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "direct_modes_business" ON "direct_modes" USING btree ("business_id","set_at");--> statement-breakpoint
CREATE UNIQUE INDEX "direct_payments_order" ON "direct_payments" USING btree ("order_id");--> statement-breakpoint
CREATE UNIQUE INDEX "direct_payments_code" ON "direct_payments" USING btree ("code");--> statement-breakpoint
CREATE INDEX "direct_payments_group" ON "direct_payments" USING btree ("group_id");--> statement-breakpoint
CREATE INDEX "direct_payments_business" ON "direct_payments" USING btree ("business_id","created_at");--> statement-breakpoint
CREATE INDEX "direct_receipts_payment" ON "direct_receipts" USING btree ("payment_id");--> statement-breakpoint
CREATE UNIQUE INDEX "direct_receipts_reference" ON "direct_receipts" USING btree ("payment_id","bank_reference") WHERE "direct_receipts"."source" = 'seller';--> statement-breakpoint
CREATE UNIQUE INDEX "direct_receipts_transfer" ON "direct_receipts" USING btree ("transfer_name");--> statement-breakpoint
CREATE UNIQUE INDEX "direct_refunds_cause" ON "direct_refunds" USING btree ("cause");--> statement-breakpoint
CREATE INDEX "direct_refunds_order" ON "direct_refunds" USING btree ("order_id");--> statement-breakpoint
CREATE INDEX "direct_refunds_due" ON "direct_refunds" USING btree ("due_by") WHERE "direct_refunds"."status" = 'due';--> statement-breakpoint
ALTER TABLE "orders" ADD CONSTRAINT "orders_settlement" CHECK ("orders"."settlement" in ('collected', 'direct'));--> statement-breakpoint
ALTER TABLE "bank_transfers" ADD CONSTRAINT "bank_transfers_state" CHECK ("bank_transfers"."state" in ('exact', 'short', 'completing', 'over', 'late', 'late-refund', 'duplicate', 'split', 'unmatched', 'given-back', 'provider-payout', 'foreign-account', 'reversed', 'reversal', 'refund', 'outgoing', 'direct'));