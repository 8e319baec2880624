import { randomBelow } from '@exprsn/core'
import { migrate, sqliteDatabase, type Transaction } from '@exprsn/core/database'
import { SeededRandom, SimulatedClock, type SimulationResult } from '@exprsn/core/testing'
import { createSync, guardRecords, syncMigrations, type SyncEvent } from '@exprsn/atproto/sync'
import { FakeHost } from '@exprsn/atproto/testing'
import { liveOnHost } from './host-life.ts'
import { SimulatedProcess } from './simulated-process.ts'
import { simulatedSource } from './simulated-source.ts'
import type { World } from './world.ts'

const collections = ['com.example.note', 'com.example.link']
const stormOdds = 220
/** The first ones have the list of repositories to read. */
const youngOdds = 50
const longestCalm = 1_200_000

/**
 * Accounts of a host change while the network in front of it and the processes behind it fail. When the storm is over the
 * table must be equal to the repositories, and no change may have come twice. In every third seed two processes share the
 * work; in every second the network also loses messages, and the list of repositories is compared at the end.
 */
export async function simulateSync(
  seed: number,
  plant: (sql: string) => string = (sql) => sql,
): Promise<SimulationResult> {
  const clock = new SimulatedClock()
  const random = new SeededRandom(seed)
  await using real = sqliteDatabase({ path: ':memory:', clock })
  const faults: Record<string, number> = {}
  const world: World = {
    real,
    clock,
    random,
    host: new FakeHost({ clock, random: random.fork('keys') }),
    faults,
    violations: [],
    processes: new Map(),
    snapshots: new Map(),
    phantoms: new Set(),
    announced: new Map(),
    plant,
    lossy: seed % 2 === 0,
    stormy: true,
    blind: false,
    sources: 0,
    downUntil: 0,
    poisoned: undefined,
    hit: (fault) => (faults[fault] = (faults[fault] ?? 0) + 1),
  }
  await migrate(real, [syncMigrations], { clock })
  await real.query('create table copy (uri text primary key, cid text not null)')
  await real.query('create table told (did text not null, kind text not null, what text not null)')
  for (let index = 0; index < (seed % 3 === 0 ? 2 : 1); index++) startProcess(world)

  let living = true
  const life = liveOnHost(world).finally(() => (living = false))
  while (living) {
    await clock.advanceBy(2_000)
    const accounts = [...world.host.accounts.keys()]
    const isPoisoned = randomBelow(random, 4) === 0
    world.poisoned = isPoisoned ? accounts[randomBelow(random, accounts.length)] : undefined
  }
  await life
  await clock.advanceBy(5_000)
  if (seed % 5 === 1) await othersGoOn(world)
  calm(world)
  await settle(world)
  if (world.lossy) {
    world.host.events.restart()
    await clock.advanceBy(1_000)
    for (const sync of world.processes.values()) void sync.reconcile()
    await settle(world)
  }
  await compare(world)
  await goesOnLive(world)
  for (const sync of world.processes.values()) void sync.close()
  await clock.advanceBy(60_000)
  return { faults, violations: world.violations }
}

/** A process; when it crashes, another takes its place. */
function startProcess(world: World): void {
  const { real, clock, random } = world
  const number = world.sources
  const process = new SimulatedProcess(real, random.fork(`process-${number}`), {
    odds: !world.stormy ? 0 : number < 2 ? youngOdds : stormOdds,
    plant: world.plant,
    onCrash(phase) {
      world.hit(`crash/${phase}`)
      // What it still does has no effect; that it ends lets its timers go.
      void world.processes.get(process)?.close()
      world.processes.delete(process)
      clock.setTimer(() => startProcess(world), 300)
    },
  })
  const chance = random.fork(`handler-${number}`)
  const guard = guardRecords()
  const sync = createSync({
    database: process.database,
    source: simulatedSource(world, () => process.isDead),
    collections,
    clock,
    random: random.fork(`sync-${number}`),
    refuse: (value) => guard(value),
    batch: 1 + randomBelow(chance, 12),
    maxPendingPerRepo: 1 + randomBelow(chance, 20),
    maxRetryInterval: '20s',
    fetchLease: '3s',
    resolveSigningKey: cachedKeys(world),
    apply: (event, tx) => apply(world, event, tx, chance),
  })
  world.processes.set(process, sync)
  sync.start()
}

/** A directory behind a cache, as it is everywhere. */
function cachedKeys(world: World) {
  const known = new Map<string, string>()
  return async (did: string, { refresh }: { readonly refresh: boolean }): Promise<string> => {
    if (refresh || !known.has(did)) known.set(did, world.host.plc.get(did)?.signingKey ?? 'did:key:none')
    return known.get(did)!
  }
}

/** The host's table, strict: what comes twice or out of order does not fit. */
async function apply(world: World, event: SyncEvent, tx: Transaction, random: SeededRandom): Promise<void> {
  if (event.did === world.poisoned) {
    world.hit('poison')
    throw new Error('the handler cannot take this account')
  }
  if (world.stormy && randomBelow(random, 60) === 0) {
    world.hit('handler')
    throw new Error('the handler failed')
  }
  if (event.type === 'account' || event.type === 'identity') {
    const what = event.type === 'account' ? event.status : (event.handle ?? '')
    await tx.query('insert into told values ($1, $2, $3)', [event.did, event.type, what])
    return
  }
  const { uri } = event
  const { rows } = await tx.query<{ cid: string }>('select cid from copy where uri = $1', [uri])
  const before = rows[0]?.cid
  const isExpected =
    event.type === 'create'
      ? before === undefined
      : event.type === 'delete'
        ? before !== undefined
        : before !== undefined && before !== event.cid
  if (!isExpected) world.violations.push(`A ${event.type} of ${uri} came while the table had ${before ?? 'nothing'}.`)
  if (event.type === 'delete') await tx.query('delete from copy where uri = $1', [uri])
  else
    await tx.query('insert into copy values ($1, $2) on conflict (uri) do update set cid = excluded.cid', [
      uri,
      event.cid,
    ])
}

/** With nothing but one poisoned account left, every other one must be in step. */
async function othersGoOn(world: World): Promise<void> {
  const [first] = world.host.accounts.keys()
  calm(world)
  world.poisoned = first
  const account = world.host.accounts.get(first!)!
  world.host.write(first!, [{ action: 'create', path: 'com.example.note/poison', value: { text: 'poison' } }])
  for (const { did } of world.host.accounts.values())
    if (did !== first)
      world.host.write(did, [{ action: 'create', path: 'com.example.note/others', value: { text: 'on' } }])
  await world.clock.advanceBy(10_000)
  for (const { did } of world.host.accounts.values()) {
    if (did === first || world.lossy) continue
    const { rows } = await world.real.query('select 1 from copy where uri = $1', [
      `at://${did}/com.example.note/others`,
    ])
    if (rows.length === 0 && (await isSynced(world, did)))
      world.violations.push(`${did} stands still while ${account.did} fails.`)
  }
  world.poisoned = undefined
}

async function isSynced({ real }: World, did: string): Promise<boolean> {
  const { rows } = await real.query<{ state: string }>('select state from exprsn_sync_repo where did = $1', [did])
  return rows[0]?.state === 'synced'
}

async function isLost({ real }: World, did: string): Promise<boolean> {
  const sql = 'select state, error from exprsn_sync_repo where did = $1'
  const { rows } = await real.query<{ state: string; error: string | null }>(sql, [did])
  return rows[0]?.state === 'desynced' && rows[0].error?.includes('RepoNotFound') === true
}

function calm(world: World): void {
  world.stormy = false
  world.poisoned = undefined
  for (const process of world.processes.keys()) process.odds = 0
}

async function settle({ clock, real }: World): Promise<void> {
  for (let waited = 0; waited < longestCalm; waited += 10_000) {
    await clock.advanceBy(10_000)
    const { rows } = await real.query<{ n: number }>(
      "select count(*) as n from exprsn_sync_repo where state = 'desynced' and (error is null or error not like '%RepoNotFound%')",
    )
    // What a damaged message said, only the list shows. Each process reads it once a minute at most, and one may have it before it
    // still when another has noted that it is read: more than a minute is waited for.
    const { rows: owed } = await real.query('select 1 from exprsn_sync_source where listing <> 0')
    if (rows[0]!.n === 0 && owed.length === 0 && waited >= 70_000) return
  }
}

/** In calm weather a change comes with its commit: nothing has to be fetched for it. */
async function goesOnLive(world: World): Promise<void> {
  const fetched = (): number =>
    [...world.processes.values()].reduce((sum, sync) => sum + sync.status().tally.fetched, 0)
  const before = fetched()
  for (let turn = 0; turn < 2; turn++) {
    for (const { did } of world.host.accounts.values())
      world.host.write(did, [{ action: 'create', path: `com.example.note/calm${turn}`, value: { text: 'calm' } }])
    await world.clock.advanceBy(35_000)
  }
  if (fetched() > before) world.violations.push(`${fetched() - before} repositories were fetched without need.`)
  await compare(world)
}

async function compare(world: World): Promise<void> {
  const { real, host, violations } = world
  const { rows } = await real.query<{ uri: string; cid: string }>('select uri, cid from copy')
  const copy = new Map(rows.map(({ uri, cid }) => [uri, cid]))
  const guard = guardRecords()
  for (const { did, repo } of host.accounts.values()) {
    for (const [path, { cid, value }] of repo.records) {
      const uri = `at://${did}/${path}`
      const isWanted = collections.includes(path.split('/')[0]!) && guard(value) === undefined
      if (isWanted && copy.get(uri) !== String(cid))
        violations.push(`${uri} is ${copy.get(uri) ?? 'missing'}, not ${cid}.`)
      if (isWanted) copy.delete(uri)
    }
  }
  for (const uri of copy.keys()) {
    const did = uri.split('/')[2]!
    // An account whose deletion nobody heard of keeps its rows, but it is told that its host does not have it.
    const isToldOf = (world.lossy || world.blind) && !host.accounts.has(did) && (await isLost(world, did))
    if (!isToldOf) violations.push(`${uri} is in the table and not on the host.`)
  }
  await compareTold(world)
}

/** Statuses come when they change, and a handle no more often than it was announced. */
async function compareTold({ real, violations, announced }: World): Promise<void> {
  const { rows } = await real.query<{ did: string; kind: string; what: string }>('select * from told order by rowid')
  const last = new Map<string, string>()
  const handles = new Map<string, number>()
  for (const { did, kind, what } of rows) {
    const name = `${did}/${what}`
    if (kind === 'identity') handles.set(name, (handles.get(name) ?? 0) + 1)
    const isRepeated = kind === 'account' ? last.get(did) === what : handles.get(name)! > (announced.get(name) ?? 0)
    if (isRepeated) violations.push(`${did} was told twice to be ${what}.`)
    if (kind === 'account') last.set(did, what)
  }
}
