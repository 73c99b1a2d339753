-- breaking: no
-- Trigrams find misspellings; the folding of accents is done by the program, before it stores.
CREATE EXTENSION IF NOT EXISTS pg_trgm;
--> statement-breakpoint
CREATE TABLE "search_documents" (
	"product_id" uuid PRIMARY KEY NOT NULL,
	"document" jsonb NOT NULL,
	"digest" text NOT NULL,
	"text" text NOT NULL,
	"names" text NOT NULL,
	"words" "tsvector" NOT NULL,
	"sounds" "tsvector" NOT NULL,
	"sort_name" text NOT NULL,
	"category" text NOT NULL,
	"category_id" smallint NOT NULL,
	"stars" smallint,
	"ward" text,
	"business" text NOT NULL,
	"business_id" uuid NOT NULL,
	"partner" text NOT NULL,
	"price_vnd" bigint NOT NULL,
	"price" text NOT NULL,
	"in_stock" boolean NOT NULL,
	"listed_at" timestamp (3) with time zone NOT NULL,
	"removed" boolean DEFAULT false NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"mirrored_version" integer DEFAULT 0 NOT NULL,
	"changed_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL
);
--> statement-breakpoint
CREATE INDEX "search_documents_words" ON "search_documents" USING gin ("words");--> statement-breakpoint
CREATE INDEX "search_documents_sounds" ON "search_documents" USING gin ("sounds");--> statement-breakpoint
CREATE INDEX "search_documents_names" ON "search_documents" USING gin ("names" gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "search_documents_newest" ON "search_documents" USING btree ("listed_at" DESC NULLS FIRST,"product_id") WHERE not "search_documents"."removed";--> statement-breakpoint
CREATE INDEX "search_documents_changed" ON "search_documents" USING btree ("changed_at");--> statement-breakpoint
CREATE INDEX "search_documents_unmirrored" ON "search_documents" USING btree ("product_id") WHERE "search_documents"."version" <> "search_documents"."mirrored_version";