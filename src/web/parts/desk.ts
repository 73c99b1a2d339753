import type { Role } from '#http/access.ts';
import { assetUrl } from '../assets.ts';
import { html, type SafeHtml } from '../html.ts';
import type { MessageKey } from '../i18n/messages.ts';
import { layout } from '../layout.ts';
import type { View } from '../view.ts';
import { icon } from './icon.ts';

export type DeskKind = 'seller' | 'staff';
/** A part with a page of its own. `only`: the roles that may open it, as its route says; everybody of the desk without it. */
type Way = readonly [path: string, name: MessageKey, only?: readonly Role[]];
type Group = { readonly name: MessageKey; readonly ways: readonly Way[] };

/** The parts of each desk by what they are about, in the order of a day's work. A new part is named here. */
const groups: Readonly<Record<DeskKind, readonly Group[]>> = {
  seller: [
    {
      name: 'desk.orders',
      ways: [
        ['/ban-hang', 'desk.today'],
        ['/ban-hang/don-hang', 'seller.orders'],
        ['/ban-hang/nhat-hang', 'picking.title'],
        ['/ban-hang/nhan-kien', 'label.title'],
        ['/ban-hang/doi-tra', 'care.title'],
        ['/ban-hang/danh-gia', 'reviews.title'],
        ['/ban-hang/hoi-dap', 'asked.title'],
        ['/ban-hang/khieu-nai', 'complaint.title'],
        ['/ban-hang/phan-anh', 'report.sellerTitle'],
        ['/ban-hang/kho', 'seller.stock'],
        ['/ban-hang/bang-gia', 'shelf.table', ['owner', 'manager']],
        ['/ban-hang/van-chuyen', 'courier.title'],
        ['/ban-hang/giao-hang', 'delivery.title', ['owner', 'manager']],
        ['/ban-hang/uu-dai', 'voucher.title', ['owner', 'manager']],
        ['/ban-hang/doi-soat', 'settle.statement', ['owner', 'manager']],
        ['/ban-hang/chi-tra', 'settle.payouts', ['owner', 'manager']],
        ['/ban-hang/nhan-truc-tiep', 'direct.title', ['owner', 'manager']],
      ],
    },
    {
      name: 'desk.goods',
      ways: [
        ['/ban-hang/san-pham', 'own.title', ['owner', 'manager', 'assistant']],
        ['/ban-hang/nhap-hang', 'imports.way', ['owner', 'manager', 'assistant']],
        ['/ban-hang/chung-nhan', 'certDesk.title', ['owner', 'manager', 'assistant']],
      ],
    },
    {
      name: 'desk.house',
      ways: [
        ['/ban-hang/co-so', 'mine.title', ['owner', 'manager', 'assistant']],
        ['/ban-hang/thanh-vien', 'members.title', ['owner', 'manager']],
        ['/ban-hang/xuat-du-lieu', 'exports.way', ['owner', 'manager']],
        ['/ban-hang/khoa-api', 'keys.title', ['owner']],
        ['/ban-hang/webhook', 'webhooks.title', ['owner']],
      ],
    },
  ],
  staff: [
    {
      name: 'desk.work',
      ways: [
        ['/quan-tri', 'desk.today'],
        ['/quan-tri/hang-doi/businesses', 'queue.businesses', ['moderator']],
        ['/quan-tri/hang-doi/changes', 'queue.changes', ['moderator']],
        ['/quan-tri/hang-doi/takedowns', 'queue.takedowns', ['moderator']],
        ['/quan-tri/hang-doi/field-reports', 'queue.field-reports', ['moderator']],
        ['/quan-tri/hang-doi/reviews', 'queue.reviews', ['moderator']],
        ['/quan-tri/hang-doi/questions', 'queue.questions', ['moderator']],
        ['/quan-tri/hang-doi/complaints', 'queue.complaints', ['support']],
        ['/quan-tri/khieu-nai', 'complaint.staffTitle', ['support', 'finance', 'auditor']],
        ['/quan-tri/khieu-nai/bao-cao', 'complaint.report.way', ['support', 'finance', 'auditor']],
        ['/quan-tri/doi-tra', 'care.staffTitle', ['support', 'finance', 'auditor']],
        ['/quan-tri/hang-doi/certificates', 'queue.certificates', ['certifier']],
      ],
    },
    {
      name: 'desk.register',
      ways: [
        ['/quan-tri/co-so', 'review.title', ['moderator']],
        ['/quan-tri/thay-doi', 'changes.title', ['moderator']],
        ['/quan-tri/hop-qua', 'bundle.staffTitle', ['moderator']],
        ['/quan-tri/danh-gia', 'reviews.staffTitle', ['moderator']],
        ['/quan-tri/hoi-dap', 'asked.staffTitle', ['moderator']],
        ['/quan-tri/phan-anh', 'report.staffTitle', ['moderator']],
        ['/quan-tri/go-bo', 'takedown.title', ['moderator']],
        ['/quan-tri/thu-hoi', 'recall.title', ['moderator', 'certifier', 'auditor']],
        ['/quan-tri/to-ho-tro', 'team.title', ['moderator']],
        ['/quan-tri/chung-nhan', 'certDesk.title'],
        ['/quan-tri/san-doi-tac', 'partners.title'],
        ['/quan-tri/vi-sao-hien-thi', 'partners.why.way'],
        ['/quan-tri/hang-trung', 'partners.twins.title'],
      ],
    },
    {
      name: 'desk.money',
      ways: [
        ['/quan-tri/don-hang', 'staff.ordersTitle'],
        ['/quan-tri/hang-doi/money', 'queue.money', ['finance']],
        ['/quan-tri/phi-giao', 'delivery.tariff'],
        ['/quan-tri/doi-soat', 'money.title', ['finance', 'auditor']],
        ['/quan-tri/tien-cho', 'staff.moneyTitle'],
        ['/quan-tri/uu-dai', 'voucher.title', ['finance']],
        ['/quan-tri/bieu-phi', 'fee.title', ['finance']],
        ['/quan-tri/thue', 'tax.title', ['finance']],
        ['/quan-tri/chi-tra', 'runs.title', ['finance', 'auditor']],
        ['/quan-tri/tiep-thi-lien-ket', 'referral.title', ['finance', 'auditor']],
        ['/quan-tri/nhan-truc-tiep', 'direct.title', ['finance', 'auditor']],
        ['/quan-tri/so-cai', 'books.title', ['finance', 'auditor']],
      ],
    },
    {
      name: 'desk.watch',
      ways: [
        ['/quan-tri/thong-bao', 'notices.log', ['support', 'auditor']],
        ['/quan-tri/nguoi-dung', 'users.title', ['admin']],
        ['/quan-tri/tong-quan', 'overview.title'],
        ['/quan-tri/bao-cao', 'periodic.title', ['finance', 'auditor']],
        ['/quan-tri/nhat-ky', 'audit.title', ['auditor']],
      ],
    },
  ],
};

/** The same rule as at the door, so that nobody is shown a way that is closed to them. */
function isOpen({ visitor }: View, kind: DeskKind, only: readonly Role[] | undefined): boolean {
  if (!visitor) return false;
  const { staffRole, memberRoles } = visitor;
  if (kind === 'staff') return staffRole !== null && (!only || staffRole === 'admin' || only.includes(staffRole));
  // A way without roles is for all members, and an assistant is none.
  return memberRoles.some((role) => (only ? only.includes(role) : role !== 'assistant'));
}

export type DeskPage = {
  readonly title: string;
  /** The address of the part that this page belongs to, as in the list of parts. */
  readonly part: string;
  readonly body: SafeHtml;
  readonly htmx?: boolean;
  readonly head?: SafeHtml;
};

/** On a phone a button that says where one is and opens the list; where there is room, the list itself. */
function nav(view: View, kind: DeskKind, { part, title }: DeskPage): SafeHtml {
  const { t, link } = view;
  const shown = groups[kind]
    .map(({ name, ways }) => ({ name, ways: ways.filter(([, , only]) => isOpen(view, kind, only)) }))
    .filter(({ ways }) => ways.length > 0);
  const current = shown.flatMap(({ ways }) => ways).find(([path]) => path === part)?.[1];
  const way = ([path, name]: Way): SafeHtml =>
    html`<li><a href="${link(path)}"${path === part && html` aria-current="page"`}>${t(name)}</a></li>`;
  return html`<nav class="desk-ways" aria-label="${t('desk.ways')}"><details><summary><span><span class="soft">${t('desk.here')}</span> <b>${current ? t(current) : title}</b></span>${icon('down')}</summary>
<div class="desk-groups">${shown.map(({ name, ways }) => html`<div><p class="desk-group">${t(name)}</p><ul>${ways.map(way)}</ul></div>`)}</div></details></nav>`;
}

const verdicts: Readonly<Record<string, MessageKey>> = {
  approved: 'queue.did.approved',
  'changes-requested': 'queue.did.asked',
  rejected: 'queue.did.rejected',
};

/** What became of the matter before, said on the page of the next one. */
function lastVerdict({ t, path }: View): SafeHtml | false {
  const key = verdicts[new URLSearchParams(path.split('?')[1]).get('truoc') ?? ''];
  return key !== undefined && html`<p class="notice good" role="status">${t(key)}</p>`;
}

const keyNames: readonly (readonly [key: string, name: MessageKey])[] = [
  ['J', 'shortcut.down'],
  ['K', 'shortcut.up'],
  ['Enter', 'shortcut.enter'],
  ['C', 'shortcut.claim'],
  ['A', 'shortcut.approve'],
  ['Q', 'shortcut.ask'],
  ['R', 'shortcut.reject'],
  ['1–9', 'shortcut.reason'],
  ['Ctrl + Enter', 'shortcut.send'],
  ['N', 'shortcut.next'],
  ['?', 'shortcut.help'],
];

/** Which keys there are, with the switch that turns them off; the reasons that a refusal is chosen from. */
const keyHelp = ({ t }: View): SafeHtml =>
  html`<p class="keys section"><button class="button quiet" type="button" data-keys-open hidden>${t('shortcut.title')}</button></p>
<div class="box stack reasons" data-reasons role="group" aria-labelledby="reasons-title" hidden><p id="reasons-title"><b data-reasons-for></b>: ${t('shortcut.choose')}</p><ol></ol></div>
<dialog class="box stack" data-keys aria-labelledby="keys-title"><h2 id="keys-title">${t('shortcut.title')}</h2>
<dl class="key-list">${keyNames.map(([key, name]) => html`<div><dt><kbd>${key}</kbd></dt><dd>${t(name)}</dd></div>`)}</dl>
<label class="tick"><input type="checkbox" data-keys-on checked> ${t('shortcut.on')}</label><p class="small soft">${t('shortcut.onHint')}</p>
<p><button class="button" type="button" data-keys-close>${t('shortcut.close')}</button></p></dialog>`;

/** What a worker says of a page that it kept, and the drafts that wait on this machine; both hidden until there is something. */
const outbox = ({ t }: View): SafeHtml =>
  html`<p class="notice wait" role="status" data-seen="${t('noNetwork.seen')}" hidden></p>
<section class="box stack outbox" data-outbox aria-labelledby="outbox-title" hidden data-kept="${t('outbox.kept')}" data-waiting="${t('outbox.waiting')}" data-refused="${t('outbox.refused')}" data-sent="${t('outbox.sent')}" data-edit="${t('outbox.edit')}" data-drop="${t('outbox.drop')}" data-again="${t('outbox.again')}" data-leave="${t('outbox.leave')}" data-unnamed="${t('outbox.unnamed')}"><h2 id="outbox-title">${t('outbox.title')}</h2><output></output><ul class="stack"></ul></section>`;

/** A page of a desk: its parts, the one that is open marked, then the page. */
export const deskLayout = (view: View, kind: DeskKind, page: DeskPage): SafeHtml =>
  layout(view, {
    title: page.title,
    ...(page.htmx && { htmx: true }),
    head: html`${page.head}<script type="module" src="${assetUrl('forms.js')}"></script><script type="module" src="${assetUrl(kind === 'staff' ? 'desk.js' : 'outbox.js')}"></script>`,
    body: html`<div class="desk"${kind === 'seller' && html` data-account="${view.visitor?.accountId}"`} data-who="${view.visitor?.name}" data-restored="${view.t('desk.restored')}">${nav(view, kind, page)}<div><h1>${page.title}</h1>${kind === 'staff' ? lastVerdict(view) : outbox(view)}${page.body}${kind === 'staff' && keyHelp(view)}</div></div>`,
  });

/** From an item that was looked at or decided to what waits beside it. */
export const nextInQueue = ({ t, link }: View, queue: string): SafeHtml =>
  html`<p class="row"><a class="button quiet" data-key="n" href="${link(`/quan-tri/hang-doi/${queue}`)}">${t('queue.next')}</a><span class="small soft keys">${t('queue.nextKey')}</span></p>`;

/** Reasons that are given often, offered with a digit each where the keyboard asks for one; written by hand elsewhere. */
export const cannedReasons = ({ t }: View, id: string, keys: readonly MessageKey[]): SafeHtml =>
  html`<datalist id="${id}">${keys.map((key) => html`<option value="${t(key)}"></option>`)}</datalist>`;

/** Below a decision: whether the officer goes straight on to what waits next. */
export const thenNext = ({ t }: View, checked: boolean): SafeHtml =>
  html`<p><label class="tick"><input type="checkbox" name="next" value="1"${checked && html` checked`}> ${t('queue.thenNext')}</label></p>`;
