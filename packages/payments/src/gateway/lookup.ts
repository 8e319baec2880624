import type { Money } from '../money/money.ts'
import type { OperationOutcome, PaymentOutcome } from './outcome.ts'
import type { CaptureSnapshot, PaymentSnapshot, PayoutSnapshot, RefundSnapshot } from './snapshot.ts'

/** A command whose outcome is unknown. */
export interface LookupQuery {
  readonly operation: 'charge' | 'capture' | 'void' | 'refund' | 'payout'
  /** The key it was sent with. */
  readonly key: string
  /** When it was first sent. Searches begin a little earlier. */
  readonly sentAt: Date
  readonly amount: Money
  /** The reference of the payment that it belongs to; for a charge, if one came back. */
  readonly payment?: string | undefined
  /** The customer's reference, if the command had one. */
  readonly customer?: string | undefined
  readonly signal?: AbortSignal | undefined
}

/** What the gateway knows of a command. Asking changes nothing there. */
export type LookupResult =
  | { readonly found: true; readonly operation: 'charge'; readonly outcome: PaymentOutcome }
  | {
      readonly found: true
      readonly operation: 'capture' | 'void' | 'refund' | 'payout'
      readonly outcome: OperationOutcome<CaptureSnapshot | PaymentSnapshot | RefundSnapshot | PayoutSnapshot>
    }
  | {
      readonly found: false
      /**
       * True when it is certain that the command was not done and will not be any more. False when the gateway cannot be
       * asked, or may know it later: repeat the command with the same key within the gateway's window, or ask again.
       */
      readonly conclusive: boolean
    }
