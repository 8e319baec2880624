import type { Clock } from '../../clock/clock.ts'
import { systemClock } from '../../clock/system-clock.ts'
import type { Channel } from '../channel.ts'
import type { Message } from '../notification.ts'
import { createPoster, type PostOptions } from '../post-message.ts'
import { signWebhook } from './sign-webhook.ts'
import { allSecretBytes, type WebhookSecret } from './webhook-secret.ts'

/** Options of {@link webhookChannel}. */
export interface WebhookChannelOptions extends PostOptions {
  /** Shared with the receiver; with several, each signs. */
  readonly secrets: WebhookSecret | readonly WebhookSecret[]
  /** The event's name in the body. @default 'notification' */
  readonly type?: string | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
}

/**
 * Posts messages as JSON, signed by Standard Webhooks: `{ type, timestamp, data }` with the {@link Message} as data.
 * Only public addresses are reached unless `clientOptions.allow` says otherwise, and redirects are not followed.
 *
 * @throws `CORE_NOTIFY_SECRET_INVALID`, `CORE_NOTIFY_OPTION_INVALID`
 * @example
 * ```ts
 * import { createNotify, webhookChannel } from '@exprsn/core/notify'
 *
 * const secrets = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
 * const hook = webhookChannel({ url: 'https://hooks.example.com/ops', secrets })
 * await using notify = createNotify({ channels: { hook } })
 * console.log(hook.kind) // webhook
 * ```
 */
export function webhookChannel(options: WebhookChannelOptions): Channel {
  const { secrets, type = 'notification', clock = systemClock } = options
  allSecretBytes(secrets)
  const poster = createPoster(options)
  return {
    kind: 'webhook',
    send(message, context) {
      const time = new Date(clock.now())
      const body = JSON.stringify({ type, timestamp: timeOf(message), data: message })
      const headers = signWebhook({ id: message.id, time, body, secrets })
      return poster.post(message.id, body, { ...headers }, context)
    },
    close: () => poster.close(),
  }
}

/** When the last of them happened, so that the body is the same in every attempt. */
function timeOf({ notifications }: Message): string {
  return notifications
    .map(({ time }) => time)
    .toSorted()
    .at(-1)!
}
