import type { MessageKey } from '#web/i18n/messages.ts';
import type { NotApplied, VoucherScope, VoucherState } from './types.ts';

export const stateNames: Readonly<Record<VoucherState, MessageKey>> = {
  scheduled: 'voucher.state.scheduled',
  running: 'voucher.state.running',
  'used-up': 'voucher.state.used-up',
  ended: 'voucher.state.ended',
};
export const scopeNames: Readonly<Record<VoucherScope, MessageKey>> = {
  all: 'voucher.scope.all',
  businesses: 'voucher.scope.businesses',
  categories: 'voucher.scope.categories',
  products: 'voucher.scope.products',
};
/** Why a voucher takes nothing off, for the shopper. */
export const whyNotNames: Readonly<Record<NotApplied, MessageKey>> = {
  'not-started': 'voucher.not.not-started',
  ended: 'voucher.not.ended',
  'used-up': 'voucher.not.used-up',
  'own-limit': 'voucher.not.own-limit',
  'first-order': 'voucher.not.first-order',
  scope: 'voucher.not.scope',
  minimum: 'voucher.not.minimum',
  'not-combined': 'voucher.not.not-combined',
  'nothing-left': 'voucher.not.nothing-left',
};
