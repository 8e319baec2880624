import { cut } from '../check-notification.ts'
import type { Message, NotificationRecord, Severity } from '../notification.ts'

const mostShown = 20
const longestShown = 2_500

const colours: Readonly<Record<Severity, string>> = { info: '#439fe0', warning: '#daa038', critical: '#a30200' }
const resolvedColour = '#2eb886'

/** A message in the form that Slack, Mattermost, Rocket.Chat and Discord's `/slack` addresses all understand. */
export function slackPayload(message: Message): object {
  const { notifications, status, severity, title } = message
  const shown = notifications.slice(0, mostShown)
  const mark = status === 'resolved' ? 'RESOLVED' : severity.toUpperCase()
  const rest = notifications.length - shown.length
  return {
    text: `*[${mark}]* ${escape(title)}${rest > 0 ? ` – ${rest} more are not shown` : ''}`,
    attachments: shown.map((each) => attachment(each, notifications.length > 1)),
  }
}

function attachment({ title, text, severity, status, link, labels, time }: NotificationRecord, named: boolean): object {
  return {
    color: status === 'resolved' ? resolvedColour : colours[severity],
    ...(named || link !== undefined ? { title: escape(title) } : {}),
    ...(link === undefined ? {} : { title_link: link }),
    text: escape(cut(text, longestShown)),
    fields: Object.entries(labels).map(([name, value]) => ({ title: escape(name), value: escape(value), short: true })),
    ts: Math.floor(Date.parse(time) / 1_000),
    fallback: escape(title),
  }
}

/** Slack's three control characters: whoever writes the text must not be able to call everybody or to hide a link. */
function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
