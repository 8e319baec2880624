import { milliseconds } from '@exprsn/core'
import type { HistoryQuery } from '../gateway/gateway.ts'
import type { GatewayEvent } from '../gateway/gateway-event.ts'
import { applySnapshot } from './apply-snapshot.ts'
import type { Attempt } from './attempt.ts'
import type { Engine } from './engine.ts'
import { processEvent, takeEvent } from './inbox.ts'
import type { SweepOptions, SweepReport } from './payments.ts'
import { claim, runAttempt } from './run-attempt.ts'
import { askAbout, isLookedUp, resolveAttempt } from './resolve-attempt.ts'

const page = 100
/** How long an open payment stays without being compared with its gateway. */
const staleAfter = 300_000
/** Gateways list events late: the last hour is read again, and what is known is recognised. */
const overlap = 3_600_000

/** Does what is due, piece by piece: what fails does not hold up the rest. */
export async function sweep(engine: Engine, { deadline = '30s', signal }: SweepOptions = {}): Promise<SweepReport> {
  const began = engine.monotonic()
  const limit = milliseconds(deadline)
  const failures: string[] = []
  const counts = { events: 0, sent: 0, resolved: 0, checked: 0, missed: 0 }
  let cut = false
  const each = async <Item>(items: Iterable<Item> | AsyncIterable<Item>, work: (item: Item) => Promise<void>) => {
    for await (const item of items) {
      signal?.throwIfAborted()
      if (engine.monotonic() - began > limit) {
        cut = true
        return
      }
      try {
        await work(item)
      } catch (error) {
        failures.push(error instanceof Error ? error.message : String(error))
      }
    }
  }
  const { store, database } = engine
  await each(await store.dueEvents(database, engine.now(), page), async ({ gateway, event }) => {
    if (await processEvent(engine, gateway, event, signal)) counts.events++
  })
  const attempts = await store.dueAttempts(database, engine.now(), page)
  const asked = askTogether(engine, attempts, signal)
  await each(attempts, async (attempt) => {
    if (attempt.status !== 'ready') {
      if (await resolveAttempt(engine, attempt, signal, asked.get(attempt.key))) counts.resolved++
      return
    }
    if (!(await claim(engine, attempt.key))) return
    counts.sent++
    await runAttempt(engine, { ...attempt, sentAt: engine.now() }, signal)
  })
  await each(
    await store.stalePayments(database, engine.now() - staleAfter, page),
    async ({ id, gateway, reference }) => {
      counts.checked++
      const report = await engine.gateway(gateway).fetch({ kind: 'payment', reference: reference! }, { signal })
      await database.transaction(async (tx) => {
        if (report !== undefined)
          await applySnapshot(engine.applying(), tx, { gateway, payment: id, asked: true }, report)
        await store.checked(tx, id, engine.now())
      })
    },
  )
  await each(engine.gateways, async ([name, gateway]) => {
    if (gateway.capabilities.eventHistory) await findMissed(engine, name, signal, () => void counts.missed++)
  })
  const idle = !cut && failures.length === 0 && (await nothingDue(engine))
  return { ...counts, failures, idle }
}

/** Asks gateways that answer many questions at once about all of them at once. */
function askTogether(
  engine: Engine,
  attempts: readonly Attempt[],
  signal: AbortSignal | undefined,
): ReadonlyMap<string, ReturnType<typeof askAbout>> {
  const asked = new Map<string, ReturnType<typeof askAbout>>()
  for (const attempt of attempts) {
    if (attempt.status === 'ready' || !isLookedUp(attempt)) continue
    if (engine.gateways.get(attempt.gateway)?.lookupAll === undefined) continue
    const answer = askAbout(engine, attempt, signal)
    // Whoever waits for it learns of it.
    answer.catch(() => {})
    asked.set(attempt.key, answer)
  }
  return asked
}

/** Events that are looked up at once: nearly all of what a gateway lists came by a webhook before. */
const lookedUp = 200
/** A longer time is listed in spans of this length or an eighth of it, each of which is done with when it was listed whole. */
const shortestSpan = 21_600_000
const mostSpans = 8

/** Reads the gateway's own list of events, the oldest span first; the cursor moves when all events of a span are kept. */
async function findMissed(
  engine: Engine,
  name: string,
  signal: AbortSignal | undefined,
  onMissed: () => void,
): Promise<void> {
  const { store, database } = engine
  const now = engine.now()
  const since = ((await store.cursor(database, name)) ?? now - overlap) - overlap
  const span = Math.max(shortestSpan, Math.ceil((now - since) / mostSpans))
  for (let begin = since; begin < now; begin += span) {
    const end = begin + span
    const until = end < now ? new Date(end) : undefined
    await keepListed(engine, name, { since: new Date(begin), until, signal }, onMissed)
    await store.moveCursor(database, name, Math.min(end, now))
  }
}

/** Keeps and applies what a gateway lists and nobody brought. */
async function keepListed(engine: Engine, name: string, query: HistoryQuery, onMissed: () => void): Promise<void> {
  const { store, database } = engine
  let listed: GatewayEvent[] = []
  const take = async (): Promise<void> => {
    const events = listed
    listed = []
    const kept = await store.keptEvents(
      database,
      name,
      events.map(({ id }) => id),
    )
    for (const event of events) {
      if (kept.has(event.id) || !(await takeEvent(engine, name, event, query.signal))) continue
      onMissed()
    }
  }
  try {
    for await (const event of engine.gateway(name).events(query)) if (listed.push(event) === lookedUp) await take()
  } finally {
    // Also of a list that ended early, what it had is kept.
    await take()
  }
}

async function nothingDue({ store, database, now }: Engine): Promise<boolean> {
  const [events, attempts] = [await store.dueEvents(database, now(), 1), await store.dueAttempts(database, now(), 1)]
  return events.length + attempts.length === 0
}
