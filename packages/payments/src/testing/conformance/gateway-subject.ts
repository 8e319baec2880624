import type { PaymentGateway } from '../../gateway/gateway.ts'
import type { GatewaySimulator } from '../simulator/gateway-simulator.ts'

/** A gateway under test, with nothing in its account. */
export interface GatewaySubject {
  readonly gateway: PaymentGateway
  /** What truly happens behind the gateway. */
  readonly simulator: Pick<GatewaySimulator, 'faults' | 'payments' | 'balance' | 'webhooks' | 'requests' | 'settle'>
  /** A currency with two decimals that the account takes. */
  readonly currency: string
  readonly tokens: {
    /** Gives a fresh one-time token of a card that pays. */
    readonly pays: () => string
    /** Gives a fresh one-time token of a card that is declined. */
    readonly declines: () => string
  }
  /** What the log calls requests that change something, such as `POST`. */
  readonly command: string
  /** The gateway's time. */
  readonly now: () => number
  /** Moves the gateway's clock on by this many milliseconds. */
  readonly advance: (milliseconds: number) => Promise<void>
}
