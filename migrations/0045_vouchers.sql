-- breaking: no
CREATE TABLE "voucher_uses" (
	"id" uuid PRIMARY KEY NOT NULL,
	"voucher_id" uuid NOT NULL,
	"group_id" uuid NOT NULL,
	"order_id" uuid NOT NULL,
	"customer" text NOT NULL,
	"discount_vnd" bigint NOT NULL,
	"promotion_vnd" bigint NOT NULL,
	"taken_at" timestamp (3) with time zone NOT NULL,
	"released_at" timestamp (3) with time zone,
	CONSTRAINT "voucher_uses_amount" CHECK ("voucher_uses"."discount_vnd" > 0 and "voucher_uses"."promotion_vnd" between 0 and "voucher_uses"."discount_vnd")
);
--> statement-breakpoint
CREATE TABLE "vouchers" (
	"id" uuid PRIMARY KEY NOT NULL,
	"code" text,
	"name" text NOT NULL,
	"business_id" uuid,
	"kind" text NOT NULL,
	"rate_bps" integer,
	"amount_vnd" bigint,
	"cap_vnd" bigint,
	"minimum_vnd" bigint NOT NULL,
	"scope" text NOT NULL,
	"scope_ids" jsonb NOT NULL,
	"first_order" boolean NOT NULL,
	"exchange_bps" integer NOT NULL,
	"stackable" boolean NOT NULL,
	"is_public" boolean NOT NULL,
	"valid_from" timestamp (3) with time zone NOT NULL,
	"valid_until" timestamp (3) with time zone NOT NULL,
	"budget_vnd" bigint,
	"max_uses" integer,
	"max_uses_per_customer" integer,
	"agreement" text NOT NULL,
	"spent_vnd" bigint DEFAULT 0 NOT NULL,
	"uses" integer DEFAULT 0 NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "vouchers_amount" CHECK (("vouchers"."kind" = 'percent') = ("vouchers"."rate_bps" is not null) and ("vouchers"."kind" = 'fixed') = ("vouchers"."amount_vnd" is not null)),
	CONSTRAINT "vouchers_time" CHECK ("vouchers"."valid_from" < "vouchers"."valid_until"),
	CONSTRAINT "vouchers_budget" CHECK ("vouchers"."spent_vnd" between 0 and coalesce("vouchers"."budget_vnd", "vouchers"."spent_vnd")),
	CONSTRAINT "vouchers_uses" CHECK ("vouchers"."uses" between 0 and coalesce("vouchers"."max_uses", "vouchers"."uses")),
	CONSTRAINT "vouchers_bearer" CHECK ("vouchers"."exchange_bps" between 0 and 10000 and ("vouchers"."business_id" is null or "vouchers"."exchange_bps" = 0))
);
--> statement-breakpoint
ALTER TABLE "carts" ADD COLUMN "voucher_code" text;--> statement-breakpoint
ALTER TABLE "voucher_uses" ADD CONSTRAINT "voucher_uses_voucher_id_vouchers_id_fk" FOREIGN KEY ("voucher_id") REFERENCES "public"."vouchers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "voucher_uses" ADD CONSTRAINT "voucher_uses_group_id_order_groups_id_fk" FOREIGN KEY ("group_id") REFERENCES "public"."order_groups"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "voucher_uses" ADD CONSTRAINT "voucher_uses_order_id_orders_id_fk" FOREIGN KEY ("order_id") REFERENCES "public"."orders"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "vouchers" ADD CONSTRAINT "vouchers_business_id_businesses_id_fk" FOREIGN KEY ("business_id") REFERENCES "public"."businesses"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "voucher_uses_order" ON "voucher_uses" USING btree ("order_id","voucher_id");--> statement-breakpoint
CREATE INDEX "voucher_uses_group" ON "voucher_uses" USING btree ("group_id");--> statement-breakpoint
CREATE INDEX "voucher_uses_customer" ON "voucher_uses" USING btree ("voucher_id","customer") WHERE "voucher_uses"."released_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "vouchers_code" ON "vouchers" USING btree ("code");--> statement-breakpoint
CREATE INDEX "vouchers_automatic" ON "vouchers" USING btree ("valid_until") WHERE "vouchers"."code" is null and "vouchers"."ended_at" is null;--> statement-breakpoint
CREATE INDEX "vouchers_business" ON "vouchers" USING btree ("business_id","created_at" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "order_groups_phone" ON "order_groups" USING btree ("phone") WHERE "order_groups"."paid_at" is not null;