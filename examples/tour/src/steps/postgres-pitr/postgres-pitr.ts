import { join } from 'node:path'
import { formatDuration, sleep, systemClock } from '@exprsn/core'
import {
  createBackup,
  currentPosition,
  emitMarker,
  openRepository,
  type Backup,
  type OnProgress,
  type RunResult,
  type ServerPosition,
} from '@exprsn/backup'
import { postgresSource } from '@exprsn/backup/drivers/postgres'
import { startPostgres } from '@exprsn/backup/server'
import type { Database } from '@exprsn/core/database'
import { postgresDatabase } from '@exprsn/core/drivers/postgres'
import { folderStore } from '@exprsn/core/storage'
import type { Progress, Step, StepContext, StepOutcome } from '../../step.ts'
import { drawTimeline } from './draw-timeline.ts'
import { startEventWriter, type EventWriter } from './event-writer.ts'
import { citiesState, eventsState, expectEqual, lastEventId, type TableState } from './evidence.ts'
import { loadCities } from './load-cities.ts'
import { openSource, type Connection, type Source } from './source.ts'

/** A table is dropped by mistake; the database goes back to the moment before, with nothing missing. */
export const postgresPitr: Step = {
  name: 'postgres-pitr',
  title: 'PostgreSQL: back up over the wire, drop a table, go back to the moment before',
  run: runStep,
}

async function runStep(context: StepContext): Promise<StepOutcome> {
  const { say } = context
  const source = await openSource(context)
  const cities = await prepareData(source.database, context)

  const writer = startEventWriter(source.database)
  context.defer(() => writer.stop())
  const backup = await backUpWhileWriting(source, context)
  const mistake = await makeTheMistake(source, writer, context)

  const restored = await restoreTo(mistake.before, backup.engine, source.connection, context)
  const kept = await proveNothingIsMissing(restored, source, mistake, cities)
  say(`every one of ${kept.toLocaleString('en')} events acknowledged before that moment is back, none written after it`)
  return outcome({ backup, mistake, restored, writer, cities, kept })
}

async function prepareData(database: Database, { progress }: StepContext): Promise<TableState> {
  const bar = progress('loading GeoNames cities', 'rows')
  const loaded = await loadCities(database, bar)
  bar.end(`${loaded.toLocaleString('en')} rows`)
  await database.query('create table event (id bigint primary key, at timestamptz not null, note text not null)')
  const state = await citiesState(database)
  expectEqual('cities loaded', state.rows, loaded)
  return state
}

interface TakenBackup {
  readonly engine: Backup<'db'>
  readonly backup: RunResult
  readonly from: number
  readonly to: number
}

/** From `start` on the log is received: it joins the base backup without a gap, whatever is written meanwhile. */
async function backUpWhileWriting({ connection, slot }: Source, context: StepContext): Promise<TakenBackup> {
  const { folder, progress, say, signal, defer } = context
  const store = folderStore({ path: join(folder, 'repository') })
  const engine = createBackup({
    repository: openRepository({ store, password: 'tour', create: 'new' }),
    cacheFolder: join(folder, 'cache'),
    sources: { db: postgresSource({ connection, slot }) },
  })
  defer(() => engine.close())
  engine.start()
  const from = systemClock.monotonic()
  const bar = progress('base backup over the replication protocol', 'bytes')
  const backup = await engine.run('db', { onProgress: drawn(bar), signal })
  bar.end(`${backup.files.toLocaleString('en')} files, ${(backup.bytes / 1e6).toFixed(1)} MB`)
  const to = systemClock.monotonic()
  const { ok } = await engine.check({ level: 3, signal })
  expectEqual('a repository in which every byte is right', ok, true)
  say(`stored in ${(backup.stored / 1e6).toFixed(1)} MB, compressed and encrypted, in a format that restic reads`)
  return { engine, backup, from, to }
}

interface Mistake {
  /** The moment to go back to. */
  readonly before: ServerPosition
  /** Events acknowledged before that moment was asked for: they must be back. */
  readonly mustHave: number
  /** Events begun after the answer came: they must not. */
  readonly mustNotHave: number
  readonly targetAt: number
  readonly droppedAt: number
}

async function makeTheMistake(
  { database }: Source,
  writer: EventWriter,
  { say, signal }: StepContext,
): Promise<Mistake> {
  await sleep('600ms', { signal })
  const mustHave = writer.events.length
  const before = await currentPosition(database)
  // The one event that may be in flight while the question is answered can fall on either side.
  const mustNotHave = writer.events.length + 2
  const targetAt = systemClock.monotonic()
  await sleep('50ms', { signal })
  await database.query('drop table city')
  const droppedAt = systemClock.monotonic()
  say(`the table is dropped – the moment before was ${before.time}`)
  await sleep('400ms', { signal })
  await writer.stop()
  // A commit after the moment shows that it has passed.
  await emitMarker(database)
  return { before, mustHave, mustNotHave, targetAt, droppedAt }
}

interface Restored {
  readonly database: Database
  readonly milliseconds: number
}

async function restoreTo(
  { time }: ServerPosition,
  engine: Backup<'db'>,
  { database }: Connection,
  { progress, defer, signal, say, folder }: StepContext,
): Promise<Restored> {
  const startedAt = systemClock.monotonic()
  const bar = progress('restoring', 'bytes')
  const { bytes, cluster } = await engine.restore('db', {
    into: join(folder, 'restored'),
    until: { time },
    // A tour need not survive a power loss.
    durable: false,
    onProgress: drawn(bar),
    signal,
  })
  bar.end(`${(bytes / 1e6).toFixed(1)} MB`)
  const server = await startPostgres({ dataFolder: cluster!.dataFolder, signal })
  defer(() => server.stop())
  const restored = postgresDatabase({ connection: { ...server.connection, database }, max: 2 })
  defer(() => restored.close())
  await restored.query('select 1')
  const milliseconds = systemClock.monotonic() - startedAt
  say(`the restored cluster is up, ${formatDuration(milliseconds)} after the restore began`)
  return { database: restored, milliseconds }
}

async function proveNothingIsMissing(
  restored: Restored,
  source: Source,
  { mustHave, mustNotHave }: Mistake,
  cities: TableState,
): Promise<number> {
  expectEqual('cities after the restore', await citiesState(restored.database), cities)
  const last = await lastEventId(restored.database)
  if (last < mustHave)
    throw new Error(`Event ${mustHave} was acknowledged before the target but is missing after ${last}.`)
  if (last >= mustNotHave) throw new Error(`Event ${last} was written after the target but is there.`)
  const [there, here] = [await eventsState(restored.database, last), await eventsState(source.database, last)]
  expectEqual('events after the restore', there, here)
  expectEqual('events without a gap', there.rows, last)
  return last
}

function drawn(bar: Progress): OnProgress {
  return ({ done, total }) => bar.update(done, total)
}

interface Evidence {
  readonly backup: TakenBackup
  readonly mistake: Mistake
  readonly restored: Restored
  readonly writer: EventWriter
  readonly cities: TableState
  readonly kept: number
}

function outcome({ backup, mistake, restored, writer, cities, kept }: Evidence): StepOutcome {
  const began = writer.events[0]!.begunAt
  const seconds = (at: number): number => (at - began) / 1_000
  const taken = backup.to - backup.from
  return {
    facts: [
      { label: 'cities restored', value: `${cities.rows.toLocaleString('en')} rows, checksum equal` },
      { label: 'events', value: `${kept} of ${writer.events.length} are before the target: all back, none more` },
      { label: 'base backup', value: `${(backup.backup.bytes / 1e6).toFixed(1)} MB in ${formatDuration(taken)}` },
      { label: 'restore', value: `${formatDuration(restored.milliseconds)} until the first query` },
    ],
    picture: drawTimeline({
      written: writer.events.map(({ acknowledgedAt }) => seconds(acknowledgedAt)),
      restored: kept,
      backup: { from: seconds(backup.from), to: seconds(backup.to) },
      target: seconds(mistake.targetAt),
      dropped: seconds(mistake.droppedAt),
    }),
  }
}
