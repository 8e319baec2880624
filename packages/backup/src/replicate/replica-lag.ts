import type { Repository } from '../repository/index.ts'

/** How far a replica is behind. */
export interface ReplicaLag {
  /** Snapshots that the replica does not hold. */
  readonly snapshots: number
  /** Milliseconds since the oldest of them was made; 0 when there is none. */
  readonly age: number
}

/** Compares the snapshots of a repository with those of its replica. `now` is in milliseconds since 1970. */
export async function replicaLag(
  repository: Repository,
  replica: Repository,
  now: number,
  signal?: AbortSignal,
): Promise<ReplicaLag> {
  const held = new Set((await replica.snapshots({}, { signal })).map(({ id }) => id))
  const missing = (await repository.snapshots({}, { signal })).filter(({ id }) => !held.has(id))
  const oldest = missing[0]
  return { snapshots: missing.length, age: oldest === undefined ? 0 : Math.max(0, now - oldest.time.getTime()) }
}
