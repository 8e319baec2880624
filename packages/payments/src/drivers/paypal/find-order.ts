import { isConclusive } from '../../gateway/conclusive-after.ts'
import type { LookupQuery } from '../../gateway/lookup.ts'
import type { PaypalApi } from './paypal-api.ts'
import { referenceOf } from './paypal-snapshot.ts'
import type {
  PaypalCapture,
  PaypalEventLike,
  PaypalLink,
  PaypalOrder,
  PaypalPayoutBatch,
  PaypalTransaction,
} from './paypal-types.ts'

const hour = 3_600_000
/** The clocks of host and PayPal may differ, and a request may be under way for some minutes. */
const before = hour
const after = 1.25 * hour
/** Transactions are found at most three hours after they happened (`GET /v1/reporting/transactions`). */
const searchDelay = 3 * hour
const longestSpan = 24 * hour

/** Milliseconds since 1970. */
interface Span {
  readonly start: number
  readonly end: number
}

/** A charge that no answer came for, under the key as PayPal has it. */
export interface SentCharge {
  readonly reference: string
  readonly sentAt: Date
}

/** Whether a command is found by listing: a charge of which no order is known. */
export function isListed({ operation, payment }: LookupQuery): boolean {
  return operation === 'charge' && payment === undefined
}

/** The orders that charges made, by the keys of the charges. */
export async function* ordersByKey(
  api: PaypalApi,
  queries: readonly LookupQuery[],
): AsyncIterable<readonly [key: string, order: string]> {
  const keys = new Map(queries.map(({ key }) => [referenceOf(key), key]))
  const charges = queries.map(({ key, sentAt }) => ({ reference: referenceOf(key), sentAt }))
  for await (const [reference, order] of findOrders(api, charges)) yield [keys.get(reference)!, order]
}

/**
 * The orders that charges made, found by the keys that they left in `custom_id`: first in the history of events, which is
 * there at once, then in the search of transactions, which is complete after three hours. PayPal has no search of orders. An
 * order that neither knows has taken and reserved nothing.
 */
export async function* findOrders(
  api: PaypalApi,
  charges: readonly SentCharge[],
): AsyncIterable<readonly [reference: string, order: string]> {
  for (const { span, references: open } of spansOf(charges)) {
    for await (const event of eventsWithin(api, span)) {
      const known = orderOf(event)
      if (known !== undefined && open.delete(known[0])) yield known
      if (open.size === 0) break
    }
    if (open.size > 0) yield* findByTransaction(api, open, span)
  }
}

/** The payout batch that a payout made, found in the history of events by the key in `sender_batch_id`. */
export async function findPayout(
  api: PaypalApi,
  reference: string,
  sentAt: Date,
): Promise<PaypalPayoutBatch | undefined> {
  for await (const { event_type: type, resource } of eventsWithin(api, spanAround(sentAt))) {
    if (!type.startsWith('PAYMENT.PAYOUTSBATCH.')) continue
    const { batch_header: batch } = resource as PaypalPayoutBatch
    if (batch.sender_batch_header?.sender_batch_id !== reference) continue
    return api.request<PaypalPayoutBatch>('GET', `/v1/payments/payouts/${encodeURIComponent(batch.payout_batch_id)}`)
  }
  return undefined
}

/** Whether a charge that was not found can still turn up. */
export function isOrderAbsent({ sentAt }: Pick<LookupQuery, 'sentAt'>, now: number): boolean {
  return isConclusive(new Date(sentAt.getTime() + searchDelay + before), now)
}

/** Charges that were sent at about the same time share one list; a longer one than a day nobody needs to wait for. */
function spansOf(charges: readonly SentCharge[]): { readonly span: Span; readonly references: Set<string> }[] {
  const spans: { span: Span; references: Set<string> }[] = []
  for (const { reference, sentAt } of charges.toSorted((a, b) => a.sentAt.getTime() - b.sentAt.getTime())) {
    const { start, end } = spanAround(sentAt)
    const last = spans.at(-1)
    if (last !== undefined && start <= last.span.end && end - last.span.start <= longestSpan) {
      last.span = { start: last.span.start, end }
      last.references.add(reference)
    } else spans.push({ span: { start, end }, references: new Set([reference]) })
  }
  return spans
}

async function* eventsWithin(api: PaypalApi, { start, end }: Span): AsyncIterable<PaypalEventLike> {
  let query: Record<string, string> | undefined = {
    start_time: new Date(start).toISOString(),
    end_time: new Date(end).toISOString(),
    page_size: '100',
  }
  while (query !== undefined) {
    type Page = { readonly events?: readonly PaypalEventLike[]; readonly links?: readonly PaypalLink[] }
    const page: Page = await api.request<Page>('GET', '/v1/notifications/webhooks-events', { query })
    yield* page.events ?? []
    const next: string | undefined = page.links?.find(({ rel }) => rel === 'next')?.href
    query = next === undefined ? undefined : Object.fromEntries(new URL(next).searchParams)
  }
}

/** The key and the order of what an event is about. Captures and authorisations name their order; refunds do not. */
function orderOf({ event_type: type, resource }: PaypalEventLike): readonly [string, string] | undefined {
  if (typeof resource !== 'object' || resource === null) return undefined
  if (type.startsWith('CHECKOUT.ORDER.')) {
    const { id, purchase_units: units } = resource as PaypalOrder
    const key = units?.[0]?.custom_id
    return key === undefined ? undefined : [key, id]
  }
  const { custom_id: key, supplementary_data: related } = resource as PaypalCapture
  const order = related?.related_ids?.order_id
  return key === undefined || order === undefined ? undefined : [key, order]
}

async function* findByTransaction(
  api: PaypalApi,
  open: Set<string>,
  { start, end }: Span,
): AsyncIterable<readonly [reference: string, order: string]> {
  for (let page = 1, pages = 1; page <= pages; page++) {
    const query = {
      start_date: new Date(start).toISOString(),
      end_date: new Date(end).toISOString(),
      fields: 'transaction_info',
      page_size: '500',
      page: String(page),
    }
    type Found = { readonly transaction_details?: readonly PaypalTransaction[]; readonly total_pages?: number }
    const found = await api.request<Found>('GET', '/v1/reporting/transactions', { query })
    pages = found.total_pages ?? 1
    for (const { transaction_info: info } of found.transaction_details ?? []) {
      const { custom_field: reference = '', transaction_event_code: code, transaction_id: id } = info
      if (!open.has(reference) || !code.startsWith('T00')) continue
      const capture = await api.request<PaypalCapture>('GET', `/v2/payments/captures/${encodeURIComponent(id)}`)
      const order = capture.supplementary_data?.related_ids?.order_id
      if (order !== undefined && open.delete(reference)) yield [reference, order]
      if (open.size === 0) return
    }
  }
}

function spanAround(sentAt: Date): Span {
  return { start: sentAt.getTime() - before, end: sentAt.getTime() + after }
}
