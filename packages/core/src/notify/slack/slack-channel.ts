import type { Channel } from '../channel.ts'
import { createPoster, type PostOptions } from '../post-message.ts'
import { slackPayload } from './slack-payload.ts'

/**
 * Posts messages to an incoming webhook of Slack, or of what is compatible: Mattermost, Rocket.Chat, Discord's addresses
 * ending in `/slack`. Such receivers do not recognise repetitions: after a crash in the wrong moment a message appears
 * twice.
 *
 * @throws `CORE_NOTIFY_OPTION_INVALID`
 * @example
 * ```ts
 * import { createNotify, slackChannel } from '@exprsn/core/notify'
 *
 * const ops = slackChannel({ url: 'https://hooks.slack.com/services/T000/B000/secret' })
 * await using notify = createNotify({ channels: { ops: { channel: ops, minimum: 'warning' } } })
 * console.log(ops.kind) // slack
 * ```
 */
export function slackChannel(options: PostOptions): Channel {
  const poster = createPoster(options)
  return {
    kind: 'slack',
    send: (message, context) => poster.post(message.id, JSON.stringify(slackPayload(message)), {}, context),
    close: () => poster.close(),
  }
}
