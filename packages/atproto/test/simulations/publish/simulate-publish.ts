import { ExprsnError, randomBelow, shuffled } from '@exprsn/core'
import { migrate, sqliteDatabase } from '@exprsn/core/database'
import { SeededRandom, SimulatedClock, type SimulationResult } from '@exprsn/core/testing'
import { createPublisher, type Publisher } from '@exprsn/atproto/publish'
import { FakeHost, officialLimits } from '@exprsn/atproto/testing'
import { RateLimits } from '../../../src/testing/rate-limits.ts'
import { SimulatedProcess } from '../sync/simulated-process.ts'
import { compare } from './compare.ts'
import { hostAccount } from './host-account.ts'
import { brokenFile, pageReader, pages } from './host-files.ts'
import { hostMappings } from './host-mappings.ts'
import type { PlantedBug } from './planted-bugs.ts'
import type { Item, Items, World } from './world.ts'

const points = 100
const budget = [{ limit: points, seconds: 300, reserve: 10 }]
const steps = 30
/** What is published in a run: text alone, or with files, pages and threads that come in one step. */
const casts = [
  ['notes', 'news', 'docs'],
  ['pictures', 'threads', 'pages'],
] as const
const files = ['f0', 'f1', 'f2', 'f3', 'f4', 'f5', 'f6']

/**
 * A host puts, edits and removes items, now and then in a transaction that does not commit, while its processes crash and
 * the network loses and delays. When the storm is over the repository must have exactly the threads of the items, and the
 * rate limits must never have been overrun. In every second seed requests that were given up arrive later.
 */
export async function simulatePublish(seed: number, bug: PlantedBug = {}): Promise<SimulationResult> {
  const clock = new SimulatedClock()
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
    limits: new RateLimits({ ...officialLimits, hour: { limit: points, seconds: 300 } }, clock),
    violations: [],
    processes: new Map(),
    bug,
    cast: casts[Math.floor(seed / 2) % casts.length]!,
    late: seed % 2 === 0,
    model: new Map(),
    bodies: new Map(),
    titles: new Map(),
    stormy: true,
    lateOdds: seed % 2 === 0 ? 8 : 0,
    started: 0,
    hit: (fault) => (faults[fault] = (faults[fault] ?? 0) + 1),
  }
  await migrate(real, publisherOn(world, real, () => {}).migrations, { clock })
  for (let index = 0; index < (seed % 3 === 0 ? 2 : 1); index++) startProcess(world)
  for (let step = 0; step < steps; step++) {
    await live(world)
    // Often before what came before it has been sent.
    await clock.advanceBy(randomBelow(random, randomBelow(random, 2) === 0 ? 300 : 6_000))
  }
  // The points that were used come back.
  await clock.advanceBy(300_000)
  await editEverythingTwice(world)
  await clock.advanceBy(90_000)
  world.stormy = false
  host.setStatus(did, 'active')
  for (const process of world.processes.keys()) process.odds = 0
  await settle(world)
  await compare(
    world,
    publisherOn(world, world.real, () => {}),
  )
  return { faults, violations: world.violations }
}

function publisherOn(world: World, database: World['real'], step: (phase: string) => void) {
  const { clock, random } = world
  const account = hostAccount(world, step)
  const settings = { attempts: 1_000, lease: '5s', concurrency: 3 } as const
  return createPublisher<Items>({
    database,
    account,
    mappings: hostMappings(world),
    cards: pageReader(world),
    budget,
    clock,
    random: random.fork('jobs'),
    ...settings,
  })
}

/** A process; when it crashes, another takes its place. */
function startProcess(world: World): void {
  const { real, clock, random } = world
  const process = new SimulatedProcess(real, random.fork(`process-${world.started++}`), {
    odds: world.stormy ? 150 : 0,
    plant: world.bug.sql ?? ((text) => text),
    onCrash(phase) {
      world.hit(`crash/${phase}`)
      void world.processes.get(process)?.close({ deadline: 1 })
      world.processes.delete(process)
      clock.setTimer(() => startProcess(world), 300)
    },
  })
  const publisher = publisherOn(world, process.database, (phase) => process.step(phase))
  world.processes.set(process, publisher)
  publisher.start()
}

/** What the host does next. Its own process does not crash: what it asked for is known. */
async function live(world: World): Promise<void> {
  const { random, model, host, did, hit, clock, cast } = world
  const mapping = cast[randomBelow(random, cast.length)]!
  const id = `${mapping}-${randomBelow(random, 3)}`
  const chance = randomBelow(random, 100)
  const database = calmDatabase(world)
  const publisher = publisherOn(world, database, () => {})
  if (chance < 60) {
    const item = itemOf(world, mapping, id)
    if (mapping === 'pictures' && randomBelow(random, 12) === 0) return putSilent(world, publisher, item)
    const isRolledBack = randomBelow(random, 10) === 0
    const work = database.transaction(async (tx) => {
      await publisher.put(mapping, item, { tx })
      if (isRolledBack) throw new Error('the host rolls back')
    })
    await work.catch(() => hit('rollback'))
    if (!isRolledBack) model.set(id, item)
  } else if (chance < 80) {
    await publisher.remove(mapping, id)
    model.delete(id)
  } else if (chance < 81) {
    hit('deactivated')
    host.setStatus(did, 'deactivated')
    clock.setTimer(() => host.setStatus(did, 'active'), 20_000)
  } else if (chance < 92) {
    const docs = [...host.accounts.get(did)!.repo.records].filter(([path]) => path.startsWith('com.example.doc/'))
    const [path] = docs[randomBelow(random, Math.max(1, docs.length))] ?? []
    if (path === undefined) return
    const isEdit = chance < 88
    hit(isEdit ? 'remote-edit' : 'remote-delete')
    const value = { $type: 'com.example.doc', body: 'changed by another' }
    host.write(did, [isEdit ? { action: 'update', path, value } : { action: 'delete', path }])
  }
}

/** The second edit comes while the first is sent, and none comes after it that would cover up a loss. */
async function editEverythingTwice(world: World): Promise<void> {
  const { clock, random, model } = world
  const publisher = publisherOn(world, calmDatabase(world), () => {})
  for (let edit = 0; edit < 2; edit++) {
    if (world.late) world.lateOdds = edit === 0 ? 60 : 0
    for (const [id, known] of [...model]) {
      const item = editedItem(world, known, edit)
      await publisher.put(id.split('-')[0] as keyof Items, item)
      model.set(id, item)
    }
    await clock.advanceBy(500 + randomBelow(random, 4_000))
  }
}

function itemOf(world: World, mapping: keyof Items, id: string): Item {
  const { random } = world
  const item = { id, body: noteBody(world, id, bodyOf(world, id)) }
  if (mapping === 'pages') return { ...item, card: pages[randomBelow(random, pages.length)]! }
  if (mapping !== 'pictures' && (mapping !== 'threads' || randomBelow(random, 2) === 0)) return item
  const count = 1 + randomBelow(random, files.length - 1)
  const images = shuffled(random, files)
    .slice(0, count)
    .map((ref) => ({ ref, alt: mapping === 'threads' && ref === 'f0' ? '' : `${ref} of ${item.body.slice(0, 30)}` }))
  const isBroken = world.stormy && randomBelow(random, 15) === 0
  return { ...item, images: isBroken ? [...images, { ref: brokenFile, alt: 'it is broken' }] : images }
}

/** Whatever went wrong with its files, the last edit has good ones. */
function editedItem(world: World, { id, body, images, card }: Item, edit: number): Item {
  const good = images?.filter(({ ref }) => ref !== brokenFile)
  return { id, body: noteBody(world, id, `${body} and ${edit}`), images: good, card }
}

function noteBody({ bodies }: World, id: string, body: string): string {
  bodies.set(id, (bodies.get(id) ?? new Set()).add(body))
  return body
}

/** An image without words is refused at once; what was published before stays. */
async function putSilent(world: World, publisher: Publisher<Items>, item: Item): Promise<void> {
  world.hit('silent-image')
  const images = [...item.images!.slice(1), { ref: 'f0', alt: ' ' }]
  try {
    await publisher.put('pictures', { ...item, images })
    world.violations.push(`${item.id} was taken although an image has no words.`)
  } catch (error) {
    if (!ExprsnError.is(error) || error.code !== 'ATPROTO_PUBLISH_ITEM_INVALID') throw error
  }
}

function bodyOf({ random }: World, id: string): string {
  const words = [`${id} v${random.uint32()}`]
  const count = randomBelow(random, 4) === 0 ? 60 + randomBelow(random, 120) : randomBelow(random, 20)
  for (let index = 0; index < count; index++)
    words.push(index % 9 === 0 ? 'example.com/page' : 'word'.repeat(1 + randomBelow(random, 3)))
  return words.join(' ')
}

/** A process that does not crash; what is planted is planted there, too. */
function calmDatabase({ real, random, bug }: World): World['real'] {
  const plant = bug.sql ?? ((text: string) => text)
  return new SimulatedProcess(real, random.fork('calm'), { odds: 0, plant, onCrash() {} }).database
}

/** Those that wait look for work all the time; one that is called now and then has the same end, and is sooner there. */
async function settle(world: World): Promise<void> {
  const { clock, real, processes } = world
  for (const publisher of processes.values()) void publisher.close()
  await clock.advanceBy(60_000)
  const database = calmDatabase(world)
  const publisher = publisherOn(world, database, () => {})
  for (let waited = 0; waited < 30_000_000; waited += 300_000) {
    let isDone = false
    const drained = publisher.drain({ deadline: '1h' }).finally(() => (isDone = true))
    while (!isDone) await clock.advanceBy(500)
    await drained
    const { rows } = await real.query<{ n: number }>(
      "select count(*) as n from exprsn_jobs where state not in ('done', 'dead', 'cancelled')",
    )
    if (rows[0]!.n === 0) break
    await clock.advanceBy(300_000)
  }
  await publisher.close()
}
