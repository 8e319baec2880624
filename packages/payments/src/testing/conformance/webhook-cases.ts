import type { ConformanceCase } from '@exprsn/core/testing'
import type { GatewayEvent } from '../../gateway/gateway-event.ts'
import type { PaymentSnapshot } from '../../gateway/snapshot.ts'
import { stateRank } from '../../gateway/state.ts'
import type { WebhookDelivery } from '../../gateway/webhook-verdict.ts'
import { charge } from './charge-cases.ts'
import { expectThat } from './expect.ts'
import type { GatewaySubject } from './gateway-subject.ts'
import { refund, settledCharge } from './refund-cases.ts'

/** Webhooks and the history of events. */
export const webhookCases: readonly ConformanceCase<GatewaySubject>[] = [
  {
    name: 'every webhook verifies, and tells of the payment',
    async run(subject) {
      const { payment, deliveries } = await story(subject)
      const events = await receiveAll(subject, deliveries)
      expectThat(events.length > 0, 'there are events', events)
      const about = events.filter(({ subject: { kind, reference, payment: of } }) =>
        kind === 'payment' ? reference === payment : of === payment,
      )
      expectThat(about.length > 0, 'some are about the payment', events)
      expectThat(
        new Set(events.map(({ id }) => id)).size === events.length,
        'each has an identifier of its own',
        events,
      )
    },
  },
  {
    name: 'a webhook with one changed byte, or written anew, is refused',
    async run(subject) {
      const { deliveries } = await story(subject)
      const { headers, body } = deliveries[0]!
      for (const at of [0, body.length >> 1, body.length - 1]) {
        const changed = Uint8Array.from(body)
        changed[at]! ^= 1
        const verdict = await subject.gateway.receive({ headers, body: changed })
        expectThat(!verdict.verified, `the byte ${at} is covered by the signature`, verdict)
      }
      const anew = new TextEncoder().encode(JSON.stringify(JSON.parse(new TextDecoder().decode(body)), undefined, 1))
      const verdict = await subject.gateway.receive({ headers, body: anew })
      expectThat(
        !verdict.verified && verdict.rejection === 'signature_mismatch',
        'the same content in other bytes is refused',
        verdict,
      )
      const unsigned = await subject.gateway.receive({ headers: new Headers(), body })
      expectThat(!unsigned.verified && unsigned.rejection === 'signature_missing', 'no signature, no belief', unsigned)
    },
  },
  {
    name: 'events lead to the present state in every order',
    async run(subject) {
      const { payment, deliveries } = await story(subject)
      const events = await receiveAll(subject, deliveries)
      const expected = await present(subject, payment)
      for (const order of [
        events,
        events.toReversed(),
        rotated(events, 1),
        rotated(events, 2),
        [...events, ...events],
      ]) {
        const seen = await converge(subject, payment, order)
        expectThat(
          seen.state === expected.state &&
            seen.captured === expected.captured.amount &&
            seen.refunded === expected.refunded.amount,
          `they lead to ${expected.state}, ${expected.captured.amount} taken, ${expected.refunded.amount} back`,
          seen,
        )
      }
    },
  },
  {
    name: 'the history gives the events that were sent',
    async run(subject) {
      if (!subject.gateway.capabilities.eventHistory) return
      const { deliveries } = await story(subject)
      const sent = new Set((await receiveAll(subject, deliveries)).map(({ id }) => id))
      const listed = new Set<string>()
      for await (const { id } of subject.gateway.events({ since: new Date(subject.now() - 86_400_000 * 30) }))
        listed.add(id)
      for (const id of sent) expectThat(listed.has(id), `the history has ${id}`, [...listed])
    },
  },
]

/** A charge with a refund, and the webhooks of both. */
async function story(subject: GatewaySubject): Promise<{ payment: string; deliveries: WebhookDelivery[] }> {
  const payment = await settledCharge(subject, 'case/story', 5000n)
  await refund(subject, payment, 'case/story/r', 1500n)
  await charge(subject, 'case/story/2', 800n, subject.tokens.declines())
  const requests = subject.simulator.webhooks.take()
  expectThat(requests.length > 0, 'webhooks are sent')
  const deliveries = requests.map(async (request) => ({ headers: request.headers, body: await request.bytes() }))
  return { payment, deliveries: await Promise.all(deliveries) }
}

async function receiveAll(
  { gateway }: GatewaySubject,
  deliveries: readonly WebhookDelivery[],
): Promise<GatewayEvent[]> {
  const events: GatewayEvent[] = []
  for (const delivery of deliveries) {
    const verdict = await gateway.receive(delivery)
    expectThat(verdict.verified, 'the webhook verifies', verdict)
    events.push(...verdict.events)
  }
  return events
}

async function present({ gateway }: GatewaySubject, reference: string): Promise<PaymentSnapshot> {
  const snapshot = await gateway.fetch({ kind: 'payment', reference })
  expectThat(snapshot?.kind === 'payment', 'the payment can be fetched', snapshot)
  return snapshot
}

interface Seen {
  state: string
  captured: bigint
  refunded: bigint
}

/** What a host does: the higher rank and the larger totals hold; what an event does not carry is fetched. */
async function converge(subject: GatewaySubject, payment: string, events: readonly GatewayEvent[]): Promise<Seen> {
  const seen: Seen = { state: 'created', captured: 0n, refunded: 0n }
  for (const event of events) {
    const { kind, reference } = event.subject
    if (kind === 'payment' ? reference !== payment : event.subject.payment !== payment) continue
    const snapshot = event.snapshot?.kind === 'payment' ? event.snapshot : await present(subject, payment)
    if (stateRank('payment', snapshot.state) > stateRank('payment', seen.state)) seen.state = snapshot.state
    if (snapshot.captured.amount > seen.captured) seen.captured = snapshot.captured.amount
    if (snapshot.refunded.amount > seen.refunded) seen.refunded = snapshot.refunded.amount
  }
  return seen
}

function rotated<Item>(items: readonly Item[], by: number): Item[] {
  return [...items.slice(by), ...items.slice(0, by)]
}
