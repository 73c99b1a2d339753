-- breaking: no
CREATE TABLE "complaint_events" (
	"id" uuid PRIMARY KEY NOT NULL,
	"complaint_id" uuid NOT NULL,
	"type" text NOT NULL,
	"from_state" text,
	"to_state" text,
	"actor" text DEFAULT coalesce(current_setting('app.actor', true), 'unknown') NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "complaint_events_type" CHECK ("complaint_events"."type" in ('filed', 'offered', 'refused-by-business', 'no-answer', 'asked-officer', 'unsafe', 'accepted', 'offer-refused', 'lapsed', 'withdrawn', 'decided', 'appealed', 'reviewed', 'final', 'message', 'overdue')),
	CONSTRAINT "complaint_events_step" CHECK (("complaint_events"."from_state" is null) = ("complaint_events"."to_state" is null))
);
--> statement-breakpoint
CREATE TABLE "complaint_messages" (
	"id" uuid PRIMARY KEY NOT NULL,
	"complaint_id" uuid NOT NULL,
	"author" text NOT NULL,
	"text" text NOT NULL,
	"actor" text DEFAULT coalesce(current_setting('app.actor', true), 'unknown') NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "complaint_messages_author" CHECK ("complaint_messages"."author" in ('shopper', 'business', 'officer'))
);
--> statement-breakpoint
CREATE TABLE "complaint_moves" (
	"from_state" text NOT NULL,
	"to_state" text NOT NULL,
	CONSTRAINT "complaint_moves_from_state_to_state_pk" PRIMARY KEY("from_state","to_state")
);
--> statement-breakpoint
CREATE TABLE "complaint_photos" (
	"message_id" uuid NOT NULL,
	"file_id" uuid NOT NULL,
	"place" integer NOT NULL,
	CONSTRAINT "complaint_photos_message_id_place_pk" PRIMARY KEY("message_id","place")
);
--> statement-breakpoint
CREATE TABLE "complaint_rules" (
	"valid_from" text PRIMARY KEY NOT NULL,
	"answer_hours" integer NOT NULL,
	"choice_hours" integer NOT NULL,
	"officer_days" integer NOT NULL,
	"unsafe_hours" integer NOT NULL,
	"appeal_days" integer NOT NULL,
	"file_days" integer NOT NULL,
	"max_photos" integer NOT NULL,
	"figure_days" integer NOT NULL,
	"figure_minimum" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "complaints" (
	"id" uuid PRIMARY KEY NOT NULL,
	"code" text NOT NULL,
	"subject" text NOT NULL,
	"business_id" uuid NOT NULL,
	"order_id" uuid,
	"product_id" uuid,
	"kind" text NOT NULL,
	"wish" text NOT NULL,
	"wish_vnd" bigint,
	"phone" text NOT NULL,
	"account_id" uuid,
	"state" text NOT NULL,
	"policy_from" text NOT NULL,
	"answer_by" timestamp (3) with time zone,
	"answered_at" timestamp (3) with time zone,
	"due_at" timestamp (3) with time zone,
	"escalated_at" timestamp (3) with time zone,
	"overdue" boolean DEFAULT false NOT NULL,
	"offer_kind" text,
	"offer_vnd" bigint,
	"verdict" text,
	"refund_vnd" bigint DEFAULT 0 NOT NULL,
	"warned" boolean DEFAULT false NOT NULL,
	"takedown_id" uuid,
	"reported_to" text,
	"decided_by" text,
	"ended_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "complaints_subject" CHECK ("complaints"."subject" in ('order', 'business', 'product')),
	CONSTRAINT "complaints_of_order" CHECK (("complaints"."subject" = 'order') = ("complaints"."order_id" is not null)),
	CONSTRAINT "complaints_kind" CHECK ("complaints"."kind" in ('late', 'not-received', 'wrong-item', 'damaged', 'quality', 'unsafe', 'false-description', 'behaviour', 'other')),
	CONSTRAINT "complaints_wish" CHECK ("complaints"."wish" in ('refund-whole', 'refund-part', 'replacement', 'apology', 'other')),
	CONSTRAINT "complaints_state" CHECK ("complaints"."state" in ('open', 'offered', 'escalated', 'decided', 'appealed', 'final', 'settled', 'lapsed', 'withdrawn')),
	CONSTRAINT "complaints_offer" CHECK (("complaints"."offer_kind" is not distinct from 'refund') = ("complaints"."offer_vnd" is not null)),
	CONSTRAINT "complaints_verdict" CHECK ("complaints"."verdict" in ('refund', 'replacement', 'apology', 'dismiss', 'uphold')),
	CONSTRAINT "complaints_decided" CHECK (("complaints"."verdict" is null) = ("complaints"."decided_by" is null)),
	CONSTRAINT "complaints_refund" CHECK ("complaints"."refund_vnd" >= 0 and ("complaints"."refund_vnd" = 0 or "complaints"."order_id" is not null))
);
--> statement-breakpoint
CREATE TABLE "public_holidays" (
	"day" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL
);
--> statement-breakpoint
ALTER TABLE "complaint_events" ADD CONSTRAINT "complaint_events_complaint_id_complaints_id_fk" FOREIGN KEY ("complaint_id") REFERENCES "public"."complaints"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "complaint_events" ADD CONSTRAINT "complaint_events_legal" FOREIGN KEY ("from_state","to_state") REFERENCES "public"."complaint_moves"("from_state","to_state") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "complaint_messages" ADD CONSTRAINT "complaint_messages_complaint_id_complaints_id_fk" FOREIGN KEY ("complaint_id") REFERENCES "public"."complaints"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "complaint_photos" ADD CONSTRAINT "complaint_photos_message_id_complaint_messages_id_fk" FOREIGN KEY ("message_id") REFERENCES "public"."complaint_messages"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "complaint_photos" ADD CONSTRAINT "complaint_photos_file_id_stored_files_id_fk" FOREIGN KEY ("file_id") REFERENCES "public"."stored_files"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "complaints" ADD CONSTRAINT "complaints_code_codes_code_fk" FOREIGN KEY ("code") REFERENCES "public"."codes"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "complaints" ADD CONSTRAINT "complaints_business_id_businesses_id_fk" FOREIGN KEY ("business_id") REFERENCES "public"."businesses"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "complaints" ADD CONSTRAINT "complaints_order_id_orders_id_fk" FOREIGN KEY ("order_id") REFERENCES "public"."orders"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "complaints" ADD CONSTRAINT "complaints_product_id_products_id_fk" FOREIGN KEY ("product_id") REFERENCES "public"."products"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "complaints" ADD CONSTRAINT "complaints_policy_from_complaint_rules_valid_from_fk" FOREIGN KEY ("policy_from") REFERENCES "public"."complaint_rules"("valid_from") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "complaints" ADD CONSTRAINT "complaints_takedown_id_takedowns_id_fk" FOREIGN KEY ("takedown_id") REFERENCES "public"."takedowns"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "complaint_events_complaint" ON "complaint_events" USING btree ("complaint_id","at");--> statement-breakpoint
CREATE UNIQUE INDEX "complaint_events_once" ON "complaint_events" USING btree ("complaint_id","from_state");--> statement-breakpoint
CREATE INDEX "complaint_messages_complaint" ON "complaint_messages" USING btree ("complaint_id","at");--> statement-breakpoint
CREATE INDEX "complaint_photos_file" ON "complaint_photos" USING btree ("file_id");--> statement-breakpoint
CREATE UNIQUE INDEX "complaints_code" ON "complaints" USING btree ("code");--> statement-breakpoint
CREATE UNIQUE INDEX "complaints_open_order" ON "complaints" USING btree ("order_id") WHERE "complaints"."state" in ('open', 'offered', 'escalated', 'decided', 'appealed');--> statement-breakpoint
CREATE INDEX "complaints_order" ON "complaints" USING btree ("order_id");--> statement-breakpoint
CREATE INDEX "complaints_product" ON "complaints" USING btree ("product_id");--> statement-breakpoint
CREATE INDEX "complaints_takedown" ON "complaints" USING btree ("takedown_id");--> statement-breakpoint
CREATE INDEX "complaints_business" ON "complaints" USING btree ("business_id","created_at" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "complaints_created" ON "complaints" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "complaints_phone" ON "complaints" USING btree ("phone");--> statement-breakpoint
CREATE INDEX "complaints_account" ON "complaints" USING btree ("account_id");--> statement-breakpoint
CREATE INDEX "complaints_due" ON "complaints" USING btree ("due_at") WHERE "complaints"."due_at" is not null;