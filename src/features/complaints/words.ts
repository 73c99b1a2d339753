import type { MessageKey } from '#web/i18n/messages.ts';
import type {
  Author,
  ComplaintEventType,
  ComplaintKind,
  ComplaintState,
  ComplaintVerdict,
  ComplaintWish,
  OfferKind,
} from './types.ts';

type Names<Of extends string> = Readonly<Record<Of, MessageKey>>;

export const kindNames: Names<ComplaintKind> = {
  late: 'complaint.kind.late',
  'not-received': 'complaint.kind.not-received',
  'wrong-item': 'complaint.kind.wrong-item',
  damaged: 'complaint.kind.damaged',
  quality: 'complaint.kind.quality',
  unsafe: 'complaint.kind.unsafe',
  'false-description': 'complaint.kind.false-description',
  behaviour: 'complaint.kind.behaviour',
  other: 'complaint.kind.other',
};
export const wishNames: Names<ComplaintWish> = {
  'refund-whole': 'complaint.wish.refund-whole',
  'refund-part': 'complaint.wish.refund-part',
  replacement: 'complaint.wish.replacement',
  apology: 'complaint.wish.apology',
  other: 'complaint.wish.other',
};
export const stateNames: Names<ComplaintState> = {
  open: 'complaint.state.open',
  offered: 'complaint.state.offered',
  escalated: 'complaint.state.escalated',
  decided: 'complaint.state.decided',
  appealed: 'complaint.state.appealed',
  final: 'complaint.state.final',
  settled: 'complaint.state.settled',
  lapsed: 'complaint.state.lapsed',
  withdrawn: 'complaint.state.withdrawn',
};
export const eventNames: Names<ComplaintEventType> = {
  filed: 'complaint.event.filed',
  offered: 'complaint.event.offered',
  'refused-by-business': 'complaint.event.refused-by-business',
  'no-answer': 'complaint.event.no-answer',
  'asked-officer': 'complaint.event.asked-officer',
  unsafe: 'complaint.event.unsafe',
  accepted: 'complaint.event.accepted',
  'offer-refused': 'complaint.event.offer-refused',
  lapsed: 'complaint.event.lapsed',
  withdrawn: 'complaint.event.withdrawn',
  decided: 'complaint.event.decided',
  appealed: 'complaint.event.appealed',
  reviewed: 'complaint.event.reviewed',
  final: 'complaint.event.final',
  message: 'complaint.event.message',
  overdue: 'complaint.event.overdue',
};
export const verdictNames: Names<ComplaintVerdict> = {
  refund: 'complaint.verdict.refund',
  replacement: 'complaint.verdict.replacement',
  apology: 'complaint.verdict.apology',
  dismiss: 'complaint.verdict.dismiss',
  uphold: 'complaint.verdict.uphold',
};
export const authorNames: Names<Author> = {
  shopper: 'complaint.author.shopper',
  business: 'complaint.author.business',
  officer: 'complaint.author.officer',
};
export const offerKindNames: Names<OfferKind> = {
  refund: 'complaint.offerKind.refund',
  replacement: 'complaint.offerKind.replacement',
  explanation: 'complaint.offerKind.explanation',
};
