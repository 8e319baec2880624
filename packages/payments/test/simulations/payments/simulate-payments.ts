import { ExprsnError, sleep } from '@exprsn/core'
import { migrate, sqliteDatabase, type Database } from '@exprsn/core/database'
import { SeededRandom, SimulatedClock, type SimulationResult } from '@exprsn/core/testing'
import { createPayments, type Payments } from '@exprsn/payments'
import { GatewayTruth } from './gateway-truth.ts'
import { simulatedGateway, type GatewayChances } from './simulated-gateway.ts'
import { SimulatedProcess } from './simulated-process.ts'

const calmChances: GatewayChances = { lost: 0, unanswered: 0, late: 0, limited: 0 }
const stormyChances: GatewayChances = { lost: 9, unanswered: 7, late: 13, limited: 17 }
const orders = 8
const workers = 2
const storm = 400_000
const hour = 3_600_000

interface World {
  readonly real: Database
  readonly clock: SimulatedClock
  readonly random: SeededRandom
  readonly truth: GatewayTruth
  readonly faults: Record<string, number>
  readonly violations: string[]
  readonly plant: (sql: string) => string
  started: number
  readonly workers: { process: SimulatedProcess; payments: Payments }[]
  calm: boolean
  skew: number
}

/**
 * Two processes that sell over one gateway. Any may end at every await; calls get lost, arrive late or are never answered;
 * webhooks are lost, doubled and reordered; the clock jumps; money is refunded and refunds fail behind our back. When the
 * storm is over: exactly one charge per order, refunds within what was captured, our records equal to the gateway's truth,
 * the books balanced and equal to what the gateway owes, and the host told of each sale once.
 */
export async function simulatePayments(
  seed: number,
  plant: (sql: string) => string = (sql) => sql,
): Promise<SimulationResult> {
  const clock = new SimulatedClock({ now: Date.UTC(2026, 0, 1) })
  await using real = sqliteDatabase({ path: ':memory:', clock })
  const random = new SeededRandom(seed)
  const world: World = {
    real,
    clock,
    random,
    truth: new GatewayTruth(random.uint32() % 2 === 0, () => clock.now()),
    faults: {},
    violations: [],
    plant,
    started: 0,
    workers: [],
    calm: false,
    skew: 0,
  }
  await prepare(world)
  let running = orders + 1
  const done = (): void => void running--
  for (let n = 1; n <= orders; n++) void buy(world, n, random.fork(`order-${n}`)).finally(done)
  void deliver(world).finally(done)
  const buying = (): boolean => running > 0
  const sweeping = sweepAlong(world, buying)
  await clock.advanceBy(storm)
  world.calm = true
  world.skew = 0
  for (let passed = 0; running > 0 && passed < 240; passed++) await clock.advanceBy(60_000)
  if (running > 0) world.violations.push(`${running} parties are still waiting.`)
  await Promise.race([Promise.all([sweeping, clock.advanceBy(120_000)]), clock.advanceBy(180_000)])
  await lastWord(world)
  await settle(world)
  await check(world)
  return { faults: world.faults, violations: world.violations }
}

async function prepare(world: World): Promise<void> {
  const { real, clock } = world
  await real.query('create table effects (payment text not null, state text not null, primary key (payment, state))')
  for (let index = 0; index < workers; index++) world.workers.push(start(world))
  await migrate(real, [world.workers[0]!.payments.migrations], { clock })
}

function start(world: World): World['workers'][number] {
  const random = world.random.fork(`process-${world.started++}`)
  const hit = (fault: string): void => void (world.faults[fault] = (world.faults[fault] ?? 0) + 1)
  const process = new SimulatedProcess({
    ...world,
    skew: () => world.skew,
    random,
    hit,
    calm: () => world.calm,
  })
  const gateway = simulatedGateway({
    truth: world.truth,
    clock: process.clock,
    random,
    hit,
    chances: () => (world.calm ? calmChances : stormyChances),
    step: (phase) => process.step(phase),
  })
  const payments = createPayments({
    database: process.database,
    gateways: { sim: gateway },
    clock: process.clock,
    random,
    onChange: async (change, tx) => {
      if (change.kind === 'payment' && change.payment.state !== change.before.state)
        await tx.query('insert into effects values ($1, $2)', [change.payment.id, change.payment.state])
    },
  })
  return { process, payments }
}

/** A process that lives; a new one takes the place of one that has ended. */
function worker(world: World, random: SeededRandom): World['workers'][number] {
  const index = random.uint32() % workers
  if (world.workers[index]!.process.dead) world.workers[index] = start(world)
  return world.workers[index]!
}

/** Asks some process until one answers for certain, always with the same key. */
async function insist<Outcome extends { readonly status: string }>(
  world: World,
  random: SeededRandom,
  ask: (payments: Payments) => Promise<Outcome>,
): Promise<Outcome> {
  for (;;) {
    const { process, payments } = worker(world, random)
    try {
      const outcome = await Promise.race([ask(payments), process.ended])
      if (outcome !== undefined && outcome.status !== 'unknown') return outcome
    } catch (error) {
      if (!ExprsnError.is(error)) world.violations.push(`A command threw: ${String(error)}`)
      else if (!error.retryable) world.violations.push(`A command failed: ${error.code} ${error.message}`)
    }
    await sleep(1_000 + (random.uint32() % 30_000), { clock: world.clock })
  }
}

/** One buyer: charge, perhaps capture, perhaps several refunds at once, each tried until it is certain. */
async function buy(world: World, n: number, random: SeededRandom): Promise<void> {
  await sleep(random.uint32() % 100_000, { clock: world.clock })
  const later = random.uint32() % 3 === 0
  const declined = random.uint32() % 6 === 0
  const euros = (amount: bigint) => ({ amount, currency: 'EUR' })
  const outcome = await insist(world, random, (payments) =>
    payments.charge({
      gateway: 'sim',
      amount: euros(1_000n),
      method: { kind: 'token', token: declined ? 'declines' : 'pays' },
      capture: later ? 'later' : 'now',
      order: `order-${n}`,
      key: `charge-${n}`,
    }),
  )
  if (declined !== (outcome.status === 'declined')) world.violations.push(`Order ${n} ended as ${outcome.status}.`)
  if (declined || !('payment' in outcome)) return
  const payment = outcome.payment.id
  if (later) {
    const gives = random.uint32() % 4 === 0
    const end = await insist(world, random, (payments) =>
      gives
        ? payments.void({ payment, key: `void-${n}` })
        : payments.capture({ payment, amount: euros(800n), key: `capture-${n}` }),
    )
    if (end.status !== 'succeeded') world.violations.push(`The reservation of order ${n} ended as ${end.status}.`)
    if (gives) return
  }
  const captured = later ? 800n : 1_000n
  const wanted = Array.from({ length: random.uint32() % 4 }, () => BigInt(200 + (random.uint32() % 400)))
  const refunds = await Promise.all(
    wanted.map((amount, index) =>
      insist(world, random.fork(`refund-${index}`), (payments) =>
        payments.refund({ payment, amount: euros(amount), key: `refund-${n}-${index}` }),
      ),
    ),
  )
  const given = refunds.reduce((sum, { status }, index) => (status === 'succeeded' ? sum + wanted[index]! : sum), 0n)
  if (given > captured) world.violations.push(`Of order ${n} ${given} were refunded, ${captured} captured.`)
  behindOurBack(world, n, random)
}

/** What a person does on the gateway's own pages, and what banks do. */
function behindOurBack({ truth, faults, calm }: World, n: number, random: SeededRandom): void {
  const payment = [...truth.payments.values()].find(({ key }) => key === `charge-${n}`)!
  if (payment === undefined || calm) return
  if (truth.refunded(payment) + 100n <= payment.captured && random.uint32() % 2 === 0) {
    truth.refund(payment, undefined, 100n)
    faults['refund-elsewhere'] = (faults['refund-elsewhere'] ?? 0) + 1
  }
  const last = payment.refunds.at(-1)
  if (last !== undefined && random.uint32() % 3 === 0) {
    truth.failRefund(payment, last)
    faults['refund-failed'] = (faults['refund-failed'] ?? 0) + 1
  }
}

/** Webhooks, as they come: some never, some twice, in any order. */
async function deliver(world: World): Promise<void> {
  const { truth, clock } = world
  const random = world.random.fork('webhooks')
  const hit = (fault: string): void => void (world.faults[fault] = (world.faults[fault] ?? 0) + 1)
  while (!world.calm) {
    await sleep(500 + (random.uint32() % 8_000), { clock })
    if (random.uint32() % 25 === 0) {
      world.skew = [hour, -hour, 0][random.uint32() % 3]!
      hit('clock-jump')
    }
    if (truth.pending.length === 0) continue
    const at = random.uint32() % truth.pending.length
    if (at > 0) hit('webhook/reordered')
    const [event] = truth.pending.splice(at, 1)
    if (random.uint32() % 4 === 0) {
      hit('webhook/lost')
      continue
    }
    const copies = random.uint32() % 4 === 0 ? 2 : 1
    if (copies === 2) hit('webhook/doubled')
    const body = Buffer.from(event!.id)
    await Promise.all(
      Array.from({ length: copies }, async () => {
        const { process, payments } = worker(world, random)
        const answer = payments.receive('sim', { headers: new Headers(), body })
        await Promise.race([answer, process.ended]).catch(() => undefined)
      }),
    )
  }
}

async function sweepAlong(world: World, buying: () => boolean): Promise<void> {
  const random = world.random.fork('sweep')
  while (buying()) {
    await sleep(30_000, { clock: world.clock })
    const { process, payments } = worker(world, random)
    await Promise.race([payments.sweep(), process.ended]).catch(() => undefined)
  }
}

/**
 * The last event of a payment comes while the database is busy. No later one will tell the same, and the gateway need not send
 * it again: whoever does not try again himself never learns of it.
 */
async function lastWord(world: World): Promise<void> {
  const { truth } = world
  const payment = [...truth.payments.values()].find(
    (each) => each.state === 'captured' && truth.refunded(each) < each.captured,
  )
  if (payment === undefined) return
  truth.refund(payment, undefined, 1n)
  const body = Buffer.from(truth.pending.pop()!.id)
  const { process, payments } = worker(world, world.random)
  process.findBusy()
  await payments.receive('sim', { headers: new Headers(), body })
}

async function settle(world: World): Promise<void> {
  const { payments } = worker(world, world.random)
  for (let round = 0; round < 12; round++) {
    let report: Awaited<ReturnType<Payments['sweep']>> | undefined
    const sweeping = payments.sweep({ deadline: '1h' }).then(
      (swept) => (report = swept),
      (error: unknown) => world.violations.push(`The sweep threw: ${String(error)}`),
    )
    await world.clock.advanceBy(660_000)
    await Promise.race([sweeping, Promise.resolve()])
    if (report === undefined) world.violations.push('A sweep does not end.')
    else if (round === 11)
      for (const failure of report.failures) world.violations.push(`The last sweep failed: ${failure}`)
  }
}

async function check(world: World): Promise<void> {
  const { truth, violations, real } = world
  const { payments } = worker(world, world.random)
  const keys = new Set<string>()
  for (const made of truth.payments.values()) {
    if (keys.has(made.key)) violations.push(`${made.key} was charged twice.`)
    keys.add(made.key)
    const [ours] = await payments.paymentsOf(`order-${made.key.slice('charge-'.length)}`)
    const [captured, refunded] = [ours?.captured.amount, ours?.refunded.amount]
    if (ours?.state !== made.state || captured !== made.captured || refunded !== truth.refunded(made))
      violations.push(
        `${made.key} is ${made.state} ${made.captured} −${truth.refunded(made)}, our record says ${ours?.state} ${captured} −${refunded}.`,
      )
    if (truth.refunded(made) > made.captured) violations.push(`Of ${made.key} more was refunded than captured.`)
  }
  const report = await payments.ledger.verify()
  for (const { message } of report.faults) violations.push(`The books are wrong: ${message}`)
  if (!(await payments.ledger.trialBalance()).balanced) violations.push('The books do not balance.')
  const owed = await payments.ledger.account('assets:gateway:sim:EUR').then(
    ({ balance }) => balance,
    () => 0n,
  )
  if (owed !== truth.balance()) violations.push(`The books say the gateway owes ${owed}, it owes ${truth.balance()}.`)
  const sales = [...truth.payments.values()].filter(({ state }) => state === 'captured').length
  const { rows } = await real.query<{ n: number }>("select count(*) as n from effects where state = 'captured'")
  if (rows[0]!.n !== sales) violations.push(`The host was told of ${rows[0]!.n} sales, there are ${sales}.`)
  const open = await real.query("select key from exprsn_payment_attempts where status in ('sent', 'unknown', 'ready')")
  for (const row of open.rows) violations.push(`The command ${String(row['key'])} never got an end.`)
}
