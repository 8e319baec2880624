/** How much it matters. */
export type Severity = 'info' | 'warning' | 'critical'

/** All severities, from the least to the most. */
export const severities: readonly Severity[] = ['info', 'warning', 'critical']

/** Something that people, or other services, should know. */
export interface Notification {
  /** One line; cut after 300 characters. */
  readonly title: string
  /** More about it, in plain text; cut after 16,000 characters. @default '' */
  readonly text?: string | undefined
  /** @default 'info' */
  readonly severity?: Severity | undefined
  /**
   * What this is about, such as `disk-full:db-1`. The same key with the same status is told once per `repeat`.
   * @default none: it is always told
   */
  readonly key?: string | undefined
  /** `resolved` ends what was told as `firing` with the same key; without one before it is not told. @default 'firing' */
  readonly status?: 'firing' | 'resolved' | undefined
  /** Notifications of one group that come close together go out as one message. @default the title */
  readonly group?: string | undefined
  /** Where to read on: an absolute `http:` or `https:` URL. @default none */
  readonly link?: string | undefined
  /** Further facts, shown in the order given. @default {} */
  readonly labels?: Readonly<Record<string, string>> | undefined
  /** When it happened. @default now */
  readonly time?: Date | undefined
  /** Names of the channels that get it, whatever their routes say. @default those whose routes take it */
  readonly channels?: readonly string[] | undefined
}

/** A notification as it is delivered: checked, complete, plain data. */
export interface NotificationRecord {
  readonly id: string
  readonly title: string
  readonly text: string
  readonly severity: Severity
  readonly key: string | undefined
  readonly status: 'firing' | 'resolved'
  readonly group: string
  readonly link: string | undefined
  readonly labels: Readonly<Record<string, string>>
  /** ISO 8601 in UTC. */
  readonly time: string
}

/** What one channel sends at once: one notification, or several of a group. */
export interface Message {
  /** The same in every attempt, so that receivers can recognise a repetition. */
  readonly id: string
  /** One line for all of them. */
  readonly title: string
  /** The highest of them. */
  readonly severity: Severity
  /** `resolved` when all of them are. */
  readonly status: 'firing' | 'resolved'
  readonly group: string
  /** In the order they were told, at least one. */
  readonly notifications: readonly NotificationRecord[]
}
