import type { Database } from '../../database/database.ts'
import type { JobContext } from '../../jobs/job-handler.ts'
import type { Job } from '../../jobs/job.ts'
import { notifyErrors } from '../errors.ts'
import { messageOf } from '../message-of.ts'
import type { NotifyTables } from './notify-tables.ts'
import type { Route } from './route.ts'

/** The payload of the job that delivers a message. */
export interface DeliveryPayload {
  readonly message: string
  readonly channel: string
}

/** The handler of those jobs. @throws `CORE_NOTIFY_CHANNEL_UNKNOWN`, and what the channel throws */
export async function deliver(
  { payload, attempt }: Job<DeliveryPayload>,
  { signal, logger }: JobContext,
  context: {
    readonly database: Database
    readonly tables: NotifyTables
    readonly routes: ReadonlyMap<string, Route>
  },
): Promise<void> {
  const route = context.routes.get(payload.channel)
  if (route === undefined) throw notifyErrors.CORE_NOTIFY_CHANNEL_UNKNOWN({ channel: payload.channel })
  const notifications = await context.tables.notificationsOf(context.database, payload.message)
  if (notifications.length === 0) {
    logger.warn({ message: payload.message }, 'a message was deleted before it could be delivered')
    return
  }
  const note = await route.channel.send(messageOf(payload.message, notifications), { signal, attempt })
  const fields = { message: payload.message, channel: payload.channel, response: note?.response }
  if (note?.refused !== undefined && note.refused.length > 0)
    logger.warn({ ...fields, refused: note.refused }, 'some recipients of a message were refused')
  else logger.debug(fields, 'a message was delivered')
}
