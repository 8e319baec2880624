import { sleep } from '@exprsn/core'
import { sqliteDatabase, type Database } from '@exprsn/core/database'
import { SeededRandom, SimulatedClock } from '@exprsn/core/testing'
import { simulateAuthorizeNet } from '../authorizenet/simulate-authorize-net.ts'
import { simulatePaypal } from '../paypal/simulate-paypal.ts'
import type { GatewayFaultKind } from '../simulator/gateway-faults.ts'
import type { GatewaySimulator } from '../simulator/gateway-simulator.ts'
import { simulateStripe } from '../stripe/simulate-stripe.ts'
import type { HostApp, HostGateway, HostWorld } from './host-app.ts'
import { MortalDatabase } from './mortal-database.ts'

/** One process of the host. */
export interface HostProcess {
  readonly mortal: MortalDatabase
  readonly app: HostApp
}

const answersWrong = { truncated_response: 0.03, error_before: 0.04, error_after: 0.05, rate_limited: 0.02 } as const
/** The stripe package waits half a second after these, by no clock of ours; for it a truncated answer stands for both. */
const connectionsLost = { lost_request: 0.03, lost_response: 0.04 } as const

/** Everything outside the host: gateways, database, time, and the processes that run the host's code. */
export class HostStage {
  readonly random: SeededRandom
  readonly clock: SimulatedClock
  readonly faults: Record<string, number> = {}
  readonly simulators: Pick<HostWorld, HostGateway>
  readonly #database: Database
  readonly #open: (world: HostWorld) => Promise<HostApp> | HostApp
  readonly #processes: (HostProcess | undefined)[] = [undefined, undefined]
  #calm = false

  private constructor(
    random: SeededRandom,
    open: (world: HostWorld) => Promise<HostApp> | HostApp,
    database: Database,
    simulators: Pick<HostWorld, HostGateway>,
    clock: SimulatedClock,
  ) {
    this.random = random
    this.#open = open
    this.#database = database
    this.simulators = simulators
    this.clock = clock
  }

  static async open(seed: number, open: (world: HostWorld) => Promise<HostApp> | HostApp): Promise<HostStage> {
    const random = new SeededRandom(seed)
    const clock = new SimulatedClock({ now: Date.UTC(2026, 0, 5, 9) })
    const options = { clock, random: random.fork('gateways') }
    const [stripe, paypal, authorizenet] = await Promise.all([
      simulateStripe(options),
      simulatePaypal(options),
      simulateAuthorizeNet(options),
    ])
    const database = sqliteDatabase({ path: ':memory:' })
    return new HostStage(random, open, database, { stripe, paypal, authorizenet }, clock)
  }

  /** From now on gateways fail now and then. */
  fail(): void {
    for (const [name, { faults }] of Object.entries(this.simulators))
      faults.setRates(name === 'stripe' ? answersWrong : { ...answersWrong, ...connectionsLost })
  }

  /** No more faults: what is open can come to its end. */
  heal(): void {
    this.#calm = true
    for (const [name, { faults }] of Object.entries<GatewaySimulator>(this.simulators)) {
      for (const [kind, hits] of Object.entries(faults.hits) as [GatewayFaultKind, number][])
        this.hit(`${name}/${kind}`, hits)
      faults.heal()
    }
  }

  hit(fault: string, times = 1): void {
    this.faults[fault] = (this.faults[fault] ?? 0) + times
  }

  /** One of two processes; one that ended is started anew. */
  async process(which = 0): Promise<HostProcess> {
    for (;;) {
      const known = this.#processes[which]
      if (known !== undefined && !known.mortal.dead) return known
      const mortal = new MortalDatabase({
        real: this.#database,
        random: this.random.fork(`process ${Object.values(this.faults).join()}`),
        chances: () => (this.#calm ? { crash: 0, busy: 0 } : { crash: 150, busy: 60 }),
        hit: (fault) => this.hit(fault),
      })
      const { clock, random, simulators } = this
      // Started while all is well: what is tested is the checkout, not the start.
      const calm = this.#calm
      this.#calm = true
      const app = await this.#open({ ...simulators, database: mortal.view, clock, random: random.fork('host') })
      this.#calm = calm
      this.#processes[which] = { mortal, app }
    }
  }

  /** Does something in a process. Undefined when the process ended over it; `hangs` when it never comes back. */
  async within<Result>(
    { mortal }: HostProcess,
    work: () => Promise<Result>,
  ): Promise<{ readonly result: Result } | { readonly error: unknown } | 'crashed' | 'hangs'> {
    let outcome: { readonly result: Result } | { readonly error: unknown } | 'crashed' | undefined
    void mortal.ended.then(() => (outcome ??= 'crashed'))
    work().then(
      (result) => (outcome ??= { result }),
      (error: unknown) => (outcome ??= { error }),
    )
    let [seen, quiet, advances] = [this.#requests(), 0, 0]
    while (outcome === undefined) {
      await sleep(1)
      quiet = this.#requests() === seen ? quiet + 1 : 0
      seen = this.#requests()
      // Nothing comes any more by itself: somebody waits for the time to go on.
      if (quiet < 25) continue
      quiet = 0
      await this.clock.advanceBy('5s')
      if (++advances > 40) return 'hangs'
    }
    return outcome
  }

  async close(): Promise<void> {
    for (const process of this.#processes)
      if (process !== undefined && !process.mortal.dead) await process.app.close?.()
    for (const simulator of Object.values<GatewaySimulator>(this.simulators)) await simulator.close()
    await this.#database.close()
  }

  #requests(): number {
    return Object.values<GatewaySimulator>(this.simulators).reduce((sum, { requests }) => sum + requests.length, 0)
  }
}
