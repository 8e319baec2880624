import { milliseconds } from '@exprsn/core'
import type { ContentId, Snapshot } from '../repository/index.ts'
import { checkPolicy, type RetentionPolicy } from './policy.ts'
import { spanNamer, type Span } from './spans.ts'

/** A snapshot that stays, and every rule that wants it. */
export interface KeptSnapshot {
  readonly snapshot: Snapshot
  /** For people: `daily 2026-11-20`, `last 1 of 7`, `needed by 3f2a…`. */
  readonly reasons: readonly string[]
}

/** What a policy would do. */
export interface RetentionPlan {
  /** Newest first. */
  readonly keep: readonly KeptSnapshot[]
  /** Newest first. */
  readonly remove: readonly Snapshot[]
}

/** Options of {@link planRetention}. */
export interface PlanRetentionOptions {
  /** The moment from which `pointInTime` counts back. */
  readonly now: Date
  /** The snapshots without which another one cannot be restored, such as the base of an incremental. @default none */
  readonly needs?: ((snapshot: Snapshot) => readonly ContentId[]) | undefined
}

const spans: readonly Span[] = ['hourly', 'daily', 'weekly', 'monthly', 'yearly']

/**
 * Decides which snapshots of one source stay. It changes nothing: show the plan, then carry it out. The newest snapshot
 * always stays, and so does everything that a kept one needs.
 *
 * @throws `BACKUP_RETENTION_INVALID`
 * @example
 * ```ts
 * import { planRetention } from '@exprsn/backup'
 *
 * const plan = planRetention([], { daily: 7, weekly: 4, monthly: 12 }, { now: new Date() })
 * console.log(plan.keep.length, plan.remove.length) // 0 0
 * ```
 */
export function planRetention(
  snapshots: readonly Snapshot[],
  policy: RetentionPolicy,
  { now, needs = () => [] }: PlanRetentionOptions,
): RetentionPlan {
  checkPolicy(policy)
  const newestFirst = [...snapshots].sort(
    (left, right) => right.time.getTime() - left.time.getTime() || (left.id < right.id ? 1 : -1),
  )
  const reasons = new Map<ContentId, string[]>()
  const keep = ({ id }: Snapshot, reason: string): void => {
    const known = reasons.get(id)
    if (known === undefined) reasons.set(id, [reason])
    else known.push(reason)
  }
  const newest = newestFirst[0]
  if (newest !== undefined) keep(newest, 'the newest')
  keepLast(newestFirst, policy.last ?? 0, keep)
  for (const span of spans) keepSpans(newestFirst, span, policy, keep)
  keepWindows(newestFirst, policy, now, keep)
  for (const snapshot of newestFirst) {
    const tag = policy.tags?.find((each) => snapshot.tags.includes(each))
    if (tag !== undefined) keep(snapshot, `tag ${tag}`)
  }
  keepNeeded(newestFirst, reasons, needs)
  return {
    keep: newestFirst.flatMap((snapshot) => {
      const found = reasons.get(snapshot.id)
      return found === undefined ? [] : [{ snapshot, reasons: found }]
    }),
    remove: newestFirst.filter(({ id }) => !reasons.has(id)),
  }
}

type Keep = (snapshot: Snapshot, reason: string) => void

function keepLast(newestFirst: readonly Snapshot[], count: number, keep: Keep): void {
  for (const [index, snapshot] of newestFirst.slice(0, count).entries()) keep(snapshot, `last ${index + 1} of ${count}`)
}

function keepSpans(newestFirst: readonly Snapshot[], span: Span, policy: RetentionPolicy, keep: Keep): void {
  const count = policy[span] ?? 0
  if (count === 0) return
  const nameOf = spanNamer(policy.zone ?? 'UTC')
  const seen = new Set<string>()
  for (const snapshot of newestFirst) {
    const name = nameOf(snapshot.time, span)
    if (seen.has(name)) continue
    if (seen.size === count) return
    seen.add(name)
    keep(snapshot, `${span} ${name}`)
  }
}

function keepWindows(newestFirst: readonly Snapshot[], policy: RetentionPolicy, now: Date, keep: Keep): void {
  const newest = newestFirst[0]
  if (newest === undefined) return
  if (policy.within !== undefined) {
    const from = newest.time.getTime() - milliseconds(policy.within)
    for (const snapshot of newestFirst) if (snapshot.time.getTime() >= from) keep(snapshot, `within ${policy.within}`)
  }
  if (policy.pointInTime === undefined) return
  const from = now.getTime() - milliseconds(policy.pointInTime)
  for (const snapshot of newestFirst) {
    keep(snapshot, `any moment of the last ${policy.pointInTime}`)
    // The one before the window is where a restore to the window's first moment begins.
    if (snapshot.time.getTime() <= from) return
  }
}

function keepNeeded(
  newestFirst: readonly Snapshot[],
  reasons: Map<ContentId, string[]>,
  needs: (snapshot: Snapshot) => readonly ContentId[],
): void {
  const byId = new Map(newestFirst.map((snapshot) => [snapshot.id, snapshot]))
  const pending = newestFirst.filter(({ id }) => reasons.has(id))
  for (let snapshot = pending.pop(); snapshot !== undefined; snapshot = pending.pop()) {
    for (const id of needs(snapshot)) {
      const needed = byId.get(id)
      if (needed === undefined || reasons.has(id)) continue
      reasons.set(id, [`needed by ${snapshot.id.slice(0, 8)}`])
      pending.push(needed)
    }
  }
}
