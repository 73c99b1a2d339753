-- breaking: no
CREATE TABLE "import_mappings" (
	"business_id" uuid NOT NULL,
	"fingerprint" text NOT NULL,
	"mapping" jsonb NOT NULL,
	"saved_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "import_mappings_business_id_fingerprint_pk" PRIMARY KEY("business_id","fingerprint")
);
--> statement-breakpoint
CREATE TABLE "import_rows" (
	"import_id" uuid NOT NULL,
	"row" integer NOT NULL,
	"product_key" text NOT NULL,
	"verdict" text NOT NULL,
	"values" jsonb NOT NULL,
	"reasons" jsonb NOT NULL,
	"changes" jsonb NOT NULL,
	"product_id" uuid,
	"variant_id" uuid,
	"outcome" text,
	CONSTRAINT "import_rows_import_id_row_pk" PRIMARY KEY("import_id","row"),
	CONSTRAINT "import_rows_verdict" CHECK ("import_rows"."verdict" in ('error', 'new', 'changed', 'unchanged'))
);
--> statement-breakpoint
CREATE TABLE "imports" (
	"id" uuid PRIMARY KEY NOT NULL,
	"business_id" uuid NOT NULL,
	"file_name" text NOT NULL,
	"byte_length" integer NOT NULL,
	"sha256" text NOT NULL,
	"key" text NOT NULL,
	"sent_by" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"state" text NOT NULL,
	"version" integer DEFAULT 0 NOT NULL,
	"facts" jsonb,
	"mapping" jsonb,
	"counts" jsonb,
	"done" integer DEFAULT 0 NOT NULL,
	"mode" text,
	"lists_at_once" boolean DEFAULT false NOT NULL,
	"outdated" boolean DEFAULT false NOT NULL,
	"problem" text,
	"problem_facts" jsonb,
	"finished_at" timestamp (3) with time zone,
	CONSTRAINT "imports_state" CHECK ("imports"."state" in ('reading', 'mapping', 'ready', 'applying', 'done', 'failed', 'cancelled'))
);
--> statement-breakpoint
ALTER TABLE "import_mappings" ADD CONSTRAINT "import_mappings_business_id_businesses_id_fk" FOREIGN KEY ("business_id") REFERENCES "public"."businesses"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "import_rows" ADD CONSTRAINT "import_rows_import_id_imports_id_fk" FOREIGN KEY ("import_id") REFERENCES "public"."imports"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "imports" ADD CONSTRAINT "imports_business_id_businesses_id_fk" FOREIGN KEY ("business_id") REFERENCES "public"."businesses"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "import_rows_verdict" ON "import_rows" USING btree ("import_id","verdict","row");--> statement-breakpoint
CREATE INDEX "import_rows_waiting" ON "import_rows" USING btree ("import_id","product_key","row") WHERE "import_rows"."outcome" is null and "import_rows"."verdict" in ('new', 'changed');--> statement-breakpoint
CREATE INDEX "imports_business" ON "imports" USING btree ("business_id","created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "imports_open" ON "imports" USING btree ("business_id","sha256") WHERE "imports"."state" in ('reading', 'mapping', 'ready', 'applying');