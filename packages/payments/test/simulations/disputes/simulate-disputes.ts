import { randomBelow } from '@exprsn/core'
import { migrate, sqliteDatabase, type Database } from '@exprsn/core/database'
import type { Notification } from '@exprsn/core/notify'
import { SeededRandom, SimulatedClock, type SimulationResult } from '@exprsn/core/testing'
import { createPayments, type Payments } from '@exprsn/payments'
import { createDisputes, type CaseStatus, type Disputes } from '@exprsn/payments/dispute'
import type { DisputeSnapshot, OperationOutcome } from '@exprsn/payments/gateway'
import type { LedgerPlant } from '../ledger/simulate-ledger.ts'
import { SimulatedProcess } from '../payments/simulated-process.ts'
import { disputeGateway } from './dispute-gateway.ts'
import { DisputeTruth, type TrueDispute } from './dispute-truth.ts'

const payments = 4
const steps = 90
const hour = 3_600_000

interface Worker {
  readonly process: SimulatedProcess
  readonly payments: Payments
  readonly disputes: Disputes
}

interface World {
  readonly real: Database
  readonly clock: SimulatedClock
  readonly random: SeededRandom
  readonly truth: DisputeTruth
  readonly answers: Map<string, OperationOutcome<DisputeSnapshot>>
  readonly faults: Record<string, number>
  readonly violations: string[]
  readonly plant: LedgerPlant
  readonly workers: Worker[]
  /** What somebody was told, by key. */
  readonly told: Map<string, Notification>
  /** Evidence that we were told is handed in: `reference/stage/round`. */
  readonly done: Set<string>
  started: number
  calm: boolean
}

/**
 * Banks open, decide and reopen disputes; two processes take in what the gateway tells (lost, twice, in any order), hand in
 * evidence and concede, and may end at every await; the gateway loses commands and answers. When it is calm again every case
 * is as it stands at the gateway, evidence was handed in once for each time it was asked for, somebody was told of every case
 * and of its end, and the books hold what the gateway took.
 */
export async function simulateDisputes(seed: number, plant: LedgerPlant = {}): Promise<SimulationResult> {
  const clock = new SimulatedClock({ now: Date.UTC(2026, 0, 1) })
  await using real = sqliteDatabase({ path: ':memory:', clock })
  const random = new SeededRandom(seed)
  const truth = new DisputeTruth(random.uint32() % 2 === 0, () => Math.floor(clock.now()))
  const world: World = {
    ...{ real, clock, random, truth, plant, answers: new Map(), faults: {}, violations: [] },
    ...{ workers: [], told: new Map(), done: new Set(), started: 0, calm: true },
  }
  world.workers.push(start(world), start(world))
  const [first] = world.workers
  await migrate(real, [first!.payments.migrations, first!.disputes.migrations], { clock })
  for (let n = 1; n <= payments; n++) await charge(first!, n)
  // From here on the gateway's list of events is read without a gap.
  await sweep(world, first!)
  world.calm = false
  for (let step = 0; step < steps; step++) {
    await clock.advanceBy(randomBelow(random, 12 * hour))
    await act(world)
  }
  world.calm = true
  for (let round = 0; round < 24; round++) {
    await clock.advanceBy(hour / 4)
    await sweep(world, living(world))
  }
  await check(world)
  return { faults: world.faults, violations: world.violations.map((text) => `seed ${seed}: ${text}`) }
}

function charge({ payments: till }: Worker, n: number): Promise<unknown> {
  const amount = { amount: 5_000n, currency: 'EUR' }
  return till.charge({ gateway: 'sim', amount, method: { kind: 'token', token: 't' }, key: `pi_${n}` })
}

function start(world: World): Worker {
  const { real, clock, truth, answers, plant } = world
  const random = world.random.fork(`process-${world.started++}`)
  const process = new SimulatedProcess({
    real: plant.database?.(real) ?? real,
    clock,
    skew: () => 0,
    random,
    hit: (fault) => hit(world, fault),
    calm: () => world.calm,
    plant: plant.sql ?? ((text) => text),
  })
  const { database } = process
  const options = { truth, answers, random, calm: () => world.calm, hit: (fault: string) => hit(world, fault) }
  const gateway = disputeGateway({ ...options, step: (phase) => process.step(phase) })
  const till = createPayments({ database, gateways: { sim: gateway }, clock: process.clock, random })
  const notify = {
    send: async (notification: Notification) => {
      await process.step('before-call')
      world.told.set(notification.key!, notification)
      return { id: 'n', duplicate: false, channels: [] }
    },
  }
  return {
    process,
    payments: till,
    disputes: createDisputes({ database, payments: till, notify, clock: process.clock }),
  }
}

function hit({ faults }: World, fault: string): void {
  faults[fault] = (faults[fault] ?? 0) + 1
}

/** A process that lives; a new one takes the place of one that has ended. */
function living(world: World): Worker {
  const index = randomBelow(world.random, 2)
  if (world.workers[index]!.process.dead) world.workers[index] = start(world)
  return world.workers[index]!
}

/** What a process gives, unless it ends first; faults of the moment are tried again by what comes later. */
async function ask<Answer>(worker: Worker, work: Promise<Answer>): Promise<Answer | undefined> {
  return Promise.race([work, worker.process.ended.then(() => undefined)]).catch(() => undefined)
}

async function sweep(world: World, worker: Worker): Promise<void> {
  const swept = await ask(worker, worker.payments.sweep())
  const report = await ask(worker, worker.disputes.sweep())
  if (world.calm)
    for (const failure of [...(swept?.failures ?? []), ...(report?.failures ?? [])]) world.violations.push(failure)
}

async function act(world: World): Promise<void> {
  const { random, truth } = world
  const all = [...truth.disputes.values()]
  const some = all[randomBelow(random, Math.max(1, all.length))]
  switch (randomBelow(random, 8)) {
    case 0:
      if (all.length < 6)
        truth.open(
          `pi_${1 + randomBelow(random, payments)}`,
          BigInt(500 + randomBelow(random, 4_000)),
          randomBelow(random, 3) === 0,
        )
      return
    case 1:
      if (some !== undefined) truth.goOn(some, random)
      return
    case 2:
      return sweep(world, living(world))
    case 3:
    case 4:
      return deliver(world)
    default:
      if (some !== undefined) await answer(world, some)
  }
}

async function deliver(world: World): Promise<void> {
  const { truth, random } = world
  if (truth.pending.length === 0) return
  const at = randomBelow(random, truth.pending.length)
  if (at > 0) hit(world, 'event/reordered')
  const [event] = truth.pending.splice(at, 1)
  if (randomBelow(random, 4) === 0) return hit(world, 'event/lost')
  const copies = randomBelow(random, 4) === 0 ? 2 : 1
  if (copies === 2) hit(world, 'event/doubled')
  const body = Buffer.from(event!.id)
  const workers = Array.from({ length: copies }, () => living(world))
  await Promise.all(
    workers.map((worker) => ask(worker, worker.payments.receive('sim', { headers: new Headers(), body }))),
  )
  if (randomBelow(random, 2) === 0) await ask(workers[0]!, workers[0]!.disputes.sweep())
}

async function answer(world: World, dispute: TrueDispute): Promise<void> {
  const { random } = world
  const id = `sim:${dispute.reference}`
  const concedes = randomBelow(random, 5) === 0
  const workers = randomBelow(random, 4) === 0 ? [living(world), living(world)] : [living(world)]
  if (workers.length === 2) hit(world, 'answered/twice-at-once')
  const { stage, round } = dispute
  const outcomes = await Promise.all(
    workers.map((worker) =>
      ask(
        worker,
        concedes
          ? worker.disputes.accept(id, { by: 'ann' })
          : worker.disputes.submit(id, { by: 'ann', evenIncomplete: true }),
      ),
    ),
  )
  const isDone = outcomes.some((outcome) => outcome?.status === 'done' && outcome.case.underway === undefined)
  if (isDone && !concedes && dispute.stage === stage && dispute.round === round && dispute.state === 'under_review')
    world.done.add(`${dispute.reference} ${stage}/${round}`)
}

/** The status that a case must have by the truth alone. */
function expected({ truth, clock }: World, dispute: TrueDispute): CaseStatus {
  const { state, conceded, dueBy } = dispute
  if (state === 'lost') return conceded ? 'accepted' : 'lost'
  if (state === 'closed') return 'won'
  if (state === 'won' || state === 'accepted' || state === 'under_review') return state
  void truth
  return clock.now() >= dueBy ? 'expired' : 'evidence_due'
}

async function check(world: World): Promise<void> {
  const { truth, violations, told, real } = world
  const { disputes, payments: till } = living(world)
  let [held, lost, fees] = [0n, 0n, 0n]
  for (const dispute of truth.disputes.values()) {
    const id = `sim:${dispute.reference}`
    const the = await disputes.case(id).catch(() => undefined)
    if (the === undefined) {
      violations.push(`${id} is not known.`)
      continue
    }
    const status = expected(world, dispute)
    const [is, should] = [the, dispute].map(({ stage, withdrawn, reinstated }) =>
      [stage, ...[withdrawn, reinstated].map((value) => (typeof value === 'bigint' ? value : value.amount))].join(' '),
    )
    if (the.status !== status || is !== should)
      violations.push(`${id} is ${the.status} ${is}, at the gateway ${status} ${should}.`)
    const listed = await disputes.cases({ status })
    if (!listed.some((each) => each.id === id)) violations.push(`${id} is not among those that are ${status}.`)
    for (const [round, times] of dispute.handedIn)
      if (times > 1) violations.push(`${id} got evidence ${times} times in ${round}.`)
    if (the.underway !== undefined) violations.push(`${id} still waits for an answer to ${the.underway}.`)
    if (the.answered !== dispute.submissions > 0 && status !== 'evidence_due' && status !== 'expired')
      violations.push(`${id} is answered: ${the.answered}, evidence came ${dispute.submissions} times.`)
    const keys = [...told.keys()].filter((key) => key.startsWith(`dispute:${id}:`))
    const last =
      status === 'won' || status === 'lost' || status === 'accepted' ? `${dispute.stage}/${status}` : undefined
    if (keys.length === 0 || (last !== undefined && !keys.some((key) => key.endsWith(last))))
      violations.push(`Nobody was told of ${id} or of its end: ${keys.join(', ')}.`)
    const events = await disputes.history(id)
    if (events[0]?.action !== 'reported' || events.at(-1) === undefined) violations.push(`${id} has no beginning.`)
    if (dispute.submissions > 0 && !events.some(({ action }) => action === 'submission begun'))
      violations.push(`${id} has evidence that nobody began to hand in.`)
    const open = dispute.withdrawn - dispute.reinstated
    const gone = status === 'lost' || status === 'accepted' || dispute.state === 'closed'
    if (gone) lost += open
    else held += open
    fees += 1_500n
  }
  for (const round of world.done) {
    const [reference, name] = round.split(' ')
    if (truth.disputes.get(reference!)!.handedIn.get(name!) !== 1)
      violations.push(`${round} was told to be handed in, and was not.`)
  }
  const balance = (code: string) =>
    till.ledger.account(code).then(
      ({ balance: value }) => value,
      () => 0n,
    )
  const books = [
    await balance('assets:disputed:sim:EUR'),
    await balance('expenses:disputes:sim:EUR'),
    await balance('expenses:dispute-fees:sim:EUR'),
  ]
  if (String(books) !== String([held, lost, fees]))
    violations.push(`The books say ${books}, the gateway ${[held, lost, fees]}.`)
  const report = await till.ledger.verify()
  for (const { message } of report.faults) violations.push(`The books are wrong: ${message}`)
  const { rows } = await real.query(
    "select key from exprsn_payment_attempts where status in ('sent', 'unknown', 'ready')",
  )
  for (const row of rows) violations.push(`The command ${String(row['key'])} never got an end.`)
}
