import { milliseconds, type Duration } from '../../duration/duration.ts'
import type { Channel, ChannelRoute } from '../channel.ts'
import { notifyErrors } from '../errors.ts'
import { severities, type NotificationRecord } from '../notification.ts'
import { quietHours, type QuietHours } from '../quiet-hours.ts'

/** A channel with its rules, checked; times in milliseconds. */
export interface Route {
  readonly name: string
  readonly channel: Channel
  readonly takes: (notification: NotificationRecord) => boolean
  readonly groupWait: number
  readonly groupInterval: number
  readonly quiet: QuietHours | undefined
  readonly rate: { readonly limit: number; readonly per: number } | undefined
}

/** @throws `CORE_NOTIFY_OPTION_INVALID`, `CORE_SCHEDULE_ZONE`, `CORE_DURATION_INVALID` */
export function compileRoutes(
  channels: Readonly<Record<string, Channel | ChannelRoute>>,
  groupWait: Duration,
  groupInterval: Duration,
): ReadonlyMap<string, Route> {
  return new Map(
    Object.entries(channels).map(([name, given]) => {
      const route = 'channel' in given ? given : { channel: given }
      return [name, compileRoute(name, { groupWait, groupInterval, ...definedOf(route) })]
    }),
  )
}

function compileRoute(name: string, route: ChannelRoute): Route {
  const refuse = (option: string, reason: string): never => {
    throw notifyErrors.CORE_NOTIFY_OPTION_INVALID({ option: `channels.${name}.${option}`, reason })
  }
  const { channel, minimum = 'info', when = () => true, rateLimit } = route
  if (typeof channel?.send !== 'function') refuse('channel', 'it has no send()')
  const least = severities.indexOf(minimum)
  if (least === -1) refuse('minimum', 'it is not a severity')
  if (rateLimit !== undefined && !(Number.isInteger(rateLimit.limit) && rateLimit.limit >= 1))
    refuse('rateLimit', 'its limit is not a whole number of 1 or more')
  return {
    name,
    channel,
    takes: (notification) => severities.indexOf(notification.severity) >= least && when(notification),
    groupWait: milliseconds(route.groupWait ?? 0),
    groupInterval: milliseconds(route.groupInterval ?? 0),
    quiet: route.quietHours && quietHours(route.quietHours),
    rate: rateLimit && { limit: rateLimit.limit, per: milliseconds(rateLimit.per) },
  }
}

function definedOf<Fields extends object>(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Fields
}
