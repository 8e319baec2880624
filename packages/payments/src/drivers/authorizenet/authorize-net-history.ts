import type { GatewayEvent } from '../../gateway/gateway-event.ts'
import type { SettlementLine } from '../../gateway/settlement-line.ts'
import { fromNumber } from './authorize-net-amount.ts'
import type { AuthorizeNetApi } from './authorize-net-api.ts'
import type { Notification, TransactionSummary } from './authorize-net-types.ts'
import { batchTransactions, settledBatches } from './find-transaction.ts'

const pageSize = 100

/** A notification in words that all gateways share. It names the transaction alone: fetch its state. */
export function eventFromNotification(notification: Notification): GatewayEvent | undefined {
  const { notificationId: id, eventType: type, eventDate, payload } = notification
  if (payload?.id === undefined || !type.startsWith('net.authorize.payment.')) return undefined
  const kind = type.startsWith('net.authorize.payment.refund.') ? 'refund' : 'payment'
  return { id, type, occurredAt: new Date(eventDate), subject: { kind, reference: payload.id } }
}

/** Past notifications of a span of time. The list has no contents: each is asked for. */
export async function* listEvents(api: AuthorizeNetApi, since: Date, until: Date): AsyncIterable<GatewayEvent> {
  for (let offset = 0; ; offset += pageSize) {
    type Page = { readonly notifications?: readonly Notification[] }
    const { notifications = [] } = await api.read<Page>('rest/v1/notifications', {
      offset: String(offset),
      limit: String(pageSize),
    })
    for (const { notificationId, eventDate } of notifications) {
      const at = Date.parse(eventDate)
      if (at < since.getTime() || at >= until.getTime()) continue
      const event = eventFromNotification(
        await api.read<Notification>(`rest/v1/notifications/${encodeURIComponent(notificationId)}`),
      )
      if (event !== undefined) yield event
    }
    if (notifications.length < pageSize) return
  }
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
