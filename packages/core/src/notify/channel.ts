import type { RateRule } from '../resilience/gcra.ts'
import type { Duration } from '../duration/duration.ts'
import type { Message, NotificationRecord, Severity } from './notification.ts'
import type { QuietHoursOptions } from './quiet-hours.ts'

/** What a channel is given beside the message. */
export interface DeliveryContext {
  /** Aborts when the attempt takes too long or the process stops. */
  readonly signal: AbortSignal
  /** Which attempt this is, 1 for the first. */
  readonly attempt: number
}

/** What a receiver said to a message that it took. */
export interface DeliveryNote {
  /** The receiver's own words. */
  readonly response?: string | undefined
  /** Recipients that were refused while others were not. */
  readonly refused?: readonly string[] | undefined
}

/** A way to reach somebody: a webhook, a chat, a mailbox, or the host's own. */
export interface Channel {
  /** Such as `webhook`. */
  readonly kind: string
  /**
   * Hands a message over. Rejects when it could not; `isRetryable` then decides about another attempt, and a wait that the
   * receiver asked for is honoured. The same message may come again after a crash: its id is then the same.
   */
  send(message: Message, context: DeliveryContext): Promise<DeliveryNote | void>
  /** Ends what it opened itself; called when the notifications it was given to are closed. */
  close?(): Promise<void>
}

/** When, and how often, a channel is used. */
export interface ChannelRoute {
  readonly channel: Channel
  /** The least severity that goes there. @default 'info' */
  readonly minimum?: Severity | undefined
  /** Which notifications go there, beyond their severity. @default all */
  readonly when?: ((notification: NotificationRecord) => boolean) | undefined
  /** How long the first of a group waits for others. @default that of all */
  readonly groupWait?: Duration | undefined
  /** The least time between two messages of a group. @default that of all */
  readonly groupInterval?: Duration | undefined
  /** When it stays silent; what comes then is sent afterwards. @default none */
  readonly quietHours?: QuietHoursOptions | undefined
  /** The most messages in any stretch of that length; what exceeds it waits and goes out together. @default no limit */
  readonly rateLimit?: Pick<RateRule, 'limit' | 'per'> | undefined
}
