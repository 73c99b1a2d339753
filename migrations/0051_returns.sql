-- breaking: no
CREATE TABLE "care_policies" (
	"valid_from" text PRIMARY KEY NOT NULL,
	"return_days" integer NOT NULL,
	"perishable_hours" integer NOT NULL,
	"perishable_storage" text[] NOT NULL,
	"seller_days" integer NOT NULL,
	"appeal_days" integer NOT NULL,
	"send_back_days" integer NOT NULL,
	"receive_days" integer NOT NULL,
	"inspect_days" integer NOT NULL,
	"officer_days" integer NOT NULL,
	"max_photos" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "return_events" (
	"id" uuid PRIMARY KEY NOT NULL,
	"return_id" uuid NOT NULL,
	"type" text NOT NULL,
	"note" text,
	"actor" text DEFAULT coalesce(current_setting('app.actor', true), 'unknown') NOT NULL,
	"at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "return_lines" (
	"return_id" uuid NOT NULL,
	"line_id" uuid NOT NULL,
	"quantity" integer NOT NULL,
	CONSTRAINT "return_lines_return_id_line_id_pk" PRIMARY KEY("return_id","line_id"),
	CONSTRAINT "return_lines_quantity" CHECK ("return_lines"."quantity" > 0)
);
--> statement-breakpoint
CREATE TABLE "return_photos" (
	"return_id" uuid NOT NULL,
	"file_id" uuid NOT NULL,
	"place" integer NOT NULL,
	CONSTRAINT "return_photos_return_id_place_pk" PRIMARY KEY("return_id","place")
);
--> statement-breakpoint
CREATE TABLE "returns" (
	"id" uuid PRIMARY KEY NOT NULL,
	"code" text NOT NULL,
	"order_id" uuid NOT NULL,
	"business_id" uuid NOT NULL,
	"state" text NOT NULL,
	"reason" text NOT NULL,
	"note" text NOT NULL,
	"policy_from" text NOT NULL,
	"due_at" timestamp (3) with time zone,
	"escalated_at" timestamp (3) with time zone,
	"seller_note" text,
	"appeal_note" text,
	"officer_note" text,
	"carrier" text,
	"tracking_number" text,
	"restock" boolean,
	"expected_vnd" bigint NOT NULL,
	"refund_vnd" bigint,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "returns_state" CHECK ("returns"."state" in ('requested', 'refused', 'appealed', 'accepted', 'sent-back', 'received', 'refunded', 'rejected', 'withdrawn', 'lapsed')),
	CONSTRAINT "returns_reason" CHECK ("returns"."reason" in ('damaged', 'wrong-item', 'not-as-described', 'poor-quality', 'changed-mind')),
	CONSTRAINT "returns_refunded" CHECK (("returns"."state" = 'refunded') = ("returns"."refund_vnd" is not null))
);
--> statement-breakpoint
ALTER TABLE "return_events" ADD CONSTRAINT "return_events_return_id_returns_id_fk" FOREIGN KEY ("return_id") REFERENCES "public"."returns"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "return_lines" ADD CONSTRAINT "return_lines_return_id_returns_id_fk" FOREIGN KEY ("return_id") REFERENCES "public"."returns"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "return_lines" ADD CONSTRAINT "return_lines_line_id_order_lines_id_fk" FOREIGN KEY ("line_id") REFERENCES "public"."order_lines"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "return_photos" ADD CONSTRAINT "return_photos_return_id_returns_id_fk" FOREIGN KEY ("return_id") REFERENCES "public"."returns"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "return_photos" ADD CONSTRAINT "return_photos_file_id_stored_files_id_fk" FOREIGN KEY ("file_id") REFERENCES "public"."stored_files"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "returns" ADD CONSTRAINT "returns_code_codes_code_fk" FOREIGN KEY ("code") REFERENCES "public"."codes"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "returns" ADD CONSTRAINT "returns_order_id_orders_id_fk" FOREIGN KEY ("order_id") REFERENCES "public"."orders"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "returns" ADD CONSTRAINT "returns_business_id_businesses_id_fk" FOREIGN KEY ("business_id") REFERENCES "public"."businesses"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "returns" ADD CONSTRAINT "returns_policy_from_care_policies_valid_from_fk" FOREIGN KEY ("policy_from") REFERENCES "public"."care_policies"("valid_from") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "return_events_return" ON "return_events" USING btree ("return_id","at");--> statement-breakpoint
CREATE INDEX "return_lines_line" ON "return_lines" USING btree ("line_id");--> statement-breakpoint
CREATE INDEX "return_photos_file" ON "return_photos" USING btree ("file_id");--> statement-breakpoint
CREATE UNIQUE INDEX "returns_code" ON "returns" USING btree ("code");--> statement-breakpoint
CREATE INDEX "returns_order" ON "returns" USING btree ("order_id");--> statement-breakpoint
CREATE INDEX "returns_business" ON "returns" USING btree ("business_id","created_at" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "returns_due" ON "returns" USING btree ("due_at") WHERE "returns"."due_at" is not null;