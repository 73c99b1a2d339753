-- breaking: no
CREATE TABLE "question_askers" (
	"question_id" uuid PRIMARY KEY NOT NULL,
	"phone" text,
	"account_id" uuid
);
--> statement-breakpoint
CREATE TABLE "questions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"product_id" uuid NOT NULL,
	"business_id" uuid NOT NULL,
	"state" text NOT NULL,
	"text" text NOT NULL,
	"shown_name" text NOT NULL,
	"flags" jsonb NOT NULL,
	"reason" text,
	"answer" text,
	"answer_state" text,
	"answered_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "questions_state" CHECK ("questions"."state" in ('waiting', 'published', 'hidden')),
	CONSTRAINT "questions_hidden" CHECK (("questions"."state" = 'hidden') = ("questions"."reason" is not null)),
	CONSTRAINT "questions_answer" CHECK (("questions"."answer" is null) = ("questions"."answer_state" is null) and ("questions"."answer" is null) = ("questions"."answered_at" is null))
);
--> statement-breakpoint
ALTER TABLE "question_askers" ADD CONSTRAINT "question_askers_question_id_questions_id_fk" FOREIGN KEY ("question_id") REFERENCES "public"."questions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "question_askers" ADD CONSTRAINT "question_askers_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "questions" ADD CONSTRAINT "questions_product_id_products_id_fk" FOREIGN KEY ("product_id") REFERENCES "public"."products"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "questions" ADD CONSTRAINT "questions_business_id_businesses_id_fk" FOREIGN KEY ("business_id") REFERENCES "public"."businesses"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "question_askers_phone" ON "question_askers" USING btree ("phone");--> statement-breakpoint
CREATE INDEX "question_askers_account" ON "question_askers" USING btree ("account_id");--> statement-breakpoint
CREATE UNIQUE INDEX "questions_once" ON "questions" USING btree ("product_id",md5("text")) WHERE "questions"."text" <> '';--> statement-breakpoint
CREATE INDEX "questions_newest" ON "questions" USING btree ("product_id","created_at" DESC NULLS FIRST,"id" DESC NULLS FIRST) WHERE "questions"."state" = 'published';--> statement-breakpoint
CREATE INDEX "questions_business" ON "questions" USING btree ("business_id","created_at" DESC NULLS FIRST);