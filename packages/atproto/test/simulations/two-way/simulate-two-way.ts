import { randomBelow } from '@exprsn/core'
import { migrate, sqliteDatabase, type Database } from '@exprsn/core/database'
import { SeededRandom, SimulatedClock, type SimulationResult } from '@exprsn/core/testing'
import { defineMapping, type TwoWayPolicy } from '@exprsn/atproto/publish'
import { FakeHost } from '@exprsn/atproto/testing'
import { createTwoWay, type LocalItems, type TwoWay, type TwoWayMapping } from '@exprsn/atproto/two-way'
import { SimulatedProcess } from '../sync/simulated-process.ts'
import { textOf } from '../../../src/testing/text-of.ts'
import { directAccount } from '../../two-way/direct-account.ts'
import { faultyAccount } from './faulty-account.ts'
import { faultySource } from './faulty-source.ts'
import type { PlantedBug } from './planted-bugs.ts'
import { collectionOf, kinds, type Item, type Items, type World } from './world.ts'

const steps = 28
const perKind = 3

/**
 * A host and others change the same items while processes crash, the network loses and delays, and the stream breaks. When the
 * storm is over both sides must say the same, what only one side has changed must have survived, fields of others must stand,
 * and nothing may be written any more.
 */
export async function simulateTwoWay(seed: number, bug: PlantedBug = {}): Promise<SimulationResult> {
  const clock = new SimulatedClock({ now: Date.UTC(2026, 5, 1) })
  const random = new SeededRandom(seed)
  await using real = sqliteDatabase({ path: ':memory:', clock })
  const faults: Record<string, number> = {}
  const host = new FakeHost({ clock, random: random.fork('keys') })
  const { did } = host.createAccount({ handle: 'alice.test' })
  const world: World = {
    real,
    clock,
    random,
    host,
    did,
    violations: [],
    processes: new Map(),
    bug,
    titles: new Map(),
    bodies: new Map(),
    late: seed % 2 === 0,
    stormy: true,
    started: 0,
    changes: 0,
    hit: (fault) => (faults[fault] = (faults[fault] ?? 0) + 1),
  }
  await migrate(real, twoWayOn(world, real, undefined).migrations, { clock })
  await real.query(
    'create table item (kind text, id text, title text, body text, primary key (kind, id)) without rowid',
  )
  for (let index = 0; index < (seed % 3 === 0 ? 2 : 1); index++) startProcess(world)
  for (let step = 0; step < steps; step++) {
    if (randomBelow(random, 2) === 0) await changeHere(world)
    else changeThere(world)
    await clock.advanceBy(randomBelow(random, randomBelow(random, 2) === 0 ? 400 : 8_000))
  }
  await clock.advanceBy(5_000)
  calm(world)
  await settle(world)
  await compare(world)
  await liveOnCalmly(world)
  await compare(world)
  const before = host.events.last
  await clock.advanceBy(seed % 5 === 0 ? 1_300_000 : 60_000)
  if (host.events.last > before) world.violations.push(`${host.events.last - before} writes came out of nothing.`)
  for (const twoWay of world.processes.values()) void twoWay.close()
  await clock.advanceBy(60_000)
  return { faults, violations: world.violations }
}

function twoWayOn(world: World, database: Database, process: SimulatedProcess | undefined): TwoWay<Items> {
  const { clock, random, host, did } = world
  const step = (phase: string): void => process?.step(phase)
  const account = process === undefined ? directAccount(host, did) : faultyAccount(world, step)
  const mappings = Object.fromEntries(kinds.map((kind) => [kind, kindOf(world, kind, process)]))
  return createTwoWay<Items>({
    database,
    account,
    source: faultySource(world, () => process?.isDead === true),
    mappings: mappings as never,
    publish: { lease: '5s', concurrency: 3, attempts: 1_000 },
    sync: {
      resolveSigningKey: async (name) => host.plc.get(name)!.signingKey,
      batch: 1 + randomBelow(random, 6),
      fetchLease: '3s',
      maxRetryInterval: '20s',
      attempts: 3,
    },
    clock,
    random: random.fork(`process-${world.started}`),
  })
}

function kindOf(
  world: World,
  kind: (typeof kinds)[number],
  process: SimulatedProcess | undefined,
): TwoWayMapping<Item> {
  const policies = { merged: 'merge', ours: 'local-wins', theirs: 'remote-wins' } as const
  const twoWay: TwoWayPolicy = policies[kind]
  return {
    mapping: defineMapping<Item>({
      collection: collectionOf(kind),
      identity: ({ id }) => id,
      toRecord: ({ id, title, body }) => ({ id, title, body }),
      fromRecord: ({ id, title, body }) => ({ id: textOf(id), title: textOf(title), body: textOf(body) }),
      policies: { twoWay },
    }),
    local: localItems(world, kind, process),
  }
}

function localItems(world: World, kind: string, process: SimulatedProcess | undefined): LocalItems<Item> {
  const random = world.random.fork(`host-${kind}-${world.started}`)
  const fails = (): void => {
    if (process === undefined || !world.stormy || randomBelow(random, 25) > 0) return
    world.hit('handler')
    throw new Error('the host cannot save it')
  }
  return {
    async read(id, { tx }) {
      const { rows } = await tx.query<Item & object>('select id, title, body from item where kind = $1 and id = $2', [
        kind,
        id,
      ])
      return rows[0] === undefined ? undefined : { id, title: rows[0].title, body: rows[0].body }
    },
    async save({ id, title, body }, { tx }) {
      fails()
      await tx.query(
        `insert into item values ($1, $2, $3, $4) on conflict (kind, id) do update set title = excluded.title,
body = excluded.body`,
        [kind, id, title, body],
      )
    },
    async remove(id, { tx }) {
      fails()
      await tx.query('delete from item where kind = $1 and id = $2', [kind, id])
    },
  }
}

/** A process; when it crashes, another takes its place. */
function startProcess(world: World): void {
  const { real, clock, random } = world
  world.started++
  const process = new SimulatedProcess(real, random.fork(`crashes-${world.started}`), {
    odds: world.stormy ? 130 : 0,
    plant: world.bug.sql ?? ((text) => text),
    onCrash(phase) {
      world.hit(`crash/${phase}`)
      void world.processes.get(process)?.close({ deadline: 1 })
      world.processes.delete(process)
      clock.setTimer(() => startProcess(world), 300)
    },
  })
  const twoWay = twoWayOn(world, process.database, process)
  world.processes.set(process, twoWay)
  try {
    twoWay.start()
  } catch (error) {
    // It may end as soon as it begins.
    if (!process.isDead) throw error
  }
}

/** What the host's users do. Its own process does not crash: what it asked for is known. */
async function changeHere(world: World): Promise<void> {
  const { random, hit, titles } = world
  const kind = kinds[randomBelow(random, kinds.length)]!
  const id = `${kind}-${randomBelow(random, perKind)}`
  const database = planted(world)
  const twoWay = twoWayOn(world, database, undefined)
  const items = localItems(world, kind, undefined)
  const isRolledBack = randomBelow(random, 10) === 0
  const isDeletion = kind !== 'merged' && randomBelow(random, 5) === 0
  const title = `title ${world.changes++}`
  const work = database.transaction(async (tx) => {
    const call = { tx, did: '' }
    const known = await items.read(id, call)
    if (isDeletion) {
      await items.remove(id, call)
      await twoWay.remove(kind, id, { tx })
    } else {
      const body = kind === 'merged' ? (known?.body ?? '') : `body ${world.changes}`
      // Others make it: two sides that make the same item at the same time would each have a record of it.
      if (kind === 'merged' && known === undefined) return
      const item = { id, title, body }
      await items.save(item, call)
      await twoWay.put(kind, item, { tx })
      if (kind === 'merged' && !isRolledBack) titles.set(id, title)
    }
    if (isRolledBack) throw new Error('the host rolls back')
  })
  await work.catch((error: Error) => {
    if (!isRolledBack) throw error
    hit('rollback')
  })
}

/** What others do in the repository. */
function changeThere(world: World): void {
  const { random, host, did, hit, bodies, titles } = world
  const kind = kinds[randomBelow(random, kinds.length)]!
  const collection = collectionOf(kind)
  const number = world.changes++
  const { records } = host.accounts.get(did)!.repo
  const known = [...records].filter(([path]) => path.startsWith(`${collection}/`))
  if (kind === 'merged' && known.length < perKind) {
    hit('remote-create')
    const id = `merged-${known.length}`
    const value = { $type: collection, id, title: 'first', body: `body ${number}`, mood: `mood ${number}` }
    host.write(did, [{ action: 'create', path: `${collection}/${id}`, value }])
    titles.set(id, 'first')
    bodies.set(id, `body ${number}`)
    return
  }
  const [path, record] = known[randomBelow(random, Math.max(1, known.length))] ?? []
  if (path === undefined) return
  if (kind !== 'merged' && randomBelow(random, 5) === 0) {
    hit('remote-delete')
    host.write(did, [{ action: 'delete', path }])
    return
  }
  hit('remote-edit')
  const body = `body ${number}`
  const title = kind === 'merged' ? {} : { title: `theirs ${number}` }
  const value = { ...record!.value, ...title, body, mood: `mood ${number}` }
  host.write(did, [{ action: 'update', path, value }])
  if (kind === 'merged') bodies.set(textOf(record!.value.id), body)
}

/** In calm weather a change of one side comes to the other, whatever was before, and a race ends as the policy says. */
async function liveOnCalmly(world: World): Promise<void> {
  const { host, did, real, violations, titles, bodies } = world
  const database = planted(world)
  const twoWay = twoWayOn(world, database, undefined)
  const items = Object.fromEntries(kinds.map((kind) => [kind, localItems(world, kind, undefined)]))
  const put = (kind: keyof Items, item: Item) =>
    database.transaction(async (tx) => {
      await items[kind]!.save(item, { tx, did })
      await twoWay.put(kind, item, { tx })
    })
  const recordOf = (kind: string, id: string) =>
    [...host.accounts.get(did)!.repo.records].find(
      ([path, { value }]) => path.startsWith(`${collectionOf(kind)}/`) && value.id === id,
    )
  const edit = (kind: string, id: string, changes: object) => {
    const found = recordOf(kind, id)
    if (found === undefined) return void violations.push(`${kind}/${id} has no record.`)
    host.write(did, [{ action: 'update', path: found[0], value: { ...found[1].value, ...changes } }])
  }
  const expectHere = async (kind: keyof Items, id: string, title: string | undefined) => {
    const item = await items[kind]!.read(id, { tx: real, did })
    if (item?.title !== title) violations.push(`${kind}/${id} is ${item?.title} here, not ${title}.`)
  }
  for (const kind of ['ours', 'theirs'] as const)
    for (const id of ['x', 'y', 'z']) await put(kind, { id, title: `calm ${id}`, body: 'calm' })
  await settle(world)
  for (const kind of ['ours', 'theirs'] as const) {
    edit(kind, 'x', { title: 'remote' })
    await put(kind, { id: 'y', title: 'there', body: 'calm' })
    await put(kind, { id: 'y', title: 'calm y', body: 'calm' })
    await database.transaction(async (tx) => {
      await items[kind]!.remove('z', { tx, did })
      await twoWay.remove(kind, 'z', { tx })
    })
    edit(kind, 'z', { title: 'brought back' })
  }
  for (const id of titles.keys()) {
    const item = await items.merged!.read(id, { tx: real, did })
    if (item === undefined) continue
    await put('merged', { ...item, title: 'calm title' })
    edit('merged', id, { body: 'body calm', mood: 'mood calm' })
    titles.set(id, 'calm title')
    bodies.set(id, 'body calm')
  }
  // The second is made before the first has come back.
  for (const title of ['first', 'second']) {
    await put('theirs', { id: 'w', title, body: 'calm' })
    await world.clock.advanceBy(500)
  }
  await settle(world)
  await expectHere('theirs', 'w', 'second')
  await expectHere('ours', 'x', 'remote')
  await expectHere('theirs', 'x', 'remote')
  await expectHere('ours', 'z', undefined)
  await expectHere('theirs', 'z', 'brought back')
  for (const kind of ['ours', 'theirs']) {
    const path = recordOf(kind, 'x')?.[0]
    if (path === undefined) violations.push(`${kind}/x has no record.`)
    else host.write(did, [{ action: 'delete', path }])
  }
  await settle(world)
  for (const kind of ['ours', 'theirs'] as const) {
    await expectHere(kind, 'x', undefined)
    const value = { $type: collectionOf(kind), id: 'x', title: 'again', body: 'calm' }
    host.write(did, [{ action: 'create', path: `${collectionOf(kind)}/again`, value }])
  }
  await settle(world)
  for (const kind of ['ours', 'theirs'] as const) await expectHere(kind, 'x', 'again')
}

function planted(world: World): Database {
  const plant = world.bug.sql ?? ((text: string) => text)
  return new SimulatedProcess(world.real, world.random.fork('calm'), { odds: 0, plant, onCrash() {} }).database
}

function calm(world: World): void {
  world.stormy = false
  for (const process of world.processes.keys()) process.odds = 0
}

/** Until nothing is queued, left aside or on its way; a repository that was left aside comes back in its own time. */
async function settle({ clock, real }: World): Promise<void> {
  const open = `select (select count(*) from exprsn_jobs where state not in ('done', 'dead', 'cancelled') and name not like '%sweep%')
  + (select count(*) from exprsn_sync_repo where state = 'desynced')
  + (select count(*) from exprsn_publish_item where state = 'pending') as n`
  let quiet = 0
  for (let waited = 0; waited < 3_600_000 && quiet < 4; waited += 10_000) {
    await clock.advanceBy(10_000)
    const { rows } = await real.query<{ n: number }>(open)
    quiet = rows[0]!.n === 0 ? quiet + 1 : 0
  }
}

async function compare(world: World): Promise<void> {
  const { real, host, did, violations, titles, bodies } = world
  const { rows } = await real.query<{ kind: string; id: string; title: string; body: string }>('select * from item')
  const here = new Map(rows.map(({ kind, id, title, body }) => [`${kind}/${id}`, `${title}|${body}`]))
  for (const [path, { value }] of host.accounts.get(did)!.repo.records) {
    const kind = path.split('/')[0]!.split('.').at(-1)!
    const id = textOf(value.id)
    const name = `${kind}/${id}`
    const there = `${textOf(value.title)}|${textOf(value.body)}`
    if (here.get(name) !== there) violations.push(`${name} is ${here.get(name) ?? 'missing'} here and ${there} there.`)
    here.delete(name)
    if (kind !== 'merged') continue
    if (value.title !== titles.get(id)) violations.push(`${name}: the title ${titles.get(id)} is lost.`)
    if (value.body !== bodies.get(id)) violations.push(`${name}: the body ${bodies.get(id)} is lost.`)
    const mood = bodies.get(id)?.replace('body', 'mood')
    if (value.mood !== mood) violations.push(`${name}: the field of others is ${textOf(value.mood)}, not ${mood}.`)
  }
  for (const name of here.keys()) violations.push(`${name} stands here alone.`)
  const stuck = await real.query<{ source_id: string; error: string }>(
    "select source_id, error from exprsn_publish_item where state in ('parked', 'pending')",
  )
  for (const { source_id: id, error } of stuck.rows) violations.push(`${id} is stuck: ${error}.`)
}
