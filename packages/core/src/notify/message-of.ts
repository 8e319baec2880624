import { severities, type Message, type NotificationRecord } from './notification.ts'

/** Puts notifications of one group, at least one, into one message. */
export function messageOf(id: string, notifications: readonly NotificationRecord[]): Message {
  const first = notifications[0]!
  const highest = Math.max(...notifications.map(({ severity }) => severities.indexOf(severity)))
  const firing = notifications.filter(({ status }) => status === 'firing').length
  const resolved = notifications.length - firing
  const counts = [firing > 0 ? `${firing} firing` : '', resolved > 0 ? `${resolved} resolved` : '']
  return {
    id,
    title: notifications.length === 1 ? first.title : `${first.group} (${counts.filter(Boolean).join(', ')})`,
    severity: severities[highest]!,
    status: firing > 0 ? 'firing' : 'resolved',
    group: first.group,
    notifications,
  }
}
