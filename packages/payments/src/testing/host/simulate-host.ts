import { runSimulation, type SimulationProgress, type SimulationReport } from '@exprsn/core/testing'
import { testingErrors } from '../errors.ts'
import type { HostApp, HostGateway, HostWorld } from './host-app.ts'
import { runHost } from './run-host.ts'

/** Options of {@link simulateHost}. */
export interface SimulateHostOptions {
  /** How many runs. @default 20 */
  readonly seeds?: number | undefined
  /** Replays a seed that a report names. @default 1 */
  readonly firstSeed?: number | undefined
  /** Orders in each run. @default 6 */
  readonly orders?: number | undefined
  /** Which gateways the orders go through, by turns. @default ['stripe'] */
  readonly gateways?: readonly HostGateway[] | undefined
  /** Called after each run. */
  readonly onProgress?: ((progress: SimulationProgress) => void) | undefined
  /** Stops before the next run. */
  readonly signal?: AbortSignal | undefined
}

/**
 * Runs a host's own checkout under everything that goes wrong, and says in sentences where money was lost, taken twice or
 * told wrongly. In each run buyers press the button once or twice and come back, two processes of the host end in the middle
 * of statements and start anew over the same SQLite database, gateways lose requests and answers, webhooks are lost, doubled
 * and shuffled, clerks give parts back. Then everything heals, some hours pass, and host and gateways are compared:
 *
 * - each order is charged at most once, with its amount, and no money is taken for anything else;
 * - refunds are within what was captured and asked for;
 * - who was told `paid` was charged, and who was told `declined` was not;
 * - the host's records agree with the gateways, its books hold, and each charged order is fulfilled exactly once.
 *
 * What the host does by chance follows from `world.random`, so that a seed comes back alike; answers of the gateways come over
 * real HTTP, so that not every interleaving does.
 *
 * @param open Starts one process of the host; called again after each crash.
 * @throws `PAYMENTS_TESTING_OPTION_INVALID`
 * @example
 * ```ts
 * import { migrate } from '@exprsn/core/database'
 * import { createPayments } from '@exprsn/payments'
 * import { stripeGateway } from '@exprsn/payments/drivers/stripe'
 * import { simulateHost } from '@exprsn/payments/testing'
 * import Stripe from 'stripe'
 *
 * const report = await simulateHost(async ({ database, stripe, clock, random }) => {
 *   const client = new Stripe(stripe.apiKey, stripe.clientConfig)
 *   const gateways = { stripe: stripeGateway({ client, clock, webhookSecrets: [stripe.webhookSecret] }) }
 *   const payments = createPayments({ database, gateways, clock, random })
 *   await migrate(database, [payments.migrations])
 *   return {
 *     payments,
 *     async checkout({ id, amount, token, attempt, gateway }) {
 *       const method = { kind: 'token', token } as const
 *       const { status } = await payments.charge({ gateway, amount, method, order: id, key: `${id}/${attempt}` })
 *       return status === 'succeeded' ? 'paid' : status === 'declined' ? 'declined' : 'pending'
 *     },
 *   }
 * }, { seeds: 2 })
 * console.log(report.violations) // []
 * ```
 */
export async function simulateHost(
  open: (world: HostWorld) => Promise<HostApp> | HostApp,
  options: SimulateHostOptions = {},
): Promise<SimulationReport> {
  const { seeds = 20, firstSeed = 1, orders = 6, gateways = ['stripe'], onProgress, signal } = options
  for (const [option, value] of Object.entries({ seeds, orders, gateways: gateways.length }))
    if (!Number.isSafeInteger(value) || value < 1)
      throw testingErrors.PAYMENTS_TESTING_OPTION_INVALID({ option, value })
  const simulation = { name: 'host', run: (seed: number) => runHost(open, { seed, orders, gateways }) }
  return runSimulation(simulation, { seeds, firstSeed, onProgress, signal })
}
