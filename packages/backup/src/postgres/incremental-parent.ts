import type { SourceSession } from '../repository/index.ts'
import { readSmall } from './base/backup-facts.ts'
import type { IncrementalParent } from './base/take-base-backup.ts'
import { nodeAt } from './restore/repository-base.ts'
import { readServerFacts } from './server-facts.ts'
import type { PostgresSourceSettings } from './source-options.ts'
import type { KnownBackup } from './windows.ts'

/** Servers before this version cannot tell what changed. */
const oldestVersion = 170_000

/**
 * What the next backup may build on: the one before, when the server can tell what changed since, when it is a backup of
 * this very server, and the chain is not too long. Otherwise undefined: the next one is full.
 */
export async function incrementalParent(
  { parent, reader }: SourceSession,
  backups: readonly KnownBackup[],
  { connector, incremental, longestChain }: PostgresSourceSettings,
  signal: AbortSignal | undefined,
): Promise<IncrementalParent | undefined> {
  const last = backups.find(({ snapshot }) => snapshot.id === parent?.id)
  if (incremental === 'never' || last === undefined) return undefined
  if (chainLength(last, backups) >= longestChain) return undefined
  await using sql = await connector.sql({ signal })
  const { version, summarizesWal } = await readServerFacts(sql)
  if (version < oldestVersion || !summarizesWal) return undefined
  const { rows } = await sql.query(
    'select system_identifier::text as system, timeline_id from pg_control_system(), pg_control_checkpoint()',
  )
  const { systemIdentifier, timeline } = last.facts
  if (String(rows[0]?.['system']) !== String(systemIdentifier) || rows[0]?.['timeline_id'] !== timeline)
    return undefined
  const manifest = await readSmall(reader, await nodeAt(reader, last.snapshot, 'base/backup_manifest', signal), signal)
  return { tree: last.snapshot.tree, manifest }
}

/** Incremental backups up to this one; more than any limit when a link is missing. */
function chainLength(backup: KnownBackup, backups: readonly KnownBackup[]): number {
  let length = 0
  for (let { parentTree } = backup.facts; parentTree !== undefined; length++) {
    const before = backups.find(({ snapshot }) => snapshot.tree === parentTree)
    if (before === undefined) return Infinity
    parentTree = before.facts.parentTree
  }
  return length
}
