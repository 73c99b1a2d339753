-- breaking: no
CREATE TABLE "partner_grants" (
	"partner_key" text NOT NULL,
	"verb" text NOT NULL,
	"granted_by" text NOT NULL,
	"granted_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "partner_grants_partner_key_verb_pk" PRIMARY KEY("partner_key","verb"),
	CONSTRAINT "partner_grants_verb" CHECK ("partner_grants"."verb" in ('pull', 'push', 'quote', 'order', 'relay'))
);
--> statement-breakpoint
CREATE TABLE "partner_moves" (
	"from_state" text NOT NULL,
	"to_state" text NOT NULL,
	CONSTRAINT "partner_moves_from_state_to_state_pk" PRIMARY KEY("from_state","to_state")
);
--> statement-breakpoint
CREATE TABLE "partner_transitions" (
	"seq" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "partner_transitions_seq_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"partner_key" text NOT NULL,
	"from_state" text NOT NULL,
	"to_state" text NOT NULL,
	"actor" text NOT NULL,
	"reason" text,
	"at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "partners" DROP CONSTRAINT "partners_state";--> statement-breakpoint
ALTER TABLE "partners" DROP CONSTRAINT "partners_introduced";--> statement-breakpoint
ALTER TABLE "partners" ADD COLUMN "state_since" timestamp (3) with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
ALTER TABLE "partners" ADD COLUMN "resumes_to" text;--> statement-breakpoint
ALTER TABLE "partner_grants" ADD CONSTRAINT "partner_grants_partner_key_partners_key_fk" FOREIGN KEY ("partner_key") REFERENCES "public"."partners"("key") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "partner_transitions" ADD CONSTRAINT "partner_transitions_partner_key_partners_key_fk" FOREIGN KEY ("partner_key") REFERENCES "public"."partners"("key") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "partner_transitions" ADD CONSTRAINT "partner_transitions_legal" FOREIGN KEY ("from_state","to_state") REFERENCES "public"."partner_moves"("from_state","to_state") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "partner_transitions_partner" ON "partner_transitions" USING btree ("partner_key","seq");--> statement-breakpoint
ALTER TABLE "partners" ADD CONSTRAINT "partners_resumes" CHECK ("partners"."resumes_to" is null or "partners"."state" = 'suspended');--> statement-breakpoint
ALTER TABLE "partners" ADD CONSTRAINT "partners_state" CHECK ("partners"."state" in ('inactive', 'invited', 'proved', 'sandbox', 'probation', 'active', 'suspended', 'retired'));--> statement-breakpoint
ALTER TABLE "partners" ADD CONSTRAINT "partners_introduced" CHECK ("partners"."state" in ('inactive', 'retired') or ("partners"."origin" is not null and ("partners"."adapter" <> 'native' or ("partners"."keyid" is not null and ("partners"."state" = 'invited' or "partners"."jwk" is not null)))));