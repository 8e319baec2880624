import { isConclusive } from '../../gateway/conclusive-after.ts'
import type { LookupQuery } from '../../gateway/lookup.ts'
import type { PaypalApi } from './paypal-api.ts'
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

/**
 * The order that a charge made, found by the key that it left in `custom_id`: first in the history of events, which is there
 * at once, then in the search of transactions, which is complete after three hours. PayPal has no search of orders. An order
 * that neither knows has taken and reserved nothing.
 */
export async function findOrder(api: PaypalApi, reference: string, sentAt: Date): Promise<string | undefined> {
  for await (const event of eventsAround(api, sentAt)) {
    const order = orderOf(event, reference)
    if (order !== undefined) return order
  }
  return findByTransaction(api, reference, sentAt)
}

/** The payout batch that a payout made, found in the history of events by the key in `sender_batch_id`. */
export async function findPayout(
  api: PaypalApi,
  reference: string,
  sentAt: Date,
): Promise<PaypalPayoutBatch | undefined> {
  for await (const { event_type: type, resource } of eventsAround(api, sentAt)) {
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

async function* eventsAround(api: PaypalApi, sentAt: Date): AsyncIterable<PaypalEventLike> {
  let query: Record<string, string> | undefined = {
    ...spanAround(sentAt, ['start_time', 'end_time']),
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

/** Captures and authorisations name their order; refunds do not, and have keys of their own. */
function orderOf({ event_type: type, resource }: PaypalEventLike, reference: string): string | undefined {
  if (typeof resource !== 'object' || resource === null) return undefined
  if (type.startsWith('CHECKOUT.ORDER.')) {
    const { id, purchase_units: units } = resource as PaypalOrder
    return units?.[0]?.custom_id === reference ? id : undefined
  }
  const { custom_id: key, supplementary_data: related } = resource as PaypalCapture
  return key === reference ? related?.related_ids?.order_id : undefined
}

async function findByTransaction(api: PaypalApi, reference: string, sentAt: Date): Promise<string | undefined> {
  for (let page = 1, pages = 1; page <= pages; page++) {
    const query = {
      ...spanAround(sentAt, ['start_date', 'end_date']),
      fields: 'transaction_info',
      page_size: '500',
      page: String(page),
    }
    type Found = { readonly transaction_details?: readonly PaypalTransaction[]; readonly total_pages?: number }
    const found = await api.request<Found>('GET', '/v1/reporting/transactions', { query })
    pages = found.total_pages ?? 1
    for (const { transaction_info: info } of found.transaction_details ?? []) {
      if (info.custom_field !== reference || !info.transaction_event_code.startsWith('T00')) continue
      const path = `/v2/payments/captures/${encodeURIComponent(info.transaction_id)}`
      const capture = await api.request<PaypalCapture>('GET', path)
      const order = capture.supplementary_data?.related_ids?.order_id
      if (order !== undefined) return order
    }
  }
  return undefined
}

function spanAround(sentAt: Date, [start, end]: readonly [string, string]): Record<string, string> {
  return {
    [start]: new Date(sentAt.getTime() - before).toISOString(),
    [end]: new Date(sentAt.getTime() + after).toISOString(),
  }
}
