import type { SqlRow } from '../../database/database.ts'
import type { JobRecord, RunClaim, RunKind, RunningRecord, RunRecord, RunState } from './records.ts'

export function readJob(row: SqlRow): JobRecord {
  return {
    id: String(row.id),
    schedule: String(row.schedule),
    slot: Number(row.slot),
    token: Number(row.token),
    isPaused: Number(row.paused) !== 0,
  }
}

export function readRunning(row: SqlRow): RunningRecord {
  return { ...readClaim(row), leaseUntil: Number(row.lease_until) }
}

export function readRun(row: SqlRow): RunRecord {
  return {
    ...readClaim(row),
    state: row.state as RunState,
    owner: String(row.owner),
    startedAt: new Date(Number(row.started_at)),
    finishedAt: row.finished_at === null ? undefined : new Date(Number(row.finished_at)),
    reason: (row.reason as string | null) ?? undefined,
  }
}

function readClaim(row: SqlRow): RunClaim {
  return {
    job: String(row.job),
    kind: row.kind as RunKind,
    slot: Number(row.slot),
    token: Number(row.token),
    attempt: Number(row.attempt),
  }
}
