import type { GatewayEvent } from '../../gateway/gateway-event.ts'
import type { SettlementLine } from '../../gateway/settlement-line.ts'
import { fromNumber } from './authorize-net-amount.ts'
import type { AuthorizeNetApi } from './authorize-net-api.ts'
import type { Notification, TransactionSummary } from './authorize-net-types.ts'
import { batchTransactions, settledBatches } from './find-transaction.ts'

const pageSize = 100
const atOnce = 8
/** Histories overlap: this many notifications are not asked for again. They never change. */
const remembered = 10_000

/** Events by the id of their notification; those that are no event of ours, too. */
export type KnownNotifications = Map<string, GatewayEvent | undefined>

/** A notification in words that all gateways share. It names the transaction alone: fetch its state. */
export function eventFromNotification(notification: Notification): GatewayEvent | undefined {
  const { notificationId: id, eventType: type, eventDate, payload } = notification
  if (payload?.id === undefined || !type.startsWith('net.authorize.payment.')) return undefined
  const kind = type.startsWith('net.authorize.payment.refund.') ? 'refund' : 'payment'
  return { id, type, occurredAt: new Date(eventDate), subject: { kind, reference: payload.id } }
}

/** Past notifications of a span of time. The list has no contents: each is asked for, several at once. */
export async function* listEvents(
  api: AuthorizeNetApi,
  known: KnownNotifications,
  since: Date,
  until: Date,
): AsyncIterable<GatewayEvent> {
  for (let offset = 0; ; offset += pageSize) {
    const query = { offset: String(offset), limit: String(pageSize) }
    const { notifications = [] } = await api.read<{ readonly notifications?: readonly Notification[] }>(
      'rest/v1/notifications',
      query,
    )
    const wanted = notifications.filter(({ eventDate }) => {
      const at = Date.parse(eventDate)
      return at >= since.getTime() && at < until.getTime()
    })
    for (let start = 0; start < wanted.length; start += atOnce) {
      const events = wanted
        .slice(start, start + atOnce)
        .map(({ notificationId }) => eventOf(api, known, notificationId))
      for (const event of await Promise.all(events)) if (event !== undefined) yield event
    }
    if (notifications.length < pageSize) return
  }
}

async function eventOf(api: AuthorizeNetApi, known: KnownNotifications, id: string): Promise<GatewayEvent | undefined> {
  if (known.has(id)) return known.get(id)
  const event = eventFromNotification(await api.read<Notification>(`rest/v1/notifications/${encodeURIComponent(id)}`))
  known.set(id, event)
  if (known.size > remembered) known.delete(known.keys().next().value!)
  return event
}

/** The transactions of each settled batch, and what the processor pays out for it. Its fees are billed elsewhere. */
export async function* listSettlements(
  api: AuthorizeNetApi,
  since: Date,
  until: Date,
  currency: string,
): AsyncIterable<SettlementLine> {
  const zero = { amount: 0n, currency }
  for await (const { batchId, settlementTimeUTC } of settledBatches(api, since.getTime(), until.getTime())) {
    const occurredAt = new Date(settlementTimeUTC)
    let total = 0n
    for await (const summary of batchTransactions(api, batchId)) {
      const line = lineOf(summary, currency)
      total += line.gross.amount
      yield { ...line, occurredAt, payout: batchId }
    }
    const paid = { amount: -total, currency }
    yield {
      reference: batchId,
      kind: 'payout',
      gross: paid,
      fee: zero,
      net: paid,
      occurredAt,
      source: batchId,
      payout: batchId,
    }
  }
}

function lineOf(
  { transId, transactionStatus: status, settleAmount }: TransactionSummary,
  currency: string,
): SettlementLine {
  const { amount } = fromNumber(settleAmount, currency)
  const refund = status.startsWith('refund')
  const gross = { amount: refund ? -amount : amount, currency }
  const kind = refund ? 'refund' : status === 'chargeback' ? 'dispute' : 'charge'
  const payment = refund ? undefined : transId
  return {
    reference: transId,
    kind,
    gross,
    fee: { amount: 0n, currency },
    net: gross,
    occurredAt: new Date(0),
    source: transId,
    payment,
  }
}
