import { repositoryErrors } from '../errors.ts'
import { formatInstant, parseInstant } from '../tree/instant.ts'
import type { Snapshot, SnapshotProblem, SnapshotSummary } from './snapshot.ts'

/** A snapshot that has no id yet: its id is the hash of what is stored. */
export type NewSnapshot = Omit<Snapshot, 'id'>

/** The JSON of a snapshot: restic's fields, and ours under `exprsn`, which restic reads over. */
export function encodeSnapshot(snapshot: NewSnapshot): Uint8Array {
  const { source, summary, omitted, problems, problemCount } = snapshot
  const row = {
    time: formatInstant(BigInt(snapshot.time.getTime()) * 1_000_000n),
    parent: snapshot.parent,
    tree: snapshot.tree,
    paths: snapshot.paths,
    hostname: snapshot.hostname,
    username: snapshot.username,
    excludes: snapshot.excludes.length > 0 ? snapshot.excludes : undefined,
    tags: snapshot.tags.length > 0 ? snapshot.tags : undefined,
    original: snapshot.original,
    program_version: 'exprsn',
    exprsn: { source, summary, omitted, problems: problems.slice(0, 100), problemCount },
  }
  return Buffer.from(JSON.stringify(row))
}

/**
 * Reads a snapshot of ours or restic's.
 *
 * @throws `BACKUP_OBJECT_CORRUPT`
 */
export function decodeSnapshot(id: string, bytes: Uint8Array): Snapshot {
  const corrupt = (reason: string, cause?: unknown) =>
    repositoryErrors.BACKUP_OBJECT_CORRUPT({ key: `snapshots/${id}`, reason }, { cause })
  const row = parse(bytes)
  if (row === undefined) throw corrupt('it is no JSON object')
  const time = parseInstant(String(row['time']))
  if (time === undefined) throw corrupt('it has no time')
  const tree = row['tree']
  if (typeof tree !== 'string' || !/^[0-9a-f]{64}$/.test(tree)) throw corrupt('it has no tree')
  const own = isRecord(row['exprsn']) ? row['exprsn'] : {}
  return {
    id,
    time: new Date(Number(time / 1_000_000n)),
    tree,
    parent: text(row['parent']),
    paths: texts(row['paths']),
    hostname: text(row['hostname']) ?? '',
    username: text(row['username']) ?? '',
    tags: texts(row['tags']),
    excludes: texts(row['excludes']),
    original: text(row['original']),
    source: text(own['source']),
    summary: isRecord(own['summary']) ? (own['summary'] as unknown as SnapshotSummary) : undefined,
    omitted: texts(own['omitted']),
    problems: Array.isArray(own['problems']) ? (own['problems'] as SnapshotProblem[]) : [],
    problemCount: typeof own['problemCount'] === 'number' ? own['problemCount'] : 0,
  }
}

type Row = Readonly<Record<string, unknown>>

const isRecord = (value: unknown): value is Row => typeof value === 'object' && value !== null && !Array.isArray(value)

function parse(bytes: Uint8Array): Row | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes).toString())
    return isRecord(value) ? value : undefined
  } catch {
    return undefined
  }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : []
}
