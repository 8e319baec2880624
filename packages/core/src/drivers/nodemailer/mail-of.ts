import type { Message, NotificationRecord } from '../../notify/notification.ts'
import type { Mail } from './transporter.ts'

/** Who writes to whom. */
export interface MailSettings {
  readonly from: string
  readonly to: readonly string[]
  readonly subjectPrefix: string
}

/**
 * A message as a mail. `Auto-Submitted` (RFC 3834) keeps replies such as "out of office" away.
 */
export function mailOf(message: Message, { from, to, subjectPrefix }: MailSettings): Mail {
  const { id, title, severity, status, notifications } = message
  const host = /@([^@>\s]+)>?$/.exec(from)?.[1] ?? 'localhost'
  const mark = status === 'resolved' ? 'RESOLVED' : severity.toUpperCase()
  return {
    messageId: `<${id}@${host}>`,
    from,
    to: [...to],
    subject: `${subjectPrefix}[${mark}] ${title}`.replaceAll(/[\r\n]+/g, ' '),
    text: `${notifications.map(paragraph).join('\n\n---\n\n')}\n`,
    date: new Date(notifications.at(-1)!.time),
    priority: severity === 'critical' && status === 'firing' ? 'high' : undefined,
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Exprsn-Message': id },
    disableFileAccess: true,
    disableUrlAccess: true,
  }
}

function paragraph({ title, text, severity, status, labels, link, time }: NotificationRecord): string {
  const facts = Object.entries(labels).map(([name, value]) => `${name}: ${value}`)
  const state = status === 'resolved' ? 'resolved' : severity
  return [`${title} (${state}, ${time})`, text, ...facts, link]
    .filter((each) => each !== undefined && each !== '')
    .join('\n')
}
