import type { Schedule } from '@exprsn/core/schedule'
import type { ReplicaLag } from '../replicate/index.ts'
import type { Snapshot } from '../repository/index.ts'

/** Something about backups that a person has to look at. */
export interface BackupAlert {
  /** The same as long as it is about the same: `missed:db`, `failed:uploads`, `check`, `growth:db`, `lag:replica`. */
  readonly key: string
  readonly kind: 'missed' | 'failed' | 'check' | 'growth' | 'lag' | 'wal' | 'slot' | 'drill'
  /** One sentence. */
  readonly text: string
}

/** What is known about a source. */
export interface SourceFacts {
  readonly name: string
  /** Ascending by time. */
  readonly snapshots: readonly Snapshot[]
  readonly schedule: Schedule | undefined
  /** The last run of this process, when it failed. */
  readonly failure: string | undefined
}

/** What is known about all. */
export interface BackupFacts {
  readonly sources: readonly SourceFacts[]
  readonly replicas: readonly (ReplicaLag & { readonly name: string })[]
  /** Problems that the last check found. */
  readonly checkProblems: number
}

/** What {@link findAlerts} measures against; times in milliseconds. */
export interface AlertLimits {
  readonly now: number
  /** When the host was started: a source without a snapshot is not late before its first slot after that. */
  readonly since: number
  /** How late a snapshot may be. */
  readonly missedAfter: number
  /** How far behind a replica may be. */
  readonly lagAfter: number
}

const fewestForGrowth = 5
const growthFactor = 10
const smallestGrowth = 64 * 2 ** 20

/** Decides what is wrong. A schedule that is missed is found by what is not there, whatever the reason: a dead man's switch. */
export function findAlerts({ sources, replicas, checkProblems }: BackupFacts, limits: AlertLimits): BackupAlert[] {
  const alerts = sources.flatMap((source) => [missed(source, limits), failed(source), growth(source)])
  const lags = replicas.map(({ name, snapshots, age }): BackupAlert | undefined =>
    age <= limits.lagAfter
      ? undefined
      : {
          key: `lag:${name}`,
          kind: 'lag',
          text: `${name} lacks ${snapshots} snapshot(s), the oldest ${hours(age)} old.`,
        },
  )
  const check: BackupAlert | undefined =
    checkProblems === 0
      ? undefined
      : { key: 'check', kind: 'check', text: `The last check found ${checkProblems} problem(s).` }
  return [...alerts, ...lags, check].filter((alert) => alert !== undefined)
}

function missed(
  { name, snapshots, schedule }: SourceFacts,
  { now, since, missedAfter }: AlertLimits,
): BackupAlert | undefined {
  const last = snapshots.at(-1)?.time.getTime()
  const due = schedule?.next(last ?? since)
  if (due === undefined || now <= due + missedAfter) return undefined
  const latest = last === undefined ? 'there is none yet' : `the latest is ${hours(now - last)} old`
  return { key: `missed:${name}`, kind: 'missed', text: `A snapshot of ${name} is missing: ${latest}.` }
}

function failed({ name, failure }: SourceFacts): BackupAlert | undefined {
  return failure === undefined
    ? undefined
    : { key: `failed:${name}`, kind: 'failed', text: `The last backup of ${name} failed: ${failure}` }
}

/** Ten times the usual amount of new content: a log gone wild, or files encrypted by somebody else. */
function growth({ name, snapshots }: SourceFacts): BackupAlert | undefined {
  const added = snapshots.flatMap(({ summary }) => (summary === undefined ? [] : [summary.added]))
  const last = added.at(-1) ?? 0
  // The first run stores everything.
  const usual = added.slice(1, -1).sort((left, right) => left - right)
  if (usual.length < fewestForGrowth || last < smallestGrowth) return undefined
  const median = usual[Math.floor(usual.length / 2)]!
  if (last <= median * growthFactor) return undefined
  return {
    key: `growth:${name}`,
    kind: 'growth',
    text: `The last backup of ${name} added ${mebibytes(last)}, usual are ${mebibytes(median)}.`,
  }
}

const hours = (span: number): string => `${(span / 3_600_000).toFixed(1)} h`
const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`
