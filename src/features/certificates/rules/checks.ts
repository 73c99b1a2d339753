import type { CertificateKind, MachineCheck } from '../types.ts';
import { competenceOn, isNumberOf, levelOf } from './law.ts';

export type CheckedFacts = {
  readonly kind: CertificateKind;
  readonly issuer: string;
  readonly decisionNumber: string;
  readonly issuedOn: string;
  readonly star: number | null;
  readonly validUntil: Date | null;
  readonly businessStatus: string;
  readonly evidenceSha256: string | null;
  /** Of the file as it is stored now. */
  readonly storedSha256: string | null;
};
/** Another certificate that has the number, or the copy of the paper, of this one. */
export type Twin = {
  readonly code: string;
  readonly kind: CertificateKind;
  readonly issuer: string;
  readonly decisionNumber: string;
  readonly issuedOn: string;
  readonly evidenceSha256: string | null;
};

/** A decision of a people's committee is numbered `…/QĐ-UBND`; one of a ministry is not. */
function numberOutcome({ kind, issuer, decisionNumber }: CheckedFacts): MachineCheck['outcome'] {
  if (!isNumberOf(kind, decisionNumber)) return 'failed';
  const level = levelOf(issuer);
  if (kind !== 'ocop' || level === 'other') return 'passed';
  return decisionNumber.includes('UBND') === (level !== 'ministry') ? 'passed' : 'unsure';
}

const isSameDecision = (facts: CheckedFacts, twin: Twin): boolean =>
  twin.kind === facts.kind &&
  twin.issuer === facts.issuer &&
  twin.decisionNumber === facts.decisionNumber &&
  twin.issuedOn === facts.issuedOn;

const outcomeOf = (passed: boolean, otherwise: 'unsure' | 'failed'): MachineCheck['outcome'] =>
  passed ? 'passed' : otherwise;

function evidenceOutcome({ evidenceSha256, storedSha256 }: CheckedFacts, shared: readonly Twin[]) {
  if (evidenceSha256 === null) return 'unsure';
  if (evidenceSha256 !== storedSha256) return 'failed';
  return outcomeOf(shared.length === 0, 'unsure');
}

/** What the machine can see by itself of a certificate, for the officer to go on from. Nothing here verifies anything. */
export function machineChecks(facts: CheckedFacts, twins: readonly Twin[], now: Date): readonly MachineCheck[] {
  const others = twins.filter((twin) => !isSameDecision(facts, twin));
  const sameNumber = others.filter(({ decisionNumber }) => decisionNumber === facts.decisionNumber);
  const sameCopy = others.filter(
    ({ evidenceSha256 }) => evidenceSha256 !== null && evidenceSha256 === facts.evidenceSha256,
  );
  const codesOf = (found: readonly Twin[]): readonly string[] => found.map(({ code }) => code);
  return [
    {
      check: 'issuer',
      // There is no register of certifying bodies to ask.
      outcome: facts.star === null ? 'unsure' : competenceOn(facts.issuer, facts.star, facts.issuedOn),
      codes: [],
    },
    { check: 'number', outcome: numberOutcome(facts), codes: [] },
    { check: 'duplicates', outcome: outcomeOf(sameNumber.length === 0, 'unsure'), codes: codesOf(sameNumber) },
    { check: 'holder', outcome: outcomeOf(facts.businessStatus === 'approved', 'failed'), codes: [] },
    { check: 'evidence', outcome: evidenceOutcome(facts, sameCopy), codes: codesOf(sameCopy) },
    {
      check: 'dates',
      outcome: outcomeOf(facts.validUntil === null || facts.validUntil > now, 'failed'),
      codes: [],
    },
  ];
}
