import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { randomBelow, sleep, systemClock, type Clock } from '@exprsn/core'
import { migrate } from '@exprsn/core/database'
import { postgresDatabase } from '@exprsn/core/drivers/postgres'
import { killAtRandom, SeededRandom } from '@exprsn/core/testing'
import { freshPostgresDatabase } from '@exprsn/real-servers/postgres'
import { expect, it, onTestFinished } from 'vitest'
import { createPayments } from '../../src/payments/index.ts'
import { simulateAuthorizeNet, simulatePaypal, simulateStripe } from '../../src/testing/index.ts'
import { workerGateways, type WorkerOrder, type WorkerSettings } from './worker-gateways.ts'

const fixture = join(import.meta.dirname, 'payments-worker.fixture.ts')
const count = 45
/** The campaign sets more: EXPRSN_PAYMENT_KILLS=60 npx vitest run packages/payments/test/processes */
const kills = Number(process.env['EXPRSN_PAYMENT_KILLS'] ?? 8)

/** A worker that is ready. Starting one is most of the work here: they share the code that the first of them compiled. */
async function startWorker(settings: WorkerSettings, compiled: string): Promise<ChildProcess> {
  const flags = ['--conditions=@exprsn/source', fixture, JSON.stringify(settings)]
  const env = { ...process.env, NODE_COMPILE_CACHE: compiled }
  const child = spawn(process.execPath, flags, { stdio: ['ignore', 'pipe', 'inherit'], env })
  const ready = once(child.stdout, 'data')
  // One that ends before it is ready says nothing: waiting for its word would last until the test reaches its limit.
  const ended = once(child, 'exit').then(([code, killer]) => {
    throw new Error(`A worker ended with ${killer ?? code} before it was ready.`)
  })
  await Promise.race([ready, ended]).finally(() => void ended.catch(() => {}))
  child.stdout.resume()
  return child
}

it(
  `charges each order exactly once though ${kills} workers on PostgreSQL are killed in the middle of commands`,
  // On a machine with other work each of them takes half a minute to start.
  { timeout: 600_000 + kills * 30_000 },
  async () => {
    let ahead = 0
    const clock: Clock = { ...timersOf(systemClock), now: () => systemClock.now() + ahead }
    const random = new SeededRandom(11)
    await using stripe = await simulateStripe({ clock, random })
    await using paypal = await simulatePaypal({ clock, random })
    await using authorizenet = await simulateAuthorizeNet({ clock, random })
    const simulators = [stripe, paypal, authorizenet]
    const trouble = (): void => {
      for (const { faults } of simulators) {
        faults.heal()
        faults.setRates({ error_after: 0.04, error_before: 0.03 })
      }
    }
    trouble()
    const charges = ['POST /v1/payment_intents', 'POST /v2/checkout/orders', 'createTransactionRequest']
    await using server = await freshPostgresDatabase()
    const compiled = await mkdtemp(join(tmpdir(), 'exprsn-payment-workers-'))
    onTestFinished(() => rm(compiled, { recursive: true, force: true }))
    await using database = postgresDatabase({ connection: { ...server.connection } })
    const tokens = {
      stripe: () => 'pm_card_visa',
      paypal: () => paypal.createToken(),
      authorizenet: () => authorizenet.createToken(),
    }
    const names = ['stripe', 'paypal', 'authorizenet'] as const
    const orders = Array.from({ length: count }, (_, index): WorkerOrder => {
      const gateway = names[index % names.length]!
      const [cents, currency] = [1_000 + 2 * index, gateway === 'authorizenet' ? 'USD' : 'EUR']
      return { id: `order-${index}`, gateway, cents, currency, token: tokens[gateway]() }
    })
    const { apiKey, clientConfig } = stripe
    const { apiLoginId, transactionKey } = authorizenet
    const settings: WorkerSettings = {
      connection: { ...server.connection },
      stripe: { apiKey, host: clientConfig.host, port: clientConfig.port },
      paypal: { url: paypal.url, clientId: paypal.clientId, clientSecret: paypal.clientSecret },
      authorizenet: { url: authorizenet.url, apiLoginId, transactionKey },
      orders,
    }
    await using payments = createPayments({ database, gateways: workerGateways(settings, clock), clock })
    await migrate(database, [payments.migrations])

    // Two at a time over the same orders, the second from the end. One of them gets no answer to a charge, and is killed while
    // it waits; the other anywhere.
    for (let round = 0; round < kills; round += 2) {
      const chosen = (round / 2) % simulators.length
      const { faults } = simulators[chosen]!
      faults.plan({ kind: 'no_answer', when: charges[chosen]! })
      const before = faults.hits.no_answer
      const workers = await Promise.all([
        startWorker(settings, compiled),
        startWorker({ ...settings, orders: orders.toReversed() }, compiled),
      ])
      const alive = () => workers.some(({ exitCode, signalCode }) => exitCode === null && signalCode === null)
      while (faults.hits.no_answer === before && alive()) await sleep(5)
      await Promise.all(
        workers.map((child) => killAtRandom(child, { to: `${100 + randomBelow(random, 400)}ms`, random })),
      )
      trouble()
    }
    const torn = await database.query("select key from exprsn_payment_attempts where status = 'sent'")
    expect(torn.count, 'commands in the middle of which a worker was killed').toBeGreaterThan(0)

    // Nobody delivered a webhook. The next worker repeats everything, and hours later sweeps have asked for the rest.
    const last = await startWorker(settings, compiled)
    await once(last, 'exit')
    for (const { faults } of simulators) faults.heal()
    for (let round = 0; round < 30; round++) {
      ahead += 600_000
      expect((await payments.sweep()).failures).toEqual([])
    }
    for (const { id, gateway, cents, currency } of orders) {
      if ((await payments.paymentsOf(id)).some(({ state }) => state === 'captured')) continue
      const method = { kind: 'token', token: tokens[gateway]() } as const
      const amount = { amount: BigInt(cents), currency }
      const outcome = await payments.charge({ gateway, amount, method, order: id, key: `${id}/2` })
      expect(outcome.status).toBe('succeeded')
    }

    const truth = simulators.flatMap((simulator) => simulator.payments()).filter(({ captured }) => captured > 0n)
    expect(truth).toHaveLength(orders.length)
    expect(new Set(truth.map(({ order }) => order))).toEqual(new Set(orders.map(({ id }) => id)))
    for (const { id, cents } of orders) {
      const made = truth.find(({ order }) => order === id)!
      const ours = (await payments.paymentsOf(id)).find(({ state }) => state === 'captured')!
      expect([made.captured, [0n, BigInt(cents) / 2n].includes(made.refunded)]).toEqual([BigInt(cents), true])
      expect([ours.captured.amount, ours.refunded.amount]).toEqual([made.captured, made.refunded])
    }
    expect((await payments.ledger.verify()).faults).toEqual([])
    expect((await payments.ledger.trialBalance()).balanced).toBe(true)
    const open = await database.query(
      "select key from exprsn_payment_attempts where status not in ('done', 'not_done')",
    )
    expect(open.rows).toEqual([])
  },
)

function timersOf(clock: Clock): Omit<Clock, 'now'> {
  return { monotonic: () => clock.monotonic(), setTimer: (...timer) => clock.setTimer(...timer) }
}
