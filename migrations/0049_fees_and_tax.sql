-- breaking: no
CREATE TABLE "vat_rates" (
	"vat_class" text NOT NULL,
	"rate_bps" integer NOT NULL,
	"valid_from" timestamp (3) with time zone NOT NULL,
	"source" text NOT NULL,
	CONSTRAINT "vat_rates_vat_class_valid_from_pk" PRIMARY KEY("vat_class","valid_from"),
	CONSTRAINT "vat_rates_rate" CHECK ("vat_rates"."rate_bps" between 0 and 2000)
);
--> statement-breakpoint
CREATE TABLE "tax_entries" (
	"id" uuid PRIMARY KEY NOT NULL,
	"order_id" uuid NOT NULL,
	"step" integer NOT NULL,
	"business_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"goods_vnd" bigint NOT NULL,
	"services_vnd" bigint NOT NULL,
	"taxable_vnd" bigint NOT NULL,
	"vat_vnd" bigint NOT NULL,
	"pit_vnd" bigint NOT NULL,
	"month" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "tax_entries_kind" CHECK (("tax_entries"."kind" = 'withheld') = ("tax_entries"."step" = 0)),
	CONSTRAINT "tax_entries_amounts" CHECK (least("tax_entries"."goods_vnd", "tax_entries"."services_vnd", "tax_entries"."taxable_vnd", "tax_entries"."vat_vnd", "tax_entries"."pit_vnd") >= 0)
);
--> statement-breakpoint
CREATE TABLE "tax_files" (
	"month" text PRIMARY KEY NOT NULL,
	"number" text NOT NULL,
	"rows" jsonb NOT NULL,
	"sha256" text NOT NULL,
	"frozen_by" text NOT NULL,
	"frozen_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "tax_rules" (
	"id" uuid PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"vat_bps" integer NOT NULL,
	"pit_bps" integer NOT NULL,
	"policy" text NOT NULL,
	"threshold_vnd" bigint NOT NULL,
	"valid_from" timestamp (3) with time zone NOT NULL,
	"source" text NOT NULL,
	CONSTRAINT "tax_rules_rates" CHECK ("tax_rules"."vat_bps" between 0 and 2000 and "tax_rules"."pit_bps" between 0 and 2000 and "tax_rules"."threshold_vnd" >= 0),
	CONSTRAINT "tax_rules_policy" CHECK ("tax_rules"."policy" in ('always', 'above-threshold', 'never'))
);
--> statement-breakpoint
ALTER TABLE "commission_rules" ALTER COLUMN "rate_bps" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "commission_rules" ALTER COLUMN "vat_bps" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "orders" ALTER COLUMN "commission_rule_id" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "commission_rules" ADD COLUMN "business_id" uuid;--> statement-breakpoint
ALTER TABLE "commission_rules" ADD COLUMN "category_id" smallint;--> statement-breakpoint
ALTER TABLE "commission_rules" ADD COLUMN "business_type" text;--> statement-breakpoint
ALTER TABLE "commission_rules" ADD COLUMN "created_at" timestamp (3) with time zone DEFAULT '2024-12-01T00:00:00+07:00'::timestamptz NOT NULL;--> statement-breakpoint
ALTER TABLE "order_lines" ADD COLUMN "commission_rule_id" uuid;--> statement-breakpoint
ALTER TABLE "products" ADD COLUMN "vat_class" text DEFAULT 'standard' NOT NULL;--> statement-breakpoint
ALTER TABLE "tax_entries" ADD CONSTRAINT "tax_entries_order_id_orders_id_fk" FOREIGN KEY ("order_id") REFERENCES "public"."orders"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tax_entries" ADD CONSTRAINT "tax_entries_business_id_businesses_id_fk" FOREIGN KEY ("business_id") REFERENCES "public"."businesses"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "tax_entries_step" ON "tax_entries" USING btree ("order_id","step");--> statement-breakpoint
CREATE INDEX "tax_entries_month" ON "tax_entries" USING btree ("month","business_id");--> statement-breakpoint
CREATE INDEX "tax_entries_business" ON "tax_entries" USING btree ("business_id","at");--> statement-breakpoint
CREATE UNIQUE INDEX "tax_files_number" ON "tax_files" USING btree ("number");--> statement-breakpoint
CREATE UNIQUE INDEX "tax_rules_from" ON "tax_rules" USING btree ("kind","valid_from");--> statement-breakpoint
ALTER TABLE "commission_rules" ADD CONSTRAINT "commission_rules_business_id_businesses_id_fk" FOREIGN KEY ("business_id") REFERENCES "public"."businesses"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "commission_rules" ADD CONSTRAINT "commission_rules_category_id_categories_id_fk" FOREIGN KEY ("category_id") REFERENCES "public"."categories"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "commission_rules" ADD CONSTRAINT "commission_rules_one" UNIQUE NULLS NOT DISTINCT("business_id","category_id","business_type","valid_from");--> statement-breakpoint
ALTER TABLE "commission_rules" ADD CONSTRAINT "commission_rules_target" CHECK (num_nonnulls("commission_rules"."business_id", "commission_rules"."category_id", "commission_rules"."business_type") <= 1 and ("commission_rules"."rate_bps" is not null or num_nonnulls("commission_rules"."business_id", "commission_rules"."category_id", "commission_rules"."business_type") = 1));--> statement-breakpoint
ALTER TABLE "commission_rules" ADD CONSTRAINT "commission_rules_type" CHECK ("commission_rules"."business_type" in ('cooperative', 'enterprise', 'household', 'cooperative_group', 'farm'));--> statement-breakpoint
ALTER TABLE "commission_rules" ADD CONSTRAINT "commission_rules_published" CHECK ("commission_rules"."valid_from" >= "commission_rules"."created_at" + interval '20 days');