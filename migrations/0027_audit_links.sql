-- breaking: no
CREATE TABLE "audit_links" (
	"seq" bigint PRIMARY KEY NOT NULL,
	"entry_id" uuid NOT NULL,
	"day" date NOT NULL,
	"hash" "bytea" NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX "audit_links_entry" ON "audit_links" USING btree ("entry_id");--> statement-breakpoint
CREATE INDEX "audit_links_day" ON "audit_links" USING btree ("day","seq");