import { ExprsnError } from '@exprsn/core'
import type { Queryable } from '@exprsn/core/database'
import { createCardGuard } from '../gateway/card-guard.ts'
import type { GatewayEvent } from '../gateway/gateway-event.ts'
import type { GatewaySnapshot } from '../gateway/snapshot.ts'
import { applySnapshot, type Applied } from './apply-snapshot.ts'
import type { Engine } from './engine.ts'

/** An event about a payment that nobody here knows is given up after that long. */
const givenUpAfter = 86_400_000

const guard = createCardGuard()

/**
 * Keeps an event and applies it, in one transaction where its own report is enough. False when it was kept before. Whatever
 * becomes of it, it is kept: what cannot be applied now the sweep tries again, and the gateway need not know.
 */
export async function takeEvent(
  engine: Engine,
  gateway: string,
  event: GatewayEvent,
  signal?: AbortSignal,
): Promise<boolean> {
  const { store, database } = engine
  const kept = withoutCardNumber(engine, gateway, event)
  const keep = (tx: Queryable): Promise<boolean> => store.insertEvent(tx, gateway, kept, engine.now())
  try {
    if (kept.snapshot === undefined) {
      if (!(await keep(database))) return false
    } else {
      const applied = await database.transaction(async (tx): Promise<Applied | undefined> => {
        if (!(await keep(tx))) return undefined
        return applyWaiting(engine, tx, gateway, kept, { report: kept.snapshot, asked: false, since: engine.now() })
      })
      if (applied === undefined) return false
      if (applied === 'applied') return true
    }
  } catch (error) {
    if (!(await keep(database))) return false
    await postpone(engine, gateway, kept, reasonOf(error))
    warnOfDelay(engine, gateway, kept, error)
    return true
  }
  await processEvent(engine, gateway, kept, signal).catch((error: unknown) => {
    warnOfDelay(engine, gateway, kept, error)
  })
  return true
}

/** An event that carries a card number is not kept, but asked about. */
function withoutCardNumber(engine: Engine, gateway: string, event: GatewayEvent): GatewayEvent {
  try {
    guard.check(event)
    return event
  } catch (error) {
    if (!ExprsnError.is(error)) throw error
    engine.logger.warn(
      { gateway, event: event.id, reason: error.message },
      'An event carried a card number: only its subject is kept.',
    )
    const { id, type, occurredAt, subject } = event
    return { id, type, occurredAt, subject }
  }
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
    await postpone(engine, gateway, event, reasonOf(error))
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
    return applyWaiting(engine, tx, gateway, event, { report, asked, since: waiting.receivedAt })
  })
}

/** Applies an event that waits, under its lock, and says so in its record. */
async function applyWaiting(
  engine: Engine,
  tx: Queryable,
  gateway: string,
  event: GatewayEvent,
  {
    report,
    asked,
    since,
  }: { readonly report: GatewaySnapshot | undefined; readonly asked: boolean; readonly since: number },
): Promise<Applied> {
  const { store } = engine
  const context = engine.applying()
  const result = report === undefined ? 'unknown' : await applySnapshot(context, tx, { gateway, asked }, report)
  if (result === 'applied' || (result === 'ask' && asked)) await store.setEvent(tx, gateway, event.id, 'done')
  if (result !== 'unknown') return result
  if (!isForeign(report) && context.now - since <= givenUpAfter) return 'unknown'
  await store.setEvent(tx, gateway, event.id, 'ignored')
  return 'applied'
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

function warnOfDelay(engine: Engine, gateway: string, event: GatewayEvent, error: unknown): void {
  engine.logger.warn({ gateway, event: event.id, err: error }, 'An event could not be applied yet.')
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
