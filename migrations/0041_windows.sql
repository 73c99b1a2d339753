-- breaking: no
CREATE TABLE "order_confirmations" (
	"group_id" uuid PRIMARY KEY NOT NULL,
	"content" text NOT NULL,
	"sha256" text NOT NULL,
	"made_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "order_windows" (
	"id" uuid PRIMARY KEY NOT NULL,
	"step" text NOT NULL,
	"category_id" smallint,
	"storage" text,
	"hours" integer NOT NULL,
	"valid_from" timestamp (3) with time zone NOT NULL,
	"note" text NOT NULL,
	CONSTRAINT "order_windows_key" UNIQUE NULLS NOT DISTINCT("step","category_id","storage","valid_from"),
	CONSTRAINT "order_windows_hours" CHECK ("order_windows"."hours" between 1 and 720),
	CONSTRAINT "order_windows_step" CHECK ("order_windows"."step" in ('confirm', 'send'))
);
--> statement-breakpoint
ALTER TABLE "orders" ADD COLUMN "send_by" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "order_confirmations" ADD CONSTRAINT "order_confirmations_group_id_order_groups_id_fk" FOREIGN KEY ("group_id") REFERENCES "public"."order_groups"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "order_windows" ADD CONSTRAINT "order_windows_category_id_categories_id_fk" FOREIGN KEY ("category_id") REFERENCES "public"."categories"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "order_groups_paid" ON "order_groups" USING btree ("paid_at");