import { html, type SafeHtml } from '../html.ts';
import type { MessageKey } from '../i18n/messages.ts';
import { layout } from '../layout.ts';
import type { View } from '../view.ts';

export type DeskKind = 'seller' | 'staff';
type Way = readonly [path: string, name: MessageKey];

/** The parts of each desk, in the order of a day's work. A part that has a page of its own is named here. */
const ways: Readonly<Record<DeskKind, readonly Way[]>> = {
  seller: [
    ['/ban-hang', 'desk.today'],
    ['/ban-hang/san-pham', 'own.title'],
    ['/ban-hang/kho', 'seller.stock'],
    ['/ban-hang/bang-gia', 'shelf.table'],
    ['/ban-hang/nhap-hang', 'imports.way'],
    ['/ban-hang/chung-nhan', 'certDesk.title'],
    ['/ban-hang/webhook', 'webhooks.title'],
    ['/ban-hang/co-so', 'own.title'],
    ['/ban-hang/thanh-vien', 'members.title'],
    ['/ban-hang/khoa-api', 'keys.title'],
  ],
  staff: [
    ['/quan-tri', 'desk.today'],
    ['/quan-tri/co-so', 'review.title'],
    ['/quan-tri/thay-doi', 'changes.title'],
    ['/quan-tri/go-bo', 'takedown.title'],
    ['/quan-tri/to-ho-tro', 'team.title'],
    ['/quan-tri/chung-nhan', 'certDesk.title'],
    ['/quan-tri/thong-bao', 'notices.log'],
    ['/quan-tri/nguoi-dung', 'users.title'],
  ],
};

export type DeskPage = {
  readonly title: string;
  /** The address of the part that this page belongs to, as in the list of parts. */
  readonly part: string;
  readonly body: SafeHtml;
  readonly htmx?: boolean;
  readonly head?: SafeHtml;
};

/** A page of a desk: its parts on top, the one that is open marked, then the page. */
export const deskLayout = (view: View, kind: DeskKind, { part, body, ...page }: DeskPage): SafeHtml =>
  layout(view, {
    ...page,
    body: html`<nav class="desk-ways" aria-label="${view.t('desk.ways')}"><ul>${ways[kind].map(
      ([path, name]) =>
        html`<li><a href="${view.link(path)}"${path === part && html` aria-current="page"`}>${view.t(name)}</a></li>`,
    )}</ul></nav><h1>${page.title}</h1>${body}`,
  });
