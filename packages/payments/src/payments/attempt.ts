import type { Refusal } from '../gateway/decline.ts'

/** Commands that payments send. */
export type Operation =
  | 'charge'
  | 'resume'
  | 'capture'
  | 'void'
  | 'refund'
  | 'payout'
  | 'createCustomer'
  | 'saveMethod'
  | 'removeMethod'
  | 'acceptDispute'
  | 'submitEvidence'

/** One command, committed before it is sent. */
export interface Attempt {
  readonly key: string
  readonly gateway: string
  readonly operation: Operation
  /** The payment's id, where it is about one. */
  readonly payment: string | undefined
  readonly amount: bigint
  /** Of the command's content: the same key with another is refused. */
  readonly digest: string
  /** What the gateway gets. */
  readonly command: Readonly<Record<string, unknown>> & { readonly key: string }
  /**
   * `ready` to be sent; `sent` and no answer yet; `unknown`, no answer came; `done`, it is known how it ended; `not_done`, it
   * is certain that the gateway did nothing, and the same command may be sent again.
   */
  readonly status: 'ready' | 'sent' | 'unknown' | 'done' | 'not_done'
  readonly result: AttemptResult | undefined
  /** When it was first sent. */
  readonly sentAt: number | undefined
  /** How often the gateway was asked what became of it. */
  readonly tries: number
  /** When it is looked at next. */
  readonly dueAt: number
}

/** How a command ended. What it changed stands in the records. */
export interface AttemptResult {
  readonly status: 'succeeded' | 'pending' | 'refused' | 'declined'
  /** The reference of what it made or changed. */
  readonly reference?: string | undefined
  readonly refusal?: Refusal | undefined
}

/** The commands that move money, or decide about it. */
export const moneyOperations: ReadonlySet<Operation> = new Set([
  'charge',
  'resume',
  'capture',
  'void',
  'refund',
  'payout',
  'acceptDispute',
  'submitEvidence',
])
