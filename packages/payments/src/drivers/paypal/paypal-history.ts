import type { GatewayEvent } from '../../gateway/gateway-event.ts'
import type { SettlementLine } from '../../gateway/settlement-line.ts'
import { fromPaypalMoney } from './paypal-amount.ts'
import type { PaypalApi } from './paypal-api.ts'
import { eventFromPaypal } from './paypal-events.ts'
import type { PaypalEventLike, PaypalLink, PaypalTransaction } from './paypal-types.ts'

const longestSpan = 31 * 86_400_000

/** Webhook events of a span of time, page by page. */
export async function* listEvents(api: PaypalApi, since: Date, until: Date): AsyncIterable<GatewayEvent> {
  let query: Record<string, string> | undefined = {
    start_time: since.toISOString(),
    end_time: until.toISOString(),
    page_size: '100',
  }
  while (query !== undefined) {
    type Page = { readonly events?: readonly PaypalEventLike[]; readonly links?: readonly PaypalLink[] }
    const page: Page = await api.request<Page>('GET', '/v1/notifications/webhooks-events', { query })
    for (const event of page.events ?? []) {
      const translated = eventFromPaypal(event)
      if (translated !== undefined) yield translated
    }
    const next: string | undefined = page.links?.find(({ rel }) => rel === 'next')?.href
    query = next === undefined ? undefined : Object.fromEntries(new URL(next).searchParams)
  }
}

/** Balance-affecting transactions. One search covers 31 days; they appear up to three hours late. */
export async function* listSettlements(api: PaypalApi, since: Date, until: Date): AsyncIterable<SettlementLine> {
  for (let start = since.getTime(); start < until.getTime(); start += longestSpan) {
    const end = Math.min(start + longestSpan, until.getTime())
    for (let page = 1, pages = 1; page <= pages; page++) {
      const query = {
        start_date: new Date(start).toISOString(),
        end_date: new Date(end).toISOString(),
        fields: 'transaction_info',
        balance_affecting_records_only: 'Y',
        page_size: '500',
        page: String(page),
      }
      type Found = { readonly transaction_details?: readonly PaypalTransaction[]; readonly total_pages?: number }
      const found = await api.request<Found>('GET', '/v1/reporting/transactions', { query })
      pages = found.total_pages ?? 1
      for (const transaction of found.transaction_details ?? []) yield lineOf(transaction)
    }
  }
}

/** Transactions are kept for three years. */
export function earliestKept(since: Date, now: number): Date {
  return new Date(Math.max(since.getTime(), now - 3 * 365 * 86_400_000))
}

// developer.paypal.com/docs/reports/reference/tcodes: T00 payments, T01 fees, T04 withdrawals, T11 reversals, T12 adjustments.
function kindOf(code: string, gross: bigint): SettlementLine['kind'] {
  if (code === 'T0001' || code.startsWith('T04')) return gross < 0n ? 'payout' : 'payout_failure'
  if (code === 'T1106' || code === 'T1201') return 'dispute'
  if (code === 'T1110' || code === 'T1202') return gross < 0n ? 'dispute' : 'dispute_reversal'
  if (code.startsWith('T11')) return gross < 0n ? 'refund' : 'refund_failure'
  if (code.startsWith('T01')) return 'fee'
  return code.startsWith('T00') ? 'charge' : 'adjustment'
}

function lineOf({ transaction_info: info }: PaypalTransaction): SettlementLine {
  const gross = fromPaypalMoney(info.transaction_amount)
  const { currency } = gross
  const fee = info.fee_amount === undefined ? 0n : -fromPaypalMoney(info.fee_amount).amount
  const kind = kindOf(info.transaction_event_code, gross.amount)
  return {
    reference: info.transaction_id,
    kind,
    gross,
    fee: { amount: fee, currency },
    net: { amount: gross.amount - fee, currency },
    occurredAt: new Date(info.transaction_initiation_date),
    source: info.transaction_id,
    key: info.custom_field,
    payout: kind === 'payout' ? info.transaction_id : undefined,
  }
}
