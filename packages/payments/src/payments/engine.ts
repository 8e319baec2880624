import {
  createIdGenerator,
  silentLogger,
  systemClock,
  systemRandom,
  type Clock,
  type Logger,
  type Random,
} from '@exprsn/core'
import type { Database, MigrationNaming, Queryable } from '@exprsn/core/database'
import type { PaymentGateway } from '../gateway/gateway.ts'
import type { LookupQuery, LookupResult } from '../gateway/lookup.ts'
import { createLedger } from '../ledger/create-ledger.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { ApplyContext } from './apply-snapshot.ts'
import { paymentErrors } from './errors.ts'
import { groupLookups } from './group-lookups.ts'
import type { PaymentChange } from './payment.ts'
import { paymentStore, type PaymentStore } from './payment-store.ts'

/** Options of `createPayments`. */
export interface PaymentsOptions extends MigrationNaming {
  /** Where everything is kept; it stays open. */
  readonly database: Database
  /** By the names under which the records know them: choose them once. */
  readonly gateways: Readonly<Record<string, PaymentGateway>>
  /**
   * Told of every change inside the transaction that records it: what it writes through `tx` stands or falls with the
   * change, so that an order is marked as paid exactly once. @default none
   */
  readonly onChange?: ((change: PaymentChange, tx: Queryable) => Promise<void> | void) | undefined
  /** @default silentLogger */
  readonly logger?: Logger | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
  /** @default systemRandom */
  readonly random?: Random | undefined
}

/** How long a command may go without an answer before others ask the gateway about it, in milliseconds. */
export const lease = 120_000

/** What the parts of payments share. */
export interface Engine {
  readonly database: Database
  readonly gateways: ReadonlyMap<string, PaymentGateway>
  readonly store: PaymentStore
  readonly ledger: Ledger
  readonly logger: Logger
  readonly newId: () => string
  now(): number
  monotonic(): number
  /** @throws `PAYMENTS_GATEWAY_NOT_CONFIGURED` */
  gateway(name: string): PaymentGateway
  /** What became of a command. What is asked of a gateway while it answers others goes together, where it can. */
  lookup(gateway: string, query: LookupQuery): Promise<LookupResult>
  applying(): ApplyContext
}

/** Puts the parts together. */
export function createEngine(options: PaymentsOptions): Engine {
  const { database, logger = silentLogger, clock = systemClock, random = systemRandom, onChange } = options
  const gateways = new Map(Object.entries(options.gateways))
  if (gateways.size === 0) throw paymentErrors.PAYMENTS_OPTION_INVALID({ option: 'gateways', reason: 'is empty' })
  for (const name of gateways.keys())
    if (!/^[a-z][a-z0-9_-]{0,39}$/.test(name))
      throw paymentErrors.PAYMENTS_OPTION_INVALID({
        option: 'gateways',
        reason: `has a name that is not 1 to 40 lower-case letters, digits, _ and -: ${name}`,
      })
  const store = paymentStore(database.dialect, options)
  const ledger = createLedger({ database, clock, prefix: options.prefix, schema: options.schema })
  const now = (): number => Math.floor(clock.now())
  const gatewayOf = (name: string): PaymentGateway => {
    const gateway = gateways.get(name)
    if (gateway === undefined)
      throw paymentErrors.PAYMENTS_GATEWAY_NOT_CONFIGURED({ gateway: String(name).slice(0, 50) })
    return gateway
  }
  return {
    database,
    gateways,
    store,
    ledger,
    logger,
    newId: createIdGenerator({ clock, random }),
    now,
    monotonic: () => clock.monotonic(),
    gateway: gatewayOf,
    lookup: groupLookups(gatewayOf),
    applying: () => ({ store, ledger, now: now(), onChange }),
  }
}
