import type { LookupQuery, LookupResult } from '../../gateway/lookup.ts'
import type { ListedLookups } from '../../gateway/lookup-by-list.ts'
import type { OperationOutcome } from '../../gateway/outcome.ts'
import { isConclusive } from '../../gateway/conclusive-after.ts'
import type { StripeClientLike } from './stripe-client.ts'
import { captureReference, hasCapture } from './stripe-metadata.ts'
import { paymentOutcome } from './stripe-outcome.ts'
import { idOf, intentExpansion, paymentFromIntent, payoutFromStripe, refundFromStripe } from './stripe-snapshot.ts'
import type { StripeIntent } from './stripe-types.ts'

const marginSeconds = 300

/** What becomes known of commands by the keys that the driver left with Stripe's objects. Lists are current; searches are not. */
export function stripeLookups(client: StripeClientLike, now: number): ListedLookups<string> {
  return {
    listed: isListed,
    find: (queries) => findIntents(client, queries),
    answer: (query, intent) => lookUp(client, query, intent, now),
  }
}

async function lookUp(
  client: StripeClientLike,
  query: LookupQuery,
  found: string | undefined,
  now: number,
): Promise<LookupResult> {
  const absent: LookupResult = { found: false, conclusive: isConclusive(query.sentAt, now) }
  switch (query.operation) {
    case 'charge': {
      const intent = await retrieve(client, query.payment ?? found ?? (await intentOfCustomer(client, query)))
      return intent === undefined ? absent : { found: true, operation: 'charge', outcome: paymentOutcome(intent) }
    }
    case 'capture':
      return (await lookUpCapture(client, query)) ?? absent
    case 'void':
      return (await lookUpVoid(client, query)) ?? absent
    case 'refund':
      return (await lookUpRefund(client, query)) ?? absent
    case 'payout':
      return (await lookUpPayout(client, query)) ?? absent
  }
}

/** A customer's own list is short. */
function isListed({ operation, payment, customer }: LookupQuery): boolean {
  return operation === 'charge' && payment === undefined && customer === undefined
}

async function* findIntents(
  client: StripeClientLike,
  queries: readonly LookupQuery[],
): AsyncIterable<readonly [key: string, intent: string]> {
  const earliest = Math.min(...queries.map(({ sentAt }) => sentAt.getTime()))
  const parameters = { created: createdSince(new Date(earliest)), limit: 100 }
  for await (const { id, metadata } of client.paymentIntents.list(parameters as never)) {
    const key = metadata['exprsn_key']
    if (key !== undefined) yield [key, id]
  }
}

async function intentOfCustomer(
  client: StripeClientLike,
  { customer, key, sentAt }: LookupQuery,
): Promise<string | undefined> {
  if (customer === undefined) return undefined
  const parameters = { created: createdSince(sentAt), limit: 100, customer }
  for await (const { id, metadata } of client.paymentIntents.list(parameters as never))
    if (metadata['exprsn_key'] === key) return id
  return undefined
}

async function lookUpCapture(
  client: StripeClientLike,
  { payment, key, amount }: LookupQuery,
): Promise<LookupResult | undefined> {
  const intent = await retrieve(client, payment)
  if (intent === undefined || !hasCapture(intent.metadata, key)) return undefined
  const snapshot = paymentFromIntent(intent)
  const reference = captureReference(idOf(intent.latest_charge) ?? '', key)
  const capture = snapshot.captures.find((each) => each.reference === reference) ?? {
    kind: 'capture',
    reference,
    payment: intent.id,
    key,
    state: 'succeeded',
    amount,
  }
  return { found: true, operation: 'capture', outcome: { status: 'succeeded', result: capture, payment: snapshot } }
}

async function lookUpVoid(client: StripeClientLike, { payment }: LookupQuery): Promise<LookupResult | undefined> {
  const intent = await retrieve(client, payment)
  if (intent?.status !== 'canceled') return undefined
  return { found: true, operation: 'void', outcome: { status: 'succeeded', result: paymentFromIntent(intent) } }
}

async function lookUpRefund(
  client: StripeClientLike,
  { payment, key }: LookupQuery,
): Promise<LookupResult | undefined> {
  if (payment === undefined) return undefined
  for await (const refund of client.refunds.list({ payment_intent: payment, limit: 100 } as never)) {
    if (refund.metadata?.['exprsn_key'] === key)
      return { found: true, operation: 'refund', outcome: transferOutcome(refundFromStripe(refund)) }
  }
  return undefined
}

async function lookUpPayout(client: StripeClientLike, { key, sentAt }: LookupQuery): Promise<LookupResult | undefined> {
  for await (const payout of client.payouts.list({ created: createdSince(sentAt), limit: 100 } as never)) {
    if (payout.metadata?.['exprsn_key'] === key)
      return { found: true, operation: 'payout', outcome: transferOutcome(payoutFromStripe(payout)) }
  }
  return undefined
}

async function retrieve(client: StripeClientLike, payment: string | undefined): Promise<StripeIntent | undefined> {
  if (payment === undefined) return undefined
  return client.paymentIntents.retrieve(payment, { expand: intentExpansion } as never)
}

/** How something that Stripe accepted went so far. */
export function transferOutcome<Snapshot extends { readonly state: string; readonly failure?: string | undefined }>(
  result: Snapshot,
): OperationOutcome<Snapshot> {
  const { state, failure = 'failed' } = result
  if (state === 'failed' || state === 'cancelled')
    return { status: 'refused', refusal: { reason: 'declined', code: failure, message: `It ended as ${state}.` } }
  return { status: state === 'succeeded' || state === 'paid' ? 'succeeded' : 'pending', result }
}

/** The clocks of both sides may differ by some minutes. */
function createdSince(sentAt: Date): { readonly gte: number } {
  return { gte: Math.floor(sentAt.getTime() / 1000) - marginSeconds }
}
