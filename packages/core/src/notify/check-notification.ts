import { notifyErrors } from './errors.ts'
import { severities, type Notification, type NotificationRecord } from './notification.ts'

const longestTitle = 300
const longestText = 16_000
const longestKey = 255
const mostLabels = 50

/**
 * A notification as it is stored. What is only too long is cut: better a short alert than none.
 *
 * @param now Milliseconds since 1970.
 * @throws `CORE_NOTIFY_INVALID`
 */
export function checkNotification(notification: Notification, id: string, now: number): NotificationRecord {
  if (typeof notification !== 'object' || notification === null) refuse('it', 'is not an object')
  const { title, text = '', severity = 'info', key, status = 'firing', link, labels = {}, time } = notification
  if (typeof title !== 'string' || title.trim() === '') refuse('title', 'is not a line of text')
  if (typeof text !== 'string') refuse('text', 'is not text')
  if (!severities.includes(severity)) refuse('severity', 'is not info, warning or critical')
  if (status !== 'firing' && status !== 'resolved') refuse('status', 'is not firing or resolved')
  if (key !== undefined) checkName('key', key)
  if (status === 'resolved' && key === undefined) refuse('status', 'is resolved, and there is no key to say what')
  const group = notification.group ?? cut(title, longestKey)
  if (notification.group !== undefined) checkName('group', group)
  if (link !== undefined && !isWebAddress(link)) refuse('link', 'is not an http: or https: URL')
  const at = time === undefined ? now : time instanceof Date ? time.getTime() : Number.NaN
  if (Number.isNaN(at)) refuse('time', 'is not a valid Date')
  return {
    id,
    title: cut(clean(title.replaceAll(/\s+/g, ' ').trim()), longestTitle),
    text: cut(clean(text), longestText),
    severity,
    key,
    status,
    group: clean(group),
    link,
    labels: checkLabels(labels),
    time: new Date(at).toISOString(),
  }
}

function checkLabels(labels: Readonly<Record<string, string>>): Record<string, string> {
  if (typeof labels !== 'object' || labels === null) refuse('labels', 'is not an object')
  const entries = Object.entries(labels)
  if (entries.length > mostLabels) refuse('labels', `has more than ${mostLabels} entries`)
  return Object.fromEntries(
    entries.map(([name, value]) => {
      if (typeof value !== 'string') refuse(`labels.${name}`, 'is not text')
      return [cut(clean(name), longestKey), cut(clean(value), longestTitle)]
    }),
  )
}

function checkName(field: string, value: unknown): void {
  if (typeof value !== 'string' || value === '' || value.length > longestKey || value !== clean(value))
    refuse(field, `is not text of 1 to ${longestKey} characters`)
}

function isWebAddress(link: unknown): boolean {
  return typeof link === 'string' && URL.canParse(link) && /^https?:$/.test(new URL(link).protocol)
}

/** Without what databases, mail and chats cannot carry: control characters other than line breaks and tabs. */
function clean(text: string): string {
  // oxlint-disable-next-line no-control-regex -- these are what is removed
  return text.replaceAll(/\p{Surrogate}/gu, '\ufffd').replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, '')
}

/** Cut text stays whole characters and shows that something is missing. */
export function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1).replace(/[\ud800-\udbff]$/, '')}…`
}

function refuse(field: string, reason: string): never {
  throw notifyErrors.CORE_NOTIFY_INVALID({ field, reason })
}
