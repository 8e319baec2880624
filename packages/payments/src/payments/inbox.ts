import { ExprsnError } from '@exprsn/core'
import { createCardGuard } from '../gateway/card-guard.ts'
import type { GatewayEvent } from '../gateway/gateway-event.ts'
import type { GatewaySnapshot } from '../gateway/snapshot.ts'
import { applySnapshot, type Applied } from './apply-snapshot.ts'
import type { Engine } from './engine.ts'

/** An event about a payment that nobody here knows is given up after that long. */
const givenUpAfter = 86_400_000

const guard = createCardGuard()

/** Keeps an event; false when it was kept before. An event that carries a card number is not kept, but asked about. */
export async function keepEvent(engine: Engine, gateway: string, event: GatewayEvent): Promise<boolean> {
  let kept = event
  try {
    guard.check(event)
  } catch (error) {
    if (!ExprsnError.is(error)) throw error
    engine.logger.warn(
      { gateway, event: event.id, reason: error.message },
      'An event carried a card number: only its subject is kept.',
    )
    const { id, type, occurredAt, subject } = event
    kept = { id, type, occurredAt, subject }
  }
  return engine.store.insertEvent(engine.database, gateway, kept, engine.now())
}

/**
 * Applies an event that was kept; true when that is done with. Of several who try at the same moment one does it. What fails
 * is tried again later.
 */
export async function processEvent(
  engine: Engine,
  gateway: string,
  event: GatewayEvent,
  signal?: AbortSignal,
): Promise<boolean> {
  let report = event.snapshot
  let asked = false
  try {
    for (;;) {
      if (report === undefined) {
        report = await engine.gateway(gateway).fetch(event.subject, { signal })
        asked = true
      }
      let applied = await applyEvent(engine, gateway, event, report, asked)
      if (applied === 'unknown' && (await introduce(engine, gateway, event, report, signal)))
        applied = await applyEvent(engine, gateway, event, report, asked)
      if (applied === 'unknown') await postpone(engine, gateway, event, 'It is about a payment that is not known yet.')
      if (applied !== 'ask' || asked) return applied === 'applied'
      report = undefined
    }
  } catch (error) {
    await postpone(engine, gateway, event, error instanceof Error ? error.message : String(error))
    throw error
  }
}

async function applyEvent(
  engine: Engine,
  gateway: string,
  event: GatewayEvent,
  report: GatewaySnapshot | undefined,
  asked: boolean,
): Promise<Applied> {
  const { database, store } = engine
  return database.transaction(async (tx): Promise<Applied> => {
    const waiting = await store.lockEvent(tx, gateway, event.id)
    if (waiting === undefined) return 'applied'
    const context = engine.applying()
    const result = report === undefined ? 'unknown' : await applySnapshot(context, tx, { gateway, asked }, report)
    if (result === 'applied' || (result === 'ask' && asked)) await store.setEvent(tx, gateway, event.id, 'done')
    if (result !== 'unknown') return result
    if (!isForeign(report) && context.now - waiting.receivedAt <= givenUpAfter) return 'unknown'
    await store.setEvent(tx, gateway, event.id, 'ignored')
    return 'applied'
  })
}

/**
 * An event about a part of a payment may be the first word of it: when the answer to the charge was lost, our key stands in the
 * payment alone. True when the payment is known now.
 */
async function introduce(
  engine: Engine,
  gateway: string,
  { subject }: GatewayEvent,
  report: GatewaySnapshot | undefined,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const named = report !== undefined && 'payment' in report ? report.payment : undefined
  const reference = named || subject.payment
  if (subject.kind === 'payment' || !reference) return false
  const payment = await engine.gateway(gateway).fetch({ kind: 'payment', reference }, { signal })
  if (payment === undefined) return false
  const { database } = engine
  const applied = await database.transaction((tx) =>
    applySnapshot(engine.applying(), tx, { gateway, asked: true }, payment),
  )
  return applied !== 'unknown'
}

/** A report with a key that is none of ours is about a payment of another program on the same account. */
function isForeign(report: GatewaySnapshot | undefined): boolean {
  return report?.kind === 'payment' && report.key !== undefined
}

async function postpone(engine: Engine, gateway: string, event: GatewayEvent, reason: string): Promise<void> {
  await engine.store.postponeEvent(engine.database, gateway, event.id, engine.now() + 15_000, reason)
}
