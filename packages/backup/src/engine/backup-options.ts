import type { Clock, Duration, Logger } from '@exprsn/core'
import type { Metrics } from '@exprsn/core/metrics'
import type { Schedule, Scheduler } from '@exprsn/core/schedule'
import type { ReplicaOptions } from '../replicate/index.ts'
import type { BackupSource, Repository } from '../repository/index.ts'
import type { RetentionPolicy } from '../retention/index.ts'
import type { CheckOptions } from '../verify/index.ts'
import type { BackupEvent } from './events.ts'

/** What the engine needs of `createNotify` (from `@exprsn/core/notify`), or of anything that tells people. */
export interface BackupNotify {
  send(notification: {
    readonly title: string
    readonly severity: 'warning' | 'critical'
    readonly key: string
    readonly status: 'firing' | 'resolved'
    readonly group: string
  }): Promise<unknown>
}

/** When the engine does what, in cron's five fields (UTC) or as a schedule. */
export type BackupSchedule = string | Schedule

/** Options of `createBackup`. */
export interface BackupOptions<Name extends string = string> {
  /** An open repository, or the promise of one: sources begin to look at their files while its key is derived. */
  readonly repository: Repository | Promise<Repository>
  /** What is backed up, by name. */
  readonly sources: Readonly<Record<Name, BackupSource>>
  /** Which snapshots of each source `forget` keeps. Without it, nothing is ever forgotten. */
  readonly retention?: RetentionPolicy | undefined
  /** When which source is backed up; needs a `scheduler`. */
  readonly schedule?: Readonly<Partial<Record<Name, BackupSchedule>>> | undefined
  /** When the repository is looked after: forget, prune, check. Needs a `scheduler`. @default never */
  readonly maintenance?: BackupSchedule | undefined
  /** What `maintenance` checks. @default { level: 2 } */
  readonly check?: Pick<CheckOptions, 'level' | 'coverDays'> | undefined
  /** Runs the schedules, once across replicas of the host. It stays the caller's to start and to close. */
  readonly scheduler?: Pick<Scheduler, 'add'> | undefined
  /** Copies of the repository, brought up to date after each run. */
  readonly replicate?: readonly ReplicaOptions[] | undefined
  /**
   * Whether each run and each `forget` adds an entry to the signed log of snapshots beside the repository, which
   * `verifySnapshotLog` checks. @default false
   */
  readonly snapshotLog?: boolean | undefined
  /** Tells people about alerts, and that they are over. */
  readonly notify?: BackupNotify | undefined
  /** Where figures are counted. @default none */
  readonly metrics?: Metrics | undefined
  /** Called for everything worth a line in a log. What it throws is ignored. */
  readonly onEvent?: ((event: BackupEvent) => void) | undefined
  /** Tags of new snapshots. @default [] */
  readonly tags?: readonly string[] | undefined
  /** A folder for the caches of sources; without it, every run looks into its parent snapshot instead. */
  readonly cacheFolder?: string | undefined
  /** How late a scheduled snapshot may be before that is an alert. @default '1h' */
  readonly missedAfter?: Duration | undefined
  /** How far behind a replica may be before that is an alert. @default '1d' */
  readonly lagAfter?: Duration | undefined
  /** How often a started engine looks for alerts. @default '5m' */
  readonly watchEvery?: Duration | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
  /** @default silentLogger */
  readonly logger?: Logger | undefined
}
