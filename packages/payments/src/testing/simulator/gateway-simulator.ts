import type { Clock, Random } from '@exprsn/core'
import type { BalanceEntry, BankLine } from './balance-book.ts'
import type { GatewayFaultKind, GatewayFaults } from './gateway-faults.ts'
import type { SimulatedPayment } from './simulated-payment.ts'
import type { LoggedRequest } from './simulator-server.ts'
import type { WebhookOutbox, WebhookTarget } from './webhook-outbox.ts'

/** What every simulated gateway takes. */
export interface SimulatorOptions {
  /** Where webhooks go when `webhooks.deliver()` is called. @default nowhere: they wait */
  readonly webhooks?: WebhookTarget | undefined
  /** Probability of each kind of fault per request, 0 to 1. @default none */
  readonly faults?: Partial<Record<GatewayFaultKind, number>> | undefined
  /** The gateway's clock: authorisations end and payouts arrive by it. @default systemClock */
  readonly clock?: Clock | undefined
  /** Chance for identifiers and faults; a `SeededRandom` replays a run. @default systemRandom */
  readonly random?: Random | undefined
}

/** A gateway in this process, over real HTTP, with what tests want to see and do behind its back. */
export interface GatewaySimulator extends AsyncDisposable {
  /** `http://127.0.0.1:port`. */
  readonly url: string
  /** Faults by plan and by chance. */
  readonly faults: GatewayFaults
  /** Events on their way to the host. */
  readonly webhooks: WebhookOutbox
  /** Every request so far. */
  readonly requests: readonly LoggedRequest[]
  /** What truly happened to each payment. */
  payments(): readonly SimulatedPayment[]
  /** The settlement report: every movement of the balance, the oldest first. */
  balance(): readonly BalanceEntry[]
  /** The statement of the bank account that payouts go to. */
  bankStatement(): readonly BankLine[]
  /** Carries out what the clock has brought: authorisations that end, settlements, payouts that arrive. Requests do so as well. */
  settle(): void
  /** Stops listening. What it holds stays readable. */
  close(): Promise<void>
}
