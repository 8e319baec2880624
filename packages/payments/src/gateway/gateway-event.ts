import type { GatewaySnapshot } from './snapshot.ts'

/** What an event is about: enough to fetch its present state. */
export interface EventSubject {
  readonly kind: 'payment' | 'capture' | 'refund' | 'payout' | 'dispute' | 'method'
  readonly reference: string
  /** The payment's reference, where the event names it. */
  readonly payment?: string | undefined
}

/** A gateway's event in words that all share. */
export interface GatewayEvent {
  /** The gateway's identifier: the same event always has the same. */
  readonly id: string
  /** The gateway's own name of the event, such as `charge.refunded`. */
  readonly type: string
  /** When it happened, as the gateway says. It does not order events. */
  readonly occurredAt: Date
  readonly subject: EventSubject
  /**
   * The state that the event carries. Undefined when it does not carry all of it: then ask with `fetch`. What it carries may
   * be outdated: compare by `stateRank` and by amounts, or fetch.
   */
  readonly snapshot?: GatewaySnapshot | undefined
}
