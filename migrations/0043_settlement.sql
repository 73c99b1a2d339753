-- breaking: no
CREATE TABLE "account_confirmations" (
	"bank_account_id" uuid PRIMARY KEY NOT NULL,
	"confirmed_by" text NOT NULL,
	"confirmed_at" timestamp (3) with time zone NOT NULL,
	"note" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "book_days" (
	"day" date PRIMARY KEY NOT NULL,
	"clearing_bps" integer NOT NULL,
	"timeliness_bps" integer NOT NULL,
	"completeness_bps" integer NOT NULL,
	"detail" jsonb NOT NULL,
	"sound" boolean NOT NULL,
	"findings" jsonb NOT NULL,
	"written_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "book_days_parts" CHECK ("book_days"."clearing_bps" between 0 and 10000 and "book_days"."timeliness_bps" between 0 and 10000 and "book_days"."completeness_bps" between 0 and 10000)
);
--> statement-breakpoint
CREATE TABLE "payout_items" (
	"payout_id" uuid NOT NULL,
	"business_id" uuid NOT NULL,
	"reference" text NOT NULL,
	"order_id" uuid,
	"amount_vnd" bigint NOT NULL,
	CONSTRAINT "payout_items_payout_id_reference_pk" PRIMARY KEY("payout_id","reference"),
	CONSTRAINT "payout_items_amount" CHECK ("payout_items"."amount_vnd" <> 0)
);
--> statement-breakpoint
CREATE TABLE "payout_runs" (
	"id" uuid PRIMARY KEY NOT NULL,
	"number" text NOT NULL,
	"status" text NOT NULL,
	"total_vnd" bigint NOT NULL,
	"payout_count" integer NOT NULL,
	"skipped" jsonb NOT NULL,
	"drafted_by" text NOT NULL,
	"drafted_at" timestamp (3) with time zone NOT NULL,
	"proposed_by" text,
	"proposed_at" timestamp (3) with time zone,
	"approved_by" text,
	"approved_at" timestamp (3) with time zone,
	"closed_at" timestamp (3) with time zone,
	CONSTRAINT "payout_runs_status" CHECK ("payout_runs"."status" in ('draft', 'proposed', 'approved', 'closed', 'abandoned')),
	CONSTRAINT "payout_runs_four_eyes" CHECK ("payout_runs"."approved_by" is null or "payout_runs"."approved_by" <> "payout_runs"."proposed_by"),
	CONSTRAINT "payout_runs_approved" CHECK (("payout_runs"."status" in ('approved', 'closed')) = ("payout_runs"."approved_at" is not null) and ("payout_runs"."approved_at" is null) = ("payout_runs"."approved_by" is null) and ("payout_runs"."approved_by" is null or "payout_runs"."proposed_by" is not null))
);
--> statement-breakpoint
CREATE TABLE "payouts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"code" text NOT NULL,
	"run_id" uuid NOT NULL,
	"business_id" uuid NOT NULL,
	"bank_account_id" uuid NOT NULL,
	"amount_vnd" bigint NOT NULL,
	"status" text NOT NULL,
	"bank_reference" text,
	"reason" text,
	"ended_by" text,
	"ended_at" timestamp (3) with time zone,
	CONSTRAINT "payouts_status" CHECK ("payouts"."status" in ('planned', 'approved', 'paid', 'failed', 'returned', 'abandoned')),
	CONSTRAINT "payouts_amount" CHECK ("payouts"."amount_vnd" > 0),
	CONSTRAINT "payouts_ended" CHECK (("payouts"."status" in ('paid', 'failed', 'returned')) = ("payouts"."ended_at" is not null))
);
--> statement-breakpoint
CREATE TABLE "provider_settlement_lines" (
	"settlement_id" uuid NOT NULL,
	"line" integer NOT NULL,
	"kind" text NOT NULL,
	"reference" text NOT NULL,
	"gross_vnd" bigint NOT NULL,
	"fee_vnd" bigint NOT NULL,
	CONSTRAINT "provider_settlement_lines_settlement_id_line_pk" PRIMARY KEY("settlement_id","line")
);
--> statement-breakpoint
CREATE TABLE "provider_settlements" (
	"id" uuid PRIMARY KEY NOT NULL,
	"provider" text NOT NULL,
	"reference" text NOT NULL,
	"gross_vnd" bigint NOT NULL,
	"fee_vnd" bigint NOT NULL,
	"net_vnd" bigint NOT NULL,
	"line_count" integer NOT NULL,
	"imported_by" text NOT NULL,
	"imported_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "provider_settlements_net" CHECK ("provider_settlements"."net_vnd" = "provider_settlements"."gross_vnd" - "provider_settlements"."fee_vnd")
);
--> statement-breakpoint
CREATE TABLE "settlement_rules" (
	"id" uuid PRIMARY KEY NOT NULL,
	"return_window_days" integer NOT NULL,
	"minimum_payout_vnd" bigint NOT NULL,
	"account_rest_days" integer NOT NULL,
	"clearing_days" integer NOT NULL,
	"valid_from" timestamp (3) with time zone NOT NULL,
	"note" text NOT NULL,
	CONSTRAINT "settlement_rules_sane" CHECK ("settlement_rules"."return_window_days" between 0 and 60 and "settlement_rules"."minimum_payout_vnd" >= 0 and "settlement_rules"."account_rest_days" between 0 and 30 and "settlement_rules"."clearing_days" between 0 and 60)
);
--> statement-breakpoint
CREATE TABLE "statement_lines" (
	"business_id" uuid NOT NULL,
	"journal_id" uuid NOT NULL,
	"statement_id" uuid NOT NULL,
	CONSTRAINT "statement_lines_business_id_journal_id_pk" PRIMARY KEY("business_id","journal_id")
);
--> statement-breakpoint
CREATE TABLE "statements" (
	"id" uuid PRIMARY KEY NOT NULL,
	"number" text NOT NULL,
	"business_id" uuid NOT NULL,
	"month" date NOT NULL,
	"opening_vnd" bigint NOT NULL,
	"closing_vnd" bigint NOT NULL,
	"totals" jsonb NOT NULL,
	"line_count" integer NOT NULL,
	"sha256" text NOT NULL,
	"frozen_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "entries" DROP CONSTRAINT "entries_account_known";--> statement-breakpoint
ALTER TABLE "account_confirmations" ADD CONSTRAINT "account_confirmations_bank_account_id_bank_accounts_id_fk" FOREIGN KEY ("bank_account_id") REFERENCES "public"."bank_accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payout_items" ADD CONSTRAINT "payout_items_payout_id_payouts_id_fk" FOREIGN KEY ("payout_id") REFERENCES "public"."payouts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payout_items" ADD CONSTRAINT "payout_items_business_id_businesses_id_fk" FOREIGN KEY ("business_id") REFERENCES "public"."businesses"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payout_items" ADD CONSTRAINT "payout_items_order_id_orders_id_fk" FOREIGN KEY ("order_id") REFERENCES "public"."orders"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payouts" ADD CONSTRAINT "payouts_code_codes_code_fk" FOREIGN KEY ("code") REFERENCES "public"."codes"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payouts" ADD CONSTRAINT "payouts_run_id_payout_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."payout_runs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payouts" ADD CONSTRAINT "payouts_business_id_businesses_id_fk" FOREIGN KEY ("business_id") REFERENCES "public"."businesses"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payouts" ADD CONSTRAINT "payouts_bank_account_id_bank_accounts_id_fk" FOREIGN KEY ("bank_account_id") REFERENCES "public"."bank_accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "provider_settlement_lines" ADD CONSTRAINT "provider_settlement_lines_settlement_id_provider_settlements_id_fk" FOREIGN KEY ("settlement_id") REFERENCES "public"."provider_settlements"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "statement_lines" ADD CONSTRAINT "statement_lines_business_id_businesses_id_fk" FOREIGN KEY ("business_id") REFERENCES "public"."businesses"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "statement_lines" ADD CONSTRAINT "statement_lines_journal_id_journals_id_fk" FOREIGN KEY ("journal_id") REFERENCES "public"."journals"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "statement_lines" ADD CONSTRAINT "statement_lines_statement_id_statements_id_fk" FOREIGN KEY ("statement_id") REFERENCES "public"."statements"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "statements" ADD CONSTRAINT "statements_business_id_businesses_id_fk" FOREIGN KEY ("business_id") REFERENCES "public"."businesses"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "payout_items_reference" ON "payout_items" USING btree ("reference");--> statement-breakpoint
CREATE INDEX "payout_items_business" ON "payout_items" USING btree ("business_id");--> statement-breakpoint
CREATE UNIQUE INDEX "payout_runs_number" ON "payout_runs" USING btree ("number");--> statement-breakpoint
CREATE UNIQUE INDEX "payout_runs_one_open" ON "payout_runs" USING btree ((true)) WHERE "payout_runs"."status" in ('draft', 'proposed');--> statement-breakpoint
CREATE INDEX "payout_runs_drafted" ON "payout_runs" USING btree ("drafted_at");--> statement-breakpoint
CREATE UNIQUE INDEX "payouts_code" ON "payouts" USING btree ("code");--> statement-breakpoint
CREATE UNIQUE INDEX "payouts_one_a_run" ON "payouts" USING btree ("run_id","business_id");--> statement-breakpoint
CREATE INDEX "payouts_business" ON "payouts" USING btree ("business_id","id");--> statement-breakpoint
CREATE INDEX "provider_settlement_lines_reference" ON "provider_settlement_lines" USING btree ("reference");--> statement-breakpoint
CREATE UNIQUE INDEX "provider_settlements_reference" ON "provider_settlements" USING btree ("provider","reference");--> statement-breakpoint
CREATE INDEX "settlement_rules_from" ON "settlement_rules" USING btree ("valid_from");--> statement-breakpoint
CREATE INDEX "statement_lines_statement" ON "statement_lines" USING btree ("statement_id");--> statement-breakpoint
CREATE UNIQUE INDEX "statements_number" ON "statements" USING btree ("number");--> statement-breakpoint
CREATE UNIQUE INDEX "statements_month" ON "statements" USING btree ("business_id","month");--> statement-breakpoint
ALTER TABLE "entries" ADD CONSTRAINT "entries_account_known" CHECK ("entries"."account" in ('clearing:bank', 'clearing:stripe', 'clearing:vnpay', 'disputed', 'deposits', 'suspense', 'refunds-due', 'payable', 'payouts-due', 'provider-fees', 'commission', 'commission-vat', 'withheld-vat', 'withheld-pit', 'freight', 'promotion', 'losses'));