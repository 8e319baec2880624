import { ExprsnError, type Clock } from '@exprsn/core'
import type { Archiver } from './archive/archiver.ts'
import type { DrillEvidence } from './drill/evidence.ts'
import type { SourceAlert } from './point-in-time.ts'
import type { Receiving } from './receiving.ts'
import { readSlot, type SlotState } from './slot-state.ts'
import type { PostgresSourceSettings } from './source-options.ts'

/** What {@link sourceAlerts} looks at. */
export interface SourceAlertsOptions extends PostgresSourceSettings {
  readonly name: string
  readonly slot: string
  readonly receiving: Receiving
  readonly archiver: Archiver
  readonly clock: Clock
  /** The drills of the source, the newest last. */
  readonly drills: readonly Pick<DrillEvidence, 'time' | 'ok'>[]
  /** Milliseconds since 1970 at which the source was set up: a drill cannot be late before it could have been. */
  readonly since: number
}

/** Looks at receiver, archive and slot. A server that cannot be asked is an alert of its own, not an error. */
export async function sourceAlerts(options: SourceAlertsOptions): Promise<SourceAlert[]> {
  const { connector, slot, receiving } = options
  const late = lateDrill(options)
  if (receiving.position() === undefined && receiving.failure() === undefined) return late
  let state: SlotState | undefined
  let failure: string | undefined
  try {
    await using sql = await connector.sql()
    state = await readSlot(sql, slot)
  } catch (error) {
    if (!ExprsnError.is(error)) throw error
    failure = error.message
  }
  const found = decideAlerts(
    { ...options, position: receiving.position()?.state, receiverError: receiving.failure() },
    state,
    failure,
  )
  return [...found, ...late]
}

/** When the last drill that passed is too old, whatever the reason. */
export function lateDrill({
  name,
  drills,
  drillAlert,
  since,
  clock,
}: Pick<SourceAlertsOptions, 'name' | 'drills' | 'drillAlert' | 'since' | 'clock'>): SourceAlert[] {
  if (drillAlert === undefined) return []
  const good = drills.findLast(({ ok }) => ok)
  const last = good === undefined ? since : Date.parse(good.time)
  if (clock.now() - last <= drillAlert) return []
  const what = good === undefined ? 'no drill has passed' : `the last drill that passed was at ${good.time}`
  return [{ key: `drill:${name}`, kind: 'drill', text: `A restore of ${name} is not proved: ${what}.` }]
}

interface AlertFacts extends Pick<
  SourceAlertsOptions,
  'name' | 'slot' | 'archiver' | 'archiveEvery' | 'slotAlert' | 'clock'
> {
  readonly position: string | undefined
  readonly receiverError: Error | undefined
}

/** Passes that may be missed before that is an alert. */
const patience = 5

/** What is wrong, decided from what is known. */
export function decideAlerts(
  facts: AlertFacts,
  slot: SlotState | undefined,
  unreachable: string | undefined,
): SourceAlert[] {
  const { name, archiver, archiveEvery, slotAlert, clock } = facts
  const alerts: SourceAlert[] = []
  const add = (kind: SourceAlert['kind'], key: string, text: string): void => {
    alerts.push({ kind, key: `${key}:${name}`, text })
  }
  if (facts.receiverError !== undefined)
    add('wal', 'wal', `WAL of ${name} is not received: ${facts.receiverError.message}`)
  else if (unreachable !== undefined) add('wal', 'wal', `The server of ${name} cannot be asked: ${unreachable}`)
  const { failure, lastSuccess, damaged } = archiver.status()
  if (failure !== undefined) add('wal', 'archive', `WAL of ${name} cannot be stored: ${failure.message}`)
  else if (lastSuccess !== undefined && clock.now() - lastSuccess > archiveEvery * patience)
    add('wal', 'archive', `No WAL of ${name} was stored for ${Math.round((clock.now() - lastSuccess) / 1_000)} s.`)
  for (const { name: segment, error } of damaged)
    add('wal', `damaged:${segment}`, `Segment ${segment} of ${name} came damaged: ${error.message}`)
  if (slot === undefined) return alerts
  if (slot.status === 'lost')
    add('slot', 'slot', `The server of ${name} has thrown away WAL that was not received: take a new base backup.`)
  else if (slot.kept > slotAlert) {
    const limit = slot.unlimited ? ' without a limit (max_slot_wal_keep_size is -1)' : ''
    add('slot', 'slot', `The slot ${facts.slot} keeps ${mebibytes(slot.kept)} of WAL on the server of ${name}${limit}.`)
  }
  return alerts
}

const mebibytes = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MiB`
